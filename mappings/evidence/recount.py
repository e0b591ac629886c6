#!/usr/bin/env python3
"""由账本重算结算 / Reckons a statement anew from the whole ledger, without the program that made it.

    python3 recount.py FOLDER --ledger FILE [--county-key PEM]... [--national-key PEM]... [--anchor FILE]

FOLDER is an unpacked evidence pack, FILE the ledger as the county exports it (`shangbao ledger export`).
verify.py shows that a pack holds in itself; this shows that it follows from every fact of the ledger.

The statement counts under the county's keys, the receipts under the national ones, never the other
way round. Give the keys that you hold; without them nobody compared whose keys the pack brings.
Python 3.8 or newer, standard library only; signatures are checked with the `openssl` command.
Exit: 0 everything holds, 1 something is wrong, 2 nothing is wrong but signatures were not checked.
"""
import argparse
import base64
import csv
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from fractions import Fraction

NAMESPACE = "{urn:shangbao:reference:1}"
ACCEPTED = ("accepted", "accepted-with-warnings", "duplicate")
LEAF_KEYS = {
    "v", "seq", "county", "period", "item", "fen", "pid", "child_order", "persons", "msg",
    "ack_sha256", "pkg_sha256", "mapping_sha256", "state", "prev_state_seq", "record", "version",
}
MARKS = {"grade", "reason"}
UNSIGNED = "unsigned"
CHAIN_KEYS = {"at", "body", "hash", "kind", "prev", "seq"}
# A public key is one of these headers and 64 bytes of a point: each key has one form only.
P256_HEADER = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
SM2_HEADER = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
COUNTED = ("accepted", "rejected", "duplicate")
ROLES = {"county": "本县", "national": "国家平台"}
# Every class in which a version can end, as the statement shows them.
CLASSES = {
    "excluded": ("不符合条件", "not eligible"), "quarantined": ("待更正", "to be corrected"),
    "queued": ("待报送", "queued"), "unanswered": ("未回执", "unanswered"), "held": ("暂缓", "held"),
    "accepted": ("已接收", "accepted"), "rejected": ("被退回", "rejected"),
    "withdrawn": ("已撤回", "withdrawn"), "superseded": ("已被替代", "superseded"),
}
# SHA-256 of the page's style sheet: another one could hide what the page says, or add to it.
STYLE_SHA256 = "b019b0fbe3e76ad8ae5d95f8fcde452d8535aae80e6609817c566b99186c08f9"
# Whom a record names, and the words by which an item may ask for that.
SPOUSES = {(True, True): ("any", "both"), (True, False): ("any", "one", "wife"),
           (False, True): ("any", "one", "husband")}
problems = 0


def problem(chinese, english):
    global problems
    problems += 1
    print(f"[不符 WRONG] {chinese} / {english}")


def passed(chinese, english):
    print(f"[符合 ok] {chinese} / {english}")


def note(chinese, english):
    print(f"[注意 note] {chinese} / {english}")


# SM3 (GB/T 32905) ----------------------------------------------------------------------------

def sm3(message):
    """SM3 by the library where it has it, else in Python."""
    try:
        return hashlib.new("sm3", message).digest()
    except ValueError:
        return sm3_in_python(message)


