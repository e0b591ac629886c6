"""Applies one mutant after the other and looks whether the simulator, and else the tests of delivery,
see it. A mutant is a small patch that breaks one promise of the program.

    mutants.py SEEDS [--simulator-only] [NAME...]
"""

import os
import re
import subprocess
import sys
import time

FOLDER = "Tests/SimulationTests/Mutants"
# 没有缺陷时 2,000 个种子用一分钟上下。 Without a defect 2,000 seeds take a minute or so.
MOST_SECONDS = 600
LEAST = 0.95


def run(*words, seconds=None):
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds)
    return done.returncode, done.stdout


def build(*words):
    code, output = run("swift", "build", *words)
    if code:
        errors = [line for line in output.split("\n") if "error:" in line]
        raise RuntimeError("does not compile: " + (errors[0] if errors else output[-300:]))


def seen_by_simulator(seeds):
    build("--product", "Simulate")
    try:
        code, output = run(".build/debug/Simulate", "--first", seeds, seconds=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return f"does not end in {MOST_SECONDS} s"
    if code == 0:
        return None
    found = re.search(r"^  ([A-Z][\w-]+ .*)$", output, re.MULTILINE)
    seed = re.search(r"seed (\d+) failed", output)
    if not found:
        return "ended with " + str(code)
    return found.group(1) + (", seed " + seed.group(1) if seed else "")


def seen_by_tests():
    build("--build-tests")
    code, output = run("swift", "test", "--skip-build", "--filter", "DeliveryTests")
    if code == 0:
        return None
    found = re.search(r"Test (\".*?\").* recorded an issue", output)
    return "DeliveryTests: " + (found.group(1) if found else "failed")


def grade(path, seeds, tries_tests):
    code, output = run("git", "apply", path)
    if code:
        return "does not fit", output.strip().split("\n")[0]
    try:
        killer = seen_by_simulator(seeds)
        if killer is None and tries_tests:
            killer = seen_by_tests()
    except RuntimeError as trouble:
        return "broken", str(trouble)
    finally:
        run("git", "apply", "-R", path)
    return ("killed", killer) if killer else ("survived", "")


def main():
    words = sys.argv[1:]
    seeds = words.pop(0)
    tries_tests = "--simulator-only" not in words
    names = [word for word in words if not word.startswith("--")]
    if run("git", "diff", "--quiet", "--", "Sources")[0]:
        sys.exit("Sources 下有未提交的改动。 There are changes under Sources: commit them first.")
    counts = {}
    begun = time.monotonic()
    for file in sorted(os.listdir(FOLDER)):
        name = file.removesuffix(".patch")
        if names and name not in names:
            continue
        fate, why = grade(os.path.join(FOLDER, file), seeds, tries_tests)
        counts[fate] = counts.get(fate, 0) + 1
        print(f"| {name} | {fate} | {why} |", flush=True)
    tried = sum(counts.values())
    killed = counts.get("killed", 0)
    minutes = (time.monotonic() - begun) / 60
    print(f"{killed} / {tried} 被发现 killed, {minutes:.0f} min; {counts}", flush=True)
    if not tried or killed < LEAST * tried:
        sys.exit(1)


main()
