import Flow
import Foundation
import Storage
import Testing

/// What a person reads when something is wrong, and how the process ends.
struct FailureTests {
    /// Runs in both languages and as JSON; keeps what was said on standard error.
    private func expect(
        _ status: Int32, _ words: [String], as name: String, by program: Program = Program(),
        input: String? = nil
    ) throws {
        var text = ""
        for (language, more) in [("zh", []), ("en", []), ("en", ["--json"])] {
            let ended = try program.run(words + more, in: language, input: input)
            #expect(ended.status == status, "\(ended.out)\(ended.err)")
            #expect(more.isEmpty || ended.out.isEmpty)
            text += ended.err
        }
        Snapshot.expect(text, as: "failure-" + name)
    }

    @Test func `a wrong use says how to look it up`() throws {
        try expect(64, ["take"], as: "usage")
        try expect(64, ["settle", "--year", "twelve"], as: "usage-value")
        #expect(try Program().run(["tak"]).status == 64)
    }

    @Test func `nobody's number goes into the ledger with a reason`() throws {
        let site = try TestSite()
        try expect(
            64,
            [
                "resend", "pause", "abcdef", "--because", "测甲一 990101198603150022 来函", "--site",
                site.folder,
            ], as: "person-words", by: site.program)
        let by = try site.program.run([
            "results", site.folder + "/none.csv", "--by=139 0000 1111", "--site", site.folder,
        ])
        #expect(by.status == 64 && by.err.contains("E-PERSON-WORDS") && !by.err.contains("0000"))
        let letter = try site.program.run([
            "resend", "pause", "abcdef", "--because", "国卫函〔2026〕123号，2026-03-06", "--site",
            site.folder,
        ])
        #expect(letter.err.contains("Q-PLAN-NONE"), "\(letter.err)")
    }

    /// Somebody may paste a person's number where an id belongs.
    @Test func `what was typed is not repeated where it is somebody's number`() throws {
        let site = try TestSite()
        let (number, mobile) = ("990101198808080021", "13800001111")
        for words in [
            ["keys", "rotate", "骉驫猋" + number], ["receipts", "show", number],
            ["receipts", "show", mobile], ["disclosures", "--from", number],
            ["verify", "/tmp/骉驫猋\(number).zip"], ["doctor", "--site", "/tmp/\(number)"],
            ["settle", "--year", number], ["trace", "骉驫猋 " + number], ["take", number, mobile],
            ["nothing" + number], ["explain", number], ["queue", "show", number],
        ] {
            let place = words[0] == "doctor" || words[0] == "verify" ? [] : ["--site", site.folder]
            for more in [[], ["--json"]] {
                let ended = try Program().run(words + place + more, in: "en")
                #expect(ended.status != 0, "\(words)")
                for secret in [number, mobile, "骉驫猋"] {
                    #expect(!(ended.out + ended.err).contains(secret), "\(words) \(ended)")
                }
            }
        }
        let known = try Program().run(
            ["trace", "0123456789abcdef0123456789abcdef", "--site", site.folder], in: "en")
        #expect(known.err.contains("0123456789abcdef0123456789abcdef"), "\(known)")
    }

    @Test func `a folder without a site says how to make one`() throws {
        let folder = NSTemporaryDirectory() + "no-site-" + UUID().uuidString
        try expect(
            78, ["status", "--site", folder], as: "no-site", by: Program(names: [folder: "FOLDER"]))
    }

    @Test func `an unknown code names the nearest`() throws {
        try expect(64, ["explain", "R-5"], as: "unknown-code")
        let known = try Program().run(["explain", "r-05"], in: "en")
        #expect(known.status == 0 && known.out.hasPrefix("R-05 "))
        #expect(try Program().run(["explain", "E-DB-LOCKED"]).status == 0)
        #expect(try Program().run(["explain", "E2104"]).status == 0)
    }

    @Test func `a file that cannot be taken says why and keeps nothing`() throws {
        let site = try TestSite()
        try site.write("", to: "in/empty.csv")
        try site.write("档案编号,女方姓名\r\nA1,测甲\r\n", to: "in/columns.csv")
        try Data([0x61, 0xFF, 0xFE, 0x81, 0x0A]).write(
            to: URL(fileURLWithPath: site.folder + "/in/bytes.csv"))
        for (name, status) in [("empty", 3), ("columns", 3), ("bytes", 3), ("absent", 74)] {
            let words = ["take", site.folder + "/in/\(name).csv", "--site", site.folder]
            try expect(Int32(status), words, as: "file-" + name, by: site.program)
        }
        let status = try site.program.run(["status", "--site", site.folder, "--json"])
        #expect(status.out.contains("\"items\" : 0"))
        #expect(status.out.contains("\"ledgerLines\" : 1"), "the key ring's counter alone")
    }

