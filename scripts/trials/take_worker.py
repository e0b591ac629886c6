"""The worker of scripts/power-cuts: takes one file of invented couples after the other with the real
program, and tells of each submission that was in the database when the program ended well.

    take_worker.py PROGRAM SITE FILES   SITE/data/shangbao.db is what is cut
"""

import os
import sqlite3
import subprocess
import sys

program, site, files = sys.argv[1:]
told = os.open(os.environ["SHANGBAO_POWER_CUT_TOLD"], os.O_WRONLY | os.O_APPEND)
path = os.path.join(site, "data", "shangbao.db")
for name in sorted(os.listdir(files)):
    done = subprocess.run(
        [program, "take", os.path.join(files, name), "--site", site],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode not in (0, 3):
        continue
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    ids = [row[0] for row in base.execute("SELECT id FROM submission")]
    base.close()
    os.write(told, "".join(f"queued {one}\n" for one in ids).encode())
