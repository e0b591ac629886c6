import Foundation
import LibCrypto
import Settlements
import Testing

/// What an auditor finds with `verify.py` and the commands of the README alone, whatever a forger
/// made fit (PRIVACY 5.4).
@Suite struct VerifierTests {
    /// One forgery, and where the verifier says that something is wrong.
    struct Forgery: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let found: String
        /// Of which pack.
        var pack = SamplePack.Lie.none

        var testDescription: String { name }

        init(_ name: String, _ script: String, _ found: String, of pack: SamplePack.Lie = .none) {
            self.name = name
            self.script = script
            self.found = found
            self.pack = pack
        }
    }

    /// Those that the content itself gives away, though all digests fit.
    static let forgeries: [Forgery] = [
        Forgery(
            "amount", "put(LEAVES, text(LEAVES).replace('24000', '34000'))",
            "ledger/leaves.jsonl：与 root-sha256"),
        Forgery(
            "line left out", "grow(text(LEAVES).splitlines()[:-1])",
            "settlement.json：合计不等于"),
        Forgery(
            "case twice", "write(lines() + lines()[:1])", "ledger/leaves.jsonl:6：重复结算"),
        Forgery(
            "person twice",
            "new = lines()\nnew[1].update(pid=new[0]['pid'], child_order=new[0]['child_order'])\n"
                + "write(new)", "ledger/leaves.jsonl:2：重复结算"),
        Forgery(
            "invented case",
            "new = lines()\nnew.append(dict(new[0], record='f' * 32, pid='x'))\nwrite(new)",
            "ledger/leaves.jsonl:6：回执没有接收它"),
        Forgery(
            "another version", "new = lines()\nnew[0]['version'] = 2\nwrite(new)",
            "ledger/leaves.jsonl:1：回执没有接收它"),
        Forgery(
            "another county's case",
            "new = lines()\nnew[0]['county'] = '990102'\nwrite(new)",
            "ledger/leaves.jsonl:1：县、年"),
        Forgery(
            "another year's case", "new = lines()\nnew[0]['period'] = '2011-12'\nwrite(new)",
            "ledger/leaves.jsonl:1：县、年"),
        Forgery(
            "amount with a point",
            "grow([text(LEAVES).splitlines()[0].replace('24000', '24000.0')] + text(LEAVES).splitlines()[1:])",
            "ledger/leaves.jsonl:1：格式不符"),
        Forgery(
            "key twice",
            "grow([text(LEAVES).splitlines()[0].replace('\"fen\":', '\"fen\":1,\"fen\":')] "
                + "+ text(LEAVES).splitlines()[1:])", "ledger/leaves.jsonl:1：格式不符"),
        Forgery(
            "receipts swapped",
            "a, b = acks\nshutil.move(f'acks/{a}.xml', 't')\nshutil.move(f'acks/{b}.xml', f'acks/{a}.xml')\n"
                + "shutil.move('t', f'acks/{b}.xml')", ".xml：不是名字所说的"),
        Forgery(
            "receipt to another county",
            "rename(acks[0], text(f'acks/{acks[0]}.xml').replace('12990101MA0000T1XF', '12990102MA0000T2XC'))",
            ".xml：不是名字所说的、给本县的回执"),
        Forgery(
            "receipt of another submission",
            "rename(acks[0], text(f'acks/{acks[0]}.xml').replace('submission=\"submission-', 'submission=\"submission-9'))",
            ".xml：与报文、结算行不是一回事"),
        Forgery(
            "receipt left out",
            "[os.remove(f'acks/{acks[0]}.{end}') for end in ('xml', 'sig')]\n"
                + "put('acks/index.csv', '\\r\\n'.join(r for r in text('acks/index.csv').split('\\r\\n') if acks[0] not in r))",
            "缺少结算行的回执"),
        Forgery(
            "signature left out",
            "os.remove(f'acks/{acks[0]}.sig')\n"
                + "put('acks/index.csv', text('acks/index.csv').replace(acks[0] + ',n1', acks[0] + ','))",
            ".xml：该有签名而没有"),
        Forgery(
            "mark taken off",
            "new = lines()\nfor leaf in new: leaf.pop('grade', None)\nwrite(new)",
            ".xml：与报文、结算行不是一回事", of: .unsigned),
        Forgery(
            "submission's digest",
            "now = lines()[0]['pkg_sha256']\n"
                + "put('submissions/index.csv', text('submissions/index.csv').replace(now, 'e' * 64))",
            ".xml：与报文、结算行不是一回事"),
        Forgery(
            "unapproved mapping", "new = lines()\nnew[0]['mapping_sha256'] = 'd' * 64\nwrite(new)",
            "policy/approval.json：有映射未经批准"),
        Forgery(
            "exception left out",
            "put('exceptions.csv', '\\r\\n'.join(r for r in text('exceptions.csv').split('\\r\\n') if 'secondClaim' not in r))",
            "exceptions.csv：与结算表不符"),
        Forgery(
            "total", "state(lambda now: now.update(totalFen=now['totalFen'] + 100))",
            "settlement.json：合计不等于"),
        Forgery(
            "share",
            "state(lambda now: now['payers'][0].update(dueFen=now['payers'][0]['dueFen'] + 1))",
            "settlement.json：各方负担之和"),
        Forgery(
            "national counts",
            "state(lambda now: now['national'][0].update(accepted=7))",
            "counts：国家计数的原件缺少、不符"),
        Forgery(
            "national counts hidden", "state(lambda now: now.pop('national'))",
            "counts：国家计数的原件缺少、不符"),
        Forgery(
            "table",
            "put('settlement.csv', text('settlement.csv').replace(',120000,', ',130000,'))",
            "settlement.json：合计不等于"),
        Forgery(
            "statement of another year", "state(lambda now: now.update(year=2011))",
            "settlement.json：与树头不符"),
        Forgery(
            "empty folder", "os.mkdir('acks/more')", "acks/more：链接或空文件夹"),
        Forgery(
            "link", "os.symlink('/etc/hostname', 'acks/note')", "acks/note：链接或空文件夹"),
        Forgery(
            "earlier line rewritten",
            "new = lines()\nnew[1]['persons'] = 1\nwrite(new)",
            "prev-root-sha256：以前的行被改写", of: .corrected),
        Forgery(
            "taken off for less",
            "new = lines()\nnew[5]['fen'] = -1000\nwrite(new)",
            "ledger/leaves.jsonl:6：与所冲减的第", of: .corrected),
        Forgery(
            "taken off twice", "new = lines()\nnew.append(dict(new[5]))\nwrite(new)",
            "ledger/leaves.jsonl:7：没有可冲减的行，或重复冲减", of: .corrected),
        Forgery(
            "proof emptied",
            "now = text('ledger/consistency.txt').rsplit('\\n', 2)[0]\n"
                + "put('ledger/consistency.txt', now + '\\n')",
            "ledger/consistency.txt：证明不符", of: .corrected),
    ]

    @Test(arguments: forgeries)
    func `what a forger could not make fit is found`(forgery: Forgery) async throws {
        let sample = try await SamplePack.make(forgery.pack)
        let before = try sample.verify()
        #expect(before.status == 0, "\(before.output)")
        try Forger.change(sample, forgery.script)
        let checked = try sample.verify()
        #expect(checked.status == 1)
        #expect(checked.output.contains(forgery.found), "\(checked.output)")
        // An empty folder is in no file, and so in no signature.
        #expect(try Self.isSigned(sample) == (forgery.name == "empty folder"))
    }

    @Test(arguments: [
        ("one byte", "put('README.txt', text('README.txt') + ' ')", "README.txt：被改动"),
        ("another verifier", "put('verify.py', 'print(0)')", "verify.py：被改动"),
        ("more", "put('notes.txt', '')", "notes.txt：被改动、多出或缺少"),
        ("less", "os.remove('policy/approval.json')", "policy/approval.json：被改动、多出或缺少"),
        ("container", "put('mimetype', 'application/zip')", "MANIFEST.sha256：与文件不符"),
        ("list", "put('MANIFEST.sha256', '')", "MANIFEST.sha256：被改动"),
    ])
    func `a plain change is found in its file`(name: String, script: String, found: String)
        async throws
    {
        let sample = try await SamplePack.make()
        let kept = ["MANIFEST.sha256", "MANIFEST.sm3", "META-INF/ASiCManifest001.xml"]
        let before = try kept.map { try sample.text($0) }
        try Forger.change(sample, "pass")
        #expect(try kept.map { try sample.text($0) } == before, "what he rebuilds is the same")
        try Forger.change(sample, script, isRebuilt: false)
        let checked = try sample.verify()
        #expect(checked.status == 1, "\(name)")
        #expect(checked.output.contains(found), "\(checked.output)")
    }

    /// What holds in itself and is not the county's: his own keys, his own history.
    @Test func `a pack made anew falls to the certificate and to the anchor`() async throws {
        let sample = try await SamplePack.make(.corrected)
        let other = try await SamplePack.make()
        for (name, key) in [("signer-intl", "sender-intl"), ("signer-gm", "sender-gm")] {
            try FileManager.default.copyItem(
                atPath: sample.path.path + "/certs/\(name).pem",
                toPath: sample.folder.path + "/\(key)-mine.pem")
        }
        // Re-signed by another key: the pack's own certificate fits, the auditor's does not.
        let signed = try other.run(
            "\(Self.cms(certificate: "certs/signer-intl.pem")) && ! "
                + Self.cms(certificate: "\(sample.folder.path)/sender-intl-mine.pem"))
        #expect(signed.status == 0, "\(signed.output)")
        // A whole pack of before is put in place of the newer one: it has fewer lines than known.
        try Data(sample.pack.treeHead.utf8)
            .write(to: other.folder.appendingPathComponent("anchor.txt"))
        #expect(try other.verify().status == 0)
        let older = try other.verify("--anchor ../anchor.txt")
        #expect(older.status == 1)
        #expect(older.output.contains("--anchor：以前的行被改写"), "\(older.output)")
        // The whole history is rewritten, the head before too: only an anchor shows it.
        let first = sample.pack.treeHead
        try Data(first.utf8).write(to: sample.folder.appendingPathComponent("anchor.txt"))
        #expect(try sample.verify("--anchor ../anchor.txt").status == 0)
        try Forger.change(
            sample,
            "new = lines()\nnew[0]['mapping_sha256'] = new[5]['mapping_sha256'] = 'c' * 64\n"
                + "both = [{'content': 'ab' * 32}, {'content': 'c' * 64}]\n"
                + "put('policy/approval.json', json.dumps({'approvals': both}))\n"
                + "write(new, True)")
        #expect(try sample.verify().status == 0)
        let rewritten = try sample.verify("--anchor ../anchor.txt")
        #expect(rewritten.output.contains("--anchor：以前的行被改写"), "\(rewritten.output)")
    }

    /// A receipt that was written over: nothing but the national signature shows it.
    @Test func `a receipt made to accept falls to the national signature`() async throws {
        let sample = try await SamplePack.make()
        try Forger.change(
            sample,
            "ack = next(a for a in acks if 'rejected' in text(f'acks/{a}.xml'))\n"
                + "rename(ack, re.sub('status=\"rejected\" code=\"[^\"]*\"', 'status=\"accepted\" serial=\"N1\"', "
                + "text(f'acks/{ack}.xml')))")
        #expect(try sample.verify().status == 0)
        let readme = try sample.text("README.txt").split(separator: "\n")
        let command = try #require(readme.first { $0.contains("tail -n +2 acks/index.csv") })
        let found = try sample.run("export K=keys; " + command)
        #expect(found.output.contains("BAD acks/") && found.output.contains("OK 1 / 2"))
    }

    /// What a shell reads otherwise than Python does, so that a receipt would go unchecked.
    @Test(arguments: [
        "put('acks/index.csv', text('acks/index.csv')[:-2])",
        "put('acks/index.csv', text('acks/index.csv').replace('\\r\\n', '\\r'))",
        "put('acks/index.csv', text('acks/index.csv').replace('\\r\\n', '\\r', 1))",
        "put('acks/index.csv', text('acks/index.csv').replace('key_id,received', 'key_id,key_id'))",
        "put('acks/index.csv', text('acks/index.csv') + text('acks/index.csv').split('\\n', 1)[1])",
    ])
    func `an index of another form is refused`(script: String) async throws {
        let sample = try await SamplePack.make()
        try Forger.change(sample, script)
        let checked = try sample.verify()
        #expect(checked.status == 1)
        #expect(checked.output.contains("acks/index.csv"), "\(checked.output)")
    }

    @Test func `unsigned lines and drafts are named`() async throws {
        let sample = try await SamplePack.make(.unsigned)
        #expect(try sample.verify().output.contains("其中无签名 2 行 48000 分"))
        let draft = try await SamplePack.make(funding: SampleFunding.text(shares: nil))
        #expect(try draft.verify().output.contains("a draft, not to be closed"))
    }

    /// What a county that lies and signs could put in: the parameters give it away.
    @Test(arguments: [
        ("new = lines()\nnew[0]['fen'] = 48000\nwrite(new)", "leaves.jsonl:1：县、年"),
        ("new = lines()\nnew[0]['persons'] = -8\nwrite(new)", "leaves.jsonl:1：县、年"),
        ("state(lambda s: s['institutions'][0].update(fen=1))", "settlement.json：合计"),
        ("state(lambda s: s['lines'].append(s['lines'][0]))", "settlement.json：合计"),
        ("state(lambda s: s['parameters'].append(s['parameters'][0]))", "settlement.json：合计"),
        ("state(lambda s: s.update(isClosed=False))", "settlement.json：各方负担"),
        ("state(lambda s: s.update(unsigned={'cases': 1, 'fen': 1, 'persons': 1}))", "合计"),
    ])
    func `a statement that contradicts itself is found`(script: String, found: String) async throws
    {
        let sample = try await SamplePack.make()
        try Forger.change(sample, script)
        let checked = try sample.verify()
        #expect(checked.status == 1)
        #expect(checked.output.contains(found), "\(checked.output)")
    }

    @Test func `a head of another programme or year is no anchor`() async throws {
        let sample = try await SamplePack.make()
        let anchor = sample.pack.treeHead.replacing("period 2012", with: "period 2011")
        try Data(anchor.utf8).write(to: sample.folder.appendingPathComponent("anchor.txt"))
        let checked = try sample.verify("--anchor ../anchor.txt")
        #expect(checked.status == 1)
        #expect(checked.output.contains("of another programme or year"))
    }

    @Test func `the verifier is short enough to be read`() throws {
        let text = try String(
            contentsOf: SamplePack.root.appending(path: "mappings/evidence/verify.py"),
            encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
    }

    private static func isSigned(_ sample: SamplePack) throws -> Bool {
        try sample.run(cms(certificate: "certs/signer-intl.pem")).status == 0
    }

    private static func cms(certificate: String) -> String {
        "openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s "
            + "-content META-INF/ASiCManifest001.xml -CAfile \(certificate) -no-CApath "
            + "-no-CAstore -attime 1357780000 -purpose any -out /dev/null"
    }
}
