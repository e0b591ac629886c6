import Definitions
import Foundation
import Intake
import Mappings
package import Programmes
import Records

/// A whole file beside its mapping, with what must come out of it (整份文件的样例):
/// `tests/MAPPING/CASE/`. The case is about reading: values, and what reading notices; the
/// programme's rules have tests of their own.
package struct MappingCase: Sendable {
    /// The case's folder below the folder of mappings, e.g. `preconception/tests/from-x/CASE`.
    package let name: String
    package let mapping: MappingFile
    private let folder: String
    /// The clinic's files of the case, by name.
    package let inputs: [String]

    /// The text of a field in one row.
    package struct Line: Sendable, Hashable, Encodable {
        package let input: String
        /// As Excel counts.
        package let row: Int
        package let field: String
        /// As the wire would write it; `未查` where it was not done; of a finding its code.
        package let text: String
    }

    /// A line that is not as it should be.
    package struct Miss: Sendable, Encodable {
        package let input: String
        package let row: Int
        package let field: String
        /// Empty where nothing was expected.
        package let expected: String
        /// Empty where nothing came out.
        package let found: String
    }

    /// What came out of a case's files.
    package struct Outcome: Sendable {
        package let values: [Line]
        package let findings: [Line]
    }

    static let valuesFile = "expected.csv"
    static let findingsFile = "findings.csv"

    /// The cases of a mapping, by name; none where it has no folder.
    package static func all(of mapping: MappingFile, in programme: Programme) -> [MappingCase] {
        let own = mapping.path.split(separator: "/").last.map(String.init) ?? mapping.path
        let below = "tests/\(own)"
        return folders(programme.folder + "/" + below).map { name in
            let folder = "\(programme.folder)/\(below)/\(name)"
            return MappingCase(
                name: "\(programme.folderName)/\(below)/\(name)", mapping: mapping,
                folder: folder,
                inputs: folders(folder).filter {
                    $0 != valuesFile && $0 != findingsFile && !$0.hasSuffix(".md")
                })
        }
    }

    private static func folders(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Reads the case's files as they would be taken.
    ///
    /// - Throws: `ReadFailure`, `HeaderFailure`; `CaseFailure` where a person may be real.
    package func run() throws -> Outcome {
        var values: [Line] = []
        var findings: [Line] = []
        guard !inputs.isEmpty else { throw CaseFailure(.noInput, place: name) }
        for input in inputs {
            let cursor = try mapping.mapping.openFile(folder + "/" + input)
            let bound = try mapping.mapping.bound(to: cursor.header, acceptsInvented: true)
            while let batch = try cursor.next(upTo: 1000) {
                if let row = RealPerson.row(in: batch) {
                    throw CaseFailure(.realPerson, place: "\(name)/\(input): \(row)")
                }
                let records = bound.apply(to: batch)
                for (row, place) in batch.places.enumerated() {
                    values += MappingCase.values(of: records, row, input, place.row)
                }
                findings += records.findings.map { found in
                    Line(
                        input: input, row: batch.places[found.row].row,
                        field: found.finding.field ?? "", text: found.finding.code)
                }
                findings += batch.unreadable.map { row in
                    Line(
                        input: input, row: row.place.row, field: row.finding.field ?? "",
                        text: row.finding.code)
                }
            }
        }
        return Outcome(values: values, findings: findings)
    }

    private static func values(
        of records: RecordBatch, _ row: Int, _ input: String, _ number: Int
    ) -> [Line] {
        records.dictionary.elements.compactMap { element in
            let value = records.value(row, element.ordinal)
            // A month is made of its day, and says nothing more.
            if case .month = element.kind { return nil }
            guard !value.isAbsent else { return nil }
            var bytes: [UInt8] = []
            records.arena.withUnsafeBufferPointer {
                element.appendText(of: value, arena: $0, to: &bytes)
            }
            let text = value.isResult ? String(decoding: bytes, as: UTF8.self) : "未查"
            return Line(input: input, row: number, field: element.name, text: text)
        }
    }

    /// Compares with the files of the case.
    ///
    /// - Throws: as `run`; `DefinitionError` where an expectation is missing or unreadable.
    package func misses() throws -> [Miss] {
        let found = try run()
        return try misses(found.values, MappingCase.valuesFile)
            + misses(found.findings, MappingCase.findingsFile)
    }

    private func misses(_ found: [Line], _ file: String) throws(DefinitionError) -> [Miss] {
        let expected = try lines(of: file)
        let missing = Set(expected).subtracting(found)
        let surplus = Set(found).subtracting(expected)
        func key(_ line: Line) -> [String] { [line.input, String(line.row), line.field] }
        // Several findings may be about one field; a value stands alone.
        let isPaired = file == MappingCase.valuesFile
        let others = Dictionary(
            surplus.map { (key($0), $0.text) }, uniquingKeysWith: { first, _ in first })
        var misses = missing.map { line in
            Miss(
                input: line.input, row: line.row, field: line.field, expected: line.text,
                found: isPaired ? others[key(line)] ?? "" : "")
        }
        let told = Set(missing.map(key))
        misses += surplus.filter { !isPaired || !told.contains(key($0)) }.map { line in
            Miss(
                input: line.input, row: line.row, field: line.field, expected: "",
                found: line.text)
        }
        return misses.sorted {
            ($0.input, $0.row, $0.field, $0.expected) < ($1.input, $1.row, $1.field, $1.expected)
        }
    }

    private func lines(of file: String) throws(DefinitionError) -> [Line] {
        let table = try CodeTable(path: folder + "/" + file, shownAs: name + "/" + file)
        try table.expect(header: MappingCase.head(of: file))
        var lines: [Line] = []
        for row in table.rows {
            guard let number = Int(row.cells[1]) else {
                throw table.error(row, "行号应为整数。", "The row must be a whole number.")
            }
            lines.append(
                Line(
                    input: row.cells[0], row: number, field: row.cells[2], text: row.cells[3]))
        }
        return lines
    }

    private static func head(of file: String) -> [String] {
        ["input", "row", "field", file == valuesFile ? "text" : "code"]
    }

    /// What the files of the case would have to say of what comes out now, with their paths.
    ///
    /// - Throws: as `run`.
    package func recorded() throws -> [(path: String, text: String)] {
        let found = try run()
        return [
            (MappingCase.valuesFile, found.values), (MappingCase.findingsFile, found.findings),
        ].map { file, lines in
            let rows =
                [MappingCase.head(of: file)]
                + lines.map { [$0.input, String($0.row), $0.field, $0.text] }
            let text = rows.map { $0.map(CSVCell.text).joined(separator: ",") + "\n" }.joined()
            return (folder + "/" + file, text)
        }
    }
}

/// A cell as our data files write it (RFC 4180).
package enum CSVCell {
    /// Quoted where a comma, a quote or a line break stands in it, or where it would be a comment.
    package static func text(_ cell: String) -> String {
        guard cell.hasPrefix("#") || cell.contains(where: { ",\"\n\r".contains($0) }) else {
            return cell
        }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}
