package import Records

/// A part's mapping fitted to one file's header: which cell joins, and which are wanted.
package final class PartTable: Sendable {
    package let mapping: Mapping
    package let part: CasePart
    private let places: [String: Int]
    private let by: Int

    /// - Throws: `HeaderFailure` where a column that joins or that a field needs is missing.
    package init(_ mapping: Mapping, _ part: CasePart, header: [String]) throws(HeaderFailure) {
        self.mapping = mapping
        self.part = part
        var places: [String: Int] = [:]
        for (place, name) in header.enumerated() where places[name] == nil { places[name] = place }
        let wanted = part.items == nil ? part.columns + mapping.neededColumns : part.columns
        let missing = wanted.filter { places[$0] == nil }
        guard missing.isEmpty, let by = places[part.by] else {
            throw HeaderFailure(.missingColumn, columns: missing)
        }
        self.places = places
        self.by = by
    }

    /// The key of a row in its one form; `nil` where the cell is empty.
    package func key(_ row: Int, of batch: SourceBatch) -> [UInt8]? {
        batch.withCell(row: row, column: by) { part.key.form(of: $0) }
    }

    /// The number of the row's sample; `nil` where the file has none.
    package func sample(_ row: Int, of batch: SourceBatch) -> [UInt8]? {
        guard let column = part.items?.sample.flatMap({ places[$0] }) else { return nil }
        return batch.withCell(row: row, column: column) { JoinKey.text.form(of: $0) }
    }

    /// A stored row's cell by the column's name; empty where the file has no such column.
    func cell(_ name: String, of row: PartRow) -> [UInt8] {
        guard let place = places[name], place < row.cells.count else { return [] }
        return row.cells[place]
    }

    func text(_ name: String?, of row: PartRow) -> String {
        name.map { String(decoding: cell($0, of: row), as: UTF8.self) } ?? ""
    }

    /// Whether the file has a column.
    func has(_ name: String) -> Bool { places[name] != nil }
}

/// One row of a part, as it was kept.
package struct PartRow: Sendable {
    package let table: PartTable
    package let cells: [[UInt8]]

    package init(table: PartTable, cells: [[UInt8]]) {
        self.table = table
        self.cells = cells
    }
}

