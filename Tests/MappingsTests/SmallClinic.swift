import Definitions
import Foundation
import Mappings
import Records
import TestKit
import Testing

/// A programme of a few fields about one woman and a clinic that exports them: each test says which.
///
/// Fields stand in the form `sample`; `name`, `idType`, `idNumber` and `org` are there already.
struct SmallClinic {
    let mapping: Mapping

    /// - Parameters:
    ///   - fields: lines of `fields:` of the programme, without what all have in common.
    ///   - lines: lines of `fields:` of the mapping.
    ///   - head: further keys of the mapping.
    init(_ fields: [String], _ lines: [String], head: String = "") throws(DefinitionError) {
        let common = "no: X, zh: 某, en: Some, who: woman, in: sample, class: SH, keep: test"
        var programme = try Section(
            text: SmallClinic.programme
                + fields.map { "  - { \($0), \(common) }\n" }.joined(), shownAs: "programme.yaml")
        let dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try CodeList(
                name: name,
                text: "code,zh,en,valid_from,valid_to\n"
                    + (SmallClinic.lists[name] ?? []).map { "\($0),某,Some,,\n" }.joined(),
                shownAs: name + ".csv")
        }
        var clinic = try Section(
            text: SmallClinic.clinic + lines.map { "  - { \($0) }\n" }.joined() + head,
            shownAs: "from-test.yaml")
        mapping = try Mapping(&clinic, dictionary: dictionary) { name throws(DefinitionError) in
            let file = ["/preconception/", "/"].lazy
                .compactMap {
                    FileManager.default.contents(atPath: Project.mappings + $0 + name + ".csv")
                }
                .first
            guard let file else {
                throw DefinitionError(file: name, problem: Wording(zh: "无", en: "none"))
            }
            return try WordTable(
                name: name, text: String(decoding: file, as: UTF8.self), shownAs: name)
        }
    }

    private static let lists = [
        "qual": ["NEG", "POS", "SUSPECT", "NOT_DONE"], "method": ["1", "2", "3", "4"],
        "idType": ["01", "02", "03", "04", "06", "07", "99"],
    ]

    private static let programme = """
        programme: small
        title: { zh: 小, en: Small }
        counts: { zh: 人, en: persons }
        pseudonyms: out/test
        subjects: [{ role: woman, zh: 女, en: Woman }]
        forms: [{ name: sample, subject: woman, zh: 样, en: Sample }]
        case: { key: [woman.name], institution: woman.org, servedOn: woman.on }
        fields:
          - { field: name, no: X, zh: 名, en: Name, who: woman, in: subject, kind: text, class: DI, encrypt: national }
          - { field: idType, no: X, zh: 证, en: Document, who: woman, in: subject, kind: code, list: idType, class: OP, keep: test }
          - { field: idNumber, no: X, zh: 号, en: Number, who: woman, in: subject, kind: idNumber, class: DI, encrypt: national }
          - { field: org, no: X, zh: 机构, en: Org, who: woman, in: sample, kind: institution, class: OP, keep: test }
          - { field: on, no: X, zh: 日, en: On, who: woman, in: sample, kind: date, class: OP, keep: test }

        """

    private static let clinic = """
        mapping: small@1
        programme: small
        title: { zh: 小, en: Small }
        purpose: { zh: 测试, en: Test }
        legalBasis: 无
        retention: 无
        reads: csv
        codeSet: T
        dates: [yyyy-M-d, yyyy/M/d, yyyyMMdd, yyyy年M月d日, yyyy.M.d, excelSerial]
        noDates: [1900-01-01, 0000-00-00]
        empty: ["/"]
        notDone: [未查]
        fields:
          - { field: woman.name, from: 名 }
          - { field: woman.on, from: 日 }

        """

    /// What a row becomes: for each field that has a value its text, for each finding
    /// `field: CODE`, with `!` behind it where it blocks.
    func read(_ cells: [String: String]) throws -> [String: String] {
        let cells = cells.merging(["名": "样某"]) { mine, _ in mine }
        var header: [String] = []
        for column in mapping.columns where !header.contains(column) { header.append(column) }
        let unknown = cells.keys.filter { !header.contains($0) }
        try #require(unknown.isEmpty, "\(unknown)")
        let bound = try mapping.bound(to: header, acceptsInvented: true)
        var bytes: [UInt8] = []
        var places: [Range<UInt32>] = []
        for column in header {
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: (cells[column] ?? "").utf8)
            places.append(start..<UInt32(bytes.count))
        }
        let batch = bound.apply(
            to: SourceBatch(
                bytes: bytes, cells: places, columnCount: header.count,
                places: [SourceBatch.RowPlace(row: 2, raw: 0..<bytes.count)], unreadable: []))
        var found: [String: String] = [:]
        for element in mapping.dictionary.elements where element.wireName != "name" {
            found[element.wireName] = try batch.text(element.name)
        }
        for finding in batch.findings() {
            let name = finding.field?.split(separator: ".").last.map(String.init) ?? "?"
            let said = finding.code + (finding.effect == .quarantined ? "!" : "")
            found[name] = found[name].map { "\($0) \(said)" } ?? said
        }
        return found
    }

    /// One field's outcome of one cell; empty where nothing came out.
    func read(_ column: String, _ cell: String, as field: String) throws -> String {
        try read([column: cell])[field] ?? ""
    }
}
