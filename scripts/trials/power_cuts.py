"""Cuts the power of a small disk under a worker, again and again, and looks at what is left.

The disk is an ext4 in a file on a loop device. A cut is EXT4_IOC_SHUTDOWN without a flush of the
log: what was not forced to disk is gone, as with a real cut. What the worker said is on disk must
be there afterwards, and the file must be whole.

    power_cuts.py CUTS SITE PROGRAM...   the program is started once for each life; SITE is copied to
                                         the disk, its place there stands for the word SITE
    power_cuts.py --durability CUTS WORKER   our own store: each commit forced to the disk, then not
"""

import fcntl
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

SHUTDOWN = 0x8004587D
WITHOUT_FLUSH = 2


class Disk:
    """A disk of 64 MiB that can lose its power."""

    def __init__(self, folder):
        self.image = os.path.join(folder, "disk.img")
        self.place = os.path.join(folder, "disk")
        os.mkdir(self.place)
        with open(self.image, "wb") as image:
            image.truncate(64 << 20)
        run("mkfs.ext4", "-q", self.image)
        self.mount()

    def mount(self):
        run("mount", "-o", "loop,commit=300", self.image, self.place)

    def works(self):
        """False where another mount namespace, begun meanwhile, still holds the disk that was cut:
        then what is mounted again is the same dead one, and says nothing."""
        try:
            with open(os.path.join(self.place, "probe"), "w", encoding="ascii") as probe:
                probe.write("1")
            return True
        except OSError:
            return False

    def cut(self):
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_FLUSH))
        finally:
            os.close(handle)

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.place], stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("the disk is still in use")


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def read_told(path, start=0):
    with open(path, encoding="ascii") as told:
        told.seek(start)
        lines = told.read().split("\n")[:-1]
    return [line.split() for line in lines]


def missing(path, told):
    """What was told and is not there; None if the file is not whole."""
    base = sqlite3.connect(path)
    try:
        if base.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            return None
        tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
        queued = set()
        sent = set()
        if "submission" in tables:
            queued = {row[0] for row in base.execute("SELECT id FROM submission")}
        if "attempt" in tables:
            sent = {row[0] for row in base.execute("SELECT submission FROM attempt")}
        return [word for word in told if word[1] not in (queued if word[0] == "queued" else sent)]
    finally:
        base.close()


def cycle(folder, site, words):
    """One disk, some lives on it: how many commits were told, were lost, and how many cuts."""
    disk = Disk(folder)
    path = os.path.join(disk.place, "queue.sqlite")
    copy = os.path.join(disk.place, "site")
    if site:
        shutil.copytree(site, copy)
        os.sync()
        path = os.path.join(copy, "data", "shangbao.db")
    told = os.path.join(folder, "told")
    open(told, "w").close()
    environment = dict(
        os.environ, SHANGBAO_POWER_CUT=path, SHANGBAO_POWER_CUT_TOLD=told)
    lost = broken = cuts = late = 0
    worker = None
    try:
        for _ in range(5):
            before = os.path.getsize(told)
            worker = subprocess.Popen(
                [{"DATABASE": path, "SITE": copy}.get(word, word) for word in words],
                env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            deadline = time.monotonic() + 60
            while os.path.getsize(told) == before and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(random.uniform(0.01, 4.0 if site else 0.4))
            if os.path.getsize(told) == before:
                raise RuntimeError("the worker does not work")
            # A cut of this kind takes a moment: what is told in it was told by a disk half gone.
            certain = os.path.getsize(told)
            disk.cut()
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            window = read_told(told, certain)
            os.truncate(told, certain)
            disk.unmount()
            disk.mount()
            if not disk.works():
                break
            cuts += 1
            gone = missing(path, read_told(told)) if os.path.exists(path) else read_told(told)
            if gone is None:
                broken += 1
                break
            if os.path.exists(path):
                late += len(missing(path, window) or [])
            if gone:
                lost += len(gone)
                break
    finally:
        if worker and worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        disk.unmount()
    return len(read_told(told)), lost, broken, cuts, late


def series(cuts, site, words):
    told = lost = broken = done = late = 0
    while done < cuts:
        with tempfile.TemporaryDirectory() as folder:
            sums = cycle(folder, site, words)
        told, lost, broken, done = told + sums[0], lost + sums[1], broken + sums[2], done + sums[3]
        late += sums[4]
    print(
        f"{done} 次断电，报过 {told} 次提交，丢 {lost}，文件损坏 {broken}；断电当中才报的丢 {late}\n"
        f"{done} cuts, {told} commits told, {lost} lost, {broken} files broken; "
        f"{late} gone that were told while the power went", flush=True)
    return lost + broken


def main():
    # Ended from outside, it still takes its worker and its disk with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if os.geteuid() != 0:
        sys.exit("需要 root 才能挂载磁盘。 Mounting a disk needs root; nothing was tried.")
    if sys.argv[1] == "--durability":
        cuts = int(sys.argv[2])
        lost = {}
        for durability in ["full", "normal"]:
            print(durability + ":", end=" ", flush=True)
            lost[durability] = series(cuts, None, [sys.argv[3], "DATABASE", durability])
        if lost["full"]:
            sys.exit("断电后少了东西。 Something was lost.")
        if not lost["normal"]:
            sys.exit("断电装置不可信：什么都没丢。 The harness proves nothing: nothing was lost.")
        return
    if series(int(sys.argv[1]), sys.argv[2], sys.argv[3:]):
        sys.exit("断电后少了东西。 Something was lost.")


main()
