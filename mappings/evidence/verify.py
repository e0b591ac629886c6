#!/usr/bin/env python3
"""核验解开的证据包：文件、树、合计、回执、重复；签名由 README.txt 的 openssl 命令核验。
Checks an unpacked evidence pack: all but signatures, which the openssl commands of README.txt check.
    python3 verify.py FOLDER [--anchor TREE-HEAD]    (a tree head that you received before)
Python 3.8 or newer, standard library. Exit: 0 all holds, 1 something is wrong, 2 all but SM3, which this Python lacks.
"""
import array, base64, collections, csv, hashlib, json, os, re, sys, xml.etree.ElementTree as ElementTree
NS, ASIC, DS = "{urn:shangbao:reference:1}", "{http://uri.etsi.org/02918/v1.2.1#}", "{http://www.w3.org/2000/09/xmldsig#}"
ACCEPTED = ("accepted", "accepted-with-warnings", "duplicate")
NUMBERS = set("v seq fen child_order persons prev_state_seq version".split())
TEXTS = set("county period item pid msg ack_sha256 pkg_sha256 mapping_sha256 state record".split())
SIGNED = re.compile(r"META-INF/(ASiCManifest001\.xml|signature001\.(p7s|sm2)(\.tsr)?)")
KINDS = [kind for kind in ("sha256", "sm3") if kind in hashlib.algorithms_available]
LEAVES, COUNTS, found = "ledger/leaves.jsonl", "institution month accepted rejected duplicate".split(), []
def ask(holds, place, zh, en):
    if not holds:
        found.append(place)
        print(f"[不符 WRONG] {place}：{zh} / {en}")
def unique(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else json.loads("a key stands twice")
def rows(path): return list(csv.DictReader(open(path, encoding="utf-8", newline="")))
def digest(kind, *parts): return hashlib.new(kind, b"".join(parts)).digest()
def node(kind, leaves, start, end):  # the head over some leaves, each 32 bytes: RFC 9162 section 2.1.1
    if end - start < 2:
        return bytes(leaves[32 * start:32 * end]) or digest(kind)
    cut = start + (1 << (end - start - 1).bit_length() - 1)
    return digest(kind, b"\1", node(kind, leaves, start, cut), node(kind, leaves, cut, end))
def proof(leaves, old, start, end, is_whole=True):  # that the first leaves are the old tree: section 2.1.4.1
    if old in (0, end - start):
        return [] if is_whole else [node("sha256", leaves, start, end).hex()]
    if old <= (cut := 1 << (end - start - 1).bit_length() - 1):
        return proof(leaves, old, start, start + cut, is_whole) + [node("sha256", leaves, start + cut, end).hex()]
    return proof(leaves, old - cut, start + cut, end, False) + [node("sha256", leaves, start, start + cut).hex()]
def check_files(at):  # every file is what both lists say; MANIFEST.sm3, itself listed, is for the README's command
    sums = {}
    for parent, folders, files in os.walk(at):
        for path in (os.path.join(parent, name) for name in folders + files):
            name, is_file = os.path.relpath(path, at).replace(os.sep, "/"), os.path.isfile(path) and not os.path.islink(path)
            ask(is_file or os.path.isdir(path) and os.listdir(path), name, "链接或空文件夹", "a link, or an empty folder")
            if is_file:
                value = hashlib.sha256()
                with open(path, "rb") as file:
                    for part in iter(lambda: file.read(1 << 20), b""):
                        value.update(part)
                sums[name] = value.hexdigest()
    root = ElementTree.parse(f"{at}/META-INF/ASiCManifest001.xml").getroot()
    listed = {item.get("URI"): base64.b64decode(item.find(f"{DS}DigestValue").text).hex()
              for item in root.findall(f"{ASIC}DataObjectReference")}
    present = {name: value for name, value in sums.items() if not SIGNED.fullmatch(name) and name != "mimetype"}
    for name in sorted(present.keys() | listed.keys()):
        ask(present.get(name) == listed.get(name), name, "被改动、多出或缺少", "changed, missing, or not in ASiCManifest001.xml")
    manifest = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)
                       if not SIGNED.fullmatch(name) and not name.startswith("MANIFEST."))
    ask(open(f"{at}/MANIFEST.sha256").read() == manifest, "MANIFEST.sha256", "与文件不符", "is not what the files are")
    return sums
def claims(leaf, each):  # what is paid once: a case, and a person's child order but for items paid by the test
    once = [leaf["record"], f"{leaf['pid']} {leaf['child_order']} {leaf['item']}"][:1 + (leaf["item"] not in each)]
    return [int.from_bytes(digest("sha256", one.encode())[:8], "big") for one in once]
