package import Records

/// What schedules and deadlines may say.
package enum ScheduleCodes {
    /// No file for a year.
    package static let year = CodeEntry(
        "E-CALENDAR-YEAR",
        what: Wording(
            zh: "日程用到工作日，但没有这一年的放假安排文件。",
            en: "A schedule asks for working days of a year whose file is not there."),
        next: Wording(
            zh: "国务院办公厅公布该年放假安排后，写成 mappings/calendars/cn-年份.csv；在此之前改用不依赖工作日的写法。",
            en: "Write mappings/calendars/cn-YEAR.csv from the State Council's notice; until then "
                + "use words that need no working days."))
    /// A requirement was not met in time.
    package static let skipped = CodeEntry(
        "C-SKIPPED",
        what: Wording(
            zh: "前置条件到时限仍未满足，本次没有运行。",
            en: "What must come first had not come in time: this run was skipped."),
        next: Wording(
            zh: "查看来源文件是否到达；需要时 shangbao schedule run 名称。",
            en: "See whether the source's file came; if need be, shangbao schedule run NAME."))
    /// It ran although a requirement was not met.
    package static let incomplete = CodeEntry(
        "C-INCOMPLETE",
        what: Wording(
            zh: "前置条件到时限仍未满足，按设定照常运行。",
            en: "What must come first had not come in time; it ran all the same, as it is set."),
        next: Wording(
            zh: "核对来源文件是否到达、行数是否足够。",
            en: "See whether the source's file came, and with enough rows."))
    /// Runs were missed.
    package static let missed = CodeEntry(
        "C-MISSED",
        what: Wording(
            zh: "有运行时刻被错过（程序未运行、被暂停，或上一次还没结束）。",
            en: "Runs were missed: the program was down, or the run before was not over."),
        next: Wording(
            zh: "按 catchUp 的设定补跑；看 shangbao schedule list。",
            en: "They are made up for as catchUp says; see shangbao schedule list."))
    /// The process ended in the middle of a run.
    package static let interrupted = CodeEntry(
        "C-INTERRUPTED",
        what: Wording(zh: "运行中程序终止，本次没有做完。", en: "The program ended in the middle of a run."),
        next: Wording(
            zh: "已写入的不受影响；除 catchUp: none 外会补跑。",
            en: "What was written stays; it is run again unless catchUp is none."))
    /// The clock moved by itself.
    package static let clockJump = CodeEntry(
        "E-CLOCK-JUMP",
        what: Wording(
            zh: "系统时钟跳变超过 5 分钟：暂不按期限停发任何报文。",
            en: "The system's clock jumped by more than 5 minutes: nothing is held for its "
                + "deadline until it is clear which time is right."),
        next: Wording(
            zh: "核对时间（chronyc tracking）。时间错了就改回，自动恢复；时间对了就重启本程序。",
            en: "Check the time (chronyc tracking). If it is wrong, set it back: this ends by "
                + "itself. If it is right, restart the program."))
    /// The clock is behind the books.
    package static let clockBehind = CodeEntry(
        "E-CLOCK-BEHIND",
        what: Wording(
            zh: "系统时钟早于账本最后一条记录：日程不运行，新写入的时间不可信。",
            en: "The system's clock is behind the ledger's last line: no schedule is run, and "
                + "what is written bears a wrong time."),
        next: Wording(
            zh: "校准系统时间（chronyc tracking），改对后自动恢复。时间本来就对（账本在时钟偏快时写过）：再写入一条后"
                + "重启本程序。",
            en: "Set the time right (chronyc tracking); it goes on by itself. If it is right, and "
                + "the ledger was written by a clock that was ahead, restart the program once "
                + "another line was written."))
    /// There is no such schedule.
    package static let unknown = CodeEntry(
        "E-SCHEDULE-NONE",
        what: Wording(zh: "没有这个日程。", en: "There is no such schedule."),
        next: Wording(
            zh: "名称见 shangbao schedule list；日程写在 shangbao.yaml 的 schedules 下。",
            en: "Names stand in shangbao schedule list; they are made under schedules in "
                + "shangbao.yaml."))
    /// Another run of it is under way.
    package static let underWay = CodeEntry(
        "E-SCHEDULE-BUSY",
        what: Wording(zh: "这个日程正在运行。", en: "This schedule is running already."),
        next: Wording(zh: "等它结束再试。", en: "Wait until it has ended."))
    /// The step does not fit.
    package static let wrongState = CodeEntry(
        "E-SCHEDULE-STATE",
        what: Wording(
            zh: "已经暂停，或本来就没有暂停。", en: "It is paused already, or was not paused."),
        next: Wording(zh: "看 shangbao schedule list。", en: "See shangbao schedule list."))
    /// It is closed now.
    package static let closed = CodeEntry(
        "E-SCHEDULE-CLOSED",
        what: Wording(
            zh: "现在不在上报时段内，或今天停报。",
            en: "The national side may not be called now: outside the windows, or a closed day."),
        next: Wording(
            zh: "等到时段开放；确需现在上报，加 --outside-windows。",
            en: "Wait for the window; if it must be now, add --outside-windows."))
    /// Three days to go and at risk.
    package static let deadlineNear = CodeEntry(
        "C-DEADLINE-72",
        what: Wording(
            zh: "距截止不到 72 小时，按目前速度可能来不及。",
            en: "Less than 72 hours to a deadline, and at the present rate it may be missed."),
        next: Wording(
            zh: "查看队列和通道，先处理暂停和待更正的；必要时与国家平台联系。",
            en: "See queue and lane; first mend what is held or to be corrected; if need be, call "
                + "the national side."))
    /// One day to go and at risk.
    package static let deadlineUrgent = CodeEntry(
        "C-DEADLINE-24",
        what: Wording(
            zh: "距截止不到 24 小时，按目前速度来不及。",
            en: "Less than 24 hours to a deadline, and at the present rate it will be missed."),
        next: Wording(
            zh: "立即处理：看 shangbao schedule deadlines 和 shangbao queue list。",
            en: "Act now: see shangbao schedule deadlines and shangbao queue list."))
    /// The day is over.
    package static let deadlineMissed = CodeEntry(
        "C-DEADLINE",
        what: Wording(
            zh: "截止时间已过，仍有未答复的记录。",
            en: "A deadline has passed, and records are still unanswered."),
        next: Wording(
            zh: "列出结转清单，向上级说明；未发出的报文已暂停，由人决定是否放行（queue release）。",
            en: "List what is carried over and report it; what was not sent is held until a person "
                + "releases it (queue release)."))

    static let all = [
        year, skipped, incomplete, missed, interrupted, clockJump, clockBehind, unknown, underWay,
        wrongState, closed, deadlineNear, deadlineUrgent, deadlineMissed,
    ]
}

/// All codes of this module, for `shangbao explain`.
package let scheduleCodes: [CodeEntry] = ScheduleCodes.all
