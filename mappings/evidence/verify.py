#!/usr/bin/env python3
"""核验结算证据包 / Checks a settlement evidence pack without the program that made it.

    python3 verify.py PACK [--anchor FILE] [--expect-key FILE]...

Python 3.8 or newer, standard library only; signatures are checked with the `openssl` command.
Exit: 0 everything holds, 1 something is wrong, 2 nothing is wrong but signatures were not checked.
"""
import argparse
import base64
import csv
import hashlib
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

NAMESPACE = "{urn:shangbao:reference:1}"
ACCEPTED = ("accepted", "accepted-with-warnings", "duplicate")
LEAF_KEYS = {
    "v", "seq", "county", "period", "item", "fen", "pid", "child_order", "persons", "msg",
    "ack_sha256", "pkg_sha256", "mapping_sha256", "state", "prev_state_seq", "record", "version",
}
SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")
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
SIGNATURES = {"META/signature.gm.sig", "META/signature.intl.sig"}


class Pack:
    def __init__(self, folder):
        self.folder = folder
        self.names = []
        for parent, folders, files in os.walk(folder):
            for name in folders + files:
                path = os.path.join(parent, name)
                shown = os.path.relpath(path, folder).replace(os.sep, "/")
                if os.path.islink(path):
                    problem(f"{shown} 是链接，不可信", f"{shown} is a link and cannot be trusted")
                elif name in files:
                    self.names.append(shown)

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
    return dict(zip(words[::2], words[1::2]))


# Checks --------------------------------------------------------------------------------------

def check_manifests(pack):
    before = problems
    for manifest, digest, outside in (
        ("MANIFEST.sha256", sha256, {"MANIFEST.sha256"}),
        ("MANIFEST.sm3", sm3, {"MANIFEST.sha256", "MANIFEST.sm3"}),
    ):
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
        present = {n for n in pack.names if n not in outside and n not in SIGNATURES}
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
    records, claims = Counter(), Counter()
    for place, (line, leaf) in enumerate(lines, 1):
        canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode("ascii")
        if line != canonical or set(leaf) != LEAF_KEYS or leaf["seq"] != place:
            problem(f"第 {place} 行格式不符", f"line {place} has not the canonical form")
            continue
        if leaf["county"] != statement["division"] or leaf["state"] != "settled" \
                or leaf["period"][:4] != str(statement["year"]):
            problem(f"第 {place} 行不属于本期", f"line {place} is not of this county and year")
        records[leaf["record"]] += 1
        claims[leaf["pid"], leaf["child_order"]] += 1
    for record in (r for r, count in records.items() if count > 1):
        problem(f"病例 {record} 重复结算", f"record {record} is settled twice")
    for pid, _ in (c for c, count in claims.items() if count > 1):
        problem(f"同一对象同一孩次重复结算 {pid}", f"claimant {pid} is settled twice for one child")
    if problems == before:
        passed(f"{len(leaves)} 条结算行与两棵树一致，无重复",
               f"{len(leaves)} settled lines give both roots, none twice")
    return leaves


