import Definitions
import Mappings
import Records
import TestKit
import Testing

/// A programme with a field of several answers and one of a single answer, and clinics that store
/// their boxes one by one (DOMAIN 1.6.3: columns of 0 and 1, a string of bits, a list with commas).
private struct Boxes {
    static let columns = "ticks: { 宠物: ANIMALS, 农药: PESTICIDE, 高温: HEAT }"

    let mapping: Mapping

    init(_ harms: String, outcome: String = "", more: String = "") throws {
        var programme = try Section(
            text: """
                programme: boxes
                title: { zh: 勾选, en: Boxes }
                counts: { zh: 份, en: files }
                pseudonyms: out/test
                forms: [{ name: basic, zh: 基本, en: Basic }]
                case: { key: [day], institution: day, servedOn: day }
                fields:
                  - { field: day, no: X-1, zh: 日, en: Day, who: family, in: basic, kind: date, class: OP, keep: test }
                  - { field: harms, no: X-2, zh: 害, en: Harms, who: family, in: basic, kind: set, list: harm, class: SH, keep: test }
                  - { field: outcome, no: X-3, zh: 结局, en: Outcome, who: family, in: basic, kind: code, list: outcome, class: SH, keep: test }
                  - { field: note, no: X-4, zh: 注, en: Note, who: family, in: basic, kind: text, class: OP, keep: test }
                """, shownAs: "programme.yaml")
        let dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try CodeList(
                name: name,
                text: "code,zh,en,valid_from,valid_to\n"
                    + (name == "harm"
                        ? "ANIMALS,猫狗,A,,\nHEAT,高温,H,,\nNOISE,噪音,N,,\nPESTICIDE,农药,P,,\n"
                        : "DELIVERED,已分娩,D,,\nLOST,失访,L,,\n"),
                shownAs: name)
        }
        var clinic = try Section(
            text: """
                mapping: boxes@1
                programme: boxes
                title: { zh: 勾选, en: Boxes }
                purpose: { zh: 测试, en: test }
                legalBasis: 测试
                retention: 测试
                reads: csv
                codeSet: G2
                dates: [yyyy-M-d]
                empty: ["/"]
                notDone: [未查]
                \(more)
                fields:
                  - { field: day, from: 日 }
                  - { field: harms, \(harms) }
                \(outcome.isEmpty ? "" : "  - { field: outcome, \(outcome) }")
                """, shownAs: "from-test.yaml")
        mapping = try Mapping(&clinic, dictionary: dictionary) { name throws(DefinitionError) in
            try WordTable(
                name: name, text: "word,code\n√,true\n×,false\n空,\(name == "w" ? "false" : "x")\n",
                shownAs: name)
        }
    }

    /// What a row becomes in a field: the wire's text, nothing, or the finding's code.
    func read(_ cells: [String: String], _ field: String = "harms") throws -> String {
        let header = ["日"] + cells.keys.sorted()
        let bound = try mapping.bound(to: header, acceptsInvented: true)
        var bytes: [UInt8] = []
        var ranges: [Range<UInt32>] = []
        for column in header {
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: (cells[column] ?? "2012-3-1").utf8)
            ranges.append(start..<UInt32(bytes.count))
        }
        let batch = bound.apply(
            to: SourceBatch(
                bytes: bytes, cells: ranges, columnCount: header.count,
                places: [SourceBatch.RowPlace(row: 2, raw: 0..<bytes.count)], unreadable: []))
        if let finding = batch.findings.first {
            #expect(finding.finding.effect == .quarantined)
            return finding.finding.code
        }
        return try batch.text(field) ?? ""
    }
}

struct TickedBoxTests {
    @Test(arguments: [
        (["1", "0", "0"], "ANIMALS"), (["0", "1", "1"], "HEAT PESTICIDE"),
        (["1", "1", "1"], "ANIMALS HEAT PESTICIDE"), (["0", "0", "0"], ""), (["", "", ""], ""),
        (["", "１", ""], "PESTICIDE"), (["1", "2", "0"], "V-CODE"), (["是", "0", "0"], "V-CODE"),
        (["0", "0", " 1 "], "HEAT"),
    ])
    func `a column for each box makes one field of several codes`(
        _ cells: [String], _ expected: String
    ) throws {
        let found = try Boxes(Boxes.columns).read(
            ["宠物": cells[0], "农药": cells[1], "高温": cells[2]])
        // The wire writes codes in the order of the list: ANIMALS, HEAT, NOISE, PESTICIDE.
        #expect(found == expected)
    }

    @Test func `boxes may be ticked in the clinic's own way`() throws {
        let boxes = try Boxes(Boxes.columns + ", lookUp: w")
        #expect(try boxes.read(["宠物": "√", "农药": "×", "高温": ""]) == "ANIMALS")
        #expect(try boxes.read(["宠物": "空", "农药": "√", "高温": "√"]) == "HEAT PESTICIDE")
        #expect(try boxes.read(["宠物": "1", "农药": "×", "高温": ""]) == "V-CODE")
    }

