import Evidence
import Flow
import Foundation
import Records
import Testing

/// A list of clinics' own counts: what makes sense counts, and the rest is listed.
struct SourceCountListTests {
    private func list(_ text: String, services: Set<String> = ["serum", "nipt"]) throws
        -> SourceCountList
    {
        let path = NSTemporaryDirectory() + "counts-" + UUID().uuidString + ".csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try SourceCountList(
            path: path, programme: "prenatal-screening", services: services, by: "lin")
    }

    @Test func `rows are read in either language, and months as people write them`() throws {
        let zh = try list(
            "机构,月份,例数,服务\r\nPDY99010000000000000A1,2012年3月,176,\r\n"
                + "PDY99010000000000000A1,201204,8,serum\r\n")
        #expect(zh.problems.isEmpty)
        #expect(zh.counts.map(\.month.description) == ["2012-03", "2012-04"])
        #expect(zh.counts.map(\.count) == [176, 8] && zh.counts.map(\.service) == [nil, "serum"])
        let first = try #require(zh.counts.first)
        #expect(first.list?.count == 64 && first.by == "lin")
        let en = try list("Institution,Month,Count\nMA0000T1X99010111G1001,2012-12,0\n")
        #expect(en.counts.map(\.count) == [0] && en.counts.first?.month.month == 12)
    }

    @Test func `a row that makes no sense is listed with its number, and the others count`() throws
    {
        let found = try list(
            "机构,月份,例数,服务\nPDY99010000000000000A1,2012-03,1,\n县医院,2012-03,1,\n"
                + "PDY99010000000000000A1,2012-13,1,\nPDY99010000000000000A1,2012-03,-1,\n"
                + "PDY99010000000000000A1,2012-03,1,xray\n990101198603150022,2012-03,1,\n"
                + "PDY99010000000000000A1,2012-03,2.5,\n")
        #expect(found.counts.count == 1)
        #expect(found.problems.map(\.row) == [3, 4, 5, 6, 7, 8])
        #expect(
            found.problems.map(\.problem)
                == [.institution, .month, .count, .service, .institution, .count])
    }

    @Test func `a list without a column says which`() throws {
        let error = #expect(throws: SourceCountFailure.self) {
            try list("机构,例数\nPDY99010000000000000A1,1\n")
        }
        #expect(error?.entry.code == "K-COLUMN" && error?.detail?.contains("月份") == true)
    }
}