def sm3_in_python(message):
    mask = 0xFFFFFFFF

    def left(word, count):
        count %= 32
        return (word << count | word >> (32 - count)) & mask

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
             0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = message + b"\x80" + b"\0" * ((55 - len(message)) % 64)
    padded += (8 * len(message)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        words = [int.from_bytes(padded[start + i:start + i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            word = words[j - 16] ^ words[j - 9] ^ left(words[j - 3], 15)
            word ^= left(word, 15) ^ left(word, 23)
            words.append(word ^ left(words[j - 13], 7) ^ words[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            constant = 0x79CC4519 if j < 16 else 0x7A879D8A
            first = left((left(a, 12) + e + left(constant, j)) & mask, 7)
            second = first ^ left(a, 12)
            x = a ^ b ^ c if j < 16 else a & b | a & c | b & c
            y = e ^ f ^ g if j < 16 else e & f | ~e & mask & g
            x = (x + d + second + (words[j] ^ words[j + 4])) & mask
            y = (y + h + first + words[j]) & mask
            d, c, b, a = c, left(b, 9), a, x
            h, g, f, e = g, left(f, 19), e, y ^ left(y, 9) ^ left(y, 17)
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


def sha256(message):
    return hashlib.sha256(message).digest()


# Reading -------------------------------------------------------------------------------------

# The only files that no manifest lists: they sign it.
SIGNATURES = re.compile(r"META-INF/(ASiCManifest001\.xml|signature001\.(p7s|sm2)(\.tsr)?)")
FILES = re.compile(
    r"mimetype|README\.txt|MANIFEST\.(sha256|sm3)|settlement\.(csv|html|json|xml|pdf)"
    r"|exceptions\.csv|ledger/(leaves\.jsonl|tree-head\.txt|consistency\.txt)"
    r"|counts/national-[A-Za-z0-9._-]+\.(xml|sig)"
    r"|acks/(index\.csv|[0-9a-f]{64}\.(xml|sig))|submissions/index\.csv|policy/approval\.json"
    r"|keys/(sender-(gm|intl)|national-[A-Za-z0-9._-]+)\.pub\.pem"
    r"|certs/(signer-(gm|intl)|tsa)\.pem|(verify|sample)\.py")


class Pack:
    def __init__(self, folder):
        self.folder = folder
        self.names = []
        for parent, folders, files in os.walk(folder, onerror=self.cannot_list):
            for name in folders + files:
                path = os.path.join(parent, name)
                shown = self.shown(path)
                if os.path.islink(path):
                    problem(f"{shown} 是链接，不可信", f"{shown} is a link and cannot be trusted")
                elif os.path.isfile(path):
                    self.names.append(shown)
                    if not FILES.fullmatch(shown) and not SIGNATURES.fullmatch(shown):
                        problem(f"多出文件 {shown}，不属于证据包", f"extra file {shown}: no part of a pack")
                elif name in files:
                    problem(f"{shown} 不是普通文件", f"{shown} is not a plain file")
            for name in folders:
                if not os.listdir(os.path.join(parent, name)):
                    shown = self.shown(os.path.join(parent, name))
                    problem(f"多出空文件夹 {shown}", f"extra folder {shown} with nothing in it")

    def shown(self, path):
        return os.path.relpath(path, self.folder).replace(os.sep, "/")

    @staticmethod
    def cannot_list(error):
        problem(f"文件夹打不开：{error}", f"a folder cannot be read: {error}")

    def read(self, name):
        if name not in self.names:
            raise ValueError(f"缺少 {name} / {name} is missing")
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def rows(self, name):
        text = self.read(name).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))


def strict_json(raw):
    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("键重复 / a key stands twice")
        return dict(pairs)

    def refuse(text):
        raise ValueError(f"不是整数 / not a whole number: {text}")

    return json.loads(raw, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)


def json_lines(raw):
    """Each line with its value; the last line too must end in a line feed."""
    lines = raw.split(b"\n")
    if lines.pop() != b"":
        raise ValueError("末行不完整 / the last line is cut")
    return ((line, strict_json(line)) for line in lines)


def head_values(raw):
    words = raw.decode("ascii").split()
    if len(words) % 2 or len(set(words[::2])) != len(words) // 2:
        raise ValueError("树头格式不符 / this is no tree head")
    return dict(zip(words[::2], words[1::2]))


# Checks --------------------------------------------------------------------------------------

def check_manifests(pack):
    before = problems
    for manifest, digest in (("MANIFEST.sha256", sha256), ("MANIFEST.sm3", sm3)):
        listed = {}
        lines = pack.read(manifest).decode("ascii").splitlines()
        for line in lines:
            match = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)", line)
            if not match or match[2] in listed:
                problem(f"{manifest} 有坏行或重复行", f"{manifest} has a bad or double line")
                continue
            listed[match[2]] = match[1]
        if list(listed) != sorted(listed):
            problem(f"{manifest} 未排序", f"{manifest} is not sorted")
        present = {n for n in pack.names
                   if not n.startswith("MANIFEST.") and not SIGNATURES.fullmatch(n)}
        for name in sorted(present - listed.keys()):
            problem(f"多出文件 {name}（{manifest}）", f"extra file {name} ({manifest})")
        for name in sorted(listed.keys() - present):
            problem(f"缺少文件 {name}（{manifest}）", f"missing file {name} ({manifest})")
        for name in sorted(present & listed.keys()):
            if digest(pack.read(name)).hex() != listed[name]:
                problem(f"文件被改动 {name}（{manifest}）", f"changed file {name} ({manifest})")
    if problems == before:
        passed(f"清单与 {len(pack.names)} 个文件一致", f"manifests fit all {len(pack.names)} files")


def tree_root(leaves, digest):
    """RFC 9162 section 2.1.1; an odd node at the end of a level moves up as it is."""
    level = [digest(b"\0" + leaf) for leaf in leaves]
    if not level:
        return digest(b"")
    while len(level) > 1:
        pairs = [digest(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0]


def check_leaves(pack, head, statement):
    before = problems
    lines = list(json_lines(pack.read("ledger/leaves.jsonl")))
    raw = [line for line, _ in lines]
    leaves = [leaf for _, leaf in lines]
    if str(len(leaves)) != head.get("size"):
        problem(f"结算行数 {len(leaves)} 与树头 {head.get('size')} 不符",
                f"{len(leaves)} settled lines, the tree head says {head.get('size')}")
    for name, digest in (("root-sha256", sha256), ("root-sm3", sm3)):
        if tree_root(raw, digest).hex() != head.get(name):
            problem(f"结算行与树头 {name} 不符", f"the settled lines do not give {name}")
    records, claims, paying = Counter(), Counter(), {}
    # NIPT is paid for each test; all else once for a person and child or pregnancy.
    parameters = {row["name"]: row["value"] for row in statement["parameters"]}
    each = {item for item in scheme_items(parameters) if parameters[f"{item}.once"] == "each"}
    for place, (line, leaf) in enumerate(lines, 1):
        canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode("ascii")
        if line != canonical or set(leaf) - MARKS != LEAF_KEYS or leaf["seq"] != place \
                or leaf.get("grade", UNSIGNED) != UNSIGNED:
            problem(f"第 {place} 行格式不符", f"line {place} has not the canonical form")
            continue
        if leaf["county"] != statement["division"] or leaf["period"][:4] != str(statement["year"]):
            problem(f"第 {place} 行不属于本期", f"line {place} is not of this county and year")
        if leaf["state"] == "reversed":
            old = paying.pop(leaf["prev_state_seq"], None)
            expect(old and dict(old, **{name: leaf[name] for name in (
                "ack_sha256", "prev_state_seq", "reason", "seq", "state")}, fen=-old["fen"]) == leaf,
                f"第 {place} 行冲减的不是还在支付的行", f"line {place} takes off no line that pays")
            continue
        expect((leaf["state"], leaf["prev_state_seq"]) == ("settled", 0),
               f"第 {place} 行状态不明", f"the state of line {place} is unknown")
        paying[place] = leaf
    for leaf in paying.values():
        records[leaf["record"]] += 1
        if leaf["item"] not in each:
            claims[leaf["pid"], leaf["child_order"], leaf["item"] if each else ""] += 1
    for record in (r for r, count in records.items() if count > 1):
        problem(f"病例 {record} 重复结算", f"record {record} is settled twice")
    for pid, _, _ in (c for c, count in claims.items() if count > 1):
        problem(f"同一对象同一孩次重复结算 {pid}", f"claimant {pid} is settled twice for one child")
    if problems == before:
        passed(f"{len(leaves)} 条结算行与两棵树一致，无重复",
               f"{len(leaves)} settled lines give both roots, none twice")
    return list(paying.values())


class Ledger:
    """What the ledger's facts say of every version of every case, in their order."""

    def __init__(self, programme):
        self.programme = programme
        self.links = {}
        self.dispatches = {}  # submission: its fact and the records in it
        self.cases = {}  # record: {version: what is known of it}
        self.settled = []  # statements that were issued, oldest first

    def add(self, kind, fact):
        if kind == "enqueued" and fact["programme"] == self.programme:
            self.add_enqueued(fact)
        elif kind == "acknowledged" and fact["submission"] in self.dispatches:
            for verdict in fact["verdicts"]:
                version = self.version(verdict["record"], verdict["version"])
                # A late word about an earlier send counts only if it is an acceptance.
                # What was taken back stays so; what is signed gives way to no list, and a list to it.
                if not version or version["verdict"] == "reversed" \
                        or (fact.get("grade") and self.is_signed(version)):
                    continue
                replaces = version["grade"] and not fact.get("grade") \
                    and verdict["verdict"] in ("accepted", "rejected")
                if replaces:
                    version["disputed"] = False
                if replaces or version["submission"] == fact["submission"] \
                        or verdict["verdict"] == "accepted":
                    self.answer(version, fact, verdict)
        elif kind == "disputed":
            version = self.version(fact["record"], fact["version"])
            if version:
                version["disputed"] = True
        elif kind == "reversed":
            version = self.version(fact["record"], fact["version"])
            if version:
                version["disputed"] = version["disputed"] and not version["grade"]
                self.answer(version, fact, {"verdict": "reversed"})
        elif kind == "settled":
            self.settled.append(fact)
        elif kind == "decided":
            version = self.version(fact["verdict"]["record"], fact["verdict"]["version"])
            if version:
                version.update(disputed=False, decided=True)
                self.answer(version, fact, fact["verdict"])

    def add_enqueued(self, fact):
        records = {(record["record"], record["version"]): record for record in fact["records"]}
        self.dispatches[fact["submission"]] = fact, records
        for (name, number), record in records.items():
            versions = self.cases.setdefault(name, {})
            version = versions.setdefault(
                number, {"verdict": None, "receipt": None, "disputed": False, "decided": False,
                         "submission": None, "grade": None})
            version["sent"] = record
            # What was accepted and is resent rests on its receipt until another one comes.
            if version["verdict"] != "accepted":
                version["submission"] = fact["submission"]
            if version["verdict"] not in ("accepted", "reversed"):
                version["verdict"] = None

    @staticmethod
    def answer(version, fact, verdict):
        version.update(verdict=verdict["verdict"], receipt=fact["receipt"],
                       submission=fact["submission"], grade=fact.get("grade"))

    @staticmethod
    def is_signed(version):
        return not version["grade"] and version["verdict"] in ("accepted", "rejected")

    def settled_heads(self, programme):
        """The tree head of the programme's last statement, of whatever year; None without one."""
        heads = [fact.get("head") for fact in self.settled if fact["programme"] == programme]
        return heads[-1] if heads else None

    def version(self, record, number):
        return self.cases.get(record, {}).get(number)

    def carried(self, submission, record, number):
        """The record as that submission carried it."""
        _, records = self.dispatches.get(submission, (None, {}))
        return records.get((record, number))

    def in_force(self, record):
        """The number of the version in force; None where there is none, or it was taken back."""
        for number, version in sorted(self.cases.get(record, {}).items(), reverse=True):
            if version["verdict"] == "accepted" and not version["disputed"]:
                return None if version["sent"]["action"] == "withdraw" else number
            if version["verdict"] in ("accepted", "reversed"):
                return None
        return None

    def is_disputed(self, record, number):
        """Whether that version or a later one has answers that contradict each other."""
        return any(version["disputed"] and other >= number
                   for other, version in self.cases.get(record, {}).items())


def check_chain(path, head, statement):
    """The facts up to the line that the tree head names; a later export may go on."""
    before = problems
    ledger = Ledger(statement["programme"])
    seq, link = 0, "00" * 32
    for line in read_ledger(path):
        if str(seq) == head.get("ledger-seq"):
            break
        if seq == 0 and (line["seq"] != 1 or line["prev"] != link):
            problem(f"账本从第 {line['seq']} 条开始，之前的缺失",
                    f"the ledger begins at line {line['seq']}: what came before is missing")
            return ledger
        material = b"GWL1" + bytes.fromhex(line["prev"]) + line["seq"].to_bytes(8, "big") \
            + line["at"].to_bytes(8, "big", signed=True) + line["kind"].encode() + b"\0" \
            + line["body"].encode()
        body = strict_json(line["body"])
        if line["seq"] != seq + 1 or line["prev"] != link or set(line) != CHAIN_KEYS \
                or list(body) != [line["kind"]] or sha256(material).hex() != line["hash"]:
            problem(f"账本在第 {seq + 1} 条断裂", f"the ledger breaks at line {seq + 1}")
            return ledger
        seq, link = line["seq"], line["hash"]
        ledger.links[seq] = link
        ledger.add(line["kind"], body[line["kind"]].get("_0", {}))
    if head.get("ledger-seq") != str(seq) or head.get("ledger-head") != link:
        problem("账本末条与树头不符", "the ledger's last line is not the one in the tree head")
    if problems == before:
        passed(f"账本 {seq} 条，从第一条起连续", f"the ledger's {seq} lines hold from the first on")
    return ledger


def read_ledger(path):
    with open(path, "rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                raise ValueError("末行不完整 / the last line is cut")
            yield strict_json(line)


def scheme_items(value):
    """What is paid for, in the order of the parameters."""
    return [name.removesuffix(".priceFen") for name in value if name.endswith(".priceFen")]


def entitled_item(record, value):
    """What a record is paid as by its own facts and the parameters, or None."""
    traits = record["traits"]
    fails = {"free": not traits["isFree"], "complete": not traits["isComplete"],
             "local": traits.get("isLocal") is not True,
             "realName": traits.get("isRealName") is False}
    if record["action"] not in ("submit", "amend") or record["servedOn"] < value["starts"] \
            or any(fails[word] for word in value["requires"].split()) \
            or traits.get("attempt") == "failed":
        return None
    for item in scheme_items(value):
        service = value[f"{item}.service"]
        if traits.get("service") == (None if service == "none" else service) \
                and value[f"{item}.spouses"] in SPOUSES.get(tuple(traits["spouses"]), ("any",)):
            return item
    return None


def check_facts(ledger, statement, leaves):
    """Each paid line is a version in force, paid as what the ledger's facts say it is."""
    before = problems
    parameters = {row["name"]: row["value"] for row in statement["parameters"]}
    for leaf in leaves:
        shown = f"{leaf['seq']} ({leaf['record']} v{leaf['version']})"
        version = ledger.version(leaf["record"], leaf["version"]) or {}
        record = ledger.carried(leaf["msg"], leaf["record"], leaf["version"])
        if record is None or version["submission"] != leaf["msg"] \
                or version["verdict"] != "accepted" or version["receipt"] != leaf["ack_sha256"]:
            problem(f"结算行 {shown} 在账本中没有对应的报送和接收",
                    f"the ledger has no sending and acceptance for settled line {shown}")
            continue
        expect(leaf.get("grade") == version["grade"], f"结算行 {shown} 的无签名标记与账本不符",
               f"the mark of settled line {shown} is not what the ledger says of its receipt")
        if ledger.is_disputed(leaf["record"], leaf["version"]):
            problem(f"结算行 {shown} 的回执有矛盾", f"the answers for settled line {shown} are disputed")
        elif ledger.in_force(leaf["record"]) != leaf["version"]:
            problem(f"结算行 {shown} 已撤回或被后来的版本替代",
                    f"settled line {shown} was withdrawn or replaced by a later version")
        fact, _ = ledger.dispatches[leaf["msg"]]
        said = {
            "pkg_sha256": fact["digest"], "mapping_sha256": fact["mappingDigest"],
            "pid": record.get("claimant"), "child_order": record.get("childOrder"),
            "period": record["servedOn"][:7], "persons": record["traits"]["spouses"].count(True),
            "item": entitled_item(record, parameters),
        }
        for name in (n for n, value in said.items() if leaf[n] != value):
            problem(f"结算行 {shown} 的 {name} 与账本中的事实不符",
                    f"{name} of settled line {shown} is not what the ledger's facts say")
    check_institutions(ledger, statement, leaves)
    check_cells(ledger, statement)
    if problems == before:
        passed("结算行都是现行版本，与账本事实一致", "every settled line is in force and follows the facts")


def check_institutions(ledger, statement, leaves):
    """What each institution is paid, added up from the paid lines."""
    sums = {}
    for leaf in leaves:
        record = ledger.carried(leaf["msg"], leaf["record"], leaf["version"])
        if record is not None:
            cell = sums.setdefault((record["institution"], leaf["item"]), Counter())
            cell.update(cases=1, persons=leaf["persons"], fen=leaf["fen"])
    stated = {(line["institution"], line["item"]): Counter(
        cases=line["cases"], persons=line["persons"], fen=line["fen"])
        for line in statement["institutions"]}
    expect(sums == stated, "各机构的合计与账本事实不符",
           "what institutions are paid is not what the ledger's facts add up to")


def check_correction(ledger, head, statement, leaves):
    """What is taken off the statement before: each line by what the ledger says of the case."""
    correction = statement.get("correction")
    issued = [fact for fact in ledger.settled
              if (fact["programme"], fact["year"]) == (statement["programme"], statement["year"])]
    last = issued[-1] if issued else {"size": 0, "root": sha256(b"").hex()}
    before_this = ledger.settled_heads(statement["programme"])
    expect((head.get("prev-size"), head.get("prev-root-sha256")) == (str(last.get("size")), last["root"])
           and head.get("prev-head-sha256") == (before_this or "0" * 64),
           "上一树头不是账本记的那一个", "the head before is not the one that the ledger has")
    if correction is None:
        expect(head.get("prev-size") in (None, "0") or head.get("size") == head.get("prev-size"),
               "本年度已有结算表，这一份却没有写明更正了什么",
               "there is a statement of the year before this one, and nothing is said of what changed")
        return
    before = problems
    expect([last.get("statement")] == [correction["statement"]], "更正所依据的不是上次结算",
           "what is corrected is not the statement before")
    paid = {leaf["record"]: leaf for leaf in leaves}
    seen = set()
    for line in correction["lines"]:
        record, number = line["record"], line["version"]
        versions = ledger.cases.get(record, {})
        top = next((version for _, version in sorted(versions.items(), reverse=True)
                    if version["disputed"] or version["verdict"] in ("accepted", "reversed")), None)
        known = {
            "disputed": top and top["disputed"],
            "reversed": top and not top["disputed"] and top["verdict"] == "reversed",
            "withdrawn": top and top["verdict"] == "accepted"
            and top["sent"]["action"] == "withdraw",
            "decided": versions.get(number, {}).get("verdict") == "rejected",
            "amended": ledger.in_force(record) not in (None, number),
            "unpaid": ledger.in_force(record) == number,
        }
        expect(known.get(line["reason"]), f"{record} 的更正原因与账本不符",
               f"the ledger does not say {line['reason']} of {record}")
        same = paid.get(record, {})
        expect(line["fen"] < 0 and record not in seen
               and (same.get("item"), same.get("fen")) != (line["item"], -line["fen"]),
               f"{record} 的冲减行不对", f"the negative line of {record} is not right")
        seen.add(record)
    fen = correction["earlierFen"] + sum(line["fen"] for line in correction["lines"])
    expect(fen + correction["addedFen"] == statement["totalFen"]
           and correction["earlierCases"] - len(correction["lines"]) + correction["addedCases"]
           == statement["totalCases"],
           "上次结算、冲减、新增相加不等于本次合计",
           "the statement before, what is taken off and what is added do not give this total")
    if problems == before:
        passed(f"对上次结算的 {len(correction['lines'])} 条冲减都有依据",
               f"{len(correction['lines'])} lines are taken off the statement before, each with its ground")


def check_cells(ledger, statement):
    """The accepted cases of each institution and month, counted from the facts."""
    counted = Counter()
    for record, versions in ledger.cases.items():
        number = ledger.in_force(record)
        if number is not None:
            sent = versions[number]["sent"]
            counted[sent["institution"], sent["servedOn"][:7]] += 1
    year = f"{statement['year']}-"
    last = statement.get("through", year + "12")
    counted = {cell: count for cell, count in counted.items()
               if cell[1].startswith(year) and cell[1] <= last}
    stated = {(line.get("institution"), line.get("month")): line["accepted"]
              for line in statement["balance"] if line["accepted"]}
    for cell in sorted(n for n in counted.keys() | stated.keys() if counted.get(n) != stated.get(n)):
        problem(f"{cell} 已接收 {stated.get(cell, 0)} 例，账本中是 {counted.get(cell, 0)} 例",
                f"accepted in {cell}: the statement says {stated.get(cell, 0)},"
                f" the ledger {counted.get(cell, 0)}")


def receipt_entries(raw):
    if b"<!" in raw.replace(b"<!--", b""):
        raise ValueError("含 DTD / it has a DTD")
    root = ElementTree.fromstring(raw)
    if root.tag != NAMESPACE + "Receipt":
        raise ValueError("不是回执 / not a receipt")
    entries = {}
    for entry in root.findall(NAMESPACE + "Entry"):
        key = entry.get("record"), entry.get("version")
        if key in entries:
            raise ValueError("同一版本两个结论 / two entries for one version")
        entries[key] = entry.get("status")
    return root, entries


def read_receipts(pack):
    receipts = {}
    listed = set()
    for row in pack.rows("acks/index.csv"):
        name = f"acks/{row['sha256']}.xml"
        listed.update((name, name[:-4] + ".sig") if row["key_id"] else (name,))
        try:
            raw = pack.read(name)
            if sha256(raw).hex() != row["sha256"]:
                problem(f"回执 {name} 的内容与名称不符", f"receipt {name} is not what its name says")
            receipts[row["sha256"]] = receipt_entries(raw)
            # A receipt without a signature says so itself, and one with a signature never does.
            expect((receipts[row["sha256"]][0].get("grade") == UNSIGNED) == (row["key_id"] == ""),
                   f"回执 {name} 没有签名而不注明，或相反",
                   f"receipt {name} has no signature and does not say so, or the other way round")
        except (ValueError, ElementTree.ParseError) as error:
            problem(f"回执 {name} 读不出：{error}", f"receipt {name} cannot be read")
    present = {n for n in pack.names if n.startswith("acks/") and n != "acks/index.csv"}
    for name in sorted(present - listed):
        problem(f"多出文件 {name}，索引中没有", f"extra file {name}: the index does not name it")
    return receipts


def check_receipts(pack, head, ledger, leaves):
    before = problems
    submissions = {row["id"]: row for row in pack.rows("submissions/index.csv")}
    receipts = read_receipts(pack)
    check_senders(head, receipts)
    for leaf in leaves:
        root, entries = receipts.get(leaf["ack_sha256"], (None, {}))
        shown = f"{leaf['seq']} ({leaf['record']} v{leaf['version']})"
        if root is None:
            problem(f"结算行 {shown} 没有回执", f"settled line {shown} has no receipt")
        elif root.get("submission") != leaf["msg"] or root.get("digest") != leaf["pkg_sha256"] \
                or root.get("status") != "processed":
            problem(f"结算行 {shown} 的回执不是对该报文的",
                    f"the receipt of settled line {shown} answers another submission")
        elif entries.get((leaf["record"], str(leaf["version"]))) not in ACCEPTED:
            problem(f"结算行 {shown} 未被回执接收", f"the receipt does not accept line {shown}")
        elif root.get("grade") != leaf.get("grade"):
            problem(f"结算行 {shown} 依据无签名回执而没有标记，或相反",
                    f"settled line {shown} rests on a receipt without a signature and bears no mark,"
                    " or the other way round")
        if submissions.get(leaf["msg"], {}).get("sha256") != leaf["pkg_sha256"]:
            problem(f"结算行 {shown} 的报文摘要与索引不符",
                    f"settled line {shown} and the submissions' index differ in the digest")
    check_later_versions(ledger, receipts, leaves)
    check_denials(ledger, receipts, leaves)
    if problems == before:
        passed(f"{len(receipts)} 份回执逐条接收了全部结算行",
               f"{len(receipts)} receipts accept every settled line")
    unsigned = sum(1 for leaf in leaves if leaf.get("grade") == UNSIGNED)
    if unsigned:
        note(f"有国家签名的结算行 {len(leaves) - unsigned} 条，依据无签名结果清单的 {unsigned} 条",
             f"{len(leaves) - unsigned} settled lines are proven by signed receipts,"
             f" {unsigned} are marked and rest on lists without a signature")


def check_denials(ledger, receipts, leaves):
    """No signed receipt rejects, or takes back, what is paid, whatever the ledger says."""
    paid = {(leaf["record"], str(leaf["version"])): leaf for leaf in leaves}
    for digest, (root, entries) in sorted(receipts.items()):
        if root.get("grade") == UNSIGNED or root.get("status") != "processed":
            continue
        codes = {(entry.get("record"), entry.get("version")): entry.get("code") or ""
                 for entry in root.findall(NAMESPACE + "Entry")}
        for case in (case for case, status in entries.items() if status == "rejected" and case in paid):
            record, version = case
            # E5xxx is trouble of their own: the same version goes again in another submission.
            if codes[case].startswith("E5") or (ledger.version(record, int(version)) or {}).get("decided"):
                continue
            problem(f"acks/{digest}.xml 退回或撤销了结算行 {paid[case]['seq']} ({record} v{version})",
                    f"acks/{digest}.xml rejects or takes back settled line {paid[case]['seq']}"
                    f" ({record} v{version}), and nobody decided otherwise")


def check_agreement(statement):
    """Books and national counts agree where the statement is closed, and what differs is listed."""
    before = problems
    accepted, mine = Counter(), Counter()
    for line in statement.get("national") or []:
        accepted[line["institution"], line["month"]] += line["accepted"]
    for line in statement["balance"]:
        if line["accepted"]:
            mine[line.get("institution"), line.get("month")] += line["accepted"]
    differing = sorted(cell for cell in accepted.keys() | mine.keys() if accepted[cell] != mine[cell])
    blocked = {one["code"] for one in statement["blocked"]}
    if "national" in statement:
        listed = {(one.get("institution"), one.get("month")) for one in statement["discrepancies"]
                  if "national" in one and "local" in one}
        for cell in (cell for cell in differing if cell not in listed or "E-COUNTS-DIFFER" not in blocked):
            problem(f"{cell} 本地 {mine[cell]}，国家 {accepted[cell]}，却没有列出或没有挡住关账",
                    f"{cell}: {mine[cell]} here, {accepted[cell]} by the nation, and it is not listed or"
                    " blocks nothing")
    elif "E-COUNTS-MISSING" not in blocked:
        note("没有国家平台的对账数：没有与国家平台对过，请向国家平台索取",
             "there are no national counts: nothing was held against the nation's; ask it for them")
    waiting = sum(line["queued"] + line["unanswered"] for line in statement["balance"])
    expect(waiting == 0 or statement.get("carriedOver") == waiting or blocked,
           f"还有 {waiting} 例未报或未答，却没有挡住关账，也没有写明结转",
           f"{waiting} cases wait, which blocks nothing and is not said to be carried over")
    if problems == before and "national" in statement:
        passed("各机构各月与国家计数相符，或已列为差异", "the nation counts what is accepted here, or it is listed")


def check_paper(pack, statement):
    """What the paper says, as far as its text can be read (pdftotext)."""
    if "settlement.pdf" not in pack.names:
        return
    reader = shutil.which("pdftotext")
    if not reader:
        note("settlement.pdf 没有核对（没有 pdftotext）：签字前请与 settlement.html 逐项核对",
             "settlement.pdf was not compared (no pdftotext): compare it with settlement.html before signing")
        return
    before = problems
    done = subprocess.run([reader, "-layout", os.path.join(pack.folder, "settlement.pdf"), "-"],
                          capture_output=True)
    text = done.stdout.decode("utf-8", "replace").replace(",", "")
    digest = sha256(pack.read("settlement.json")).hex()
    expect(digest in "".join(text.split()), "PDF 写的不是这份 settlement.json 的摘要",
           "settlement.pdf is of another settlement.json")
    figures = {statement["totalFen"]} | {payer[name] for payer in statement["payers"]
                                         for name in ("dueFen", "totalFen")}
    for fen in sorted(fen for fen in figures if yuan(fen) not in text):
        problem(f"PDF 上没有 {yuan(fen)}", f"{yuan(fen)} is not on the paper")
    if problems == before:
        passed("PDF 的合计和各方金额与结算表一致", "the paper's total and payers are those of the statement")


def check_counts(pack, statement, head):
    """The national counts are those of the signed document, as far as the statement goes."""
    before = problems
    names = [name for name in pack.names if name.startswith("counts/") and name.endswith(".xml")]
    stated = statement.get("national")
    expect(len(names) == (0 if stated is None else 1), "国家计数应有且只有一份签名原件",
           "the national counts must come with the one signed document that they are read from")
    for name in names:
        raw = pack.read(name)
        if b"<!" in raw.replace(b"<!--", b""):
            raise ValueError("含 DTD / it has a DTD")
        root = ElementTree.fromstring(raw)
        span = f"{statement['year']}-01", f"{statement['year']}-12"
        about = root.get("programme"), root.get("from", "")[:7], root.get("to", "")[:7]
        expect(root.tag == NAMESPACE + "Counts" and about == (statement["programme"], *span)
               and root.get("sender", head.get("sender")) == head.get("sender"),
               f"{name} 不是本项目、本年度的国家计数", f"{name} is of another programme, year or county")
        if root.get("region") != statement["division"]:
            note(f"{name} 是区划 {root.get('region')} 的，结算属于 {statement['division']}：请核对",
                 f"{name} is of region {root.get('region')}, the statement of {statement['division']}:"
                 " see that it is one county")
        if root.get("issued"):
            note(f"国家计数出具于 {root.get('issued')}", f"the national counts were issued {root.get('issued')}")
        counts = sorted((entry.get("institution"), entry.get("month"), *(int(entry.get(kind))
                        for kind in COUNTED)) for entry in root.findall(NAMESPACE + "Count"))
        lines = [(line["institution"], line["month"], *(line[kind] for kind in COUNTED))
                 for line in stated or []]
        expect(sorted(lines) == [c for c in counts if c[1] <= head.get("through", span[1])],
               "结算表的国家计数与签名原件不符", "the national counts are not those of the signed document")
    if names and problems == before:
        passed("国家计数与签名原件一致", "the national counts are those that were signed")


def check_senders(head, receipts):
    """Every receipt answers the county whose statement this is."""
    senders = sorted({root.get("sender") or "" for root, _ in receipts.values()})
    stated = head.get("sender")
    if stated is None and len(senders) == 1:
        note(f"树头没有写明报送单位；回执都是给 {senders[0]} 的，请核对",
             f"the tree head names no sender; all receipts are to {senders[0]}: see that it is right")
    elif stated is None:
        expect(senders == [], f"回执是给不同单位的：{senders}", f"receipts name several senders: {senders}")
    for sender in senders if stated is not None else []:
        expect(sender == stated, f"回执是给另一单位 {sender} 的，不是 {stated}",
               f"a receipt names another sender, {sender}, not {stated}")


def check_later_versions(ledger, receipts, leaves):
    """No signed receipt accepts a later version of what is paid, whatever the ledger says."""
    paid = {leaf["record"]: leaf for leaf in leaves}
    for root, entries in receipts.values():
        for (record, number), status in entries.items():
            if record not in paid or status not in ACCEPTED or root.get("status") != "processed" \
                    or int(number) <= paid[record]["version"] \
                    or ledger.carried(root.get("submission"), record, int(number)) is None:
                continue
            # Where answers contradicted each other, a person's decision in the ledger says which.
            if not ledger.version(record, int(number))["decided"]:
                problem(f"结算行 {paid[record]['seq']} ({record}) 的后来版本 v{number} 已被回执接收",
                        f"a receipt accepts v{number} of {record},"
                        f" later than settled line {paid[record]['seq']}")


def expect(is_right, chinese, english):
    if not is_right:
        problem(chinese, english)


def share_of(value, share, lines):
    """Fen of a share of lines of (price, count), rounded down as the scheme says."""
    numerator, denominator = map(int, share.split("/"))
    if value["rounding"] == "case":
        return sum(price * numerator // denominator * count for price, count in lines)
    return sum(price * count for price, count in lines) * numerator // denominator


def paid_ahead(value, item, payer, share, due, year):
    """What a payer paid ahead of an item, or None where a parameter of it is unset."""
    place, price = f"{item}.{payer}", int(value[f"{item}.priceFen"])
    is_idle, is_first = share.startswith("0/"), value["starts"][:4] >= str(year)
    forecast, carried = value[f"{item}.forecast"], value[f"{place}.carryOver"]
    forecast = "0" if forecast == "unset" and is_idle else forecast
    carried = "0" if carried == "unset" and (is_idle or is_first) else carried
    if "unset" in (forecast, carried):
        return None
    basis = share_of(value, share, [(price, int(forecast))])
    stated = value[f"{place}.prepaid"]
    paid = max(0, basis - int(carried)) if stated == "unset" else int(stated)
    out = paid + int(carried) - due
    figures = {"basisFen": basis, "carryInFen": int(carried), "paidFen": paid,
               "surplusFen": basis - due, "carryOutFen": out}
    if value[f"{item}.nextForecast"] != "unset":
        following = share_of(value, share, [(price, int(value[f"{item}.nextForecast"]))])
        figures["next"] = {"basisFen": following, "paymentFen": max(0, following - out),
                           "carriedOnFen": max(0, out - following)}
    return figures


def local_excess(value, payer, lines):
    """What a payer bears above the price of the first item, by the place's own price."""
    if f"{payer}.localPriceFen" not in value:
        return 0
    price, local = int(value[f"{scheme_items(value)[0]}.priceFen"]), int(value[f"{payer}.localPriceFen"])
    return sum(max(0, local * paid // price - paid) * count for paid, count in lines)


def account_payers(statement, value, item, lines, is_alone):
    """Who bears what of one account, by (payer, figures); none where that is not known."""
    bears = {name.split(".")[1]: share for name, share in value.items()
             if name.startswith(f"{item}.") and name.endswith(".bears") and share != "none"}
    is_planned = any(text not in ("unset", "0") for name, text in value.items() if name.startswith(
        f"{item}.") and name.endswith((".forecast", ".prepaid", ".carryOver")))
    rests = [payer for payer, share in bears.items() if share == "rest"]
    shares = [Fraction(share) for share in bears.values() if share not in ("rest", "unset")]
    if not (is_alone or lines or is_planned) or "unset" in bears.values() or len(rests) != 1 \
            or sum(shares) > 1:
        return
    dues = {payer: share_of(value, share, lines) for payer, share in bears.items() if share != "rest"}
    dues[rests[0]] = sum(price * count for price, count in lines) - sum(dues.values())
    for payer, share in bears.items():
        pays_ahead = f"{item}.{payer}.prepaid" in value
        if share.startswith("0/") and not pays_ahead:
            continue
        excess = local_excess(value, payer, lines)
        figures = {"dueFen": dues[payer], "excessFen": excess, "totalFen": dues[payer] + excess}
        if pays_ahead:
            ahead = paid_ahead(value, item, payer, share, dues[payer], statement["year"])
            if ahead is not None:
                figures["prepayment"] = ahead
        yield payer, figures


def scheme_payers(statement, value):
    """What each payer must bear, from the parameters alone, and what nobody does."""
    expected, items, nobody = {}, scheme_items(value), 0
    accounts = [items] if value["together"] == "true" else [[item] for item in items]
    for account in accounts:
        lines = [(line["priceFen"], line["cases"]) for line in statement["lines"]
                 if line["item"] in account]
        for payer, figures in account_payers(statement, value, account[0], lines, len(accounts) == 1):
            if value.get(f"{account[0]}.{payer}.nobody") == "true":
                nobody += figures["dueFen"]
            expected[payer if len(accounts) == 1 else f"{payer}.{account[0]}"] = figures
    return expected, nobody


def check_payers(statement, value):
    expected, nobody = scheme_payers(statement, value)
    found = {line["payer"]: line for line in statement["payers"]}
    expect(list(found) == list(expected), "出资方不全", "a payer is missing")
    for payer, figures in expected.items():
        for name, amount in figures.items():
            expect(found.get(payer, {}).get(name) == amount, f"{payer} 的 {name} 与参数不符",
                   f"{name} of {payer} does not follow from the parameters")
    if nobody or statement["lines"] and not expected:
        expect(statement["blocked"] != [], "有未落实的金额却已关账",
               "an amount is unassigned, yet nothing is open")


def settled_prices(value):
    """Fen of one case by item; what nobody has decided is paid at nothing."""
    return {item: int(text) if (text := value[f"{item}.priceFen"]) != "unset" else 0
            for item in scheme_items(value)}


def check_totals(statement, leaves):
    before = problems
    value = {row["name"]: row["value"] for row in statement["parameters"]}
    prices = settled_prices(value)
    lines = {line["item"]: line for line in statement["lines"]}
    for item in sorted({leaf["item"] for leaf in leaves} | lines.keys()):
        mine = [leaf for leaf in leaves if leaf["item"] == item]
        line = lines.get(item, {})
        expect(all(leaf["fen"] == prices.get(item) for leaf in mine)
               and line.get("priceFen") == prices.get(item),
               f"{item} 的单价与参数不符", f"the price of {item} is not that of the parameters")
        expect((len(mine), sum(leaf["fen"] for leaf in mine), sum(leaf["persons"] for leaf in mine))
               == (line.get("cases"), line.get("fen"), line.get("persons")),
               f"{item} 的合计与结算行不符", f"the total of {item} is not the sum of its lines")
    total = sum(leaf["fen"] for leaf in leaves)
    expect((statement["totalFen"], statement["totalCases"]) == (total, len(leaves)),
           "结算合计与结算行不符", "the grand total is not the sum of the settled lines")
    marked = [leaf for leaf in leaves if leaf.get("grade") == UNSIGNED]
    right = {"cases": len(marked), "persons": sum(leaf["persons"] for leaf in marked),
             "fen": sum(leaf["fen"] for leaf in marked)} if marked else None
    expect(statement.get("unsigned") == right, "无签名的例数和金额与标记的结算行不符",
           "the figures without a signature are not those of the marked lines")
    check_payers(statement, value)
    if any(value[f"{line['item']}.priceFen"] == "unset" for line in statement["lines"]):
        expect(statement["blocked"] != [], "单价未定却已关账", "a price is unset, yet nothing is open")
    expect(statement["isClosed"] == (statement["blocked"] == []),
           "关账标志与未决事项不符", "the closing mark does not fit the open matters")
    if not statement["isClosed"]:
        note("本结算表是草案，尚未关账", "this statement is a draft and not closed")
    if problems == before:
        passed(f"合计 {total} 分，与结算行和参数一致", f"{total} fen follow from lines and parameters")


def check_balance(pack, statement, leaves):
    before = problems
    total = Counter()
    for line in statement["balance"]:
        classes = {n: c for n, c in line.items() if n not in ("institution", "month", "taken")}
        total.update(classes)
        expect(line["taken"] == sum(classes.values()), f"{line.get('month')} 账目不平",
               f"the books of {line.get('month')} do not balance")
    intake = statement["intake"]
    expect(intake["withoutFate"] == max(0, intake["rows"] - intake["unchanged"] - intake["taken"]),
           "来件行数与收到数不符", "the rows of the items do not add up")
    rows = pack.rows("exceptions.csv")
    listed = Counter(row["standing"] for row in rows)
    listed["accepted"] += len(leaves)
    for name in (n for n in total if n != "superseded"):
        expect(listed[name] == total[name], f"{name} 的清单 {listed[name]} 与核对表 {total[name]} 不符",
               f"{listed[name]} listed as {name}, the tie-out says {total[name]}")
    reasons = Counter(row["reason"] for row in rows if row["reason"])
    stated = {line["reason"]: line["cases"] for line in statement["unpaid"]}
    expect(dict(reasons) == stated, "不结算清单与结算表不符",
           "the cases that are not paid differ between list and statement")
    if problems == before:
        passed("收到的每一例都有去向", "every case that was taken has one fate")


# Table and page ------------------------------------------------------------------------------
#
# Both are written anew from settlement.json, and must be the same to the byte.

def yuan(fen):
    return f"{'-' * (fen < 0)}{abs(fen) // 100}.{abs(fen) % 100:02d}"


PAYER_FIGURES = (
    ("due", "按标准应负担", "Due by the standard", None),
    ("excess", "超标准部分", "Above the standard", "excess"),
    ("total", "应负担合计", "Due in all", "total"),
    ("basis", "预拨基数", "Basis: forecast × price × share", "prepayment"),
    ("carryIn", "上年结转（正为多拨）", "Carried in (+ overpaid)", "carryOver"),
    ("paid", "当年预拨", "Paid ahead", "prepayment"),
    ("surplus", "差额（基数减应负担）", "Surplus (− deficit)", "prepayment"),
    ("carryOut", "结转下年（正为多拨）", "Carried out (+ overpaid)", "carryOver"),
    ("nextBasis", "下年预拨基数", None, "prepayment"),
    ("nextPayment", "下年应拨", "Next year's payment", "carryOver"),
    ("nextCarriedOn", "下年仍结转", "Carried on after it", "carryOver"),
)


def payer_figures(line):
    """A payer's amounts in fen by the names above; what is not known is left out."""
    ahead = line.get("prepayment", {})
    figures = {name: line[name + "Fen"] for name in ("due", "total")}
    if "excess" in line["rules"]:
        figures["excess"] = line["excessFen"]
    figures.update((name[:-3], fen) for name, fen in ahead.items() if name != "next")
    figures.update((f"next{name[0].upper()}{name[1:-3]}", fen)
                   for name, fen in ahead.get("next", {}).items())
    return figures


def table_rows(statement):
    """The rows of settlement.csv, the header first."""
    def row(code, part, item, place=("", ""), payer="", count="", persons="", fen=None, basis=""):
        amounts = ["", ""] if fen is None else [str(fen), yuan(fen)]
        return [code, part, item, *place, payer, str(count), str(persons), *amounts, basis]

    unit = statement["unit"]["zh"]
    yield ["代码", "部分", "项目", "机构", "月份", "出资方", f"数量（{unit}）", "人数（人）",
           "金额（分）", "金额（元）", "依据"]
    for line in statement["lines"]:
        yield row(f"paid.{line['item']}", "结算", line["title"]["zh"], count=line["cases"],
                  persons=line["persons"], fen=line["fen"], basis=line["rule"])
    yield row("paid.total", "结算", "合计", count=statement["totalCases"], fen=statement["totalFen"],
              persons=sum(line["persons"] for line in statement["lines"]))
    unsigned = statement.get("unsigned")
    if unsigned:
        yield row("paid.unsigned", "结算", "其中依据无签名结果清单", count=unsigned["cases"],
                  persons=unsigned["persons"], fen=unsigned["fen"])
    for line in statement["institutions"]:
        yield row(f"institution.{line['item']}", "按机构", line["title"]["zh"],
                  (line["institution"], ""), count=line["cases"], persons=line["persons"],
                  fen=line["fen"])
    for line in statement["unpaid"]:
        yield row(f"unpaid.{line['reason']}", "不结算", line["title"]["zh"], count=line["cases"],
                  persons=line["persons"], fen=0, basis=line["rule"])
    for line in statement["payers"]:
        figures = payer_figures(line)
        for code, title, _, rule in (f for f in PAYER_FIGURES if f[0] in figures):
            yield row(f"{code}.{line['payer']}", "分担", title, payer=line["title"]["zh"],
                      fen=figures[code], basis=line["rules"][rule] if rule else line["share"])
    correction = statement.get("correction")
    if correction:
        yield row("correction.earlier", "更正", "上次结算", count=correction["earlierCases"],
                  fen=correction["earlierFen"], basis=correction["statement"])
        for line in correction["lines"]:
            yield row(f"correction.{line['reason']}", "更正",
                      f"{line['item']} {line['title']['zh']}", count=-1, fen=line["fen"],
                      basis=line["record"])
        yield row("correction.added", "更正", "本次新增", count=correction["addedCases"],
                  fen=correction["addedFen"])
    for line in statement["balance"]:
        place = line.get("institution", "未知"), line.get("month", "未知")
        yield row("balance.taken", "核对", "收到", place, count=line["taken"])
        for name, (title, _) in CLASSES.items():
            yield row(f"balance.{name}", "核对", title, place, count=line[name])
    national = (("accepted", "国家生效"), ("rejected", "国家退回"), ("duplicate", "国家重复"))
    for line in statement.get("national", []):
        for name, title in national:
            yield row(f"national.{name}", "国家计数", title, (line["institution"], line["month"]),
                      count=line[name])
    for line in statement["discrepancies"]:
        yield row(line["kind"], "差异", line["wording"]["zh"],
                  (line["institution"], line["month"]), basis=line.get("record", ""))
    for line in statement["blocked"]:
        yield row(line["code"], "未能关账", line["wording"]["zh"], basis=line.get("parameter", ""))


def table_line(cells):
    def written(cell):
        return '"' + cell.replace('"', '""') + '"' if re.search('[",\r\n]', cell) else cell

    return ",".join(map(written, cells)) + "\r\n"


def check_table(pack, statement):
    shown = pack.read("settlement.csv").decode("utf-8")
    right = [table_line(row) for row in table_rows(statement)]
    if shown == "\ufeff" + "".join(right):
        passed("CSV 与 JSON 逐字一致", "the CSV says what the JSON says, to the byte")
        return
    lines = shown.lstrip("\ufeff").splitlines(keepends=True)
    place = next((n for n, line in enumerate(right) if lines[n:n + 1] != [line]), len(right))
    code = right[place].split(",")[0] if place < len(right) else "多出的行 an extra line"
    problem(f"CSV 第 {place + 1} 行 {code} 与 JSON 不符",
            f"CSV and JSON differ at {code}, line {place + 1}")


def xml_lines(name, value, indent=""):
    """An element for each name of settlement.json, a list's one behind the other."""
    if isinstance(value, dict):
        yield f"{indent}<{name}>\n"
        for key in sorted(value):
            yield from xml_lines(key, value[key], indent + "  ")
        yield f"{indent}</{name}>\n"
    elif isinstance(value, list):
        for one in value:
            yield from xml_lines(name, one, indent)
    elif value is not None:
        text = str(value).lower() if isinstance(value, bool) else html.escape(str(value), quote=False)
        yield f"{indent}<{name}>{text}</{name}>\n"


def check_xml(pack, statement):
    written = '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(xml_lines("settlement", statement))
    if pack.read("settlement.xml").decode("utf-8") == written:
        passed("XML 与 JSON 逐字一致", "the XML says what the JSON says, to the byte")
    else:
        problem("settlement.xml 与 settlement.json 不符", "settlement.xml is not what settlement.json says")


def check_rule(statement, path):
    """The funding rule in force, by the auditor's own copy of its file."""
    with open(path, "rb") as file:
        digest = sha256(file.read()).hex()
    if digest != statement["ruleDigest"]:
        problem(f"规则文件 {path} 不是结算所用的", f"{path} is not the rule that was used")
        return
    passed("规则文件是您给出的那一份", "the rule is the file that you gave")
    with open(path, encoding="utf-8") as file:
        check_parameters(statement, file.read())


# What a rule's item means where it says nothing.
ITEM_DEFAULTS = {"service": "none", "spouses": "any", "once": "childOrder"}


def flow_values(text):
    """The plain keys of a mapping on one line: { item: couple, priceFen: 24000 }."""
    return dict(re.findall(r"(\w+):\s*([^,{}\[\]]*[^,{}\[\]\s])", text))


def check_parameters(statement, text):
    """The parameters are those of the rule's file, as far as its plain lines can be read without a
    YAML library; what cannot be read is said, and is for the auditor's eyes."""
    before = problems
    value = {row["name"]: row["value"] for row in statement["parameters"]}
    lines = [line.split(" #")[0] for line in text.splitlines() if not line.lstrip().startswith("#")]
    said, unread = {}, []
    for line in lines:
        if line.startswith("starts:"):
            said["starts"] = line.split(":", 1)[1].strip()
        elif line.startswith("requires:"):
            said["requires"] = " ".join(re.findall(r"[A-Za-z]+", line.split(":", 1)[1]))
        elif re.match(r"\s*- \{ item: ", line) and "priceFen:" in line:
            found = flow_values(line)
            for name in ("priceFen", "service", "spouses", "once"):
                said[f"{found['item']}.{name}"] = found.get(name, ITEM_DEFAULTS.get(name, "unset"))
    area, is_own, shares = None, False, {}
    for line in lines:
        area = re.match(r"\s*- (?:\{ )?area: \"?(\w+)", line)
        is_own = area[1] == statement["division"] if area else is_own
        if is_own and re.search(r"shares: *\{", line):
            shares = dict(re.findall(r"(\w+): *([0-9]+/[0-9]+)", line.split("shares:")[1].split("}")[0]))
    for name, share in shares.items():
        for bears in (n for n in value if n.endswith(f".{name}.bears")):
            said[bears] = share
    for name in sorted(n for n in value if n in said or n.endswith((".priceFen", ".spouses", ".once"))
                       or n in ("requires", "starts")):
        right = said.get(name)
        if right is None or right == "area" or name.endswith(".priceFen") and not right.isdigit():
            unread.append(name)
        elif name.endswith(".bears") and "/" in right and "/" in value[name]:
            expect(Fraction(right) == Fraction(value[name]), f"参数 {name} 是 {value[name]}，规则文件写 {right}",
                   f"the parameter {name} is {value[name]}, the rule says {right}")
        else:
            expect(sorted(right.split()) == sorted(value[name].split()),
                   f"参数 {name} 是 {value[name]}，规则文件写 {right}",
                   f"the parameter {name} is {value[name]}, the rule says {right}")
    if unread:
        note(f"这些参数请自己与规则文件核对：{'、'.join(unread)}",
             f"compare these parameters with the rule yourself: {', '.join(unread)}")
    if problems == before:
        passed("单价、条件、份额与规则文件一致", "prices, conditions and shares are those of the rule")


class Page:
    """Writes the page's few elements; every text is escaped, tags come only from here."""

    def __init__(self):
        self.text = ""

    @staticmethod
    def escape(text):
        return html.escape(str(text)).replace("&#x27;", "&#39;")

    def both(self, chinese, english):
        return f"{self.escape(chinese)}<small>{self.escape(english)}</small>"

    def heading(self, chinese, english, level=2):
        self.text += f"<h{level}>{self.both(chinese, english)}</h{level}>\n"

    def paragraph(self, chinese, english, mark=""):
        mark = f' class="{mark}"' if mark else ""
        self.text += f"<p{mark}>{self.both(chinese, english)}</p>\n"

    def table(self, columns, rows):
        """Columns: Chinese, English, whether numbers. Rows: a class, and cells already written."""
        head = "".join(f"<th{self.number_mark(is_number)}>{self.both(chinese, english)}</th>"
                       for chinese, english, is_number in columns)
        body = ""
        for mark, cells in rows:
            body += (f'<tr class="{mark}">' if mark else "<tr>") + "".join(cells) + "</tr>\n"
        self.text += f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n"

    @staticmethod
    def number_mark(is_number):
        return ' class="n"' if is_number else ""

    def plain(self, text):
        return f"<td>{self.escape(text)}</td>"

    def titled(self, chinese, english):
        return f"<td>{self.both(chinese, english)}</td>"

    def code(self, text):
        return f'<td class="c">{self.escape(text)}</td>'

    def number(self, value, is_loud=False):
        mark = "n loud" if is_loud else "n"
        return f'<td class="{mark}">{self.escape(value)}</td>'


def write_page(statement, style):
    """The whole of settlement.html."""
    page = Page()
    year, unit = statement["year"], statement["unit"]
    through = statement.get("through")
    shown = (f"{year} 年度（截至 {int(through[5:])} 月）", f"{year}, up to {through}") if through \
        else (f"{year} 年度", f"{year}")
    heading = f"{statement['title']['zh']} {shown[0]}"
    page.heading(heading, f"{statement['title']['en']}, {shown[1]}", level=1)
    division, rule, made = statement["division"], statement["rule"], statement["made"]
    page.paragraph(f"区县 {division}　规则 {rule}　制表 {made}",
                   f"County {division} · rule {rule} · made {made}", "under")
    open_matters = len(statement["blocked"])
    if statement["isClosed"] and "national" not in statement:
        page.paragraph("可以关账：账目平；没有国家计数可对。",
                       "Ready to close: the books balance; there are no national counts.", "closed")
    elif statement["isClosed"]:
        page.paragraph("可以关账：账目平，与国家平台一致。",
                       "Ready to close: the books balance and agree.", "closed")
    else:
        page.paragraph(f"草案，不能关账：{open_matters} 项待解决，见“未能关账的原因”。",
                       f"Draft, cannot be closed: see what stands in the way ({open_matters}).",
                       "open")
    if "carriedOver" in statement:
        count = statement["carriedOver"]
        page.paragraph(f"未决 {count} 例结转下期，见 exceptions.csv。",
                       f"Still open and carried over: {count}, see exceptions.csv.", "open")
    write_lines(page, statement)
    write_payers(page, statement)
    write_correction(page, statement)
    if statement["blocked"]:
        page.heading("未能关账的原因", "What stands in the way")
        page.table([("代码", "Code", False), ("原因", "Why", False)],
                   [("", [page.code(line["code"]),
                          page.titled(line["wording"]["zh"], line["wording"]["en"])])
                    for line in statement["blocked"]])
    write_balance(page, statement)
    write_discrepancies(page, statement)
    page.heading("五、所用参数", "Parameters used")
    parameters = [(row["name"], row["value"]) for row in statement["parameters"]]
    page.table([("参数", "Parameter", False), ("值", "Value", False)],
               [("", [page.code(name), page.code(value)])
                for name, value in parameters + [("SHA-256", statement["ruleDigest"])]])
    page.paragraph(
        f"金额单位：元；计数单位：{unit['zh']}、人。本表不含个人信息。经办＿＿＿＿　复核＿＿＿＿　负责人＿＿＿＿",
        f"Amounts in yuan; counts in {unit['en']} and persons. No personal data. "
        "Made by · checked by · approved by", "under")
    return ('<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>'
            f"{page.escape(heading)} {page.escape(division)}</title>\n<style>{style}</style></head>"
            f"<body>\n{page.text}</body></html>\n")


def write_lines(page, statement):
    unit = statement["unit"]
    page.heading("一、结算与不结算", "What is paid, and what is not")

    def row(title, rule, line, price, fen, mark=""):
        return mark, [page.titled(*title), page.plain(rule), page.number(line["cases"]),
                      page.number(line["persons"]), price, page.number(yuan(fen))]

    rows = [row((line["title"]["zh"], line["title"]["en"]), line["rule"], line,
                page.number(yuan(line.get("priceFen", 0))), line.get("fen", 0))
            for line in statement["lines"] + statement["unpaid"]]
    total = {"cases": statement["totalCases"],
             "persons": sum(line["persons"] for line in statement["lines"])}
    rows.append(row(("结算合计", "Paid in all"), "", total, page.plain(""),
                    statement["totalFen"], "sum"))
    if "unsigned" in statement:
        unsigned = statement["unsigned"]
        rows.append(row(("其中依据无签名结果清单", "Of which by lists without a signature"), "", unsigned,
                        page.plain(""), unsigned["fen"]))
    page.table([("项目", "Item", False), ("依据", "Rule", False), (unit["zh"], unit["en"], True),
                ("人", "persons", True), ("单价", "Price", True), ("金额", "Amount", True)], rows)
    if statement["institutions"]:
        page.table([("机构", "Institution", False), ("项目", "Item", False), (unit["zh"], unit["en"], True),
                    ("人", "persons", True), ("金额", "Amount", True)],
                   [("", [page.code(line["institution"]),
                          page.titled(line["title"]["zh"], line["title"]["en"]),
                          page.number(line["cases"]), page.number(line["persons"]),
                          page.number(yuan(line["fen"]))]) for line in statement["institutions"]])


def write_payers(page, statement):
    page.heading("二、各方分担与预拨结算", "Who pays, and what was paid ahead")
    for warning in statement["warnings"]:
        page.paragraph(warning["zh"], warning["en"], "open")
    payers = statement["payers"]
    if not payers:
        page.paragraph("参数未设，未分担。", "Not shared out: parameters are unset.", "open")
        return
    rows = [("", [page.titled("比例", "Share")] + [page.number(line["share"]) for line in payers]
             + [page.plain("")])]
    figures = [payer_figures(line) for line in payers]
    for name, chinese, english, _ in PAYER_FIGURES:
        amounts = [line.get(name) for line in figures]
        if english is None or amounts == [None] * len(amounts):
            continue
        chinese = "预拨基数（预测×单价×比例）" if name == "basis" else chinese
        rows.append(("", [page.titled(chinese, english)]
                     + [page.number("—" if fen is None else yuan(fen)) for fen in amounts]
                     + [page.number(yuan(sum(fen or 0 for fen in amounts)))]))
    page.table([("", "", False)] + [(p["title"]["zh"], p["title"]["en"], True) for p in payers]
               + [("合计", "Total", True)], rows)


def write_correction(page, statement):
    correction = statement.get("correction")
    if correction is None:
        return
    page.heading("对上次结算的更正", "What changes about the statement before")
    rows = [("", [page.code(correction["statement"]), page.titled("上次结算", "The statement before"),
                  page.plain(""), page.number(correction["earlierCases"]),
                  page.number(yuan(correction["earlierFen"]))])]
    rows += [("", [page.code(line["record"]), page.code(line["item"]),
                   page.titled(line["title"]["zh"], line["title"]["en"]),
                   page.number(line["seq"]), page.number(yuan(line["fen"]))])
             for line in correction["lines"]]
    rows.append(("", [page.plain(""), page.titled("本次新增", "Added"), page.plain(""),
                      page.number(correction["addedCases"]),
                      page.number(yuan(correction["addedFen"]))]))
    rows.append(("sum", [page.plain(""), page.titled("结算合计", "Paid in all"), page.plain(""),
                         page.number(statement["totalCases"]),
                         page.number(yuan(statement["totalFen"]))]))
    page.table([("病例", "Case", False), ("项目", "Item", False), ("原因", "Why", False),
                ("原行号", "Old line", True), ("金额", "Amount", True)], rows)


def write_balance(page, statement):
    unit = statement["unit"]
    national = statement.get("national")
    page.heading(f"三、核对：按机构和月份（{unit['zh']}）", f"Tie-out by institution and month ({unit['en']})")
    page.paragraph("收到 = 其余各栏之和。国家生效与本地已接收应相等。",
                   "Taken is the sum of the classes; national in force should equal accepted here.")
    names = ["taken", *CLASSES]
    counts = {(line["institution"], line["month"]): line["accepted"] for line in national or []}
    rows, group = [], ()
    for line in statement["balance"]:
        institution, month = line.get("institution"), line.get("month")
        if group != (institution,):
            shown = page.escape(institution or "机构或日期无法识别 unknown")
            rows.append(("group", [f'<td colspan="{len(names) + 2}">{shown}</td>']))
        group = (institution,)
        count = counts.get((institution, month), 0) if national is not None and month else None
        last = page.number("—") if count is None else page.number(count, count != line["accepted"])
        rows.append(("", [page.code(month or "未知")] + [page.number(line[n]) for n in names] + [last]))
    sums = [sum(line[name] for line in statement["balance"]) for name in names]
    sums.append("—" if national is None else sum(line["accepted"] for line in national))
    rows.append(("sum", [page.plain("合计")] + [page.number(value) for value in sums]))
    page.table([("月份", "Month", False), ("收到", "taken", True)]
               + [(chinese, english, True) for chinese, english in CLASSES.values()]
               + [("国家生效", "national", True)], rows)
    intake = statement["intake"]
    page.paragraph(
        f"历年全部来件：{intake['rows']} 行，其中未变 {intake['unchanged']}，收到 {intake['taken']}，"
        f"无去向 {intake['withoutFate']}。",
        f"All items of all years: {intake['rows']} rows, {intake['unchanged']} unchanged, "
        f"{intake['taken']} taken, {intake['withoutFate']} without a fate.")


def write_discrepancies(page, statement):
    page.heading("四、差异", "Discrepancies")
    if not statement["discrepancies"]:
        if "national" in statement:
            page.paragraph("没有差异。", "None.")
        else:
            page.paragraph("未取得国家计数，未对账。", "No national counts: not compared.")
        return
    page.table(
        [("代码", "Code", False), ("机构", "Institution", False), ("月份", "Month", False),
         ("说明", "What", False), ("病例", "Case", False)],
        [("", [page.code(line["kind"]), page.code(line["institution"]), page.code(line["month"]),
               page.titled(line["wording"]["zh"], line["wording"]["en"]),
               page.plain(line.get("record", ""))]) for line in statement["discrepancies"]])


def check_page(pack, statement):
    shown = pack.read("settlement.html").decode("utf-8")
    style = re.search("<style>(.*?)</style>", shown, re.S)
    if not style or sha256(style[1].encode()).hex() != STYLE_SHA256:
        problem("网页的样式不是原样", "the style of settlement.html is not the known one")
        return
    right = write_page(statement, style[1])
    if shown == right:
        passed("网页与 JSON 逐字一致", "the page says what the JSON says, to the byte")
        return
    right_lines = right.split("\n")
    lines = shown.split("\n")
    place = next((n for n, line in enumerate(right_lines, 1) if lines[n - 1:n] != [line]),
                 len(right_lines) + 1)
    problem(f"settlement.html 第 {place} 行与 JSON 不符", f"settlement.html and JSON differ at line {place}")


# Signatures ----------------------------------------------------------------------------------

def key_bytes(raw):
    """The key in its one binary form; anything beside it in the file is refused. A certificate
    stands for its key."""
    text = raw.decode("ascii").strip()
    if text.startswith("-----BEGIN CERTIFICATE-----") and shutil.which("openssl"):
        done = subprocess.run(["openssl", "x509", "-pubkey", "-noout"], input=raw, capture_output=True)
        text = done.stdout.decode("ascii").strip()
    match = re.fullmatch("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----", text)
    key = base64.b64decode("".join(match[1].split()), validate=True) if match else b""
    if len(key) != 91 or not key.startswith((P256_HEADER, SM2_HEADER)):
        raise ValueError("不是 SM2 或 P-256 公钥 / not a public key for SM2 or P-256")
    return key


def is_exact(signature):
    """Whether these bytes are a sequence of two whole numbers and nothing else (DER)."""
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2:
        return False
    place = 2
    for _ in range(2):
        number = signature[place + 2:place + 2 + signature[place + 1]] \
            if signature[place:place + 1] == b"\x02" and place + 1 < len(signature) else b""
        is_padded = len(number) > 1 and number[0] == 0 and number[1] < 0x80
        if not number or number[0] >= 0x80 or is_padded:
            return False
        place += 2 + signature[place + 1]
    return place == len(signature)


def is_signed(openssl, key, document, signature):
    if not is_exact(signature):
        return False
    pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(key) + b"-----END PUBLIC KEY-----\n"
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in (("key", pem), ("document", document), ("signature", signature)):
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        if key.startswith(SM2_HEADER):
            command = ["pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey",
                       paths["key"], "-in", paths["document"], "-pkeyopt",
                       "distid:1234567812345678", "-sigfile", paths["signature"]]
        else:
            command = ["dgst", "-sha256", "-verify", paths["key"], "-signature",
                       paths["signature"], paths["document"]]
        return subprocess.run([openssl] + command, capture_output=True).returncode == 0


class Keys:
    """The pack's keys by their file, the auditor's own, and which of those verified something."""

    def __init__(self, pack, given):
        self.given = {role: {} for role in ROLES}
        for role, paths in given.items():
            for path in paths:
                with open(path, "rb") as file:
                    self.given[role][key_bytes(file.read())] = path
        self.present = {role: {} for role in ROLES}
        for name in sorted(n for n in pack.names if n.startswith("keys/")):
            role = "county" if name.startswith("keys/sender-") else "national"
            self.present[role][name] = key_bytes(pack.read(name))
        self.used = set()

    def accept(self, role, name):
        """The key of that file, if it may count in that role."""
        if name not in self.present[role]:
            raise ValueError(f"缺少 {name} / {name} is missing")
        key = self.present[role][name]
        if self.given[role] and key not in self.given[role]:
            raise ValueError(f"{name} 不是您给出的{ROLES[role]}公钥 / "
                             f"{name} is none of the {role} keys that you gave")
        return key


def check_keys(keys):
    before = problems
    county = set(keys.given["county"]) | set(keys.present["county"].values())
    national = set(keys.given["national"]) | set(keys.present["national"].values())
    for key in sorted(county & national):
        shown = f"sha256:{sha256(key).hex()}"
        problem(f"公钥 {shown} 既作本县又作国家平台公钥", f"key {shown} stands for county and nation both")
    for role in (r for r in ROLES if not keys.given[r]):
        whom = {"county": "the county's health authority", "national": "the national platform"}[role]
        for name, key in keys.present[role].items():
            shown = f"{name} sha256:{sha256(key).hex()}"
            note(f"{shown} 没有核对，请向{ROLES[role]}核对", f"not compared: compare it with {whom}")
    if problems == before and all(keys.given.values()):
        passed("公钥各归其主", "no key stands for both county and nation")


def check_signatures(pack, keys, openssl):
    before = problems

    def verify(role, key_name, document, signature_of, shown_zh, shown):
        try:
            key = keys.accept(role, key_name)
            signature = signature_of()
        except ValueError as error:
            problem(f"{shown_zh}不能采信：{error}", f"the {shown} does not count: {error}")
            return
        if openssl and not is_signed(openssl, key, document, signature):
            problem(f"{shown_zh}不符", f"the {shown} is wrong")
        elif openssl:
            keys.used.add((role, key))

    check_manifest_signatures(pack, keys, verify, openssl)
    count = check_receipt_signatures(pack, verify)
    if openssl:
        for role, given in keys.given.items():
            present = set(keys.present[role].values())
            for key, path in given.items():
                if (role, key) in keys.used:
                    continue
                if key in present and any(used == role for used, _ in keys.used):
                    note(f"{ROLES[role]}公钥 {path} 在包里，但没有用它签过",
                         f"the {role} key {path} is in the pack, and nothing is signed by it")
                    continue
                problem(f"您给出的{ROLES[role]}公钥 {path} 没有验证任何签名",
                        f"the {role} key {path} that you gave verified nothing")
    if not openssl:
        note("没有 openssl 命令，签名未核验", "there is no openssl command: signatures NOT checked")
    elif problems == before:
        passed(f"清单签名和 {count} 份回执的国家签名均有效",
               f"the manifest's signatures and those of {count} receipts are valid")


def check_manifest_signatures(pack, keys, verify, openssl):
    manifest = pack.read("META-INF/ASiCManifest001.xml")
    check_references(pack, manifest)
    expect(keys.present["county"] != {}, "没有签名公钥", "there is no key of the signer")
    for suite, header, end in (("gm", SM2_HEADER, "sm2"), ("intl", P256_HEADER, "p7s")):
        name, signature = f"keys/sender-{suite}.pub.pem", f"META-INF/signature001.{end}"
        if name not in keys.present["county"]:
            expect(signature not in pack.names, f"多出文件 {signature}，没有公钥",
                   f"extra file {signature}: there is no key for it")
            continue
        expect(keys.present["county"][name].startswith(header),
               f"{name} 不是 {suite} 公钥", f"{name} is no key of suite {suite}")
        if suite == "gm":
            verify("county", name, manifest, lambda: pack.read(signature), "清单的 gm 签名",
                   "gm signature of the manifest")
        else:
            check_cms(pack, keys, name, signature, openssl)


def check_references(pack, manifest):
    """META-INF/ASiCManifest001.xml names every file and its digest."""
    spaces = ("{http://uri.etsi.org/02918/v1.2.1#}", "{http://www.w3.org/2000/09/xmldsig#}")
    root = ElementTree.fromstring(manifest)
    named = {reference.get("URI"): base64.b64decode(reference.find(f"{spaces[1]}DigestValue").text)
             for reference in root.findall(f"{spaces[0]}DataObjectReference")}
    present = {n for n in pack.names if n != "mimetype" and not SIGNATURES.fullmatch(n)}
    for name in sorted(present | named.keys()):
        expect(name in present and sha256(pack.read(name)) == named.get(name),
               f"{name} 与签名的清单不符", f"{name} is not what the signed manifest says")


def check_cms(pack, keys, key_name, name, openssl):
    """A CMS signature by the key of that name, whoever issued its certificate."""
    try:
        key, signature = keys.accept("county", key_name), pack.read(name)
    except ValueError as error:
        problem(f"清单的 intl 签名不能采信：{error}",
                f"the intl signature of the manifest does not count: {error}")
        return
    if not openssl:
        return
    with tempfile.TemporaryDirectory() as folder:
        given, who = os.path.join(folder, "signature"), os.path.join(folder, "who")
        with open(given, "wb") as file:
            file.write(signature)
        done = subprocess.run(
            [openssl, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", given, "-content",
             os.path.join(pack.folder, "META-INF/ASiCManifest001.xml"), "-CAfile",
             os.path.join(pack.folder, "certs/signer-intl.pem"), "-no-CApath", "-no-CAstore",
             "-no_check_time", "-purpose", "any", "-signer", who, "-out", os.devnull], capture_output=True)
        shown = subprocess.run([openssl, "x509", "-in", who, "-pubkey", "-noout"], capture_output=True)
        is_whole = re_encoded(openssl, given) == signature
        if done.returncode == 0 and shown.returncode == 0 and key_bytes(shown.stdout) == key and is_whole:
            keys.used.add(("county", key))
        else:
            problem("清单的 intl 签名不符", "the intl signature of the manifest is wrong")


def re_encoded(openssl, path):
    """The CMS as openssl writes it: bytes behind it are not there."""
    done = subprocess.run([openssl, "cms", "-cmsout", "-inform", "DER", "-in", path, "-outform", "DER"],
                          capture_output=True)
    return done.stdout


def check_receipt_signatures(pack, verify):
    # What bears no signature is held to its mark instead (check_receipts).
    rows = [row for row in pack.rows("acks/index.csv") if row["key_id"]]
    for row in rows:
        name = f"acks/{row['sha256']}.xml"
        verify("national", f"keys/national-{row['key_id']}.pub.pem", pack.read(name),
               lambda: pack.read(name[:-4] + ".sig"), f"回执 {name} 的国家签名",
               f"national signature of {name}")
    for name in (name for name in pack.names if re.fullmatch(r"counts/national-.*\.xml", name)):
        verify("national", f"keys/{name[7:-4]}.pub.pem", pack.read(name),
               lambda: pack.read(name[:-4] + ".sig"), f"国家计数 {name} 的签名",
               f"national signature of {name}")
    return len(rows)


def check_anchor(pack, path, head, links):
    with open(path, "rb") as file:
        anchor = head_values(file.read())
    if anchor.get("origin") != head.get("origin"):
        problem("锚定行属于另一区县或项目", "the anchor is of another county or programme")
        return
    if "ledger-seq" not in anchor:  # the one line, as it is printed and stands in the code on the paper
        lines = [line for line, _ in json_lines(pack.read("ledger/leaves.jsonl"))][:int(anchor["size"])]
        if anchor.get("period") != head.get("period"):
            note("锚定行属于另一年度，只能用来核对那一年的证据包",
                 "the anchor is of another year: it serves for that year's pack")
        elif len(lines) == int(anchor["size"]) and tree_root(lines, sha256).hex() == anchor["root-sha256"]:
            passed("与外部锚定一致", "the anchor from outside holds")
        else:
            problem("结算行与锚定的树根不符", "the settled lines differ from the anchored root")
        return
    seq = int(anchor["ledger-seq"])
    if seq > 0 and seq not in links:
        problem(f"包内账本没有锚定的第 {seq} 条", f"line {seq} of the anchor is not in the pack")
    elif seq > 0 and links[seq] != anchor["ledger-head"]:
        problem("账本在锚定之后被改写", "the ledger was rewritten since the anchor")
    elif anchor.get("ledger-seq") == head.get("ledger-seq") \
            and anchor.get("period") == head.get("period") \
            and anchor.get("root-sha256") != head.get("root-sha256"):
        problem("结算行与锚定的树根不符", "the settled lines differ from the anchored root")
    else:
        passed("与外部锚定一致", "the anchor from outside holds")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pack")
    parser.add_argument("--ledger", required=True, help="the whole ledger, as the county exports it")
    parser.add_argument("--anchor", help="a tree head kept outside the pack")
    parser.add_argument("--rule", metavar="YAML", help="your own copy of the funding rule's file")
    parser.add_argument("--county-key", action="append", default=[], metavar="PEM",
                        help="a public key of the county that you hold")
    parser.add_argument("--national-key", action="append", default=[], metavar="PEM",
                        help="a public key of the national side that you hold")
    return parser.parse_args()


def attempt(what, check, *arguments):
    try:
        return check(*arguments)
    except Exception as error:  # whatever a forger wrote must end in a plain sentence
        problem(f"{what}读不出：{error}", f"{check.__name__} could not be done: {error}")
        return None


def check_head(head, statement, raw):
    expect(head.get("statement-sha256") == sha256(raw).hex(),
           "结算表与树头不符", "settlement.json is not the one in the tree head")
    origin = f"shangbao/{statement['programme']}/{statement['division']}"
    expect((head.get("origin"), head.get("period")) == (origin, str(statement["year"])),
           "树头不属于本结算表的项目、区县和年份",
           "the tree head is of another programme, county or year than the statement")
    expect(head.get("through") == statement.get("through", f"{statement['year']}-12"),
           "树头的截至月份与结算表不符", "the tree head ends in another month than the statement")


def check_content(pack, head, statement, path, anchor):
    leaves = attempt("结算行", check_leaves, pack, head, statement)
    if leaves is None:
        return
    ledger = attempt("账本", check_chain, path, head, statement)
    if ledger is not None:
        attempt("事实", check_facts, ledger, statement, leaves)
        attempt("更正", check_correction, ledger, head, statement, leaves)
        attempt("回执", check_receipts, pack, head, ledger, leaves)
    attempt("合计", check_totals, statement, leaves)
    attempt("CSV", check_table, pack, statement)
    attempt("XML", check_xml, pack, statement)
    attempt("HTML", check_page, pack, statement)
    attempt("国家计数", check_counts, pack, statement, head)
    attempt("对账", check_agreement, statement)
    attempt("PDF", check_paper, pack, statement)
    attempt("核对", check_balance, pack, statement, leaves)
    if anchor:
        attempt("锚定", check_anchor, pack, anchor, head, ledger.links if ledger else {})


def say_result(openssl, keys):
    """The last sentence and the exit status."""
    if problems:
        print(f"\n结论：{problems} 处不符，不可采信。\nResult: findings {problems}; do not rely on this pack.")
        return 1
    if not openssl:
        print("\n结论：内容一致，但签名没有核验。\nResult: the content holds, but signatures were NOT checked.")
        return 2
    missing = [role for role in ROLES if not keys.given[role]]
    if missing:
        owners = "和".join(ROLES[role] for role in missing)
        options = ", ".join(f"--{role}-key" for role in missing)
        print(f"\n结论：内容与随附的公钥相符；但{owners}的公钥没有核对，任何人都可以换上自己的公钥。"
              f"请向{owners}本身索取公钥或核对指纹，再用 {options} 给出。"
              f"\nResult: everything holds under the keys in the pack; the {' and '.join(missing)} keys were"
              " NOT compared, and anybody can put in his own. Compare the fingerprints above with their"
              f" owners, or ask these for the keys, and give them with {options}.")
        return 0
    print("\n结论：全部符合。\nResult: everything holds.")
    return 0


def main():
    options = read_options()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    openssl = shutil.which("openssl")
    pack = Pack(options.pack)
    attempt("清单", check_manifests, pack)
    keys = attempt("公钥", Keys, pack, {"county": options.county_key, "national": options.national_key})
    if keys:
        attempt("公钥", check_keys, keys)
        attempt("签名", check_signatures, pack, keys, openssl)
    head = attempt("树头", lambda: head_values(pack.read("ledger/tree-head.txt"))) or {}
    raw = attempt("结算表", lambda: pack.read("settlement.json")) or b""
    statement = attempt("结算表", strict_json, raw)
    if statement:
        attempt("树头", check_head, head, statement, raw)
        attempt("内容", check_content, pack, head, statement, options.ledger, options.anchor)
    if statement and options.rule:
        attempt("规则", check_rule, statement, options.rule)
    return say_result(openssl, keys)


if __name__ == "__main__":
    sys.exit(main())