    /// The statistics have a column for each outcome of a follow-up.
    @Test(arguments: [
        (["1", "0"], "DELIVERED"), (["0", "1"], "LOST"), (["0", "0"], ""), (["1", "1"], "V-BOXES"),
    ])
    func `of a single choice only one box is ticked`(_ cells: [String], _ expected: String) throws {
        let boxes = try Boxes(
            "from: 害, optional: true", outcome: "ticks: { 分娩: DELIVERED, 失访: LOST }")
        #expect(try boxes.read(["分娩": cells[0], "失访": cells[1]], "outcome") == expected)
    }

    @Test(arguments: [
        ("1000", "ANIMALS"), ("0101", "HEAT PESTICIDE"), ("1111", "ANIMALS HEAT NOISE PESTICIDE"),
        ("0000", ""), ("", ""), ("/", ""), ("０１００", "PESTICIDE"), ("100", "V-BITS"),
        ("1", "V-BITS"), ("10000", "V-BITS"), ("1020", "V-BITS"), ("10 0", "V-BITS"),
        ("ANIMALS", "V-BITS"), ("一零零零", "V-BITS"), ("未查", ""),
    ])
    func `a string of bits has one for each box, in the mapping's order`(
        _ cell: String, _ expected: String
    ) throws {
        let boxes = try Boxes("from: 害, bits: [ANIMALS, PESTICIDE, NOISE, HEAT]")
        #expect(try boxes.read(["害": cell]) == expected)
    }

    @Test func `boxes of a field are all there, or if it is optional none`() throws {
        let strict = try Boxes(Boxes.columns).mapping
        let lax = try Boxes(Boxes.columns + ", optional: true").mapping
        let harms = try #require(strict.dictionary.ordinal(of: "harms"))
        for mapping in [strict, lax] {
            #expect(
                try mapping.bound(to: ["日", "宠物", "农药", "高温"], acceptsInvented: true)
                    .isMapped[harms])
            let half = #expect(throws: HeaderFailure.self) {
                _ = try mapping.bound(to: ["日", "宠物", "农药"], acceptsInvented: true)
            }
            #expect(half?.columns == ["高温"])
        }
        #expect(try !lax.bound(to: ["日"], acceptsInvented: true).isMapped[harms])
        let none = #expect(throws: HeaderFailure.self) {
            _ = try strict.bound(to: ["日"], acceptsInvented: true)
        }
        #expect(none?.columns == ["宠物", "农药", "高温"])
        #expect(strict.columns == ["日", "宠物", "农药", "高温"])
    }

    @Test(arguments: [
        ("ticks: { 甲: FIRE }", "FIRE is not in harm"), ("ticks: {}", "1 to 64 boxes"),
        ("ticks: { 甲: HEAT, 乙: HEAT }", "stands twice"),
        ("from: 甲, ticks: { 甲: HEAT }", "Exactly one of from and value, or ticks"),
        ("ticks: { 甲: HEAT }, bits: [HEAT]", "Unknown key bits"),
        ("from: 甲, bits: [HEAT, HEAT]", "stands twice"), ("from: 甲, bits: [FIRE]", "FIRE"),
        ("from: 甲, bits: [HEAT], lookUp: w", "bits takes no lookUp"),
        ("ticks: { 甲: HEAT }, lookUp: v", "must be true or false"),
        ("value: 甲, bits: [HEAT]", "Unknown key bits"),
    ])
    func `a wrong line of boxes is refused`(_ line: String, _ says: String) throws {
        let error = #expect(throws: DefinitionError.self) { try Boxes(line) }
        #expect(error?.problem.en.contains(says) == true, "\(String(describing: error?.problem))")
        #expect(error?.line == 15)
    }

    @Test func `only a field of codes has boxes, and only a set has bits`() throws {
        for (line, says) in [
            ("bits: [LOST], from: 甲", "outcome is no set"),
            ("ticks: { 甲: X }", "X is not in outcome"),
        ] {
            let error = #expect(throws: DefinitionError.self) {
                try Boxes("from: 害", outcome: line)
            }
            #expect(error?.problem.en.contains(says) == true)
        }
        let text = #expect(throws: DefinitionError.self) {
            try Boxes("from: 害", outcome: "from: 果 }\n  - { field: note, ticks: { 乙: X }")
        }
        #expect(text?.problem.en.contains("note holds no code") == true)
    }
}

struct CodeSetColumnTests {
    private let more = "codeSetIn: 代码体系"

    @Test(arguments: [
        ("G2", "HEAT"), (" Ｇ2 ", "HEAT"), ("G1CSV", "V-CODESET"), ("", "V-CODESET"),
        ("g2", "V-CODESET"), ("G2;G1CSV", "V-CODESET"),
    ])
    func `a row that names another set of codes is not read by this mapping`(
        _ cell: String, _ expected: String
    ) throws {
        let boxes = try Boxes("from: 害", more: more)
        #expect(try boxes.read(["害": "HEAT", "代码体系": cell]) == expected)
    }

    @Test func `a file that does not name its set at all is refused whole`() throws {
        let mapping = try Boxes("from: 害", more: more).mapping
        let missing = #expect(throws: HeaderFailure.self) {
            _ = try mapping.bound(to: ["日", "害"], acceptsInvented: true)
        }
        #expect(missing?.columns == ["代码体系"] && missing?.entry.code == "E-COLUMN")
        #expect(mapping.columns == ["日", "害", "代码体系"])
        let bound = try mapping.bound(to: ["代码体系", "害", "日"], acceptsInvented: true)
        #expect(bound.unknownColumns.isEmpty)
    }
}