def check_chain(pack, head, leaves):
    before = problems
    seq, link, links, is_whole = 0, "00" * 32, {}, True
    sent, verdicts, disputed = {}, {}, {}
    for _, line in json_lines(pack.read("ledger/chain.jsonl")):
        if not links and line["seq"] != 1:
            is_whole, seq, link = False, line["seq"] - 1, line["prev"]
            note(f"账本从第 {seq + 1} 条开始，之前的不在包内",
                 f"the ledger begins at line {seq + 1}; what came before is not in the pack")
        material = b"GWL1" + bytes.fromhex(line["prev"]) + line["seq"].to_bytes(8, "big") \
            + line["at"].to_bytes(8, "big", signed=True) + line["kind"].encode() + b"\0" \
            + line["body"].encode()
        if line["seq"] != seq + 1 or line["prev"] != link \
                or sha256(material).hex() != line["hash"]:
            problem(f"账本在第 {seq + 1} 条断裂", f"the ledger breaks at line {seq + 1}")
            return {}
        seq, link = line["seq"], line["hash"]
        links[seq] = link
        fact = strict_json(line["body"]).get(line["kind"], {}).get("_0", {})
        if line["kind"] == "enqueued":
            for record in fact["records"]:
                key = fact["submission"], record["record"], record["version"]
                sent[key] = (fact["digest"], fact["mappingDigest"], record.get("claimant"),
                             record["servedOn"][:7])
        elif line["kind"] == "acknowledged":
            for verdict in fact["verdicts"]:
                key = fact["submission"], verdict["record"], verdict["version"]
                verdicts[key] = verdict["verdict"], fact["receipt"]
        elif line["kind"] == "disputed":
            disputed.setdefault(fact["record"], set()).add(fact["version"])
        elif line["kind"] == "decided":
            verdict = fact["verdict"]
            key = fact["submission"], verdict["record"], verdict["version"]
            verdicts[key] = verdict["verdict"], fact["receipt"]
            disputed.get(verdict["record"], set()).discard(verdict["version"])
    if head.get("ledger-seq") != str(seq) or head.get("ledger-head") != link:
        problem("账本末条与树头不符", "the ledger's last line is not the one in the tree head")
    for leaf in leaves if is_whole else []:
        key = leaf["msg"], leaf["record"], leaf["version"]
        if sent.get(key) != tuple(
                leaf[name] for name in ("pkg_sha256", "mapping_sha256", "pid", "period")) \
                or verdicts.get(key) != ("accepted", leaf["ack_sha256"]) \
                or max(disputed.get(leaf["record"], ()), default=0) >= leaf["version"]:
            problem(f"结算行 {leaf['seq']} 在账本中没有对应的报送和接收",
                    f"the ledger has no sending and acceptance for settled line {leaf['seq']}")
    if problems == before:
        passed(f"账本 {len(links)} 条连续，结算行均有据", f"the ledger's {len(links)} lines hold")
    return links


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


def check_receipts(pack, leaves):
    before = problems
    submissions = {row["id"]: row for row in pack.rows("submissions/index.csv")}
    receipts = {}
    for row in pack.rows("acks/index.csv"):
        name = f"acks/{row['sha256']}.xml"
        try:
            raw = pack.read(name)
            if sha256(raw).hex() != row["sha256"]:
                problem(f"回执 {name} 的内容与名称不符", f"receipt {name} is not what its name says")
            receipts[row["sha256"]] = receipt_entries(raw)
        except (ValueError, ElementTree.ParseError) as error:
            problem(f"回执 {name} 读不出：{error}", f"receipt {name} cannot be read")
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
        if submissions.get(leaf["msg"], {}).get("sha256") != leaf["pkg_sha256"]:
            problem(f"结算行 {shown} 的报文摘要与索引不符",
                    f"settled line {shown} and the submissions' index differ in the digest")
    if problems == before:
        passed(f"{len(receipts)} 份回执逐条接收了全部结算行",
               f"{len(receipts)} receipts accept every settled line")


def expect(is_right, chinese, english):
    if not is_right:
        problem(chinese, english)


