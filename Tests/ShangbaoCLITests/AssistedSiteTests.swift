import Evidence
import Flow
import Foundation
import LibCrypto
import Records
import Storage
import TestKit
import Testing

/// Assisted entry as a county does it: a worklist, a person who types, the platform's list, money.
@Suite(.serialized) struct AssistedSiteTests {
    @Test func `from a worklist to money, marked as unsigned to the last line`() throws {
        let county = try AssistedCounty()
        let said = try county.run(["deliver"])
        #expect(
            said.status == 0 && said.out.contains("shangbao worklist"), "\(said.out)\(said.err)")
        let handed = try county.handOut(as: "list.xlsx")
        #expect(handed.cases == 6)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: county.desk + "/list.xlsx")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let book = try AssistedCounty.open(county.desk + "/list.xlsx")
        #expect(book.sheets == ["病例", "核对表"] && book.frozen == ["C2", "C2"])
        #expect(book.formats == ["@"] && book.kinds == ["s"])
        #expect(book.cases.count == 6 && Set(book.cases.map { $0["操作"] }) == ["新增"])
        #expect(book.steps.count == 36 && book.steps.allSatisfy { $0["要做什么"] != "" })
        let ids = book.cases.map { $0["女方·证件号码"] ?? "" }
        #expect(ids.allSatisfy { $0.utf8.count == 18 })

