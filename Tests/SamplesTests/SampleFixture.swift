import Definitions
import Foundation
import Mappings
import Records
import Samples
import Testing

/// The repository's own programme and mapping, and a sample in memory.
enum SampleFixture {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appendingPathComponent("mappings/preconception").path
    static let samples = root.appendingPathComponent("samples")

    private static func text(_ file: String) throws(DefinitionError) -> String {
        // The programme's own file, else the one that all programmes share.
        let places = ["\(folder)/\(file)", root.appendingPathComponent("mappings/\(file)").path]
        guard let bytes = places.lazy.compactMap(FileManager.default.contents(atPath:)).first
        else {
            throw DefinitionError(file: file, problem: Wording(zh: "没有", en: "missing"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func codeList(_ name: String) throws(DefinitionError) -> CodeList {
        try CodeList(name: name, text: text("codes/\(name).csv"), shownAs: name)
    }

    /// The example county's list.
    static func designated() throws -> CodeList {
        let file = samples.appendingPathComponent("site/designated.csv").path
        let bytes = try #require(FileManager.default.contents(atPath: file))
        return try CodeList(
            name: "designated", text: String(decoding: bytes, as: UTF8.self), shownAs: file)
    }

    /// - Parameter encoding: declared in place of what the mapping's file says.
    static func mapping(encoding: String = "auto") throws -> Mapping {
        var programme = try Section(path: "\(folder)/programme.yaml")
        let dictionary = try ElementDictionary(&programme) { name throws(DefinitionError) in
            try codeList(name)
        }
        let county = try text("from-county-csv.yaml")
        let declared = county.replacingOccurrences(
            of: #"encoding: [a-z0-9]+"#, with: "encoding: \(encoding)", options: .regularExpression)
        var section = try Section(text: declared, shownAs: "from-county-csv.yaml")
        return try Mapping(&section, dictionary: dictionary) { name throws(DefinitionError) in
            try WordTable(name: name, text: text("\(name).csv"), shownAs: name)
        }
    }

    /// The bytes of the file and of the truth file.
    static func write(_ request: SampleRequest, _ mapping: Mapping) throws -> SampleInMemory {
        var file: [UInt8] = []
        var truth: [UInt8] = []
        let summary = try SampleWriter(request, mapping: mapping)
            .write(rows: { file += $0 }, truth: { truth += $0 })
        return SampleInMemory(file: file, truth: truth, summary: summary)
    }
}

/// A written sample, taken apart again by a reader of its own.
struct SampleInMemory: Sendable {
    let file: [UInt8]
    let truth: [UInt8]
    let summary: SampleSummary
    /// Rows of cells of UTF-8 bytes; the header comes first.
    let rows: [[[UInt8]]]

    init(file: [UInt8], truth: [UInt8], summary: SampleSummary) {
        self.file = file
        self.truth = truth
        self.summary = summary
        rows = SampleInMemory.split(file)
    }

    /// A cell with ASCII digits, whichever width it was typed in.
    static func narrow(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap {
                    (0xFF01...0xFF5E).contains($0.value) ? UnicodeScalar($0.value - 0xFEE0) : $0
                }))
    }

    struct Answer {
        let row: Int
        let fate: String
        let codes: [String]
        let institution: String
        let month: String
        let fen: [Int64]
        let note: String
    }

    var answers: [Answer] {
        let lines = String(decoding: truth, as: UTF8.self).split(separator: "\n").dropFirst()
        return lines.map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
            return Answer(
                row: Int(cells[0]) ?? 0, fate: cells[1],
                codes: cells[2].split(separator: " ").map(String.init), institution: cells[3],
                month: cells[4], fen: cells[5...7].compactMap { Int64($0) }, note: cells[8])
        }
    }

    /// The texts of a column, without the header.
    func column(_ name: String) throws -> [String] {
        let place = try #require(rows[0].firstIndex { $0.elementsEqual(name.utf8) })
        return rows.dropFirst().map { String(decoding: $0[place], as: UTF8.self) }
    }

    /// RFC 4180 with commas.
    private static func split(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var rows: [[[UInt8]]] = []
        var row: [[UInt8]] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x22 where isQuoted && index < bytes.count && bytes[index] == 0x22:
                cell.append(0x22)
                index += 1
            case 0x22: isQuoted.toggle()
            case 0x2C where !isQuoted:
                row.append(cell)
                cell = []
            case 0x0D where !isQuoted: break
            case 0x0A where !isQuoted:
                rows.append(row + [cell])
                row = []
                cell = []
            default: cell.append(byte)
            }
        }
        return rows
    }

    /// The findings of a mapping for every row that has all its cells; `nil` for the others.
    func findings(_ mapping: Mapping) throws -> [[String]?] {
        let header = rows[0].map { String(decoding: $0, as: UTF8.self) }
        let bound = try mapping.bound(to: header, acceptsInvented: true)
        #expect(bound.unknownColumns.isEmpty)
        var bytes: [UInt8] = []
        var cells: [Range<UInt32>] = []
        var places: [SourceBatch.RowPlace] = []
        var numbers: [Int?] = []
        for (number, row) in rows.enumerated().dropFirst() {
            guard row.count == header.count else {
                numbers.append(nil)
                continue
            }
            numbers.append(places.count)
            places.append(SourceBatch.RowPlace(row: number + 1, raw: 0..<0))
            for cell in row {
                let start = UInt32(bytes.count)
                bytes += cell
                cells.append(start..<UInt32(bytes.count))
            }
        }
        let batch = bound.apply(
            to: SourceBatch(
                bytes: bytes, cells: cells, columnCount: header.count, places: places,
                unreadable: []))
        var found = places.map { _ in [String]() }
        for finding in batch.findings { found[finding.row].append(finding.finding.code) }
        return numbers.map { number in number.map { found[$0].sorted() } }
    }
}
