import Definitions
import Flow
import Foundation
import Programmes
import Records
import Settlements
import Testing

/// The national side's list of cases as a file: what is read of it, and what is not.
struct CaseListTests {
    private static let form = """
        rowIs: case
        columns:
          reference: [上报编号, 备注]
          serial: [档案编号]
          group: [家庭编号]
          institution: [机构代码]
          servedOn: [检查日期]
          status: [状态]
        words:
          accepted: [已接收]
          rejected: [已退回]
        """
    private static let reference = "0123456789abcdef0123456789abcdef-2"

    private func list(_ text: String, form: String = form) throws -> CaseList {
        let path = NSTemporaryDirectory() + "cases-" + UUID().uuidString + ".csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try CaseList(
            path: path, by: CaseListForm(Section(text: form, shownAs: "case-list.yaml")))
    }

    @Test func `a row is read by the profile's columns and words`() throws {
        let found = try list(
            "姓名,备注,档案编号,家庭编号,机构代码,检查日期,状态\n"
                + "某,录入 \(CaseListTests.reference),T1,F1,MA0000T1X99010111G1001,2012-03-05,已接收\n"
                + "某,,T2,,县医院,2012年4月,已退回\n")
        #expect(found.rows.map(\.number) == [2, 3] && found.rows.allSatisfy { $0.problem == nil })
        let (first, second) = (found.rows[0], found.rows[1])
        #expect(first.record?.text == String(CaseListTests.reference.dropLast(2)))
        #expect(first.version == 2 && first.serial == "T1" && first.group == "F1")
        #expect(first.institution == "MA0000T1X99010111G1001" && first.state == .accepted)
        #expect(second.institution == nil && second.state == .rejected)
        #expect([first, second].map(\.month?.description) == ["2012-03", "2012-04"])
        #expect(found.digest.count == 64 && found.shape.countsRows)
    }

    @Test(arguments: [
        "2012-03-05", "2012/3/5", "2012年3月5日", "20120305", "2012-03-05 10:00:00",
        "2012-03-05T10:00:00", "2012-03", "201203", "2012年3月", "2012/3",
    ])
    func `a day or a month is read as people write it`(text: String) throws {
        let found = try list("档案编号,检查日期,状态\nT1,\(text),已接收\n")
        #expect(found.rows.map(\.month?.description) == ["2012-03"])
        #expect(found.rows.allSatisfy { $0.problem == nil })
    }

    @Test func `what makes no sense says why and keeps its name`() throws {
        let found = try list(
            "档案编号,检查日期,状态\nT1,昨天,已接收\nT2,2012-13-01,已接收\nT3,2012-03-05,存疑\n"
                + "990101198603150022,2012-03-05,已接收\nT5,2012-03-05,已接收\n")
        #expect(
            found.rows.map(\.problem) == [.month, .month, .word, .serial, nil])
        #expect(found.rows.map(\.serial) == ["T1", "T2", "T3", nil, "T5"])
    }

    @Test func `a list without a status has cases in force alone`() throws {
        let form = "rowIs: part\ncolumns: { serial: [档案编号] }\n"
        let found = try list("档案编号,性别\nT1,女\nT1,男\n", form: form)
        #expect(found.rows.map(\.state) == [.accepted, .accepted] && !found.shape.countsRows)
    }

    @Test func `a list without its columns says which`() throws {
        let status = #expect(throws: CaseListFailure.self) {
            try list("档案编号,检查日期\nT1,2012-03-05\n")
        }
        #expect(status?.entry.code == "M-COLUMN" && status?.detail?.contains("状态") == true)
        let name = #expect(throws: CaseListFailure.self) { try list("姓名,状态\n某,已接收\n") }
        #expect(name?.detail?.contains("档案编号") == true && name?.isOfList == true)
    }
}