def check_leaves(at, head, statement, earlier):  # form, trees and sums of the lines; returns what the receipts and the second look need
    trees, keys, taken, takes = {kind: bytearray() for kind in KINDS}, array.array("Q"), collections.Counter(), {}
    sums, needs = collections.defaultdict(collections.Counter), collections.defaultdict(lambda: collections.defaultdict(bytearray))
    value = {row["name"]: row["value"] for row in statement["parameters"]}
    each = {name[:-5] for name, once in value.items() if name[-5:] == ".once" and once == "each"}
    for seq, raw in enumerate(open(f"{at}/{LEAVES}", "rb"), 1):
        place = f"{LEAVES}:{seq}"
        for kind, tree in trees.items():
            tree += digest(kind, b"\0", raw.rstrip(b"\n"))
        leaf = json.loads(raw)
        if raw != json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n" or leaf["seq"] != seq \
                or set(leaf) - {"grade", "reason"} != NUMBERS | TEXTS or any(type(leaf[name]) is not int for name in NUMBERS):
            ask(False, place, "格式不符", "not of the canonical form")
            continue
        sign, old = (1 if leaf["state"] == "settled" else -1), leaf["prev_state_seq"]
        ask((leaf["county"], leaf["period"][:4]) == (statement["division"], str(statement["year"])) and leaf["persons"] in (1, 2)
            and value.get(f"{leaf['item']}.priceFen") == str(sign * leaf["fen"]) and (sign < 0) == (leaf["state"] == "reversed")
            == (old > 0), place, "县、年、状态、人数或单价不合", "county, year, state, persons or price")
        for name in [leaf["item"]] + ([""] if "grade" in leaf else []):
            sums[name].update(cases=sign, persons=sign * leaf["persons"], fen=leaf["fen"])
        if sign > 0:
            keys.extend(claims(leaf, each))
            about = leaf["msg"], leaf["pkg_sha256"], leaf["mapping_sha256"], leaf.get("grade")
            needs[leaf["ack_sha256"]][about] += f"{leaf['record']} {leaf['version']} {seq}\n".encode()
        else:
            taken.update(claims(leaf, each))
            ask(0 < old < seq and old not in takes, place, "没有可冲减的行，或重复冲减", "takes off no line, or a line twice")
            takes[old] = leaf
    size = len(trees["sha256"]) // 32
    for kind, tree in trees.items():
        ask((str(size), node(kind, tree, 0, size).hex()) == (head["size"], head[f"root-{kind}"]), LEAVES,
            f"与 root-{kind} 或行数不符", f"do not give size and root-{kind} of the tree head")
    for name, count, root in earlier:
        ask(int(count) <= size and node("sha256", trees["sha256"], 0, int(count)).hex() == root, name,
            "以前的行被改写", "earlier lines were rewritten")
    steps = [f"from {head['prev-size']} {head['prev-root-sha256']}", f"to {size} {head['root-sha256']}"]
    ask(open(f"{at}/ledger/consistency.txt").read().splitlines() == steps + proof(trees["sha256"], int(head["prev-size"]), 0, size),
        "ledger/consistency.txt", "证明不符", "a wrong proof")
    keys = sorted(keys)
    doubled = collections.Counter(one for one, two in zip(keys, keys[1:]) if one == two)
    return sums, needs, takes, each, {one for one, count in doubled.items() if count + 1 - taken[one] > 1}
