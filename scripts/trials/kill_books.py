"""The county's books against the national side's, after scripts/kill-loop.

    kill_books.py --wait SECONDS SITE   until every file is taken and every submission is over
    kill_books.py SITE                  what is lost, what is doubled
"""

import glob
import os
import sqlite3
import sys
import time

OVER = "SELECT count(*) FROM submission WHERE state NOT IN ('final', 'cancelled')"
WAITING = "SELECT count(*) FROM item WHERE state IN ('open', 'unknown', 'transient')"


def open_base(path):
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def ask(base, question):
    return base.execute(question).fetchall()


def wait(site, seconds):
    county = os.path.join(site, "data", "shangbao.db")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        base = open_base(county)
        try:
            files = glob.glob(os.path.join(site, "in", "*", "*.csv"))
            open_ones = ask(base, OVER)[0][0] + ask(base, WAITING)[0][0]
            if not files and open_ones == 0:
                return
        finally:
            base.close()
        time.sleep(2)
    sys.exit("没有办完。 Not settled in time.")


def national(site):
    for path in glob.glob(os.path.join(site, "national", "**", "*"), recursive=True):
        if os.path.isfile(path) and open(path, "rb").read(16).startswith(b"SQLite format 3"):
            return open_base(path)
    sys.exit("没有找到国家平台的账本。 The national side has no books.")


def compare(site):
    county = open_base(os.path.join(site, "data", "shangbao.db"))
    nation = national(site)
    cases = set(
        ask(county, "SELECT record, version FROM case_version WHERE record NOT LIKE 'row:%'"))
    queued = set(ask(county, "SELECT DISTINCT record, version FROM item"))
    kept = set(ask(county, "SELECT record, version FROM kept_row"))
    accepted = set(ask(county, "SELECT record, version FROM item WHERE state = 'accepted'"))
    open_ones = ask(county, WAITING)[0][0] + ask(county, OVER)[0][0]
    effects = ask(nation, "SELECT record, version FROM effect")
    lost = len(cases - queued - kept) + len(accepted - set(effects)) + open_ones
    doubled = len(effects) - len(set(effects))
    unknown = len(set(effects) - accepted)
    print(
        f"{len(cases)} 例，入队 {len(queued)}，接收 {len(accepted)}，国家平台 {len(effects)}："
        f"丢 {lost}，重 {doubled}，国家有而本县不知 {unknown}\n"
        f"{len(cases)} cases, {len(queued)} queued, {len(accepted)} accepted, "
        f"{len(effects)} effects: {lost} lost, {doubled} doubled, {unknown} not known here")
    if lost or doubled or unknown or not effects:
        sys.exit(1)


if sys.argv[1] == "--wait":
    wait(sys.argv[3], int(sys.argv[2]))
else:
    compare(sys.argv[1])