def local_excess(price, unit, local):
    return max(0, local * price // unit - price)


def payer_amounts(statement, value, total):
    """Who must pay what, and what was paid ahead, from the parameters alone (R-12 to R-15)."""
    unit = int(value["unitPriceFen"])
    local = int(value["localPriceFen"])
    left, amounts = total, {}
    for payer in ("central", "city", "district"):
        numerator, denominator = map(int, value[f"shares.{payer}"].split("/"))
        due = left if payer == "district" else total * numerator // denominator
        left -= due
        excess = 0 if payer != "district" else sum(
            local_excess(line["priceFen"], unit, local) * line["cases"]
            for line in statement["lines"])
        figures = {"dueFen": due, "excessFen": excess, "totalFen": due + excess}
        carried = value.get(f"carryOver.{payer}", "unset")
        if carried == "unset" and value["starts"][:4] >= str(statement["year"]):
            carried = "0"
        if payer != "district" and "unset" not in (value["forecast"], carried):
            basis = int(value["forecast"]) * unit * numerator // denominator
            stated = value.get(f"prepaid.{payer}", "unset")
            paid = max(0, basis - int(carried)) if stated == "unset" else int(stated)
            out = paid + int(carried) - due
            figures["prepayment"] = {
                "basisFen": basis, "carryInFen": int(carried), "paidFen": paid,
                "surplusFen": basis - due, "carryOutFen": out}
            if value.get("nextForecast", "unset") != "unset":
                following = int(value["nextForecast"]) * unit * numerator // denominator
                figures["prepayment"]["next"] = {
                    "basisFen": following, "paymentFen": max(0, following - out),
                    "carriedOnFen": max(0, out - following)}
        amounts[payer] = figures
    return amounts


def check_totals(statement, leaves):
    before = problems
    value = {row["name"]: row["value"] for row in statement["parameters"]}
    unit = int(value["unitPriceFen"])
    prices = {"couple": unit}
    if value["oneSpousePolicy"] in ("half", "full"):
        prices["one-spouse"] = unit if value["oneSpousePolicy"] == "full" else unit // 2
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
    shares = [value[f"shares.{payer}"] for payer in ("central", "city", "district")]
    if statement["payers"] and "unset" not in shares:
        amounts = payer_amounts(statement, value, total)
        expect([line["payer"] for line in statement["payers"]] == list(amounts),
               "出资方不全", "a payer is missing")
        for line in statement["payers"]:
            for name, amount in amounts.get(line["payer"], {}).items():
                expect(line.get(name) == amount, f"{line['payer']} 的 {name} 与参数不符",
                       f"{name} of {line['payer']} does not follow from the parameters")
    else:
        expect(statement["payers"] == [] and statement["blocked"] != [],
               "参数未设却有分担", "amounts are shared out though parameters are unset")
    expect(statement["isClosed"] == (statement["blocked"] == []),
           "关账标志与未决事项不符", "the closing mark does not fit the open matters")
    if not statement["isClosed"]:
        note("本结算表是草案，尚未关账", "this statement is a draft and not closed")
    if problems == before:
        passed(f"合计 {total} 分，与结算行和参数一致", f"{total} fen follow from lines and parameters")


def check_table(pack, statement):
    before = problems
    rows = {}
    for row in pack.rows("settlement.csv"):
        key = row["代码"], row["机构"], row["月份"]
        rows.setdefault(key, []).append(row)
        fen, yuan = row["金额（分）"], row["金额（元）"]
        if fen and f"{'-' * (int(fen) < 0)}{abs(int(fen)) // 100}.{abs(int(fen)) % 100:02d}" != yuan:
            problem(f"CSV {key[0]} 的元与分不符", f"yuan and fen differ in the CSV at {key[0]}")
    amounts = {f"paid.{line['item']}": line["fen"] for line in statement["lines"]}
    amounts["paid.total"] = statement["totalFen"]
    amounts.update((f"unpaid.{line['reason']}", 0) for line in statement["unpaid"])
    for line in statement["payers"]:
        ahead = line.get("prepayment", {})
        following = ahead.get("next", {})
        figures = {name: line[name + "Fen"] for name in ("due", "excess", "total")}
        figures.update((name[:-3], fen) for name, fen in ahead.items() if name != "next")
        figures.update(("next" + n[0].upper() + n[1:-3], fen) for n, fen in following.items())
        amounts.update((f"{name}.{line['payer']}", fen) for name, fen in figures.items())
    for code, amount in amounts.items():
        found = rows.get((code, "", ""), [])
        expect([row["金额（分）"] for row in found] == [str(amount)],
               f"CSV 的 {code} 与 JSON 不符", f"CSV and JSON differ at {code}")
    money = {key[0] for key, found in rows.items() if any(row["金额（分）"] for row in found)}
    expect(money == set(amounts), "CSV 多出或缺少金额", "the CSV has other amounts than the JSON")
    unit = statement["unit"]["zh"]
    for line in statement["balance"]:
        for name in (n for n in line if n not in ("institution", "month")):
            key = f"balance.{name}", line.get("institution", "未知"), line.get("month", "未知")
            expect([row[f"数量（{unit}）"] for row in rows.get(key, [])] == [str(line[name])],
                   f"CSV 的 {key} 与 JSON 不符", f"CSV and JSON differ at {key}")
    if problems == before:
        passed("CSV 与 JSON 一致", "CSV and JSON agree")


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


# Signatures ----------------------------------------------------------------------------------

def key_bytes(raw):
    text = raw.decode("ascii")
    match = re.search("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----", text)
    return base64.b64decode(match[1])


def is_signed(openssl, key, document, signature):
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in (("key", key), ("document", document), ("signature", signature)):
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        if SM2_CURVE in key_bytes(key):
            command = ["pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey",
                       paths["key"], "-in", paths["document"], "-pkeyopt",
                       "distid:1234567812345678", "-sigfile", paths["signature"]]
        else:
            command = ["dgst", "-sha256", "-verify", paths["key"], "-signature",
                       paths["signature"], paths["document"]]
        return subprocess.run([openssl] + command, capture_output=True).returncode == 0


def check_keys(pack, expected):
    trusted = set()
    for path in expected:
        with open(path, "rb") as file:
            trusted.add(key_bytes(file.read()))
    for name in sorted(n for n in pack.names if n.startswith("keys/")):
        key = key_bytes(pack.read(name))
        shown = f"{name} sha256:{sha256(key).hex()}"
        if not expected:
            note(f"请与自己保存的公钥核对 {shown}", f"compare with the key you hold: {shown}")
        elif key in trusted:
            passed(f"{name} 是您给出的公钥", f"{name} is a key that you gave")
        else:
            problem(f"{shown} 不是您给出的公钥", f"{shown} is none of the keys you gave")


def check_signatures(pack, openssl):
    before = problems
    manifest = pack.read("MANIFEST.sha256")
    suites = [s for s in ("gm", "intl") if f"keys/sender-{s}.pub.pem" in pack.names]
    expect(suites != [], "没有签名公钥", "there is no key of the signer")
    for suite in suites:
        key = pack.read(f"keys/sender-{suite}.pub.pem")
        signature = pack.read(f"META/signature.{suite}.sig")
        if openssl and not is_signed(openssl, key, manifest, signature):
            problem(f"清单的 {suite} 签名不符", f"the {suite} signature of the manifest is wrong")
    count = 0
    for row in pack.rows("acks/index.csv"):
        count += 1
        name = f"acks/{row['sha256']}.xml"
        try:
            key_id, text = pack.read(name + ".sig").decode("ascii").split()
            key = pack.read(f"keys/national-{key_id}.pub.pem")
            signature = base64.b64decode(text, validate=True)
        except ValueError as error:
            problem(f"回执 {name} 的签名读不出：{error}", f"the signature of {name} cannot be read")
            continue
        if openssl and not is_signed(openssl, key, pack.read(name), signature):
            problem(f"回执 {name} 的国家签名不符", f"the national signature of {name} is wrong")
    if not openssl:
        note("没有 openssl 命令，签名未核验", "there is no openssl command: signatures NOT checked")
    elif problems == before:
        passed(f"清单签名和 {count} 份回执的国家签名均有效",
               f"the manifest's signatures and those of {count} receipts are valid")


def check_anchor(path, head, links):
    with open(path, "rb") as file:
        anchor = head_values(file.read())
    seq = int(anchor["ledger-seq"])
    if anchor.get("origin") != head.get("origin"):
        problem("锚定行属于另一区县或项目", "the anchor is of another county or programme")
    elif seq > 0 and seq not in links:
        problem(f"包内账本没有锚定的第 {seq} 条", f"line {seq} of the anchor is not in the pack")
    elif seq > 0 and links[seq] != anchor["ledger-head"]:
        problem("账本在锚定之后被改写", "the ledger was rewritten since the anchor")
    elif anchor.get("ledger-seq") == head.get("ledger-seq") \
            and anchor.get("period") == head.get("period") \
            and anchor.get("root-sha256") != head.get("root-sha256"):
        problem("结算行与锚定的树根不符", "the settled lines differ from the anchored root")
    else:
        passed("与外部锚定一致", "the anchor from outside holds")


def check_page(pack, statement):
    """The page that people read shows no amount that the statement does not hold."""
    known = set()

    def collect(value):
        if isinstance(value, bool):
            return
        if isinstance(value, int):
            known.add(f"{abs(value) // 100:,}.{abs(value) % 100:02d}")
        elif isinstance(value, dict):
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            sums = Counter()
            for part in value:
                collect(part)
                add_up(part, "", sums)
            # A total row shows the sum of its column.
            collect(dict(sums))

    def add_up(value, name, sums):
        if isinstance(value, dict):
            for key, part in value.items():
                add_up(part, f"{name}.{key}", sums)
        elif isinstance(value, int) and not isinstance(value, bool):
            sums[name] += value

    collect(statement)
    page = pack.read("settlement.html").decode("utf-8")
    page = re.sub(r"<style.*?</style>", "", page, flags=re.S)
    for amount in re.findall(r"(?<![\d.,])\d[\d,]*\.\d\d(?![\d.])", page):
        whole, cents = amount.replace(",", "").split(".")
        if f"{int(whole):,}.{cents}" not in known:
            problem(f"settlement.html 上的 {amount} 不在结算表中",
                    f"settlement.html shows {amount}, which the statement does not hold")
            return
    passed("网页上的金额都在结算表中", "every amount on the page is in the statement")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pack")
    parser.add_argument("--anchor", help="a tree head kept outside the pack")
    parser.add_argument("--expect-key", action="append", default=[], help="a public key you hold")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    openssl = shutil.which("openssl")
    pack = Pack(options.pack)

    def attempt(what, check, *arguments):
        try:
            return check(*arguments)
        except Exception as error:  # whatever a forger wrote must end in a plain sentence
            problem(f"{what}读不出：{error}", f"{check.__name__} could not be done: {error}")
            return None

    attempt("清单", check_manifests, pack)
    attempt("公钥", check_keys, pack, options.expect_key)
    attempt("签名", check_signatures, pack, openssl)
    head = attempt("树头", lambda: head_values(pack.read("ledger/tree-head.txt"))) or {}
    raw = attempt("结算表", lambda: pack.read("settlement.json")) or b""
    statement = attempt("结算表", strict_json, raw)
    expect(head.get("statement-sha256") == sha256(raw).hex(),
           "结算表与树头不符", "settlement.json is not the one in the tree head")
    leaves = statement and attempt("结算行", check_leaves, pack, head, statement)
    if statement and leaves is not None:
        links = attempt("账本", check_chain, pack, head, leaves) or {}
        attempt("回执", check_receipts, pack, leaves)
        attempt("合计", check_totals, statement, leaves)
        attempt("CSV", check_table, pack, statement)
        attempt("HTML", check_page, pack, statement)
        attempt("核对", check_balance, pack, statement, leaves)
        if options.anchor:
            attempt("锚定", check_anchor, options.anchor, head, links)
    if problems:
        print(f"\n结论：{problems} 处不符，不可采信。\nResult: findings {problems}; do not rely on this pack.")
        return 1
    if not openssl:
        print("\n结论：内容一致，但签名没有核验。\nResult: the content holds, but signatures were NOT checked.")
        return 2
    if not options.expect_key:
        print("\n结论：内容与随附的公钥相符；公钥是谁的没有核对，请用 --expect-key 给出您自己持有的公钥。"
              "\nResult: everything holds under the keys in the pack; whose keys they are was NOT compared:"
              " give the keys that you hold with --expect-key.")
        return 0
    print("\n结论：全部符合。\nResult: everything holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
