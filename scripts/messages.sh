# shellcheck shell=bash
# 每条消息中文在前、英文在后。 Chinese first, then English. Sourced by the scripts beside it.

say() { printf '%s · %s\n' "$1" "$2"; }

# 说明原因和下一步，然后以非零退出。 Says why and what next, and ends non-zero.
die() {
    printf '\n停止：%s\nStopped: %s\n' "$1" "$2" >&2
    exit 1
}

# step 中文 English 命令…：显示用时；失败则停。 Shows the time; stops where the command fails.
step() {
    local zh=$1 en=$2 begun=$SECONDS
    shift 2
    printf '\n── %s · %s\n   %s\n' "$zh" "$en" "$*"
    "$@" || die "没有成功：$zh。原因见上。" "This did not succeed: $en. The lines above say why."
    say "   完成，$((SECONDS - begun)) 秒" "done in $((SECONDS - begun)) s"
}
