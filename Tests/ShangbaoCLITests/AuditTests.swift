import Foundation
import Testing

/// Who did and looked at what on a site, as the commands write it down.
@Suite(.serialized) struct AuditTests {
    private let site: TestSite

    init() throws { site = try TestSite(hasKeys: false) }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func rows() throws -> [String] {
        try String(contentsOfFile: site.folder + "/audit/trail.log", encoding: .utf8)
            .split(separator: "\n").map { String($0.dropFirst(65)) }
    }

    @Test func `what is done and looked at is there, and doctor leaves no row`() throws {
        let record = String(repeating: "0a", count: 16)
        #expect(try run(["status"]).status == 0)
        #expect(try run(["trace", record]).status != 0)
        _ = try run(["doctor"])
        let rows = try rows()
        #expect(rows.count == 4)
        #expect(rows[0].contains(#""action":"status""#) && rows[0].contains(#""result":"begun""#))
        #expect(rows[1].contains(#""ends":1,"result":"done""#))
        #expect(rows[2].contains(#""action":"trace""#) && rows[2].contains(record))
        #expect(rows[3].contains(#""result":"E-RECORD""#))
        let verified = try run(["audit", "verify"])
        #expect(verified.status == 0 && verified.out.contains("5 rows, the chain is whole"))
        let found = try run(["audit", "search", "--action", "trace"])
        #expect(found.out.contains("E-RECORD") && !found.out.contains("status"))
    }

    @Test func `what cannot be written down is not done`() throws {
        try FileManager.default.createDirectory(
            atPath: site.folder + "/audit/trail.log", withIntermediateDirectories: true)
        let refused = try run(["status"])
        #expect(refused.status == 74 && refused.err.contains("E-AUDIT-WRITE"), "\(refused.err)")
        #expect(refused.out.isEmpty)
    }

    @Test func `a changed row is found, and where`() throws {
        #expect(try run(["status"]).status == 0)
        let path = site.folder + "/audit/trail.log"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("\"status\"", with: "\"statut\"").write(
            toFile: path, atomically: false, encoding: .utf8)
        let verified = try run(["audit", "verify"])
        #expect(verified.status == 6 && verified.err.contains("E-AUDIT-BROKEN"))
        #expect(verified.out.contains("line 1 was changed"), "\(verified.out)")
    }

    @Test func `only auditors read it`() throws {
        let path = site.folder + "/shangbao.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + "\naudit: { readers: [somebody-else] }\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        let refused = try run(["audit", "search"])
        #expect(refused.status == 78 && refused.err.contains("E-AUDIT-READER"), "\(refused.err)")
        #expect(refused.out.isEmpty)
        #expect(try rows().last?.contains("E-AUDIT-READER") == true)
    }

    private func last() throws -> String { try #require(try rows().last) }

    @Test func `what is too long stops nothing, and a reason that is too long is refused`() throws {
        let long = String(repeating: "a", count: 131_000)
        // What it says is longer than a pipe.
        let quiet = ["sh", "-c", "exec \"$@\" 2>/dev/null", "sh"]
        let traced = try site.program.run(["trace", long, "--site", site.folder], under: quiet)
        #expect(traced.status == 64)
        #expect(try last().contains("E-RECORD"))
        #expect(try run(["status"]).status == 0)
        let refused = try run(["queue", "open", "--because", long])
        #expect(refused.status == 64 && refused.err.contains("E-LONG-WORDS"), "\(refused.err)")
        #expect(try last().contains("E-LONG-WORDS"))
        #expect(try run(["status"]).status == 0)
        #expect(try rows().allSatisfy { $0.utf8.count < 1 << 14 })
        #expect(try run(["audit", "verify"]).status == 0)
    }

    @Test func `an attempt with somebody's number in a reason is written down without it`() throws {
        let number = "990101199104011604"
        #expect(try run(["status"]).status == 0)
        for words in [
            ["queue", "open", "--because", "测甲一\(number)"],
            ["queue", "open", "--because=990101*19910401*1604"],
            identify(["request", String(repeating: "0a", count: 16)], by: "郑隐私")
                + ["--reason", "假癸三\(number)", "--case", "x"],
            identify(["confirm", number, "--because", "x"], by: "郑隐私"),
        ] {
            let before = try rows().count
            let ended = try run(words)
            #expect(ended.status != 0 && !ended.err.contains(number), "\(ended.err)")
            #expect(try rows().count == before + 2, "\(words)")
            let (begun, end) = (try rows().dropLast().last ?? "", try last())
            #expect(begun.contains(#""result":"begun""#) && end.contains(#""result":"E-"#))
            #expect(!begun.contains("9104") && !begun.contains("假癸三"), "\(begun)")
        }
    }

    private func identify(_ words: [String], by name: String) -> [String] {
        ["identify"] + words + ["--by", name, "--key", site.folder + "/none.pem"]
    }

    @Test func `who is on no list is nobody, in the trail as in the ledger`() throws {
        try site.edit("shangbao.yaml") {
            $0 + """

                custody:
                  people:
                    - { name: 郑隐私, department: 法规科, role: officer, key: people/zheng.pub.pem }
                    - { name: 钱保管, department: 信息科, role: custodian, key: people/qian.pub.pem }

                """
        }
        _ = try run(identify(["approve", "abcdefghij"], by: "假癸三"))
        #expect(try last().contains(#""person":"?""#))
        _ = try run(identify(["approve", "abcdefghij"], by: "郑隐私"))
        #expect(try last().contains(#""person":"郑隐私""#))
        _ = try run(identify(["confirm", "假癸三", "--because", "核对"], by: "郑隐私"))
        #expect(try rows().dropLast().last?.contains(#""reason":"?：核对""#) == true)
    }

    @Test func `a name in the clear is refused without a terminal, and that is a row`() throws {
        let refused = try run(identify(["open", "abcdefghij", "--reveal", "2"], by: "郑隐私"))
        #expect(refused.err.contains("E-IDENTIFY-TERMINAL"))
        #expect(try last().contains(#""action":"identify open --reveal""#))
        #expect(try last().contains("abcdefghij row-2") && last().contains("E-IDENTIFY-TERMINAL"))
        _ = try run(identify(["open", "abcdefghij"], by: "郑隐私"))
        #expect(try last().contains(#""action":"identify open""#))
    }

    @Test func `whom somebody looked up is there, and what was taken or previewed`() throws {
        _ = try run([
            "audit", "search", "--who", "lin", "--action", "queue", "--from", "2026-11-01",
        ])
        #expect(try last().contains(#""reason":"lin：--action queue --from 2026-11-01""#) == false)
        #expect(
            try rows().dropLast().last?.contains(
                #""reason":"lin：--action queue --from 2026-11-01""#) == true)
        #expect(try run(["audit", "search", "--limit", "0"]).status == 64)
        try site.write("a", to: "in/测甲一.csv")
        for command in ["take", "preview"] {
            _ = try run([command, site.folder + "/in/测甲一.csv"])
            let row = try last()
            #expect(row.contains(#""object":"1-file"#) && !row.contains("测甲一"), "\(row)")
        }
    }

    @Test func `an export that cannot be written says so`() throws {
        try site.write("x", to: "there.log")
        for place in ["there.log", "no-folder/out.log"] {
            let ended = try run(["audit", "export", "--out", site.folder + "/" + place])
            #expect(ended.status == 74 && ended.err.contains("E-AUDIT-OUT"), "\(ended.err)")
        }
        #expect(try String(contentsOfFile: site.folder + "/there.log", encoding: .utf8) == "x")
    }
}
