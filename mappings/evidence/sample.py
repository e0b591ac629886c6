#!/usr/bin/env python3
"""抽查结算行，核对证明 / Draws settled lines for inspection, and checks the proofs of drawn lines.

    python3 sample.py FOLDER --seed SEED --count N    the lines that a public seed draws (R-40)
    python3 sample.py FOLDER --proof FILE             proofs, as `shangbao inspect --out` writes them

FOLDER is an unpacked evidence pack that verify.py has found whole. Standard library only.
"""
import argparse
import hashlib
import json
import sys


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def drawn(root, size, seed, count):
    """Numbers of the lines that a seed draws, the smallest ticket first."""
    def ticket(seq):
        return sha256(f"SHANGBAO-SAMPLE-1\n{root}\n{seed}\n{seq}".encode("ascii"))
    return sorted(range(1, size + 1), key=ticket)[:count]


def leads_to(line, index, size, path, root):
    """RFC 9162 section 2.1.3.2."""
    place, last, value = index, size - 1, sha256(b"\0", line)
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            value = sha256(b"\1", step, value)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            value = sha256(b"\1", value, step)
        place, last = place >> 1, last >> 1
    return last == 0 and value == root


def holds(item, head):
    line = item["line"].encode("ascii")
    return item["root"] == head["root-sha256"] and str(item["size"]) == head["size"] \
        and 1 <= item["seq"] <= item["size"] and json.loads(line)["seq"] == item["seq"] \
        and leads_to(line, item["seq"] - 1, item["size"],
                     [bytes.fromhex(step) for step in item["path"]], bytes.fromhex(item["root"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seed", help="1 to 128 visible ASCII characters")
    parser.add_argument("--count", type=int, default=10, help="how many lines the seed draws")
    parser.add_argument("--proof", metavar="FILE", help="lines with their proofs")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with open(f"{options.folder}/ledger/tree-head.txt", encoding="ascii") as file:
        words = file.read().split()
    head, wrong = dict(zip(words[::2], words[1::2])), 0
    proven = []
    if options.proof:
        with open(options.proof, "rb") as file:
            for number, text in enumerate(file, 1):
                try:
                    item = json.loads(text)
                    is_right = holds(item, head)
                    proven.append(item["seq"])
                except Exception:  # whatever a forger wrote is no proof
                    is_right = False
                wrong += not is_right
                print(f"{options.proof}:{number} " + ("通到树根 / leads to the root" if is_right
                                                      else "[不符 WRONG] 不通到树根 / does not lead to the root"))
        if not proven:
            print("[不符 WRONG] 没有证明 / there are no proofs")
            wrong += 1
    if options.count < 1 or options.count > int(head["size"]):
        print(f"--count: 1..{head['size']}")
        return 2
    if options.seed and options.proof:
        is_right = proven == drawn(head["root-sha256"], int(head["size"]), options.seed, options.count)
        wrong += not is_right
        print("正是种子抽到的行 / just the lines that the seed draws" if is_right else
              "[不符 WRONG] 不是种子抽到的行 / not the lines that the seed draws")
    if options.seed:
        numbers = drawn(head["root-sha256"], int(head["size"]), options.seed, options.count)
        with open(f"{options.folder}/ledger/leaves.jsonl", encoding="ascii") as file:
            wanted = set(numbers)
            chosen = {seq: line for seq, line in enumerate(file, 1) if seq in wanted}
        for seq in numbers:
            leaf = json.loads(chosen[seq])
            print(f"第 {seq} 行 / line {seq}: {leaf['record']} v{leaf['version']}"
                  f" {leaf['period']} {leaf['item']} {leaf['fen']} {leaf['state']}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
