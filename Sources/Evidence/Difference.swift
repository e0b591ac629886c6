package import Records

/// Facts about differences between books, as cases for people (差异单). Neither changes a total:
/// nothing corrects itself.
extension Fact {
    /// A difference was written down for a person. The number of its line in the ledger names it.
    package struct Differed: Sendable, Codable, Hashable {
        package let programme: String
        package let year: Int
        /// Which books were compared: `source`, `counts` or `list`.
        package let level: String
        /// The class's stable code, e.g. `D-LOCAL-ONLY`.
        package let kind: String
        /// Why, a stable word of that level.
        package let reason: String
        package let institution: String?
        package let month: CalendarMonth?
        package let service: String?
        package let record: RecordID?
        /// The national side's number of it, where our books do not know it.
        package let serial: String?
        /// Rows of the list, as Excel counts.
        package let rows: [Int]?
        /// Cases in our books, in the national ones and by the clinic's own word.
        package let local: Int?
        package let national: Int?
        package let source: Int?
        /// SHA-256 of the list, hex; absent where none was compared.
        package let list: String?
        package let owner: String?
        /// The last day on which it is in time.
        package let dueOn: CalendarDate
        /// The number of the same difference that was closed before.
        package let again: Int64?
        package let by: String

        package init(
            programme: String, year: Int, level: String, kind: String, reason: String,
            institution: String? = nil, month: CalendarMonth? = nil, service: String? = nil,
            record: RecordID? = nil, serial: String? = nil, rows: [Int]? = nil,
            local: Int? = nil, national: Int? = nil, source: Int? = nil, list: String? = nil,
            owner: String? = nil, dueOn: CalendarDate, again: Int64? = nil, by: String
        ) {
            self.programme = programme
            self.year = year
            self.level = level
            self.kind = kind
            self.reason = reason
            self.institution = institution
            self.month = month
            self.service = service
            self.record = record
            self.serial = serial
            self.rows = rows
            self.local = local
            self.national = national
            self.source = source
            self.list = list
            self.owner = owner
            self.dueOn = dueOn
            self.again = again
            self.by = by
        }
    }

    /// What became of a difference that was written down.
    package struct DifferenceHandled: Sendable, Codable, Hashable {
        /// The number of the ledger's line that is the difference.
        package let number: Int64
        /// `assigned`, `gone`, `back` or `closed`.
        package let step: String
        package let owner: String?
        package let dueOn: CalendarDate?
        /// How it was solved, a word of the list of outcomes.
        package let outcome: String?
        package let by: String
        package let because: String?

        package init(
            number: Int64, step: String, owner: String? = nil, dueOn: CalendarDate? = nil,
            outcome: String? = nil, by: String, because: String? = nil
        ) {
            self.number = number
            self.step = step
            self.owner = owner
            self.dueOn = dueOn
            self.outcome = outcome
            self.by = by
            self.because = because
        }
    }
}

extension Fact.Differed {
    var summary: Wording {
        Wording(
            zh: "差异单 \(kind) \(reason)，期限 \(dueOn)（\(by)）",
            en: "difference \(kind) \(reason) opened by \(by), due \(dueOn)")
    }
}

extension Fact.DifferenceHandled {
    var summary: Wording {
        let more = [owner, dueOn?.description, outcome, because].compactMap { $0 }
            .joined(separator: " ")
        return Wording(
            zh: "差异单 \(number) \(step)（\(by)）\(more)",
            en: "difference \(number) \(step) by \(by) \(more)")
    }
}
