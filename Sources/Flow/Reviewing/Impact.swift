package import Privacy
package import Records
package import Validation

/// What another version of a mapping would have done to rows that came before (影响预览): numbers and
/// names of fields and codes, never a value.
///
/// Each record counts once, by what became of it last: a row that says of it what an earlier one
/// said is a repeat.
package struct Impact: Sendable, Encodable {
    /// One side of the comparison.
    package struct Side: Sendable, Encodable {
        /// Of the mapping's content, SHA-256 hex; `nil` for what was written down at the time.
        package let content: String?
        /// Records by fate; a row that nobody can read is one of its own.
        package internal(set) var fates: [String: Int] = [:]
        /// What the records that go out bring if all are accepted, in fen for each payer.
        package internal(set) var fen: [String: Int64] = [:]

        package var totalFen: Int64 { fen.values.reduce(0, +) }
    }

    /// A payer as people call it.
    package struct Payer: Sendable, Encodable {
        package let name: String
        package let title: Wording
    }

    /// What happens to a field of one record.
    package enum Change: String, Sendable, Encodable, CaseIterable {
        case gained, lost, changed
    }

    /// A field that leaves otherwise.
    package struct Field: Sendable, Encodable {
        /// The programme's name.
        package let name: String
        /// How it leaves.
        package let technique: ReviewSheet.Technique
        /// Records that say it now and did not, that said it and do not, and that say another.
        package let gained: Int
        package let lost: Int
        package let changed: Int

        package var records: Int { gained + lost + changed }
    }

    /// An item, as people may call it: its file's name may bear a person's.
    package struct Item: Sendable, Encodable, Hashable {
        /// As the ledger calls it.
        package let name: String
        package let source: String
        package let arrived: CalendarDate
    }

    /// Rows of one item to which the same would happen.
    package struct Group: Sendable, Encodable {
        package let item: Item
        package let before: Fate
        package let after: Fate
        /// The programme's fields that would leave otherwise.
        package let fields: [String: Change]
        /// The content is another than the one that left; which fields, is not known any more.
        package let isOtherContent: Bool
        /// Codes of findings that are new, and of those that are gone.
        package let newCodes: [String]
        package let goneCodes: [String]
        /// How many, and the numbers of the first, as Excel counts.
        package internal(set) var rows: Int
        package internal(set) var examples: [Int]
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
        /// Of these, rows about a record of which another row counts.
        package internal(set) var repeats = 0
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
    /// Who pays, in the funding rule's order.
    package internal(set) var payers: [Payer] = []
    /// Fields that leave otherwise, those of most records first.
    package internal(set) var fields: [Field] = []
    package internal(set) var newlyFailing = 0
    package internal(set) var newlyPassing = 0
    /// Records that went out and would go again, and say something else than what left.
    package internal(set) var otherContent = 0
    /// Records to which something happens.
    package internal(set) var changed = 0
    /// The same by what happens, most rows first; the first two hundred.
    package internal(set) var groups: [Group] = []

    init(mapping: String, since: CalendarDate, before: String?, after: String) {
        self.mapping = mapping
        self.since = since.description
        self.before = Side(content: before)
        self.after = Side(content: after)
    }
}
