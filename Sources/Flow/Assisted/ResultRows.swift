import Delivery
import Foundation
import Intake
import Programmes
import Records

/// One row of a list of results, as far as it is understood by itself.
struct ResultRow: Sendable {
    /// As Excel counts.
    let number: Int
    /// Our own name of the case and its version, where the platform kept it.
    let reference: (record: RecordID, version: Int)?
    let serial: String?
    /// ID numbers by the person's role, in normal form; in memory alone.
    let persons: [String: String]
    let outcome: AssistedEntry.Outcome
    /// As the platform wrote them; may name a person.
    let code: String
    let reason: String
}

/// Reads a list of results (结果清单) as the profile says.
struct ResultRows {
    private(set) var rows: [ResultRow] = []
    private(set) var problems: [Int: ResultProblem] = [:]
    /// Rows of it, blank ones left out.
    private(set) var count = 0

    private static let batchRows = 500
    static let byteLimit = 32 << 20

    /// - Throws: `ReadFailure`, `AssistedFailure`.
    init(path: String, by results: AssistedEntry.Results) throws {
        let reader: any RecordReader =
            XLSXReader.fileEndings.contains { path.lowercased().hasSuffix("." + $0) }
            ? XLSXReader(
                options: XLSXOptions(
                    sheet: results.sheet, headerRows: results.headerRow...results.headerRow,
                    fileBytes: ResultRows.byteLimit))
            : CSVReader(
                options: CSVOptions(
                    headerRow: results.headerRow,
                    recognizes: { ResultColumns(header: $0, by: results).status != nil }))
        let cursor = try reader.open(path: path)
        let columns = ResultColumns(header: cursor.header, by: results)
        let name = PersonalSigns.masked((path as NSString).lastPathComponent)
        guard columns.status != nil else {
            throw AssistedFailure(
                .noColumn, place: name, detail: results.status.joined(separator: " / "))
        }
        guard columns.hasKey else {
            throw AssistedFailure(
                .noColumn, place: name,
                detail: (results.reference + results.serial).joined(separator: " / "))
        }
        while let batch = try cursor.next(upTo: ResultRows.batchRows) {
            for row in batch.unreadable {
                count += 1
                problems[row.place.row] = .unreadable
            }
            for row in 0..<batch.rowCount { take(row, of: batch, columns, results) }
        }
    }

    private mutating func take(
        _ row: Int, of batch: SourceBatch, _ columns: ResultColumns,
        _ results: AssistedEntry.Results
    ) {
        count += 1
        let number = batch.places[row].row
        func text(_ column: Int?) -> String {
            guard let column else { return "" }
            return AnswerTexts.normal(
                String(decoding: batch.bytes[batch.cell(row: row, column: column)], as: UTF8.self))
        }
        if batch.spoiled.contains(where: { $0.row == row && columns.all.contains($0.column) }) {
            problems[number] = .unreadable
            return
        }
        guard let outcome = results.words[text(columns.status)] else {
            problems[number] = .word
            return
        }
        let serial = text(columns.serial)
        guard serial.isEmpty || ResultRows.isSerial(serial) else {
            problems[number] = .serial
            return
        }
        var persons: [String: String] = [:]
        for (role, column) in columns.persons {
            let id = text(column).uppercased()
            if !id.isEmpty { persons[role] = id }
        }
        rows.append(
            ResultRow(
                number: number, reference: ResultRows.reference(in: text(columns.reference)),
                serial: serial.isEmpty ? nil : serial, persons: persons, outcome: outcome,
                code: text(columns.code), reason: text(columns.reason)))
    }

    /// Our reference in a text, where just one stands in it.
    static func reference(in text: String) -> (record: RecordID, version: Int)? {
        let found = text.lowercased().matches(of: /([0-9a-f]{32})-([0-9]{1,9})/)
        guard let only = found.first, found.count == 1, let version = Int(only.2) else {
            return nil
        }
        return (RecordID(String(only.1)), version)
    }

    /// Short, plain, and no ID number or telephone number.
    private static func isSerial(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
        }
        let isIDNumber =
            text.wholeMatch(of: /[0-9]{17}[0-9Xx]/) != nil
            || text.wholeMatch(of: /1[3-9][0-9]{9}/) != nil
        return isPlain && text.utf8.count <= 40 && !isIDNumber
    }
}

/// Where a list has what the profile asks for.
struct ResultColumns {
    let reference: Int?
    let serial: Int?
    let persons: [String: Int]
    let status: Int?
    let code: Int?
    let reason: Int?

    init(header: [String], by results: AssistedEntry.Results) {
        let names = header.map(AnswerTexts.normal)
        func place(_ wanted: [String]) -> Int? {
            wanted.lazy.compactMap { names.firstIndex(of: AnswerTexts.normal($0)) }.first
        }
        reference = place(results.reference)
        serial = place(results.serial)
        persons = results.persons.compactMapValues(place)
        status = place(results.status)
        code = place(results.code)
        reason = place(results.reason)
    }

    /// Whether a case can be found by it.
    var hasKey: Bool { reference != nil || serial != nil || !persons.isEmpty }

    var all: Set<Int> {
        Set([reference, serial, status, code, reason].compactMap { $0 } + persons.values)
    }
}
