import Definitions
package import Records

/// Makes one row of all that a part has of one key (合并成一行).
package struct PartRows: Sendable {
    /// What several rows say together.
    package struct Merged: Sendable {
        /// In the order of `header`.
        package let cells: [[UInt8]]
        /// Two rows of one file say different things of the same, and nothing tells which holds.
        package let isContradictory: Bool
        /// Two rows of one file name different people.
        package let isOfTwoPeople: Bool
    }

    private let mapping: Mapping
    private let part: CasePart
    /// The columns with a subject's name or ID number.
    private let people: [String]

    package init(_ mapping: Mapping, _ part: CasePart) {
        self.mapping = mapping
        self.part = part
        let dictionary = mapping.dictionary
        let named = Set(dictionary.subjects.map(\.idNumber))
        people = mapping.rules.compactMap { rule in
            let element = dictionary.elements[rule.ordinal]
            guard dictionary.subject(of: element) != nil else { return nil }
            if case .personName(_) = element.kind { return rule.column }
            return named.contains(rule.ordinal) ? rule.column : nil
        }
    }

    /// The columns of the row that `merge` makes: those that the mapping's fields name.
    package var header: [String] { PartRows.header(of: mapping) }

    /// The same, before there is a part's row.
    package static func header(of mapping: Mapping) -> [String] {
        var names: [String] = []
        for name in mapping.columns where !names.contains(name) { names.append(name) }
        return names
    }

    /// What the rows say; `nil` where no row is of this case.
    ///
    /// - Parameters:
    ///   - rows: of one key, in the order of their arrival.
    ///   - day: the case's day, with the most days between it and a row's; `nil` takes all.
    package func merge(_ rows: [PartRow], near day: (CalendarDate, within: Int)?) -> Merged? {
        let near = rows.filter { isNear($0, day) }
        guard let first = near.first else { return nil }
        guard let items = part.items else {
            var told = Told(row: first)
            var strange: PartRow?
            for row in near.dropFirst() {
                // Whichever is the later one: the other woman's result would be lost.
                if row.file == told.row.file, namesAnother(row, told.row) { strange = told.row }
                told.take(row, order(row, told.row) { header.map { row.table.cell($0, of: row) } })
            }
            return Merged(
                cells: header.map { told.row.table.cell($0, of: told.row) },
                isContradictory: told.isContradictory,
                isOfTwoPeople: strange.map { $0.file == told.row.file } ?? false)
        }
        return merge(near, by: items)
    }

    /// Whether two rows have different names or numbers of a person.
    private func namesAnother(_ row: PartRow, _ other: PartRow) -> Bool {
        people.contains { name in
            let (one, two) = (row.table.text(name, of: row), other.table.text(name, of: other))
            return !one.isEmpty && !two.isEmpty && one != two
        }
    }

    /// Whether a row tells the day by which it joins.
    package func hasDay(_ row: PartRow) -> Bool {
        part.on.flatMap { row.table.moment($0, of: row) } != nil
    }

    private func isNear(_ row: PartRow, _ day: (CalendarDate, within: Int)?) -> Bool {
        guard let day, let on = part.on else { return true }
        // A row whose day cannot be read stays: its field says so.
        guard let moment = row.table.moment(on, of: row) else { return true }
        let distance = abs(Int(moment.day.daysSince1970) - Int(day.0.daysSince1970))
        return distance <= day.within
    }

    private func merge(_ rows: [PartRow], by items: ItemColumns) -> Merged? {
        var results: [String: Told] = [:]
        for row in rows {
            let status = status(of: row, items)
            guard status != .preliminary else { continue }
            let name = items.name(of: row.table.text(items.code, of: row))
            guard var told = results[name] else {
                results[name] = Told(row: row)
                continue
            }
            told.take(row, order(row, told, by: items))
            results[name] = told
        }
        let standing = results.mapValues { told in
            status(of: told.row, items) == .deleted ? nil : told.row
        }
        // By time; without one, in the order of their arrival.
        let ordered = rows.enumerated().map { (rank($0.element, items), $0.offset, $0.element) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { $0.2 }
        let used = ordered.filter { row in
            standing.values.contains { $0.map { $0.cells == row.cells } ?? false }
        }
        guard let last = used.last else { return nil }
        let cells = header.map { column in
            column == ItemColumns.completeness
                ? [isComplete(ordered, by: items) ? 0x31 : 0x30]
                : cell(column, standing, items, last)
        }
        let names = Set(header)
        return Merged(
            cells: cells,
            isContradictory: results.contains {
                names.contains($0.key) && $0.value.isContradictory
            }, isOfTwoPeople: false)
    }

    private func rank(_ row: PartRow, _ items: ItemColumns) -> Int64 {
        for name in items.at {
            if let moment = row.table.moment(name, of: row) { return moment.rank }
        }
        return .min
    }

    private func status(of row: PartRow, _ items: ItemColumns) -> ItemColumns.Status {
        items.status(of: row.table.text(items.status, of: row))
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
            if status(of: row, items) != .preliminary { settled.insert(name) }
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
        if isUnit { return Array(row.table.text(items.unit, of: row).utf8) }
        return status(of: row, items) == .notDone
            ? Array("未查".utf8) : row.table.cell(items.result, of: row)
    }
}

/// Which of two rows holds (以哪一行为准).
extension PartRows {
    private enum Order { case newer, older, contradictory }

    /// What holds so far.
    private struct Told {
        private(set) var row: PartRow
        private(set) var isContradictory = false
        /// What it replaced.
        private(set) var replaced: [[[UInt8]]] = []

        init(row: PartRow) { self.row = row }

        mutating func take(_ other: PartRow, _ order: Order) {
            switch order {
            case .newer:
                replaced.append(row.cells)
                row = other
                isContradictory = false
            case .older: break
            case .contradictory: isContradictory = true
            }
        }
    }

    /// By the first time that both rows have and that differs; `nil` where no time tells.
    private func isLater(_ row: PartRow, _ known: PartRow, by columns: [String]) -> Bool? {
        for name in columns {
            guard let time = row.table.moment(name, of: row),
                let other = known.table.moment(name, of: known),
                let isLater = time.isLater(than: other)
            else { continue }
            return isLater
        }
        return nil
    }

    /// Of rows that are no items: by time, else the later file; within one file they must agree.
    private func order(_ row: PartRow, _ known: PartRow, _ cells: () -> [[UInt8]]) -> Order {
        if let isLater = isLater(row, known, by: part.at) { return isLater ? .newer : .older }
        if row.file != known.file { return .newer }
        return cells() == header.map { known.table.cell($0, of: known) } ? .newer : .contradictory
    }

    /// Of rows of one item: by time; else what corrects or deletes replaces what was final, a later
    /// file what an earlier one said, and within one file they must agree.
    private func order(_ row: PartRow, _ told: Told, by items: ItemColumns) -> Order {
        let known = told.row
        if let isLater = isLater(row, known, by: items.at) { return isLater ? .newer : .older }
        let corrections: Set<ItemColumns.Status> = [.corrected, .deleted]
        if corrections.contains(status(of: row, items)) { return .newer }
        let isCorrected = corrections.contains(status(of: known, items))
        // An older export that is taken once more does not undo a correction.
        if isCorrected, told.replaced.contains(row.cells) { return .older }
        if row.file != known.file { return .newer }
        if isCorrected { return .older }
        let isSame = [items.result, items.unit].allSatisfy {
            row.table.text($0, of: row) == known.table.text($0, of: known)
        }
        let isAlike = status(of: row, items) == status(of: known, items)
        return isSame && isAlike ? .newer : .contradictory
    }
}
