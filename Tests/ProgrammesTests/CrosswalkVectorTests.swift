import Definitions
import Foundation
import Mappings
import Programmes
import Records
import TestKit
import Testing

/// DOMAIN 1.6.2, every row: what each set of codes writes, read as a clinic's file would be.
struct CrosswalkVectorTests {
    private struct Vector: Hashable {
        let list: String
        let set: String
        let number: String
        /// Empty where the number must be refused.
        let code: String
    }

    private static let folder = Project.mappings + "/preconception"

    private static func vectors() throws -> [Vector] {
        let table = try CodeTable(
            path: Project.root + "/Tests/ProgrammesTests/Vectors/crosswalk.csv")
        try table.expect(header: ["concept", "list", "set", "number", "code"])
        return table.rows.map {
            Vector(list: $0.cells[1], set: $0.cells[2], number: $0.cells[3], code: $0.cells[4])
        }
    }

    private static func codeList(_ name: String) throws(DefinitionError) -> CodeList {
        try ProgrammeTables(folder: folder, shownAs: "preconception").codeList(name)
    }

    /// A programme with a field for each list.
    private static func dictionary(_ lists: [String]) throws -> ElementDictionary {
        let fields = lists.map { list in
            """
              - { field: \(list), no: X, zh: 某, en: X, who: family, in: basic, kind: code,
                  list: \(list), class: OP, keep: test }

            """
        }
        var programme = try Section(
            text: """
                programme: crosswalks
                title: { zh: 对照, en: Crosswalks }
                counts: { zh: 份, en: files }
                pseudonyms: out/test
                forms: [{ name: basic, zh: 基本, en: Basic }]
                case: { key: [day], institution: day, servedOn: day }
                fields:
                  - { field: day, no: X, zh: 日, en: Day, who: family, in: basic, kind: date,
                      class: OP, keep: test }

                """ + fields.joined(), shownAs: "programme.yaml")
        return try ElementDictionary(&programme) { name throws(DefinitionError) in
            try codeList(name)
        }
    }

    /// What each number becomes in a file of a set: a code, or the code of the finding.
    private func read(_ vectors: [Vector], of set: String) throws -> [String] {
        let lists = Set(vectors.map(\.list)).sorted()
        let dictionary = try CrosswalkVectorTests.dictionary(lists)
        let fields = lists.map { "  - { field: \($0), from: \($0), lookUp: crosswalk }\n" }
        var section = try Section(
            text: """
                mapping: crosswalk@1
                programme: crosswalks
                title: { zh: 对照, en: Crosswalks }
                purpose: { zh: 测试, en: test }
                legalBasis: 测试
                retention: 测试
                reads: csv
                codeSet: \(set)
                dates: [yyyy-M-d]
                fields:
                  - { field: day, value: "2012-03-01" }

                """ + fields.joined(), shownAs: "from-test.yaml")
        let mapping = try Mapping(&section, dictionary: dictionary) {
            name throws(DefinitionError) in
            throw DefinitionError(file: name, problem: Wording(zh: "无", en: "none"))
        }
        let bound = try mapping.bound(to: lists, acceptsInvented: true)
        return try vectors.map { vector in
            var bytes: [UInt8] = []
            var cells: [Range<UInt32>] = []
            for list in lists {
                let start = UInt32(bytes.count)
                if list == vector.list { bytes.append(contentsOf: vector.number.utf8) }
                cells.append(start..<UInt32(bytes.count))
            }
            let batch = bound.apply(
                to: SourceBatch(
                    bytes: bytes, cells: cells, columnCount: lists.count,
                    places: [SourceBatch.RowPlace(row: 2, raw: 0..<bytes.count)],
                    unreadable: []))
            return try batch.text(vector.list) ?? batch.findings(row: 0).map(\.code).joined()
        }
    }

    @Test(arguments: ["G1CSV", "G2", "STATISTICS", "WS364", "CLINIC"])
    func `every number of a set is read as what that set means`(_ set: String) throws {
        let vectors = try CrosswalkVectorTests.vectors().filter { $0.set == set }
        try #require(!vectors.isEmpty)
        let found = try read(vectors, of: set)
        for (vector, found) in zip(vectors, found) {
            #expect(
                found == (vector.code.isEmpty ? "V-CODE" : vector.code),
                "\(vector.list) \(vector.number)")
        }
    }

    @Test func `no crosswalk has a number that the table does not, nor lacks one that it has`()
        throws
    {
        let vectors = Set(try CrosswalkVectorTests.vectors().filter { !$0.code.isEmpty })
        var written: Set<Vector> = []
        let files = try [CrosswalkVectorTests.folder, Project.mappings].flatMap {
            try FileManager.default.contentsOfDirectory(atPath: $0 + "/crosswalks")
        }
        for file in files {
            let list = try CrosswalkVectorTests.codeList(String(file.dropLast(".csv".count)))
            let crosswalk = try #require(list.crosswalk)
            for set in crosswalk.sets {
                for number in crosswalk.numbers(in: set) ?? [] {
                    written.insert(
                        Vector(
                            list: list.name, set: set, number: number.text,
                            code: list.codes[number.ordinal].code))
                }
            }
        }
        #expect(written.subtracting(vectors) == [])
        #expect(vectors.subtracting(written) == [])
    }

    /// The rows of 1.6.2 that contradict each other: number, and what each set means by it.
    @Test(arguments: [
        ("rh", "G1CSV", "WS364", ["1 POS NEG"]), ("rh", "G2", "WS364", ["1 POS NEG", "2 NEG POS"]),
        ("abo", "G1CSV", "WS364", ["1 B A", "2 AB B"]),
        ("urine", "G1CSV", "G2", ["0 NORMAL ABNORMAL", "1 ABNORMAL NORMAL"]),
        ("ultrasound", "G1CSV", "G2", ["0 NORMAL ABNORMAL", "1 ABNORMAL NORMAL"]),
        ("normAbn", "G2", "STATISTICS", ["1 NORMAL ABNORMAL"]),
        ("qual", "G1CSV", "G2", []), ("consent", "G2", "STATISTICS", []),
        ("freq3", "G2", "STATISTICS", ["1 OCCASIONAL OFTEN", "2 OFTEN OCCASIONAL"]),
        ("ruralUrban", "G2", "CLINIC", ["1 URBAN RURAL"]),
        ("cleanliness", "G1CSV", "G2", []), ("sex", "G2", "WS364", []),
    ])
    func `a number that two sets understand differently is known as such`(
        _ name: String, _ first: String, _ second: String, _ expected: [String]
    ) throws {
        let list = try CrosswalkVectorTests.codeList(name)
        let found = CodeComparison.conflicts(in: list, first, second)
            .map { ([$0.number] + $0.codes).joined(separator: " ") }
        #expect(Set(found) == Set(expected))
    }

    /// GB/T 6565 and the pH of the second generation do not divide as ours does.
    @Test func `what is not quite the same is marked as inexact`() throws {
        for (name, set) in [("occupation", "WS364"), ("ph", "G2")] {
            let numbers = try #require(
                try CrosswalkVectorTests.codeList(name).crosswalk?.numbers(in: set))
            #expect(!numbers.isEmpty && numbers.allSatisfy(\.isInexact), "\(name)")
        }
        let exact = try #require(
            try CrosswalkVectorTests.codeList("ph").crosswalk?.numbers(in: "G1CSV"))
        #expect(exact.allSatisfy { !$0.isInexact })
    }
}
