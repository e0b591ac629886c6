import Foundation
import TestKit
import Testing

/// What is typed already must be changed or taken back: the worklist says which case of the
/// platform, what differs, and whose it is; the platform's list closes it.
@Suite(.serialized) struct AssistedChangeTests {
    @Test func `an amendment and a withdrawal go by worklists, and the list of results ends them`()
        throws
    {
        let county = try AssistedCounty(couples: 0)
        let couple = CleanCouple(file: "A")
        try county.take(couple, as: "1.csv")
        _ = try county.handOut(as: "1.xlsx")
        let first = try #require(try AssistedCounty.open(county.desk + "/1.xlsx").cases.first)
        #expect(first["操作"] == "新增" && first["平台现有编号"] == "" && first["与平台不同的项"] == "")
        let reference = try #require(first["上报编号"])

        // What is changed before the platform has answered waits: there is one open at a time.
        try county.take(couple.with(["付费方式": "自费"]), as: "2.csv")
        #expect(try county.handOut(as: "none.xlsx").cases == 0)
        let accepted = try county.write(
            [AssistedCounty.head, [reference, "T001", "", "", "已接收", ""]], to: "r1.csv")
        #expect(try county.bring(accepted).1 == 0)

        let collected = try county.run(["collect"])
        #expect(collected.status == 0, "\(collected.out)\(collected.err)")
        #expect(try county.handOut(as: "2.xlsx").cases == 1)
        let book = try AssistedCounty.open(county.desk + "/2.xlsx")
        let second = try #require(book.cases.first)
        #expect(second["操作"] == "变更" && second["平台档案编号"] == "T001")
        #expect(second["平台现有编号"] == reference)
        let changes = (second["与平台不同的项"] ?? "").split(separator: "\n")
        #expect(changes.count == 1 && changes[0].contains("→"), "\(changes)")
        #expect(changes.first?.contains("自费") == true, "\(changes)")
        #expect(book.steps.contains { ($0["要做什么"] ?? "").contains("与平台不同的项") })
        let amended = try #require(second["上报编号"])
        #expect(amended != reference && amended.prefix(32) == reference.prefix(32))
        let same = try county.handOut(as: "2b.xlsx", ["--again"])
        #expect(same.isSame == true)
        let changed = try county.write(
            [AssistedCounty.head, [amended, "T001", "", "", "已接收", ""]], to: "r2.csv")
        #expect(try county.bring(changed).1 == 0)
        #expect(try county.cases() == ["taken": 2, "accepted": 1, "superseded": 1])

        try county.take(
            couple.with(["付费方式": "自费", "撤回同意时间": "2012-04-01 09:30"]), as: "3.csv")
        #expect(try county.handOut(as: "3.xlsx").cases == 1)
        let third = try #require(try AssistedCounty.open(county.desk + "/3.xlsx").cases.first)
        #expect(third["操作"] == "撤回" && third["平台档案编号"] == "T001")
        #expect(third["平台现有编号"] == amended)
        // Whose case is to be deleted, and nothing else about them.
        #expect(third["女方·证件号码"] == first["女方·证件号码"])
        #expect(third["男方·证件号码"] == first["男方·证件号码"])
        #expect(first["女方·姓名"] != nil && third["女方·姓名"] == nil)

        try expectGone(county, amended)
    }

    /// It stands there still; then it is gone, under the reference that was typed last.
    private func expectGone(_ county: AssistedCounty, _ amended: String) throws {
        let still = try county.write(
            [AssistedCounty.head, [amended, "T001", "", "", "已接收", ""]], to: "r3.csv")
        #expect(try county.bring(still).1 == 0)
        #expect(try county.cases()["withdrawn"] == nil)
        let gone = try county.write(
            [AssistedCounty.head, [amended, "T001", "", "", "已删除", ""]], to: "r4.csv")
        #expect(try county.bring(gone).1 == 0)
        let cases = try county.cases()
        #expect(cases["accepted"] == nil && cases["withdrawn"] != nil, "\(cases)")
        #expect(try county.handOut(as: "4.xlsx").cases == 0)
        #expect(try Program().brokenInvariants(of: county.site.folder) == [])
    }

    @Test func `killed at every durable step of bringing results, it ends the same`() throws {
        let county = try AssistedCounty(couples: 3)
        _ = try county.handOut(as: "list.xlsx")
        let references = try AssistedCounty.open(county.desk + "/list.xlsx").cases
            .compactMap { $0["上报编号"] }
        let list = try county.write(
            [
                AssistedCounty.head, [references[0], "T1", "", "", "已接收", ""],
                [references[1], "T2", "", "", "已退回", "女方证件号码有误，请核对"],
                [references[2], "T3", "", "", "待审核", ""],
            ], to: "r.csv")
        func ends(_ folder: String) throws -> [String] {
            let status = try Program().run(["status", "--json", "--site", folder])
            let object = try JSONSerialization.jsonObject(with: Data(status.out.utf8))
            let fields = (object as? [String: Any]) ?? [:]
            #expect(try Program().brokenInvariants(of: folder) == [])
            let kept = try Program().run(["receipts", "list", "--json", "--site", folder])
            return try ["cases", "submissions", "alarms", "ledgerLines"].map { key in
                let part = try JSONSerialization.data(
                    withJSONObject: [fields[key] ?? ""], options: [.sortedKeys])
                return key + String(decoding: part, as: UTF8.self)
            } + ["\(kept.out.matches(of: /"sha256"/).count) receipts"]
        }
        func bring(_ folder: String, under: [String] = []) throws -> Program.Ended {
            try Program().run(
                ["results", list, "--by", "clerk", "--site", folder], in: "en", under: under)
        }
        func withCopy(_ name: String, _ body: (String) throws -> Void) throws {
            let folder = county.site.folder + "-" + name
            try FileManager.default.copyItem(atPath: county.site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try body(folder)
        }
        var undisturbed: [String] = []
        try withCopy("whole") { folder in
            #expect(try bring(folder).status == 0)
            undisturbed = try ends(folder)
        }
        #expect(undisturbed.last == "1 receipts", "\(undisturbed)")
        var (step, isThrough) = (1, false)
        while !isThrough, step < 40 {
            try withCopy("\(step)") { folder in
                let killed = try bring(
                    folder, under: Program.killing(at: step, of: "fdatasync,fsync"))
                #expect(try bring(folder).status == 0, "step \(step)")
                #expect(try ends(folder) == undisturbed, "killed at step \(step)")
                isThrough = killed.status == 0
            }
            step += 1
        }
        #expect(isThrough && step > 2)
    }
}
