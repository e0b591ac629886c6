import Foundation
import Testing

/// The identity vault of a site as people use it: taken by the program, opened by three people, and
/// in the emergency by stock OpenSSL.
@Suite(.serialized) struct IdentifyTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func shell(
        _ script: String, _ names: [String: String] = [:]
    ) throws -> (status: Int32, out: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: site.folder)
        process.environment = ProcessInfo.processInfo.environment.merging(names) { $1 }
        let out = Pipe()
        process.standardOutput = out
        process.standardError = out
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    /// Four people with keys, and twenty couples in the vault; the cases' ids.
    private func prepare() throws -> [String] {
        let made = try shell(
            """
            mkdir people
            for who in zheng qian sun li; do
                openssl genpkey -algorithm SM2 -out people/$who.pem
                openssl pkey -in people/$who.pem -pubout -out people/$who.pub.pem
                chmod 600 people/$who.pem
            done
            """)
        #expect(made.status == 0, "\(made.out)")
        try site.edit("shangbao.yaml") {
            $0 + """

                custody:
                  people:
                    - { name: 郑隐私, department: 法规科, role: officer, key: people/zheng.pub.pem }
                    - { name: 钱保管, department: 信息科, role: custodian, key: people/qian.pub.pem }
                    - { name: 孙主任, department: 院办, role: director, key: people/sun.pub.pem }
                    - { name: 李经办, department: 妇幼科, role: requester, key: people/li.pub.pem }

                """
        }
        let sample = try site.program.run([
            "sample", "--couples", "20", "--seed", "11", "--defects", "0", "--out", site.folder,
        ])
        #expect(sample.status == 0, "\(sample.err)")
        let taken = try shell("ls couples-*.csv | grep -v truth")
        let file = taken.out.trimmingCharacters(in: .whitespacesAndNewlines)
        let ended = try run(["take", site.folder + "/" + file])
        #expect(ended.status == 0, "\(ended.out)\(ended.err)")
        let found = try shell("sqlite3 data/shangbao.db 'SELECT record FROM vault ORDER BY record'")
        let records = found.out.split(separator: "\n").map(String.init)
        #expect(records.count == 20, "\(found.out)")
        return records
    }

    private func hand(_ who: String, _ key: String) -> [String] {
        ["--by", who, "--key", site.folder + "/people/\(key).pem"]
    }

    /// Names of wives in the sample, as the clinic wrote them.
    private func names() throws -> [String] {
        let text = try shell(
            """
            /usr/bin/python3 - couples-*.csv <<'END'
            import csv, sys
            raw = open(sys.argv[1], 'rb').read()
            try: text = raw.decode('utf-8-sig')
            except UnicodeDecodeError: text = raw.decode('gb18030')
            for row in csv.DictReader(text.splitlines()): print(row['女方身份证号'].strip())
            END
            """)
        return text.out.split(separator: "\n").map(String.init)
    }

    /// The piece of the page that is run in the emergency.
    private func emergency() throws -> String {
        let page = try String(
            contentsOfFile: Program.root + "/docs/privacy/identify.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "```sh\n").compactMap {
            $0.components(separatedBy: "\n```").first
        }
        return try #require(blocks.first { $0.contains("openssl pkeyutl -decrypt") })
    }

    @Test func `stock openssl and two people's keys open one row, as the page says`() throws {
        let records = try prepare()
        let numbers = try names()
        #expect(numbers.count == 20)
        let script = try emergency()
        for (outer, inner) in [("zheng", "qian"), ("qian", "zheng"), ("sun", "qian")] {
            let opened = try shell(
                script,
                [
                    "DB": "data/shangbao.db", "RECORD": records[3],
                    "OUTER": "people/\(outer).pem", "INNER": "people/\(inner).pem",
                ])
            #expect(opened.status == 0, "\(opened.out)")
            #expect(numbers.contains { opened.out.contains($0) })
        }
        let alone = try shell(
            script,
            [
                "DB": "data/shangbao.db", "RECORD": records[3], "OUTER": "people/zheng.pem",
                "INNER": "people/zheng.pem",
            ])
        #expect(alone.status != 0)
        #expect(!numbers.contains { alone.out.contains($0) })
    }

    /// Somebody leaves and another one comes; the vault's wrappings as they were, in bytes.
    private func changePeople() throws -> [Data] {
        let wrapped = try shell("sqlite3 data/shangbao.db 'SELECT hex(wrapped) FROM vault_key'")
        let made = try shell(
            """
            openssl genpkey -algorithm SM2 -out people/wang.pem
            openssl pkey -in people/wang.pem -pubout -out people/wang.pub.pem
            chmod 600 people/wang.pem
            """)
        #expect(made.status == 0, "\(made.out)")
        let gone = "{ name: 郑隐私, department: 法规科, role: officer, key: people/zheng.pub.pem }"
        try site.edit("shangbao.yaml") {
            $0.replacing(
                gone,
                with: "{ name: 王新任, department: 质控科, role: officer, key: people/wang.pub.pem }"
            ) + "  former:\n    - \(gone)\n"
        }
        return wrapped.out.split(separator: "\n").map { line in
            var bytes = Data()
            var rest = line[...]
            while !rest.isEmpty {
                bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            }
            return bytes
        }
    }

    private func databaseFiles() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: site.folder + "/data")
            .filter { $0.contains(".db") }
            .reduce(into: Data()) { bytes, name in
                bytes += try Data(contentsOf: URL(fileURLWithPath: site.folder + "/data/" + name))
            }
    }

    @Test func `after a change of people two wrap anew, and stock openssl opens by the new ones`()
        throws
    {
        let records = try prepare()
        let numbers = try names()
        let before = try changePeople()
        #expect(before.count == 6 && before.allSatisfy { $0.count > 200 })
        let waiting = try run(["identify", "list"]).out
        #expect(waiting.contains("王新任"), "\(waiting)")
        let confirmed = try run(
            ["identify", "confirm", "王新任", "--because", "当面核对"] + hand("钱保管", "qian"))
        #expect(confirmed.status == 0, "\(confirmed.out)\(confirmed.err)")
        let files = try databaseFiles()
        #expect(before.allSatisfy { files.range(of: $0) != nil })
        for words in [["doctor"], ["identify", "list"], ["identify", "digest"]] {
            // A paragraph's lines are broken anywhere between words.
            let told = try run(words).out.split { $0.isWhitespace }.joined(separator: " ")
            for part in [
                "1 of 1 keys are not wrapped for the people of now", "still for 郑隐私",
                "due within 7 days", "identify rewrap",
            ] { #expect(told.contains(part), "\(words) \(told)") }
        }
        let early = try run(["identify", "rewrap"] + hand("王新任", "wang"))
        #expect(early.status == 64 && early.err.contains("E-IDENTIFY-PAIR"), "\(early.err)")
        let first = try run(["identify", "rewrap"] + hand("钱保管", "qian"))
        #expect(first.status == 0 && first.out.contains("off 1 keys"), "\(first.out)\(first.err)")
        let second = try run(["identify", "rewrap"] + hand("孙主任", "sun"))
        #expect(second.status == 0, "\(second.out)\(second.err)")
        #expect(try run(["doctor"]).out.contains("1 keys, for the people of now"))

        let script = try emergency()
        func opened(_ outer: String, _ inner: String) throws -> (status: Int32, out: String) {
            try shell(
                script,
                [
                    "DB": "data/shangbao.db", "RECORD": records[5],
                    "OUTER": "people/\(outer).pem", "INNER": "people/\(inner).pem",
                ])
        }
        for (outer, inner) in [("wang", "qian"), ("qian", "wang"), ("sun", "wang")] {
            let row = try opened(outer, inner)
            #expect(row.status == 0 && numbers.contains { row.out.contains($0) }, "\(row.out)")
        }
        for (outer, inner) in [("zheng", "qian"), ("qian", "zheng")] {
            let row = try opened(outer, inner)
            #expect(row.status != 0 && !numbers.contains { row.out.contains($0) })
        }
        let after = try databaseFiles()
        #expect(before.allSatisfy { after.range(of: $0) == nil })
    }

    @Test func `three people find out who a case is about, and nothing of it stays`() throws {
        let records = try prepare()
        let numbers = try names()
        let asked = try run(
            [
                "identify", "request", records[0], records[1], "--reason", "AUDIT", "--case",
                "审〔2026〕7号",
            ]
                + hand("李经办", "li"))
        #expect(asked.status == 0, "\(asked.out)\(asked.err)")
        let id = try #require(asked.out.firstMatch(of: /✓ ([a-z2-7]{10}): asked/)).1
        let own = try run(["identify", "approve", String(id)] + hand("李经办", "li"))
        #expect(own.status == 64 && own.err.contains("E-IDENTIFY-OWN"), "\(own.err)")
        for (who, key) in [("钱保管", "qian"), ("郑隐私", "zheng")] {
            // All that is signed is read first, and once more as it is signed.
            let shown = try run(["identify", "show", String(id)])
            let approved = try run(["identify", "approve", String(id)] + hand(who, key))
            #expect(shown.status == 0 && approved.status == 0, "\(approved.out)\(approved.err)")
            for told in [
                "李经办（妇幼科）", "审〔2026〕7号", "an auditor's sample must be held against persons",
                records[0], records[1], "An approval",
            ] {
                #expect(shown.out.contains(told), "\(told): \(shown.out)")
                #expect(approved.out.contains(told), "\(told): \(approved.out)")
            }
        }
        let masked = try run(["identify", "open", String(id)] + hand("李经办", "li"))
        #expect(masked.status == 0 && masked.out.contains("********"), "\(masked.err)")
        #expect(!numbers.contains { masked.out.contains($0) })
        let piped = try run(
            ["identify", "open", String(id), "--reveal", "1"] + hand("李经办", "li"))
        #expect(piped.status == 64 && piped.err.contains("E-IDENTIFY-TERMINAL"), "\(piped.err)")
        let words = ["identify", "open", String(id), "--reveal", "1", "--site", site.folder]
        let line = ([Program.path] + words + hand("李经办", "li")).joined(separator: " ")
        let shown = try shell("script -qec '\(line)' /dev/null")
        #expect(numbers.contains { shown.out.contains($0) })
        #expect(try run(["identify", "close", String(id)]).status == 0)
        let digest = try run(["identify", "digest"])
        #expect(
            digest.status == 0 && digest.out.contains(/李经办 +1 +2 +1 +1/), "\(digest.out)")
        try expectNothing(of: numbers)
    }

    @Test func `while the clock is behind the ledger nobody is found out, and list says so`() throws
    {
        let records = try prepare()
        func ask() throws -> Program.Ended {
            try run(
                ["identify", "request", records[0], "--reason", "AUDIT", "--case", "1"]
                    + hand("李经办", "li"))
        }
        let id = String(try #require(try ask().out.firstMatch(of: /✓ ([a-z2-7]{10}): asked/)).1)
        for (who, key) in [("钱保管", "qian"), ("郑隐私", "zheng")] {
            #expect(try run(["identify", "approve", id] + hand(who, key)).status == 0)
        }
        func openings() throws -> String {
            try shell("sqlite3 data/shangbao.db 'SELECT count(*) FROM identify_opening'").out
        }
        #expect(try openings() == "1\n")
        // As if a clock ten hours ahead had written it.
        let moved = try shell(
            """
            sqlite3 data/shangbao.db "DROP TRIGGER ledger_keeps_lines;
                UPDATE ledger SET at = at + 36000000000 WHERE seq = 1"
            """)
        #expect(moved.status == 0, "\(moved.out)")
        let listed = try run(["identify", "list"])
        #expect(listed.status == 0 && listed.out.contains("E-IDENTIFY-CLOCK"), "\(listed.out)")
        #expect(try openings() == "0\n")
        let opened = try run(["identify", "open", id] + hand("李经办", "li"))
        #expect(opened.err.contains("E-IDENTIFY-CLOCK"), "\(opened.out)\(opened.err)")
        #expect(try ask().err.contains("E-IDENTIFY-CLOCK"))
        #expect(try run(["identify", "show", id]).out.contains("expired"))
        let digest = try run(["identify", "digest"])
        #expect(digest.out.contains("E-IDENTIFY-CLOCK × 2"), "\(digest.out)")
        #expect(try run(["doctor"]).out.contains("I24"))
        let back = try shell(
            "sqlite3 data/shangbao.db 'UPDATE ledger SET at = at - 36000000000 WHERE seq = 1'")
        #expect(back.status == 0, "\(back.out)")
    }

    /// Nobody's number lies in the site, but in the file that the clinic brought.
    private func expectNothing(of numbers: [String]) throws {
        let folders = FileManager.default.enumerator(atPath: site.folder)
        var looked = 0
        for case let name as String in try #require(folders) {
            guard !name.hasPrefix("couples-"),
                let content = FileManager.default.contents(atPath: site.folder + "/" + name)
            else { continue }
            looked += 1
            #expect(!numbers.contains { content.range(of: Data($0.utf8)) != nil }, "\(name)")
        }
        #expect(looked > 5)
    }

    /// Public keys of the three who approve, by whoever has the site's files.
    private func swapKeys() throws {
        let made = try shell(
            """
            for who in zheng qian li; do
                cp people/$who.pub.pem people/$who.was.pem
                openssl genpkey -algorithm SM2 -out people/$who.forged.pem
                openssl pkey -in people/$who.forged.pem -pubout -out people/$who.pub.pem
                chmod 600 people/$who.forged.pem
            done
            """)
        #expect(made.status == 0, "\(made.out)")
    }

    @Test func `keys that were overwritten open no new case, and everybody is told`() throws {
        _ = try prepare()
        try swapKeys()
        let sample = try site.program.run([
            "sample", "--couples", "5", "--seed", "12", "--defects", "0", "--out", site.folder,
        ])
        #expect(sample.status == 0, "\(sample.err)")
        let file = try shell(
            "ls couples-5-*.csv couples-*12*.csv 2>/dev/null | grep -v truth | head -1")
        let name = file.out.trimmingCharacters(in: .whitespacesAndNewlines)
        let taken = try run(["take", site.folder + "/" + name])
        #expect(taken.out.contains("5 rows, 1 submissions"), "\(taken.out)\(taken.err)")
        // Every data key is wrapped for the keys that were noted first.
        let outer = try shell(
            """
            for who in zheng qian; do
                openssl pkey -pubin -in people/$who.was.pem -outform DER | sha256sum | cut -d' ' -f1
            done | sort
            echo -
            sqlite3 data/shangbao.db "SELECT DISTINCT outer_key FROM vault_key WHERE outer_key NOT IN
                ('$(openssl pkey -pubin -in people/sun.pub.pem -outform DER | sha256sum | cut -d' ' -f1)')
                ORDER BY 1"
            echo -
            sqlite3 data/shangbao.db 'SELECT count(DISTINCT key) FROM vault'
            """)
        let parts = outer.out.components(separatedBy: "-\n")
        #expect(parts.count == 3 && parts[0] == parts[1], "\(outer.out)")
        #expect(parts.last?.trimmingCharacters(in: .whitespacesAndNewlines) == "2")
        for words in [["doctor"], ["identify", "list"], ["identify", "digest"]] {
            // A paragraph's lines are broken anywhere between Chinese characters.
            let told = try run(words).out.split { $0.isWhitespace }.joined()
            for part in ["nobodyhasconfirmed", "郑隐私", "钱保管", "identifyconfirm"] {
                #expect(told.contains(part), "\(words) \(told)")
            }
        }
        #expect(try run(["identify", "digest"]).status != 0)
        let records = try shell(
            "sqlite3 data/shangbao.db 'SELECT record FROM vault LIMIT 1'"
        ).out
        let asked = try run(
            [
                "identify", "request", records.trimmingCharacters(in: .whitespacesAndNewlines),
                "--reason", "AUDIT", "--case", "1",
            ] + hand("李经办", "li.forged"))
        #expect(asked.err.contains("E-IDENTIFY-UNCONFIRMED"), "\(asked.out)\(asked.err)")
        let forged = try run(
            ["identify", "confirm", "郑隐私", "--because", "是他"] + hand("钱保管", "qian.forged"))
        #expect(forged.err.contains("E-IDENTIFY-KEY"), "\(forged.out)\(forged.err)")
    }

    @Test func `the audit trail has who asked, approved and opened, for which case and why`()
        throws
    {
        let records = try prepare()
        let asked = try run(
            [
                "identify", "request", records[0], records[1], "--reason", "AUDIT", "--case",
                "审〔2026〕7号",
            ] + hand("李经办", "li"))
        let id = String(try #require(asked.out.firstMatch(of: /✓ ([a-z2-7]{10}): asked/)).1)
        for (who, key) in [("钱保管", "qian"), ("郑隐私", "zheng")] {
            #expect(try run(["identify", "approve", id] + hand(who, key)).status == 0)
        }
        #expect(try run(["identify", "open", id] + hand("李经办", "li")).status == 0)
        let his = try run(["audit", "search", "--who", "李经办"]).out
        #expect(his.contains("identify request") && his.contains("identify open"), "\(his)")
        #expect(his.contains("AUDIT 审〔2026〕7号"), "\(his)")
        let theirs = try run(["audit", "search", "--who", "钱保管"]).out
        #expect(theirs.contains("identify approve") && theirs.contains(id), "\(theirs)")
        for record in records.prefix(2) {
            let about = try run(["audit", "search", "--object", record]).out
            for step in ["identify request", "identify approve", "identify open"] {
                #expect(about.contains(step), "\(record) \(about)")
            }
        }
        #expect(!(try run(["audit", "search", "--object", records[5]]).out.contains("identify")))
    }
}
