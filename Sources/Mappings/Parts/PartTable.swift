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

    /// Why nothing can be joined by a row: the code of what ails its key or its sample's number.
    package func fault(_ row: Int, of batch: SourceBatch) -> String? {
        let sample = part.items?.sample.flatMap { places[$0] }
        for column in [by, sample].compactMap({ $0 }) {
            if let code = batch.fault(row: row, column: column) { return code }
        }
        if let key = key(row, of: batch), part.key.isDamaged(key) {
            return part.key == .idNumber
                ? MappingCodes.excelNumber.code : MappingCodes.damagedNumber.code
        }
        if let number = self.sample(row, of: batch), SpreadsheetDamage.isLikely(in: number) {
            return MappingCodes.damagedNumber.code
        }
        return nil
    }

    /// The day by which a row joins, as days since 1970; `nil` where it has none.
    package func day(_ row: Int, of batch: SourceBatch) -> Int? {
        guard let column = part.on.flatMap({ places[$0] }) else { return nil }
        return batch.withCell(row: row, column: column) {
            PartMoment(Array($0), dates: mapping.dates).map { Int($0.day.daysSince1970) }
        }
    }

    /// The item that a row is about, as fields call it; empty where a row is no item.
    package func item(_ row: Int, of batch: SourceBatch) -> [UInt8] {
        guard let items = part.items, let place = places[items.code] else { return [] }
        return batch.withCell(row: row, column: place) {
            Array(items.name(of: String(decoding: $0, as: UTF8.self)).utf8)
        }
    }

    /// Whether a row says that what was reported before does not hold.
    package func isDeletion(_ row: Int, of batch: SourceBatch) -> Bool {
        guard let items = part.items, let place = items.status.flatMap({ places[$0] }) else {
            return false
        }
        return batch.withCell(row: row, column: place) {
            items.status(of: String(decoding: $0, as: UTF8.self)) == .deleted
        }
    }

    /// The key of a row in its one form; `nil` where the cell is empty, or has a word that says
    /// that nothing was written, or one sign over and over (000, ####).
    package func key(_ row: Int, of batch: SourceBatch) -> [UInt8]? {
        batch.withCell(row: row, column: by) { written(part.key.form(of: $0)) }
    }

    /// The number of the row's sample; `nil` where the file has none.
    package func sample(_ row: Int, of batch: SourceBatch) -> [UInt8]? {
        guard let column = part.items?.sample.flatMap({ places[$0] }) else { return nil }
        return batch.withCell(row: row, column: column) { written(JoinKey.text.form(of: $0)) }
    }

    private func written(_ key: [UInt8]?) -> [UInt8]? {
        key.flatMap { key in
            let isWord = key.withUnsafeBufferPointer { mapping.empty.number(of: $0) } != nil
            let isOneSign = PartTable.signs.contains(key[0]) && key.allSatisfy { $0 == key[0] }
            return isWord || isOneSign ? nil : key
        }
    }

    private static let signs = Set("0#?*.-_".utf8)

    /// A stored row's cell by the column's name, with the mark of what ails it; empty where the
    /// file has no such column.
    func cell(_ name: String, of row: PartRow) -> [UInt8] {
        guard let place = places[name], place < row.cells.count else { return [] }
        return row.cells[place]
    }

    /// What stands in a stored row's cell.
    func text(_ name: String?, of row: PartRow) -> String {
        guard let name else { return "" }
        return String(decoding: SpoiledMark.parts(of: cell(name, of: row)).text, as: UTF8.self)
    }

    /// When a row was, by one of its columns.
    func moment(_ name: String, of row: PartRow) -> PartMoment? {
        PartMoment(SpoiledMark.parts(of: cell(name, of: row)).text, dates: mapping.dates)
    }

    /// Whether the file has a column.
    func has(_ name: String) -> Bool { places[name] != nil }
}

/// One row of a part, as it was kept.
package struct PartRow: Sendable {
    package let table: PartTable
    package let cells: [[UInt8]]
    /// Tells the files apart in which rows came, in the order of their arrival.
    package let file: Int

    package init(table: PartTable, cells: [[UInt8]], file: Int = 0) {
        self.table = table
        self.cells = cells
        self.file = file
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
