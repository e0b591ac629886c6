import Mappings
import Testing

/// A number of a file or a sample that a spreadsheet took for a quantity names somebody else.
@Suite struct SpreadsheetDamageTests {
    @Test(arguments: [
        "2.01605E+17", "2.01605e+17", "2E+17", "2.0160517E17", "1.5E-7", "201605170001.0",
        "0012.00", "201605170001234000", "2016051700012340000",
    ])
    func `a damaged number is known`(text: String) {
        #expect(SpreadsheetDamage.isLikely(in: Array(text.utf8)))
    }

    @Test(arguments: [
        "", "S0001", "DEMO-B-0001", "1E5", "12E34567", "201605170001", "2016051700012340",
        "20160517000123400", "201605170001234001", "1.05", "12.", ".0", "A.0", "E+17",
        "2.01605E+", "2.01605E+1734", "000",
    ])
    func `what people and machines write is not`(text: String) {
        #expect(!SpreadsheetDamage.isLikely(in: Array(text.utf8)))
    }

    @Test func `a case's own number is refused where it is damaged, and its row is kept`() throws {
        try expect(
            [
                ("2.01605E+17", .refused("E-KEY-SCI")), ("201605170001.0", .refused("E-KEY-SCI")),
                ("201605170001234000", .refused("E-KEY-SCI")),
                ("201605170001234001", .text("201605170001234001")), ("1E5", .text("1E5")),
            ], in: "档案编号", as: "localFileId")
        // Elsewhere a number may end as it likes.
        try expect(
            [
                ("2.01605E+17", .refused("E-KEY-SCI")), ("100.0", .text("100.0")),
                ("201605170001234000", .text("201605170001234000")),
            ], in: "服务机构名称", as: "servingOrgName")
    }
}
