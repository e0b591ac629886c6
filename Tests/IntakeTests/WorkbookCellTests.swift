import Intake
import Records
import Testing

/// What a cell of a workbook becomes.
@Suite struct WorkbookCellTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Reads one row of cells under the header a, b, c…
    private func read(
        _ cells: String, count: Int, _ change: (inout WorkbookWriter) -> Void = { _ in }
    ) throws -> TableReading {
        let header = (0..<count).map { "<c t=\"str\"><v>h\($0)</v></c>" }.joined()
        var workbook = WorkbookWriter("<row>\(header)</row><row>\(cells)</row>")
        change(&workbook)
        return try TableReading.all(
            XLSXReader(), try folder.write(try workbook.bytes(), as: "case.xlsx"))
    }

    private static let numbers: [(stored: String, read: String)] = [
        ("0", "0"), ("-5", "-5"), ("2.13", "2.13"), ("2.10", "2.10"),
        ("2.1299999999999999", "2.13"), ("0.30000000000000004", "0.3"),
        ("-1.1000000000000001", "-1.1"), ("1.0000000000000001E-3", "0.001"), ("1.2E3", "1200"),
        ("1.5E-7", "0.00000015"), ("-2.5e+2", "-250"), ("0E0", "0"),
        ("123456789012345.67", "123456789012346"),
        ("990101198603150022", "990101198603150022"),
        ("9.9010119860315002E+17", "9.9010119860315002E+17"), ("12000000001", "12000000001"),
        ("20160517000123400", "2.01605170001234E+16"), ("2016051700012340", "2.01605170001234E+15"),
        ("20160517000123401", "20160517000123401"), ("990101198603150000", "990101198603150000"),
        ("000.5", "000.5"), ("99999999999999.9", "99999999999999.9"),
    ]

    @Test func `a number is as it was typed, and an identity number is never rounded`() throws {
        let cells = WorkbookCellTests.numbers.map { "<c><v>\($0.stored)</v></c>" }.joined()
        let table = try read(cells, count: WorkbookCellTests.numbers.count)
        #expect(table.rows == [WorkbookCellTests.numbers.map(\.read)])
        #expect(table.spoiled.isEmpty)
    }

    @Test(arguments: ["x", "1,5", "1.2.3", "1e", "--1", "1-", ".", "INF", "0x10", "1e5e5", " 1"])
    func `what is no number spoils its cell`(stored: String) throws {
        let table = try read("<c><v>\(stored)</v></c><c><v>7</v></c>", count: 2)
        #expect(table.rows == [["", "7"]])
        #expect(table.spoiled == [[2, 0]: "V-CELL"])
    }

    private static let serials: [(format: String, stored: String, read: String)] = [
        ("14", "42430", "2016-03-01"), ("14", "59", "1900-02-28"), ("14", "61", "1900-03-01"),
        ("14", "60", "1900-02-29"), ("14", "1", "1900-01-01"), ("14", "0", "1900-01-00"),
        ("14", "-1", "-1"), ("14", "2958465", "9999-12-31"), ("14", "2958466", "2958466"),
        ("22", "42430.395833333336", "2016-03-01 09:30"), ("22", "42430", "2016-03-01"),
        ("22", "42430.999999999", "2016-03-02"), ("22", "42430.39589120370", "2016-03-01 09:30:05"),
        ("14", "42430.75", "2016-03-01"), ("17", "42430", "2016-03"), ("57", "42430", "2016-03"),
        ("31", "42430", "2016-03-01"), ("58", "42430", "2016-03-01"), ("20", "0.5", "12:00"),
        ("20", "42430.5", "2016-03-01 12:00"), ("46", "1.25", "1.25"), ("9", "0.05", "0.05"),
        ("0", "42430", "42430"), ("14", "4.243E4", "2016-03-01"),
    ]

    @Test func `a day is told by its format`() throws {
        let serials = WorkbookCellTests.serials
        let cells = serials.enumerated().map { "<c s=\"\($0)\"><v>\($1.stored)</v></c>" }
        let table = try read(cells.joined(), count: serials.count) {
            $0.formats = serials.map { "<xf numFmtId=\"\($0.format)\"/>" }.joined()
        }
        #expect(table.rows == [serials.map(\.read)])
    }

    private static let codes: [(code: String, read: String)] = [
        ("yyyy-mm-dd", "2016-03-01"),
        ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", "2016-03-01"),
        ("yyyy\\年m\\月d\\日;@", "2016-03-01"), ("[$-804]yyyy/m/d", "2016-03-01"),
        ("[DBNum1]e&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "2016-03-01"),
        ("m/d", "2016-03-01"), ("yyyy-mm", "2016-03"), ("[Red]yyyy.mm.dd", "2016-03-01"),
        ("YYYY-MM-DD HH:MM:SS", "2016-03-01 06:00"), ("h:mm", "2016-03-01 06:00"),
        ("yyyy-mm-dd hh:mm:ss.000", "2016-03-01 06:00"), ("General", "42430.25"),
        ("0.00", "42430.25"), ("0.00E+00", "42430.25"), ("#,##0&quot;day&quot;", "42430.25"),
        ("&quot;yyyy-mm-dd&quot;0", "42430.25"), ("[h]:mm", "42430.25"), ("@", "42430.25"),
        ("0\\d", "42430.25"), ("_ * #,##0_ ;yyyy", "42430.25"),
    ]

    @Test func `a format of one's own is read for what it shows`() throws {
        let codes = WorkbookCellTests.codes
        let cells = codes.indices.map { "<c s=\"\($0)\"><v>42430.25</v></c>" }
        let table = try read(cells.joined(), count: codes.count) {
            $0.formats = codes.indices.map { "<xf numFmtId=\"\(200 + $0)\"/>" }.joined()
            $0.formatCodes = codes.enumerated().map {
                "<numFmt numFmtId=\"\(200 + $0)\" formatCode=\"\($1.code)\"/>"
            }.joined()
        }
        #expect(table.rows == [codes.map(\.read)])
    }

    @Test func `the calendar of 1904 counts other days`() throws {
        let table = try read(
            "<c s=\"0\"><v>40968</v></c><c s=\"0\"><v>0</v></c><c s=\"0\"><v>60</v></c>", count: 3
        ) {
            $0.formats = "<xf numFmtId=\"14\"/>"
            $0.workbookProperties = "<workbookPr date1904=\"1\"/>"
        }
        #expect(table.rows == [["2016-03-01", "1904-01-01", "1904-03-01"]])
    }

    @Test func `texts come from the cell or from those that are shared`() throws {
        let table = try read(
            """
            <c t="s"><v>1</v></c><c t="inlineStr"><is><r><t>甲</t></r><rPh><t>jia</t></rPh><r>
            <t xml:space="preserve"> 乙</t></r></is></c><c t="str"><f>A1</f><v>丙&amp;</v></c>
            <c t="s"><v>0</v></c><c t="str"><f>A2</f><v/></c><c t="s"><v>2</v></c>
            """, count: 6
        ) {
            $0.strings = """
                <si><t/></si><si><r><rPr/><t>测</t></r><r><t>试_x000A_</t></r><rPh><t>shi</t></rPh>
                </si><si><t>_x005F_x000D_ _x4E2D_</t></si>
                """
        }
        #expect(table.rows == [["测试\n", "甲 乙", "丙&", "", "", "_x000D_ 中"]])
        #expect(table.codes == ["V-FORMULA"] && table.spoiled.isEmpty)
    }

    @Test func `a text within its cell is taken whatever the cell's type says`() throws {
        let table = try read(
            """
            <c><is><t>甲</t></is></c><c t="str"><is><t>乙</t></is></c>
            <c t="inlineStr"><v>丙</v></c><c t="inlineStr"/>
            """, count: 4)
        #expect(table.rows == [["甲", "乙", "丙", ""]] && table.spoiled.isEmpty)
    }

    @Test func `truths, errors, days in words and empty cells`() throws {
        let table = try read(
            """
            <c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#REF!</v></c>
            <c t="d"><v>2016-03-01T00:00:00</v></c><c t="d"><v>2016-03-01T09:30:00.5Z</v></c><c/>
            <c t="n" s="0"/>
            """, count: 7)
        #expect(
            table.rows
                == [["TRUE", "FALSE", "#REF!", "2016-03-01", "2016-03-01 09:30", "", ""]])
        #expect(table.spoiled == [[2, 2]: "V-CELLERROR"])
    }

    @Test(arguments: [
        ("<c><f>1+1</f></c>", "V-NORESULT"), ("<c t=\"s\"><v>9</v></c>", "V-CELL"),
        ("<c t=\"s\"><v>-1</v></c>", "V-CELL"), ("<c s=\"7\"><v>1</v></c>", "V-CELL"),
        ("<c t=\"b\"><v>2</v></c>", "V-CELL"), ("<c t=\"d\"><v>1.3.2016</v></c>", "V-CELL"),
        ("<c t=\"str\"><v>a_x0001_b</v></c>", "V-CELLTEXT"),
        ("<c t=\"str\"><v>\u{E000}</v></c>", "V-CELLTEXT"),
        ("<c t=\"str\"><v>\u{F8FF}</v></c>", "V-CELLTEXT"),
        ("<c t=\"str\"><v>\u{F0000}</v></c>", "V-CELLTEXT"),
        ("<c t=\"inlineStr\"><is><t>\u{10FFFD}</t></is></c>", "V-CELLTEXT"),
    ])
    func `what cannot be told spoils its cell and not its row`(cell: String, code: String) throws {
        let table = try read("\(cell)<c t=\"str\"><v>𠮷豈\u{FFFD}</v></c>", count: 2)
        #expect(table.rows.map { $0[1] } == ["𠮷豈\u{FFFD}"])
        #expect(table.spoiled == [[2, 0]: code])
    }

    @Test func `a shared text with a made-up character spoils the cells that use it`() throws {
        let table = try read("<c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c>", count: 2) {
            $0.strings = "<si><t>\u{E123}</t></si><si><t>好</t></si>"
        }
        #expect(table.spoiled == [[2, 0]: "V-CELLTEXT"])
    }
}
