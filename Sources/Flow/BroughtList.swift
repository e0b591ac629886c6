import Delivery
import Foundation
import Intake
import Records

/// A list that somebody brings (带来的清单): a workbook or CSV by its name, read by the names of its
/// columns.
struct BroughtList {
    /// The names that a column may bear, the first that is there counts, by what it is to us.
    typealias Wanted = [String: [String]]

    /// The places of the columns that are there.
    let columns: [String: Int]
    /// The file's name, as it may be shown.
    let name: String
    private let cursor: any RecordCursor

    private static let batchRows = 500

    /// - Parameters:
    ///   - headerRow: the row with the names of columns, as Excel counts.
    ///   - key: the column by which a CSV file's encoding is told.
    /// - Throws: `ReadFailure` where nothing of it can be read.
    init(
        path: String, sheet: String? = nil, headerRow: Int = 1, byteLimit: Int, wanted: Wanted,
        key: String
    ) throws(ReadFailure) {
        let isWorkbook = XLSXReader.fileEndings.contains { path.lowercased().hasSuffix("." + $0) }
        let reader: any RecordReader =
            isWorkbook
            ? XLSXReader(
                options: XLSXOptions(
                    sheet: sheet, headerRows: headerRow...headerRow, fileBytes: byteLimit))
            : CSVReader(
                options: CSVOptions(
                    headerRow: headerRow, limits: CSVOptions.Limits(fileBytes: byteLimit),
                    recognizes: { BroughtList.places(of: wanted, in: $0)[key] != nil }))
        cursor = try reader.open(path: path)
        columns = BroughtList.places(of: wanted, in: cursor.header)
        name = PersonalSigns.masked((path as NSString).lastPathComponent)
    }

    /// One row of it.
    struct Row {
        /// As Excel counts.
        let number: Int
        /// A cell that is asked for cannot be read.
        let isSpoiled: Bool
        fileprivate let batch: SourceBatch
        fileprivate let place: Int
        fileprivate let columns: [String: Int]

        /// A cell in normal form; empty where the list has no such column.
        func text(_ name: String) -> String {
            guard let column = columns[name] else { return "" }
            return AnswerTexts.normal(
                String(
                    decoding: batch.bytes[batch.cell(row: place, column: column)], as: UTF8.self))
        }

        /// The same, `nil` where nothing stands there.
        func optionalText(_ name: String) -> String? {
            let text = text(name)
            return text.isEmpty ? nil : text
        }
    }

    /// Hands over all rows in their order, blank ones left out.
    ///
    /// - Parameter unreadable: told the numbers of rows of which nothing can be read.
    /// - Throws: `ReadFailure` where the file ends or changes on the way.
    func read(unreadable: (Int) -> Void, each: (Row) -> Void) throws(ReadFailure) {
        let asked = Set(columns.values)
        while let batch = try cursor.next(upTo: BroughtList.batchRows) {
            for row in batch.unreadable { unreadable(row.place.row) }
            let spoiled = Set(batch.spoiled.filter { asked.contains($0.column) }.map(\.row))
            for place in 0..<batch.rowCount {
                each(
                    Row(
                        number: batch.places[place].row, isSpoiled: spoiled.contains(place),
                        batch: batch, place: place, columns: columns))
            }
        }
    }

    private static func places(of wanted: Wanted, in header: [String]) -> [String: Int] {
        let names = header.map { AnswerTexts.normal($0).lowercased() }
        return wanted.compactMapValues { words in
            words.lazy.compactMap { names.firstIndex(of: AnswerTexts.normal($0).lowercased()) }
                .first
        }
    }
}

/// What may stand in a list of the national side (清单里的编号).
enum ListedText {
    /// Our reference in a text, where just one stands in it.
    static func reference(in text: String) -> (record: RecordID, version: Int)? {
        let found = text.lowercased().matches(of: /([0-9a-f]{32})-([0-9]{1,9})/)
        guard let only = found.first, found.count == 1, let version = Int(only.2) else {
            return nil
        }
        return (RecordID(String(only.1)), version)
    }

    /// Whether it may be a number of the platform's: short, plain, and no ID number or telephone
    /// number.
    static func isSerial(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
        }
        let isIDNumber =
            text.wholeMatch(of: /[0-9]{17}[0-9Xx]/) != nil
            || text.wholeMatch(of: /1[3-9][0-9]{9}/) != nil
        return isPlain && text.utf8.count <= 40 && !isIDNumber
    }

    /// Whether it is an institution's code, and neither a name nor somebody's number.
    static func isInstitution(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9A-Z]{6,24}/) != nil
            && text.wholeMatch(of: /[0-9]{15}|[0-9]{17}[0-9X]/) == nil
    }
}

extension CalendarMonth {
    /// `2012-03`, `201203`, `2012年3月` or `2012/3`.
    init?(spelled text: String) {
        guard let parts = text.wholeMatch(of: /([0-9]{4})[-年\/.]?([0-9]{1,2})月?/) else {
            return nil
        }
        self.init(parts.1, parts.2)
    }

    /// The same, or a day in it, with a time behind it or not: `2012-03-05 10:00`.
    init?(spelledOfDay text: String) {
        if let month = CalendarMonth(spelled: text) {
            self = month
            return
        }
        let day = /([0-9]{4})(?:[-年\/.]?([0-9]{2})|[-年\/.]([0-9]))[-月\/.]?[0-9]{1,2}日?(?:[ T].*)?/
        guard let parts = text.wholeMatch(of: day), let month = parts.2 ?? parts.3 else {
            return nil
        }
        self.init(parts.1, month)
    }

    private init?(_ year: Substring, _ month: Substring) {
        guard let month = Int(month) else { return nil }
        self.init(iso: "\(year)-\(month < 10 ? "0" : "")\(month)")
    }
}