    @Test func `a wrong passphrase opens nothing`() throws {
        let site = try TestSite()
        try expect(
            78, ["keys", "list", "--site", site.folder, "--passphrase-fd", "7"], as: "passphrase",
            by: site.program, input: "this is not the passphrase")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: site.folder + "/keys/passphrase.txt")
        try expect(
            78, ["keys", "list", "--site", site.folder], as: "passphrase-mode", by: site.program)
    }

    @Test func `lint names file, line and column`() throws {
        let site = try TestSite(hasKeys: false)
        let copy = site.folder + "/mappings"
        try FileManager.default.copyItem(atPath: Program.root + "/mappings", toPath: copy)
        try site.edit("mappings/preconception/from-county-csv.yaml") {
            $0.replacing("codeSet:", with: "codesSet:")
        }
        let ended = try site.program.run(["lint", "--mappings", copy, "--site", site.folder])
        #expect(ended.status == 78)
        Snapshot.expect(ended.out, as: "lint")
        try site.edit("shangbao.yaml") { $0.replacing("suite: gm", with: "suite: rot13") }
        try expect(
            78, ["status", "--site", site.folder], as: "site-file", by: site.program)
    }

    /// A site in production with definitions of its own and a rehearsal's ring, and its passphrase.
    private func production() throws -> (site: TestSite, passphrase: String) {
        let site = try TestSite()
        let copy = site.folder + "/mappings"
        try FileManager.default.copyItem(atPath: Program.root + "/mappings", toPath: copy)
        try site.edit("shangbao.yaml") {
            $0.replacing("environment: rehearsal", with: "environment: production")
                .replacing("passphrase: { file: keys/passphrase.txt }", with: "")
                .replacing(/mappings: .*/, with: "mappings: mappings")
        }
        let passphrase = try String(
            contentsOfFile: site.folder + "/keys/passphrase.txt", encoding: .utf8
        ).trimmingCharacters(in: .newlines)
        return (site, passphrase)
    }

    @Test func `in production a mapping needs an approval bound to its content`() throws {
        let (site, passphrase) = try production()
        let common = ["--site", site.folder, "--passphrase-fd", "7"]
        let shut = try site.program.run(["keys", "list"] + common, input: passphrase)
        #expect(shut.status == 78 && shut.err.contains("E-KEY-REHEARSAL"), "\(shut.err)")
        try FileManager.default.removeItem(atPath: site.folder + "/keys/keyring.json")
        #expect(try site.program.run(["keys", "init"] + common, input: passphrase).status == 0)
        try site.write("", to: "in/any.csv")
        let take = ["take", site.folder + "/in/any.csv"] + common
        try expect(78, take, as: "approval", by: site.program, input: passphrase)
        try PersonalKeys.make("zhou", in: site.folder)
        try site.edit("shangbao.yaml") {
            $0 + """

                privacy:
                  officers:
                    周审核: { role: 隐私负责人, department: 信息科, key: people/zhou.pub.pem }

                """
        }
        func approve(_ words: [String]) throws -> Program.Ended {
            try site.program.run(
                ["mapping", "approve", "county-hospital", "--by", "周审核"]
                    + words + ["--site", site.folder], in: "en")
        }
        let key = ["--key", site.folder + "/people/zhou.pem"]
        let sheet = try site.sheetSeen().sha256
        let seen = ["--because", "必要；M09：机构另有用途", "--sheet", String(sheet.prefix(8))]
        let own = try approve(key + seen + ["--author", "周审核"])
        #expect(own.status == 78 && own.err.contains("E-APPROVAL-SELF"), "\(own.err)")
        let author = key + ["--author", "李编写"]
        let other = try approve(author + ["--because", "必要", "--sheet", "00000000"])
        // The present one is to be read, not copied from an error.
        #expect(other.err.contains("E-APPROVAL-SHEET") && !other.err.contains(sheet.prefix(8)))
        for few in [[], ["--sheet", "0000000"], ["--sheet", "not a digest"]] {
            #expect(try approve(author + ["--because", "必要"] + few).status == 64)
        }
        for why in [" ", "必要"] {
            let silent = try approve(author + ["--because", why, "--sheet", sheet])
            #expect(silent.status == 78 && silent.err.contains("E-APPROVAL-REASON"))
        }
        for day in ["2020-01-01", "2099-01-01"] {
            let term = try approve(author + seen + ["--valid-until", day])
            #expect(term.status == 78 && term.err.contains("E-APPROVAL-TERM"), "\(term.err)")
        }
        let approved = try approve(author + seen)
        #expect(approved.status == 0, "\(approved.err)")
        let taken = try site.program.run(take, in: "en", input: passphrase)
        #expect(taken.status == 3 && taken.err.contains("E-EMPTY"))
        try site.edit("mappings/preconception/words/qual.csv") { $0 + "阴性～,NEG\n" }
        let changed = try site.program.run(take, in: "en", input: passphrase)
        #expect(changed.status == 78 && changed.err.contains("E-APPROVAL-CHANGED"))
    }

    @Test func `a second process on one database may look; a writing one ends with 73`()
        async throws
    {
        let site = try TestSite(hasKeys: false)
        let holder = try await SQLiteDatabase.open(
            site.folder + "/data/shangbao.db", migrations: Site.migrations)
        try expect(73, ["deliver", "--site", site.folder], as: "locked", by: site.program)
        #expect(try site.program.run(["status", "--site", site.folder]).status == 0)
        await holder.close()
        let idle = try site.program.run(["deliver", "--site", site.folder])
        #expect(idle.status == 4, "the database is free; the national side does not run")
    }

    @Test func `nothing to deliver is good, nothing delivered is not`() throws {
        let site = try TestSite()
        let idle = try site.program.run(["deliver", "--site", site.folder])
        #expect(idle.status == 4, "the national side does not run: \(idle.out)")
        let sampled = try site.program.run([
            "sample", "--couples", "3", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        #expect(sampled.status == 0)
        let file = site.folder + "/couples-3-seed-7.csv"
        #expect(try site.program.run(["take", file, "--site", site.folder]).status == 0)
        #expect(try site.program.run(["deliver", "--site", site.folder]).status == 4)
        let again = try site.program.run(["take", file, "--site", site.folder], in: "en")
        #expect(again.status == 0 && again.out.contains("taken before"))
        let draft = try site.program.run(["settle", "--year", "2012", "--site", site.folder])
        #expect(draft.status == 6, "cases are queued: \(draft.out)")
    }
}
