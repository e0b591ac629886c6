import Definitions
import Mappings
import Records
import TestKit
import Testing

/// `reads:` and `options:` of a mapping.
struct ReadOptionsTests {
    private func mapping(
        _ reads: String, fields: String = "- { field: localFileId, from: 编号 }"
    ) throws -> Mapping {
        let dictionary = try Preconception.loaded().mapping.dictionary
        let keys = dictionary.caseFields.key.map { dictionary.elements[$0].name }
        let others = keys.filter { !fields.contains("field: \($0),") }
            .map { "  - { field: \($0), value: \"1\" }" }
        var section = try Section(
            text: """
                mapping: m@1
                programme: preconception-check
                title: { zh: 一, en: a }
                purpose: { zh: 一, en: a }
                legalBasis: x
                retention: x
                \(reads)
                codeSet: X
                dates: [yyyy-M-d]
                fields:
                  \(fields)
                \(others.joined(separator: "\n"))
                """, shownAs: "m.yaml")
        return try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
            throw DefinitionError(file: name, problem: Wording(zh: "无", en: "none"))
        }
    }

    private func problem(_ reads: String) -> String? {
        do {
            _ = try mapping(reads)
            return nil
        } catch let error as DefinitionError {
            return error.problem.en
        } catch {
            return "\(error)"
        }
    }

    @Test func `what is not said has its usual value`() throws {
        let csv = try mapping("reads: csv")
        #expect(csv.reads == .csv && csv.options.encoding == "auto")
        #expect(csv.options.delimiter == "," && csv.options.headerRow == 1)
        let xlsx = try mapping("reads: xlsx")
        #expect(xlsx.reads == .xlsx && xlsx.options.sheet == nil)
        #expect(xlsx.options.headerRow == 1 && xlsx.options.lastHeaderRow == 1)
    }

    @Test func `options are read by their format`() throws {
        let csv = try mapping(
            "reads: csv\noptions: { encoding: gbk, delimiter: \"\\t\", headerRow: 3 }")
        #expect(csv.options.encoding == "gbk" && csv.options.delimiter == "\t")
        #expect(csv.options.headerRow == 3)
        let one = try mapping("reads: xlsx\noptions: { sheet: 结果, headerRow: 2 }").options
        #expect(one.sheet == "结果" && one.headerRow == 2 && one.lastHeaderRow == 2)
        let several = try mapping("reads: xlsx\noptions: { sheet: 2, headerRows: [3, 5] }").options
        #expect(several.sheet == "2" && several.headerRow == 3 && several.lastHeaderRow == 5)
    }

    @Test(arguments: [
        ("reads: xls", "reads must be one of: csv, xlsx, hl7v2."),
        ("reads: csv\noptions: { sheet: 1 }", "sheet"),
        ("reads: csv\noptions: { encoding: big5 }", "encoding must be one of"),
        ("reads: csv\noptions: { delimiter: \"::\" }", "delimiter must be"),
        ("reads: csv\noptions: { headerRow: 0 }", "Rows are counted from 1."),
        ("reads: xlsx\noptions: { delimiter: \",\" }", "delimiter"),
        ("reads: xlsx\noptions: { headerRows: [2] }", "headerRows must be"),
        ("reads: xlsx\noptions: { headerRows: [3, 2] }", "headerRows must be"),
        ("reads: xlsx\noptions: { headerRows: [0, 2] }", "headerRows must be"),
        ("reads: xlsx\noptions: { headerRows: [1, 11] }", "headerRows must be"),
        ("reads: xlsx\noptions: { headerRow: 1, headerRows: [1, 2] }", "headerRows must be"),
        ("reads: hl7v2\noptions: { headerRow: 1 }", "headerRow"),
        ("options: { encoding: auto }", "reads"),
    ])
    func `an option that is wrong or another format's is refused`(reads: String, says: String) {
        #expect(problem(reads)?.contains(says) == true)
    }

    @Test func `columns of HL7 are paths`() throws {
        let fields = "- { field: localFileId, from: OBR-3 }"
        #expect(try mapping("reads: hl7v2", fields: fields).columns == ["OBR-3"])
        #expect(problem("reads: hl7v2")?.contains("编号 is no HL7 path") == true)
    }

    @Test func `a cell that the reader could not tell is refused in the fields that read it`()
        throws
    {
        let mapping = try mapping("reads: csv")
        let bound = try mapping.bound(to: ["编号", "备注"], acceptsInvented: true)
        func batch(spoiled column: Int) -> SourceBatch {
            SourceBatch(
                bytes: Array("A1xB1y".utf8), cells: [0..<2, 2..<3, 3..<5, 5..<6], columnCount: 2,
                places: [.init(row: 2, raw: 0..<0), .init(row: 3, raw: 0..<0)], unreadable: [],
                spoiled: [.init(row: 1, column: column, code: "V-CELL")])
        }
        let read = bound.apply(to: batch(spoiled: 0))
        #expect(read.findings(row: 0).allSatisfy { $0.code != "V-CELL" })
        let found = read.findings(row: 1).filter { $0.field == "localFileId" }
        #expect(found == [Finding(code: "V-CELL", effect: .quarantined, field: "localFileId")])
        let ordinal = try #require(mapping.dictionary.ordinal(of: "localFileId"))
        #expect(read.value(1, ordinal).isAbsent && !read.value(0, ordinal).isAbsent)
        // Nobody reads the other column.
        let other = bound.apply(to: batch(spoiled: 1))
        #expect(other.findings(row: 1).allSatisfy { $0.code != "V-CELL" })
    }
}
