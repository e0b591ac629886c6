import Records
package import Validation

/// What another version of a mapping would have done to rows that came before (影响预览): numbers and
/// names of fields and codes, never a value.
package struct Impact: Sendable, Encodable {
    /// One side of the comparison.
    package struct Side: Sendable, Encodable {
        /// Of the mapping's content, SHA-256 hex; `nil` for what was written down at the time.
        package let content: String?
        /// Rows by fate.
        package internal(set) var fates: [String: Int] = [:]
        /// What the rows that would go out would bring if all are accepted, in fen for each payer.
        package internal(set) var fen: [String: Int64] = [:]

        package var totalFen: Int64 { fen.values.reduce(0, +) }
    }

    /// One row that would go another way, or say something else.
    package struct Row: Sendable, Encodable {
        /// The item, as the ledger calls it.
        package let item: String
        package let row: Int
        package let before: Fate
        package let after: Fate
        /// The programme's fields that would leave otherwise.
        package let fields: [String]
        /// Codes of findings that are new, and of those that are gone.
        package let newCodes: [String]
        package let goneCodes: [String]

        package var isNewlyFailing: Bool { before == .sent && after != .sent }
        package var isNewlyPassing: Bool { before != .sent && after == .sent }
    }

    /// What the gateway still has of the items.
    package struct Held: Sendable, Encodable {
        /// Items of the period.
        package internal(set) var items = 0
        /// Items whose file lies where it was put, unaltered: all of their rows were looked at.
        package internal(set) var files = 0
        /// Items of which only the rows that stayed here are kept, sealed.
        package internal(set) var sealedOnly = 0
        /// Rows of the period, as the ledger counted them.
        package internal(set) var rows = 0
        /// Rows that were looked at.
        package internal(set) var rowsRead = 0
        /// Items whose columns one of the two mappings does not read.
        package internal(set) var unread = 0

        /// Rows that nobody can look at any more: they left, and their file is gone.
        package var rowsGone: Int { max(0, rows - rowsRead) }
    }

    package let mapping: String
    package let since: String
    package internal(set) var held = Held()
    package internal(set) var before: Side
    package internal(set) var after: Side
    /// For each field how many rows would say something else.
    package internal(set) var fields: [String: Int] = [:]
    package internal(set) var newlyFailing = 0
    package internal(set) var newlyPassing = 0
    package internal(set) var changed = 0
    /// The first rows that differ.
    package internal(set) var rows: [Row] = []

    init(mapping: String, since: CalendarDate, before: String?, after: String) {
        self.mapping = mapping
        self.since = since.description
        self.before = Side(content: before)
        self.after = Side(content: after)
    }

    /// Counts a row that both sides looked at.
    mutating func add(_ row: Row, listing most: Int) {
        if row.isNewlyFailing { newlyFailing += 1 }
        if row.isNewlyPassing { newlyPassing += 1 }
        for field in row.fields { fields[field, default: 0] += 1 }
        let isSame = row.fields.isEmpty && row.newCodes.isEmpty && row.goneCodes.isEmpty
        guard row.before != row.after || !isSame else { return }
        changed += 1
        if rows.count < most { rows.append(row) }
    }
}