def check_receipts(at, head, sums, needs):  # each line is accepted; returns the highest version accepted of a case
    later, denied, index = collections.Counter(), {}, open(f"{at}/acks/index.csv", "rb").read().decode("ascii")
    signed = dict(row.split(",")[:2] for row in index.split("\r\n")[1:-1])
    ask(re.fullmatch(r"sha256,key_id,received\r\n([0-9a-f]{64},[A-Za-z0-9._-]*,[0-9T:+.-]*\r\n)*", index) and len(signed) ==
        index.count("\n") - 1, "acks/index.csv", "格式不符或有重复", "not of its form, or a receipt twice")
    sent = {row["id"]: row["sha256"] for row in rows(f"{at}/submissions/index.csv")}
    receipts = {f"acks/{ack}.{end}" for ack in signed for end in (["xml", "sig"] if signed[ack] else ["xml"])}
    for name in receipts.union(["acks/index.csv"]) ^ {name for name in sums if name.startswith("acks/")}:
        ask(False, name, "索引与文件不一致", "index and files do not agree")
    [ask(False, f"acks/{ack}.xml", "缺少结算行的回执", "the receipt of lines is missing") for ack in needs.keys() - signed.keys()]
    for ack, key_id in signed.items():
        place = f"acks/{ack}.xml"
        root = ElementTree.parse(f"{at}/{place}").getroot()
        status = {f"{e.get('record')} {e.get('version')}": e.get("status") for e in root.findall(f"{NS}Entry")}
        ask(sums.get(place) == ack and root.get("sender") == head["sender"] and len(status) == len(root.findall(f"{NS}Entry")),
            place, "不是名字所说的、给本县的回执", "not the receipt of its name to this county")
        ask((root.get("grade") == "unsigned") == (not key_id), place, "该有签名而没有", "has no signature and does not say so")
        denied.update((e.get("record").encode(), (e.get("version"), place)) for e in root.findall(f"{NS}Entry")
                      if key_id and e.get("status") == "rejected" and not (e.get("code") or "").startswith("E5"))
        for case in (case for case, word in status.items() if word in ACCEPTED and root.get("status") == "processed"):
            record, version = case.split(" ")
            later[record] = max(later[record], int(version)) if version != "1" else later[record]
        for (msg, package, _, grade), cases in needs.get(ack, {}).items():
            ask((root.get("submission"), root.get("digest"), root.get("status"), root.get("grade"), sent.get(msg)) ==
                (msg, package, "processed", grade, package), place, "与报文、结算行不是一回事", "is of another submission than its lines")
            for record, version, seq in (case.split(" ") for case in cases.decode().splitlines()):
                ask(status.get(f"{record} {version}") in ACCEPTED, f"{LEAVES}:{seq}", "回执没有接收它", "its receipt does not accept it")
    return +later, denied
def check_again(at, takes, each, doubled, later, denied):  # what shows only when all is known: doubles, what is taken off wrongly, versions accepted later
    for seq, raw in ((n, r) for n, r in enumerate(open(f"{at}/{LEAVES}", "rb"), 1) if takes or doubled or later or r.split(b'"record":"')[1].split(b'"')[0] in denied):
        place, leaf, off = f"{LEAVES}:{seq}", json.loads(raw), takes.get(seq)
        if off:
            ask(off["fen"] == -leaf["fen"] and all(off[n] == leaf[n] for n in ("record", "version", "item", "persons", "pid", "child_order")),
                f"{LEAVES}:{off['seq']}", f"与所冲减的第 {seq} 行不符", f"is not what line {seq} paid")
        elif leaf["state"] == "settled":
            ask(not doubled or doubled.isdisjoint(claims(leaf, each)), place, "重复结算", "is paid twice")
            ask(later[leaf["record"]] <= leaf["version"], place, "后来的版本已被接收", "a later version was accepted")
            if (ack := denied.get(leaf["record"].encode(), ("",)))[0] == str(leaf["version"]):
                print(f"[注意 note] {ack[1]} 退回或撤销了第 {seq} 行：须有裁定，见 recount.py / rejects line {seq}: ask who decided otherwise")
def check_totals(at, statement, sums, needs):
    reasons = collections.Counter(row["reason"] for row in rows(f"{at}/exceptions.csv") if row["reason"])
    table = [row["金额（分）"] for row in rows(f"{at}/settlement.csv") if "paid.total" in row.values()]
    marked, names = sums.pop("", collections.Counter()), [row["name"] for row in statement["parameters"]]
    paid = sorted((item, count["cases"], count["persons"], count["fen"]) for item, count in sums.items() if any(count.values()))
    total, cases = sum(item[3] for item in paid), sum(item[1] for item in paid)
    ask(paid == [(line["item"], line["cases"], line["persons"], line["fen"]) for line in statement["lines"]] and
        (statement["totalFen"], statement["totalCases"], table) == (total, cases, [str(total)]) and len(names) == len(set(names)) and
        (sum(line["fen"] for line in statement["institutions"]), sum(line["cases"] for line in statement["institutions"])) ==
        (total, cases) and statement.get("unsigned", {}) == dict(+marked), "settlement.json", "合计不等于各行之和",
        "the totals are not the sums of the lines")
    ask(statement["isClosed"] is (statement["blocked"] == []) and (not statement["isClosed"] or total == sum(payer["dueFen"]
        for payer in statement["payers"])) and all(payer["totalFen"] == payer["dueFen"] + payer["excessFen"]
        for payer in statement["payers"]), "settlement.json", "各方负担之和不等于合计", "the payers do not bear the total")
    ask(reasons == {line["reason"]: line["cases"] for line in statement["unpaid"]}, "exceptions.csv", "与结算表不符", "not the unpaid")
    policy = json.load(open(f"{at}/policy/approval.json", encoding="utf-8"))
    good = json.dumps([one for one in policy.get("approvals", []) if one.get("decision") != "rejected"])
    ask(policy.get("environment") == "rehearsal" or all(about[2] in good for one in needs.values() for about in one),
        "policy/approval.json", "有映射未经批准", "a mapping was not approved")
    for holds, words in ((policy.get("environment") == "rehearsal", "演练，不能付款 / a rehearsal: nothing may be paid by it"),
                         (not statement["isClosed"], "草案，不能关账 / a draft, not to be closed"),
                         ("national" not in statement, "没有与国家平台的计数对过 / held against no counts of the nation"),
                         (marked["cases"], f"其中无签名 {marked['cases']} 行 {marked['fen']} 分 / of these without a signature")):
        print(f"[注意 note] {words}" if holds else "", end="\n" if holds else "")
    return total