        // The person types; some are done, one is returned, one waits, one lost its reference.
        let references = book.cases.map { $0["上报编号"] ?? "" }
        let husband = book.cases[4]["男方·证件号码"] ?? ""
        let rows = [
            AssistedCounty.head,
            ["录入 " + references[0], "T001", "", "", "已接收", ""],
            [references[1], "T002", "", "", "审核通过", ""],
            [references[2], "T003", "", "", "已退回", "女方证件号码有误，请核对"],
            [references[3], "T004", "", "", "待审核", ""],
            ["", "T005", ids[4], husband, "已接收", ""],
            [references[5], "T006", "", "", "已接收", ""],
            ["someone else", "T999", "", "", "已接收", ""],
            [references[3], "T004", "", "", "不明状态", ""],
            [references[0], ids[0], "", "", "已接收", ""],
        ]
        let path = try county.write(rows, to: "results.csv")
        let (brought, status) = try county.bring(path)
        #expect(status == 3)
        #expect((brought.accepted, brought.rejected, brought.pending) == (4, 1, 1))
        #expect(
            brought.problems == [
                .init(row: 8, code: "W-UNMATCHED"), .init(row: 9, code: "W-WORD"),
                .init(row: 10, code: "W-SERIAL"),
            ])
        #expect(try county.cases()["accepted"] == 4)
        let before = try county.run(["status", "--json"]).out
        let (again, _) = try county.bring(path)
        #expect(again.wasKept && again.list == brought.list)
        #expect(try county.run(["status", "--json"]).out == before)

        let reconciled = try county.run(["reconcile", "--year", "2012"])
        #expect(reconciled.out.contains("without a signature: 4"), "\(reconciled.out)")
        let listed = try county.run(["receipts", "list"])
        #expect(listed.out.contains("(unsigned)"), "\(listed.out)")

        try close(county, last: references[3])
        try lookForPersons(in: county, book)
    }

    /// The last one is answered, and the year is closed, paid and verified.
    private func close(_ county: AssistedCounty, last reference: String) throws {
        let last = try county.write(
            [AssistedCounty.head, [reference, "T004", "", "", "已接收", ""]],
            to: "later.csv")
        #expect(try county.bring(last).1 == 0)
        let settled = try county.run(["settle", "--year", "2012"])
        #expect(settled.status == 0, "\(settled.out)\(settled.err)")
        #expect(settled.out.contains("of which by unsigned lists"), "\(settled.out)")
        let packs = try FileManager.default.contentsOfDirectory(
            atPath: county.site.folder + "/out")
        let pack = county.site.folder + "/out/" + (packs.first { $0.hasPrefix("evidence") } ?? "")
        let checked = try county.run(["verify", pack])
        #expect(checked.status == 0, "\(checked.out)\(checked.err)")
        #expect(checked.out.contains("✓ python3") && checked.out.contains("recount.py"))
        let unpacked = try UnpackedPack(pack, in: county.site.folder).folder
        let lines = try String(contentsOfFile: unpacked + "/ledger/leaves.jsonl", encoding: .utf8)
        #expect(lines.contains(#""grade":"unsigned""#))
    }

    /// No value of a person lies in the site, in clear.
    private func lookForPersons(in county: AssistedCounty, _ book: AssistedCounty.Book) throws {
        let names = ["女方·姓名", "男方·姓名", "女方·证件号码", "男方·证件号码", "女方·手机号码"]
        let values = book.cases.flatMap { row in names.compactMap { row[$0] } }
            .filter { $0.utf8.count >= 9 }.map { Data($0.utf8) }
        #expect(values.count > 10)
        let folder = county.site.folder
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String })
            ?? []
        {
            guard let content = FileManager.default.contents(atPath: folder + "/" + name) else {
                continue
            }
            let holds = values.contains { content.range(of: $0) != nil }
            #expect(!holds, "a personal value lies in \(name)")
        }
    }

    @Test func `a reason nobody knows holds the record until it is known, and then mends it`()
        throws
    {
        let county = try AssistedCounty(couples: 1)
        _ = try county.handOut(as: "list.xlsx")
        let reference = try #require(
            try AssistedCounty.open(county.desk + "/list.xlsx").cases[0]["上报编号"])
        let path = try county.write(
            [AssistedCounty.head, [reference, "", "", "", "已退回", "照片不清楚"]], to: "r.csv")
        let (first, status) = try county.bring(path)
        #expect(status == 3 && first.problems == [.init(row: 2, code: "W-REASON")])
        #expect(try county.cases() == ["taken": 1, "held": 1])
        // The county's own copy of the definitions learns the word.
        let mappings = county.desk + "/mappings"
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: mappings)
        let table = mappings + "/preconception/to-reference-1/answer-texts.csv"
        let text = try String(contentsOfFile: table, encoding: .utf8)
        try Data((text + "contains,照片不清楚,E2101\n").utf8).write(to: URL(fileURLWithPath: table))
        try county.site.edit("shangbao.yaml") {
            $0.replacing(/\nmappings: [^\n]*/, with: "\nmappings: \(mappings)")
        }
        let (second, after) = try county.bring(path)
        #expect(after == 0 && second.wasKept && second.problems.isEmpty)
        #expect(try county.cases() == ["taken": 1, "rejected": 1])
    }

    /// Whoever has a pack or the ledger has time to try all numbers of a county.
    @Test func `a person's number in a reason cannot be had back from its name`() throws {
        let county = try AssistedCounty(couples: 2)
        _ = try county.handOut(as: "list.xlsx")
        let references = try AssistedCounty.open(county.desk + "/list.xlsx").cases
            .map { $0["上报编号"] ?? "" }
        let reason = "证件号码990101198808080021与姓名不符"
        func bring(_ place: Int) throws -> String {
            let path = try county.write(
                [AssistedCounty.head, [references[place], "", "", "", "已退回", reason]],
                to: "r\(place).csv")
            #expect(try county.bring(path).1 == 3)
            struct Line: Decodable { let name: String, records: Int }
            let said = try county.run(["receipts", "texts", "--json"]).out
            let lines = try JSONDecoder().decode([Line].self, from: Data(said.utf8))
            #expect(lines.map(\.records) == [place + 1])
            return lines[0].name
        }
        let name = try bring(0)
        #expect(name.wholeMatch(of: /TEXT-[0-9a-f]{16}/) != nil)
        #expect(try bring(1) == name, "the same text has the same name")
        for hash in [Hash.sha256, .sm3] {
            let bare = Hex.encode(hash.digest(Array(reason.utf8)))
            #expect(!bare.hasPrefix(name.dropFirst(5).prefix(8)))
        }
        let ledger = county.desk + "/ledger.jsonl"
        #expect(try county.run(["ledger", "export", "--out", ledger]).status == 0)
        let text = try String(contentsOfFile: ledger, encoding: .utf8)
        #expect(text.contains(name) && !text.contains("-\(reason.count)\""))
    }

    @Test func `a list is erased when its time is over, and what followed from it stays`()
        async throws
    {
        let county = try AssistedCounty(couples: 1)
        _ = try county.handOut(as: "list.xlsx")
        let reference = try #require(
            try AssistedCounty.open(county.desk + "/list.xlsx").cases[0]["上报编号"])
        let path = try county.write(
            [AssistedCounty.head, [reference, "T001", "", "", "已接收", ""]], to: "r.csv")
        let (brought, _) = try county.bring(path)
        let out = county.desk + "/kept.csv"
        let kept = ["results", "--kept", brought.list, "--out", out]
        #expect(try county.run(kept).status == 0)

        let later: @Sendable () -> Timestamp = { systemNow().adding(seconds: 1100 * 86_400) }
        let site = try Site(folder: county.site.folder, clock: later)
        let database = try await site.openDatabase()
        let desk = RetentionDesk(
            try RetentionRule(mappings: site.configuration.mappings), database: database,
            clock: later)
        let erased = try await desk.erase(by: "lin", because: "a test of the time")
        await database.close()
        #expect(erased.contains { $0.kind == "resultList" && $0.count == 1 })

        try FileManager.default.removeItem(atPath: out)
        let gone = try county.run(kept)
        #expect(gone.status == 64 && gone.err.contains("W-LIST-ERASED"), "\(gone)")
        #expect(try county.cases()["accepted"] == 1)
        #expect(try Program().brokenInvariants(of: county.site.folder) == [])
    }

    @Test func `a number that the platform gave to two cases counts for neither`() throws {
        let county = try AssistedCounty(couples: 3)
        _ = try county.handOut(as: "list.xlsx")
        let book = try AssistedCounty.open(county.desk + "/list.xlsx")
        let references = book.cases.map { $0["上报编号"] ?? "" }
        let path = try county.write(
            [
                AssistedCounty.head,
                [references[0], "T001", "", "", "已接收", ""],
                [references[1], "T001", "", "", "已接收", ""],
                [references[2], "T002", "", "", "已接收", ""],
            ], to: "r1.csv")
        let (first, status) = try county.bring(path)
        #expect(status == 3 && first.accepted == 1)
        #expect(
            first.problems == [
                .init(row: 2, code: "W-SHARED"), .init(row: 3, code: "W-SHARED"),
            ])
        let other = try county.write(
            [
                AssistedCounty.head,
                [references[0], "T002", "", "", "已接收", ""],
                [references[1], "T003", "", "", "已接收", ""],
            ], to: "r2.csv")
        let (second, _) = try county.bring(other)
        #expect(second.problems == [.init(row: 2, code: "W-SHARED")])
        #expect(try county.cases() == ["taken": 3, "accepted": 2, "unanswered": 1])
    }

    @Test func `an earlier worklist is written again by its SHA-256`() throws {
        let county = try AssistedCounty(couples: 1)
        let first = try county.handOut(as: "1.xlsx")
        let workbook = try #require(first.workbook)
        try county.take(CleanCouple(), as: "2.csv")
        let second = try county.handOut(as: "2.xlsx")
        let again = try county.handOut(
            as: "1b.xlsx", ["--again", "--of", String(workbook.prefix(12))])
        #expect(again.isSame == true && again.submissions == first.submissions)
        #expect(again.submissions != second.submissions)
        let none = try county.run([
            "worklist", "--again", "--of", "00000000", "--out", county.desk + "/3.xlsx",
        ])
        #expect(none.status != 0 && none.err.contains("W-NO-WORKLIST"), "\(none.err)")
        let short = try county.run([
            "worklist", "--again", "--of", String(workbook.prefix(7)), "--out",
            county.desk + "/4.xlsx",
        ])
        #expect(short.err.contains("W-NO-WORKLIST"), "\(short.err)")
    }

    @Test func `the kept list comes back as it was, and files of people stay out of the site`()
        throws
    {
        let county = try AssistedCounty(couples: 1)
        let inside = try county.run(["worklist", "--out", county.site.folder + "/list.xlsx"])
        #expect(inside.status == 64 && inside.err.contains("W-INSIDE"), "\(inside.err)")
        #expect(try county.cases()["queued"] == 1)
        _ = try county.handOut(as: "list.xlsx")
        let over = try county.run([
            "worklist", "--again", "--out", county.desk + "/list.xlsx",
        ])
        #expect(over.status == 64 && over.err.contains("E-EXISTS"), "\(over.err)")
        let once = try county.handOut(as: "second.xlsx", ["--again"])
        #expect(once.isSame == true && once.cases == 1)
        let reference = try #require(
            try AssistedCounty.open(county.desk + "/list.xlsx").cases[0]["上报编号"])
        let path = try county.write(
            [AssistedCounty.head, [reference, "T1", "", "", "已接收", ""]], to: "r.csv")
        let (brought, _) = try county.bring(path)
        let out = county.desk + "/kept.csv"
        let kept = try county.run(["results", "--kept", brought.list, "--out", out])
        #expect(kept.status == 0, "\(kept.err)")
        #expect(
            FileManager.default.contents(atPath: out)
                == FileManager.default.contents(atPath: path))
    }

    @Test func `a site that reports by wire has no worklist, and people are not rehearsed`() throws
    {
        let wired = try TestSite()
        let refused = try Program().run(
            ["worklist", "--out", "/tmp/x.xlsx", "--site", wired.folder], in: "en")
        #expect(refused.status == 78 && refused.err.contains("W-BY-WIRE"), "\(refused.err)")
        let assisted = try TestSite(binding: "assisted")
        let rehearsed = try Program().run(["rehearse", "--site", assisted.folder], in: "en")
        #expect(rehearsed.status == 78 && rehearsed.err.contains("W-REHEARSAL"))
        let doctor = try Program().run(["doctor", "--site", assisted.folder], in: "en")
        #expect(doctor.status == 0, "\(doctor.out)")
    }

    @Test func `killed at every durable step, nothing is lost and nothing is handed out twice`()
        throws
    {
        let county = try AssistedCounty(couples: 2)
        var step = 1
        var isThrough = false
        while !isThrough, step < 40 {
            let folder = county.site.folder + "-\(step)"
            try FileManager.default.copyItem(atPath: county.site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            func worklist(_ name: String, _ more: [String] = [], under: [String] = []) throws
                -> Program.Ended
            {
                try Program().run(
                    ["worklist", "--out", folder + "-" + name, "--site", folder, "--json"] + more,
                    in: "en", under: under)
            }
            let killed = try worklist("a", under: Program.killing(at: step, of: "fdatasync,fsync"))
            let next = try worklist("b")
            let handed = try JSONDecoder().decode(
                AssistedCounty.Handed.self, from: Data(next.out.utf8))
            // Either they were not handed out, or they are noted, and the list can be had again.
            if handed.cases == 0 {
                let again = try worklist("c", ["--again"])
                let list = try JSONDecoder().decode(
                    AssistedCounty.Handed.self, from: Data(again.out.utf8))
                #expect(list.cases == 2 && list.isSame == true, "step \(step)")
            } else {
                #expect(handed.cases == 2, "step \(step)")
            }
            #expect(try worklist("d").out.contains("\"cases\" : 0"), "step \(step)")
            #expect(try Program().brokenInvariants(of: folder) == [], "step \(step)")
            for name in ["a", "b", "c", "d"] {
                try? FileManager.default.removeItem(atPath: folder + "-" + name)
            }
            isThrough = killed.status == 0
            step += 1
        }
        #expect(isThrough && step > 2)
    }
}
