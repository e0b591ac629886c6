import Foundation
import Intake
import Records

/// What any reader gave of a file, as texts.
struct TableReading: Equatable {
    var header: [String] = []
    var rows: [[String]] = []
    var numbers: [Int] = []
    /// Codes of unreadable rows by number.
    var unreadable: [Int: String] = [:]
    /// Codes of spoiled cells, by row number and column from 0.
    var spoiled: [[Int]: String] = [:]
    /// Codes about the whole file.
    var codes: [String] = []

    /// Reads to the end in batches of `rowLimit`.
    static func all(
        _ reader: any RecordReader, _ path: String, from position: ReadPosition? = nil,
        rowLimit: Int = 100, each: (any RecordCursor, SourceBatch) throws -> Void = { _, _ in }
    ) throws -> TableReading {
        let cursor = try reader.open(path: path, from: position)
        var reading = TableReading()
        reading.header = cursor.header
        while let batch = try cursor.next(upTo: rowLimit) {
            reading.take(batch)
            try each(cursor, batch)
        }
        reading.codes = cursor.findings.map(\.code)
        return reading
    }

    private mutating func take(_ batch: SourceBatch) {
        for row in 0..<batch.rowCount {
            rows.append(
                (0..<batch.columnCount).map {
                    String(decoding: batch.bytes[batch.cell(row: row, column: $0)], as: UTF8.self)
                })
            numbers.append(batch.places[row].row)
        }
        for row in batch.unreadable { unreadable[row.place.row] = row.finding.code }
        for cell in batch.spoiled {
            spoiled[[batch.places[cell.row].row, cell.column]] = cell.code
        }
    }

    /// A file beside `make.py`.
    static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name)").path
    }
}
