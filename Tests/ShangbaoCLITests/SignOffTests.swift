import Foundation
import Glibc
import Testing

/// A year settled by months, signed by two, stamped by a real authority, and never changed again.
@Suite(.serialized) struct SignOffTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func shell(_ script: String) throws -> (status: Int32, out: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: site.folder)
        let out = Pipe()
        process.standardOutput = out
        process.standardError = out
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    /// Keys of three people, and an authority that stamps by `openssl ts`.
    private func prepare() throws {
        let made = try shell(
            """
            mkdir people
            for who in wang li zhao; do
                openssl ecparam -genkey -name prime256v1 -noout -out people/$who.ec
                openssl pkcs8 -topk8 -nocrypt -in people/$who.ec -out people/$who.pem
                openssl pkey -in people/$who.pem -pubout -out people/$who.pub.pem
                chmod 600 people/$who.pem
            done
            openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -subj /CN=tsa -days 9 \
                -out tsa.pem -addext extendedKeyUsage=critical,timeStamping
            echo 01 > serial
            cat > tsa.cnf <<'END'
            [tsa]
            default_tsa = one
            [one]
            serial = serial
            signer_cert = tsa.pem
            signer_key = tsa.key
            signer_digest = sha256
            default_policy = 1.2.3.4
            digests = sha256
            ess_cert_id_chain = no
            ess_cert_id_alg = sha256
            END
            cat > tsa.py <<'END'
            import http.server, subprocess
            class Authority(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    open('query', 'wb').write(self.rfile.read(int(self.headers['Content-Length'])))
                    subprocess.run(['openssl', 'ts', '-reply', '-config', 'tsa.cnf', '-section',
                                    'one', '-queryfile', 'query', '-out', 'reply'], check=True)
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(open('reply', 'rb').read())
                def log_message(self, *words): pass
            server = http.server.HTTPServer(('127.0.0.1', 0), Authority)
            open('tsa.port.part', 'w').write(str(server.server_port))
            import os; os.rename('tsa.port.part', 'tsa.port')
            server.serve_forever()
            END
            """)
        #expect(made.status == 0, "\(made.out)")
    }

    private func settings(port: String) throws {
        try site.edit("shangbao.yaml") {
            $0 + """

                privacy:
                  officers:
                    李负责: { role: 负责人, department: 信息科, key: people/li.pub.pem }
                evidence:
                  timestamp: { address: "http://127.0.0.1:\(port)/", roots: tsa.pem }
                  signers:
                    王复核: { role: 财务复核, key: people/wang.pub.pem }
                    李负责: { role: 负责人, key: people/li.pub.pem }
                    赵制表: { role: 制表, key: people/zhao.pub.pem }

                """
        }
    }

    @Test func `months are settled, stamped and signed by two others, and stay as they are`() throws
    {
        try prepare()
        let authority = Process()
        // Itself, not what finds it: it must end with the test, and hold no pipe of the test's.
        authority.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        authority.arguments = ["tsa.py"]
        authority.currentDirectoryURL = URL(fileURLWithPath: site.folder)
        authority.standardInput = FileHandle.nullDevice
        authority.standardOutput = FileHandle.nullDevice
        authority.standardError = FileHandle.nullDevice
        try authority.run()
        defer {
            // What a test starts has SIGTERM blocked.
            kill(authority.processIdentifier, SIGKILL)
            authority.waitUntilExit()
        }
        let port = try shell("until test -s tsa.port; do :; done; cat tsa.port").out
        try settings(port: port)
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let sample = Program.root + "/samples/preconception-2012/county-hospital-2012.csv"
        _ = try run(["take", sample])
        for command in ["deliver", "collect"] { #expect(try run([command]).status == 0) }
        let approved = try run([
            "mapping", "approve", "county-hospital", "--by", "李负责", "--key",
            site.folder + "/people/li.pem", "--author", "赵制表", "--because", "必要；M09：机构另有用途",
            "--sheet", try site.sheetSeen().sha256,
        ])
        #expect(approved.status == 0, "\(approved.err)")

        let first = try run(["settle", "--month", "2012-04", "--by", "赵制表"])
        #expect(first.status == 0, "\(first.out)\(first.err)")
        let pack = site.folder + "/out/evidence_990101_2012_1.asice"
        let before = try Data(contentsOf: URL(fileURLWithPath: pack))
        try sign(pack)
        let periods = try run(["periods"])
        #expect(
            periods.out.contains(
                /2012 +1 +2012-04 +closed +\d+ +赵制表 +王复核, 李负责/), "\(periods.out)")

        // Periods go forward only; the year's statement begins with the lines of the months.
        let back = try run(["settle", "--month", "2012-03", "--by", "赵制表"])
        #expect(back.status == 78 && back.err.contains("E-PERIOD-ORDER"), "\(back.err)")
        let year = try run(["settle", "--year", "2012", "--by", "赵制表"])
        #expect(year.status == 0, "\(year.out)\(year.err)")
        #expect(year.out.contains("Against the statement before"), "\(year.out)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: pack)) == before)
        let again = try run(["settle", "--month", "2012-12"])
        #expect(again.status == 78 && again.err.contains("E-PERIOD-ORDER"), "\(again.err)")
        let second = site.folder + "/out/evidence_990101_2012_2.asice"
        try audit(pack, second)
        #expect(try run(["doctor"]).status == 0)
        try settleOnce(more: second)
    }

    /// Another one says that the one before it is gone, and has its lines all the same.
    private func settleOnce(more second: String) throws {
        try Data().write(to: URL(fileURLWithPath: second))
        let third = try run(["settle", "--year", "2012", "--by", "赵制表"])
        let said = third.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            third.status == 0
                && said.contains("2012_2.asice, is no longer there, or not as it was issued"),
            "\(said)")
        let pages = try run(["verify", site.folder + "/out/evidence_990101_2012_3.asice"])
        #expect(pages.status == 0, "\(pages.out)\(pages.err)")
    }

    private func sign(_ pack: String) throws {
        func attempt(_ who: String, _ key: String) throws -> Program.Ended {
            try run(["sign", pack, "--by", who, "--key", site.folder + "/people/\(key).pem"])
        }
        let own = try attempt("赵制表", "zhao")
        #expect(own.status == 64 && own.err.contains("E-SIGN-OWN"), "\(own.err)")
        let stranger = try attempt("钱某", "wang")
        #expect(stranger.status == 64 && stranger.err.contains("E-SIGN-WHO"), "\(stranger.err)")
        let borrowed = try attempt("王复核", "li")
        #expect(borrowed.status == 64 && borrowed.err.contains("E-SIGN-KEY"), "\(borrowed.err)")
        let one = try attempt("王复核", "wang")
        #expect(one.status == 0 && one.out.contains("One more signature"), "\(one.err)")
        let twice = try attempt("王复核", "wang")
        #expect(twice.status == 64 && twice.err.contains("E-SIGN-TWICE"), "\(twice.err)")
        _ = try shell("chmod 644 people/li.pem")
        let open = try attempt("李负责", "li")
        #expect(open.status == 64 && open.err.contains("E-PERSONAL-KEY"), "\(open.err)")
        _ = try shell("chmod 600 people/li.pem")
        let two = try attempt("李负责", "li")
        #expect(two.status == 0 && two.out.contains("✓ closed"), "\(two.err)")
        let checked = try shell(
            """
            cd out
            for n in 1 2; do
                who=$([ $n = 1 ] && echo wang || echo li)
                openssl dgst -sha256 -verify ../people/$who.pub.pem \
                    -signature evidence_990101_2012_1.signoff-$n.sig \
                    evidence_990101_2012_1.signoff-$n.txt
            done
            unzip() { python3 -m zipfile -e "$1" "$2"; }
            unzip evidence_990101_2012_1.asice ../signed
            grep -q "statement-sha256 $(sha256sum < ../signed/settlement.json | cut -d' ' -f1)" \
                evidence_990101_2012_1.signoff-1.txt
            """)
        #expect(checked.status == 0, "\(checked.out)")
    }

    /// As an auditor, who has the first pack's head.
    private func audit(_ first: String, _ second: String) throws {
        let verified = try run(["verify", second])
        #expect(verified.status == 0, "\(verified.out)\(verified.err)")
        let audited = try shell(
            """
            python3 -m zipfile -e \(first) one
            python3 -m zipfile -e \(second) two
            python3 -B '\(Program.root)/mappings/evidence/verify.py' two \
                --anchor one/ledger/tree-head.txt
            grep -q "prev-head-sha256 $(sha256sum < one/ledger/tree-head.txt | cut -d' ' -f1)" \
                two/ledger/tree-head.txt
            head -n "$(wc -l < one/ledger/leaves.jsonl)" two/ledger/leaves.jsonl \
                | cmp - one/ledger/leaves.jsonl
            for name in p7s sm2; do
                openssl ts -verify -data two/META-INF/signature001.$name \
                    -in two/META-INF/signature001.$name.tsr -CAfile tsa.pem
            done
            ! openssl ts -verify -data two/META-INF/signature001.p7s \
                -in one/META-INF/signature001.p7s.tsr -CAfile tsa.pem
            # The officer's decision, with his key and signature.
            python3 - <<'END'
            import base64, json
            policy = json.load(open("two/policy/approval.json", encoding="utf-8"))
            (one,), (proof,) = policy["approvals"], policy["proofs"]
            text = json.dumps(one, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            open("decision", "w", encoding="utf-8").write(text)
            open("decision.sig", "wb").write(base64.b64decode(proof["signature"]))
            open("decision.pem", "w").write(proof["key"])
            open("decision.sum", "w").write(proof["approval"] + "  decision\\n")
            END
            sha256sum -c decision.sum
            cmp decision.pem people/li.pub.pem
            openssl dgst -sha256 -verify decision.pem -signature decision.sig decision
            """)
        #expect(audited.status == 0, "\(audited.out)")
    }

    @Test func `where the authority is silent no pack is issued`() throws {
        try prepare()
        try settings(port: "9")
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let sample = Program.root + "/samples/preconception-2012/county-hospital-2012.csv"
        _ = try run(["take", sample])
        for command in ["deliver", "collect"] { #expect(try run([command]).status == 0) }
        let settled = try run(["settle", "--year", "2012"])
        #expect(settled.status == 78 && settled.err.contains("E-TIMESTAMP"), "\(settled.err)")
        let out = site.folder + "/out"
        let left = (try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []
        #expect(!left.contains { $0.hasPrefix("evidence") }, "\(left)")
        #expect(try run(["periods"]).out.contains("No statement was issued yet"))
    }
}
