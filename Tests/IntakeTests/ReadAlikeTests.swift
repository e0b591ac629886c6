import Intake
import Records
import Testing

/// The same table written by several tools (`Fixtures/make.py`) is read alike.
struct ReadAlikeTests {
    private func expected() throws -> TableReading {
        try TableReading.all(CSVReader(), TableReading.fixture("expected.csv"))
    }

    @Test func `the table is the one that was written`() throws {
        let table = try expected()
        #expect(
            table.header == [
                "档案编号", "女方姓名", "女方身份证号", "检查日期", "采样时间", "TSH", "是否告知", "备注",
            ])
        #expect(
            table.rows == [
                [
                    "A001", "测试甲", "990101198603150022", "2016-03-01", "2016-03-01 09:30",
                    "2.13", "TRUE", "引号\"与,逗号",
                ],
                [
                    "A002", "样例·乙", "990101198811200024", "1900-03-01", "2016-12-31 23:59", "0.1",
                    "FALSE", "两行\n文字",
                ],
                [
                    "A003", "䶮堃", "990101199002290035", "2000-02-29", "2000-02-29 00:01", "110",
                    "TRUE", "",
                ],
                [
                    "A004", "〇喆", "990101199212010048", "2016-03-31", "2016-03-31 08:00", "0.3",
                    "FALSE", "  前后有空格  ",
                ],
            ])
    }

    @Test(arguments: ["python.csv", "sqlite.csv"])
    func `delimited text of Python and SQLite`(name: String) throws {
        let table = try TableReading.all(CSVReader(), TableReading.fixture(name))
        #expect(try table.rows == expected().rows)
        #expect(try table.header == expected().header)
    }

    @Test func `delimited text of LibreOffice, which adds seconds to times`() throws {
        var table = try TableReading.all(CSVReader(), TableReading.fixture("libreoffice.csv"))
        for row in table.rows.indices {
            #expect(table.rows[row][4].hasSuffix(":00"))
            table.rows[row][4].removeLast(3)
        }
        #expect(try table.rows == expected().rows)
    }

    @Test(arguments: ["openpyxl.xlsx", "openpyxl-1904.xlsx", "libreoffice.xlsx", "wps-like.xlsx"])
    func `workbooks of openpyxl, LibreOffice and such as WPS writes`(name: String) throws {
        let table = try TableReading.all(XLSXReader(), TableReading.fixture(name))
        #expect(try table.header == expected().header)
        #expect(try table.rows == expected().rows)
        #expect(table.numbers == [2, 3, 4, 5])
        #expect(table.spoiled.isEmpty && table.unreadable.isEmpty)
        // LibreOffice stores truths as formulas.
        #expect(table.codes == (name == "libreoffice.xlsx" ? ["V-FORMULA"] : []))
    }

    @Test func `an old workbook is refused with its reason`() {
        let path = TableReading.fixture("libreoffice.xls")
        #expect(failureCode { try XLSXReader().open(path: path) } == "E-XLS")
    }

    @Test func `what stands in real workbooks is read or named`() throws {
        let reader = XLSXReader(options: XLSXOptions(sheet: "表 2", headerRows: 3...4))
        let table = try TableReading.all(reader, TableReading.fixture("openpyxl-odd.xlsx"))
        #expect(table.header == ["编号", "女方/姓名", "女方/年龄", "男方/姓名", "男方/年龄", "备注"])
        #expect(table.numbers == [5, 6, 8, 9, 10])
        #expect(table.rows[0] == ["1", "测甲", "30", "测乙", "31", ""])
        #expect(table.rows[1][2] == "#N/A")
        #expect(table.rows[3] == ["4", "测庚", "1.25", "测辛", "08:05", ""])
        // A number of 18 digits keeps the exponent that tells of the damage.
        #expect(table.rows[4][2] == "9.901011986031501e+17")
        #expect(table.rows[4][4] == "9.9010119860315e+17")
        #expect(table.spoiled == [[5, 5]: "V-NORESULT", [6, 2]: "V-CELLERROR"])
        #expect(table.codes == ["V-FORMULA", "V-HIDDEN", "V-MERGED"])
    }
}