def check_counts(at, head, statement, sums):  # the nation's own words, and that what is accepted here is what it counts
    names = sorted(name for name in sums if name.startswith("counts/"))
    root = ElementTree.parse(f"{at}/{names[-1]}").getroot() if names else []
    mine, said, signed = (sorted(tuple(str(line.get(name)) for name in COUNTS) for line in lines)
                          for lines in (statement["balance"], statement.get("national") or [], root))
    here, there = ({row[:2]: row[2] for row in lines if row[2] != "0"} for lines in (mine, said))
    ask(bool(names) == ("national" in statement) and re.fullmatch(r"(counts/national-([\w.-]+)\.sig counts/national-\2\.xml)?",
        " ".join(names)) and (not names or root.get("programme") == statement["programme"]) and
        said == [row for row in signed if row[1] <= head["through"]], "counts", "国家计数的原件缺少、不符或属于别处", "missing, or others")
    ask(not names or here == there or statement["blocked"], "counts", "与已接收的不符，却已关账", "not what is accepted here, yet closed")
def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    if len(sys.argv) not in (2, 4) or sys.argv[2:3] not in ([], ["--anchor"]): return print(__doc__) or 1
    at, known, step, total = sys.argv[1], sys.argv[3:], "META-INF/ASiCManifest001.xml", 0
    try:
        sums, step = check_files(at), "ledger/tree-head.txt"
        texts = (open(path, encoding="ascii").read().split() for path in (f"{at}/{step}", *known))
        head, *anchors = (unique(list(zip(words[::2], words[1::2]))) for words in texts)
        step, statement = "settlement.json", json.load(open(f"{at}/settlement.json", encoding="utf-8"), object_pairs_hook=unique)
        origin = f"shangbao/{statement['programme']}/{statement['division']}", str(statement["year"])
        ask(head["statement-sha256"] == sums[step] and (head["origin"], head["period"]) == origin and head["through"] ==
            statement.get("through", f"{origin[1]}-12"), step, "与树头不符", "not the tree head's")
        ask(all((a["origin"], a["period"]) == origin for a in anchors), "--anchor", "属于另一项目或年度", "of another programme or year")
        step, earlier = LEAVES, [("prev-root-sha256", head["prev-size"], head["prev-root-sha256"])]
        earlier += [("--anchor", a["size"], a["root-sha256"]) for a in anchors]
        sums_of, needs, takes, each, doubled = check_leaves(at, head, statement, earlier)
        step, (later, denied) = "acks/index.csv", check_receipts(at, head, sums, needs)
        step = check_again(at, takes, each, doubled, later, denied) or "settlement.json"
        total, step = check_totals(at, statement, sums_of, needs), "counts"
        check_counts(at, head, statement, sums)
    except Exception as error:  # whatever a forger wrote must end in a plain sentence
        ask(False, step, f"读不下去：{error}", f"cannot be read further: {type(error).__name__}")
    print(f"结论：{len(found)} 处不符，不可采信。 / Result: findings {len(found)}; do not rely on this pack." if found else
          f"结论：{head['size']} 行、{total} 分，全部相符；签名另用 README.txt 的命令核验。 / Result: {head['size']} lines and {total} fen"
          " hold; check the signatures by the commands of README.txt.")
    return 1 if found else 0 if "sm3" in KINDS else 2
if __name__ == "__main__": sys.exit(main())