/// Makes one row of all that a part has of one key (合并成一行).
package struct PartRows: Sendable {
    private let mapping: Mapping
    private let part: CasePart

    package init(_ mapping: Mapping, _ part: CasePart) {
        self.mapping = mapping
        self.part = part
    }

    /// The columns of the row that `merge` makes: those that the mapping's fields name.
    package var header: [String] { PartRows.header(of: mapping) }

    /// The same, before there is a part's row.
    package static func header(of mapping: Mapping) -> [String] {
        var names: [String] = []
        for name in mapping.columns where !names.contains(name) { names.append(name) }
        return names
    }

    /// One row in the order of `header`; `nil` where no row is of this case.
    ///
    /// - Parameters:
    ///   - rows: of one key, in the order of their arrival.
    ///   - day: the case's day, with the most days between it and a row's; `nil` takes all.
    package func merge(_ rows: [PartRow], near day: (CalendarDate, within: Int)?) -> [[UInt8]]? {
        let near = rows.filter { isNear($0, day) }
        guard let last = near.last else { return nil }
        guard let items = part.items else {
            return header.map { last.table.cell($0, of: last) }
        }
        return merge(near, by: items)
    }

    private func isNear(_ row: PartRow, _ day: (CalendarDate, within: Int)?) -> Bool {
        guard let day, let on = part.on else { return true }
        // A row whose day cannot be read stays: its field says so.
        guard let moment = moment(row.table.cell(on, of: row)) else { return true }
        let distance = abs(Int(moment.day.daysSince1970) - Int(day.0.daysSince1970))
        return distance <= day.within
    }

    private func merge(_ rows: [PartRow], by items: ItemColumns) -> [[UInt8]]? {
        var timed: [(row: PartRow, at: Int64)] = []
        for row in rows {
            let at = items.at.flatMap { moment(row.table.cell($0, of: row)) }
            timed.append((row, at?.minutesSince1970 ?? .min))
        }
        // By time; among rows of one minute, and without a time, the later arrival comes last.
        let ordered = timed.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }.map(\.element.row)
        var results: [String: PartRow?] = [:]
        for row in ordered {
            let name = items.name(of: row.table.text(items.code, of: row))
            switch items.status(of: row.table.text(items.status, of: row)) {
            case .final, .notDone: results[name] = .some(row)
            case .deleted: results[name] = .some(nil)
            case .preliminary: break
            }
        }
        let used = ordered.filter { row in
            results.values.contains { $0.map { $0.cells == row.cells } ?? false }
        }
        guard let last = used.last else { return nil }
        return header.map { column in
            column == ItemColumns.completeness
                ? [isComplete(ordered, by: items) ? 0x31 : 0x30]
                : cell(column, results, items, last)
        }
    }

    /// Whether nothing is still to come: every item that the fields name and that was begun has a
    /// status that stands, and so has the latest word on every order.
    ///
    /// - Parameter rows: by time.
    private func isComplete(_ rows: [PartRow], by items: ItemColumns) -> Bool {
        var begun: Set<String> = []
        var settled: Set<String> = []
        var orders: [String: ItemColumns.Status] = [:]
        for row in rows {
            let name = items.name(of: row.table.text(items.code, of: row))
            begun.insert(name)
            if items.status(of: row.table.text(items.status, of: row)) != .preliminary {
                settled.insert(name)
            }
            if items.order != nil {
                orders[row.table.text(items.sample, of: row)] = items.status(
                    of: row.table.text(items.order, of: row))
            }
        }
        let open = begun.subtracting(settled)
        return open.isDisjoint(with: header) && !orders.values.contains(.preliminary)
    }

    private func cell(
        _ column: String, _ results: [String: PartRow?], _ items: ItemColumns, _ last: PartRow
    ) -> [UInt8] {
        if last.table.has(column) { return last.table.cell(column, of: last) }
        let suffix = ".unit"
        let isUnit = column.hasSuffix(suffix)
        let name = isUnit ? String(column.dropLast(suffix.count)) : column
        guard let row = results[name] ?? nil else { return [] }
        if isUnit { return items.unit.map { row.table.cell($0, of: row) } ?? [] }
        let isNotDone = items.status(of: row.table.text(items.status, of: row)) == .notDone
        return isNotDone ? Array("未查".utf8) : row.table.cell(items.result, of: row)
    }

    /// A day with or without a time, in the mapping's spellings or as HL7 writes it.
    private func moment(_ cell: [UInt8]) -> CalendarMinute? {
        if let minute = HL7Time.minute(of: cell) { return minute }
        var folded = CellText()
        cell.withUnsafeBufferPointer { folded.fold($0) }
        let bytes = folded.bytes
        let gap = bytes.firstIndex { $0 == 0x20 || $0 == UInt8(ascii: "T") } ?? bytes.endIndex
        let day = Array(bytes[..<gap])
        for form in mapping.dates {
            guard let date = form.day(of: day)?.date else { continue }
            let minute =
                gap < bytes.endIndex ? ClockTime.minuteOfDay(bytes[(gap + 1)...]) ?? 0 : 0
            return CalendarMinute(day: date, minuteOfDay: minute)
        }
        return nil
    }
}

/// HL7 v2 time stamps: `yyyyMMddHHmm` and longer, seconds and offsets passed over.
enum HL7Time {
    static func minute(of bytes: [UInt8]) -> CalendarMinute? {
        guard bytes.count >= 12, bytes[0..<12].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard let day = CalendarDate(year: number(0..<4), month: number(4..<6), day: number(6..<8)),
            number(8..<10) < 24, number(10..<12) < 60
        else { return nil }
        return CalendarMinute(day: day, minuteOfDay: number(8..<10) * 60 + number(10..<12))
    }
}

extension SourceBatch {
    /// The bytes of one cell.
    func withCell<Result>(
        row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        let range = cell(row: row, column: column)
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}
