package import Evidence
package import Records

/// What a comparison adds to the differences that are written down (开单): new ones are opened once,
/// those that are no longer found are marked, and nothing is closed.
package struct DifferenceOpening: Sendable {
    /// What was compared, and so what can be missing from it.
    package struct Compared: Sendable {
        package let programme: String
        package let scope: ListReconciliation.Scope
        package let levels: Set<Difference.Level>
        /// Names of cases of which the list said nothing that could be read.
        package let doubted: Set<String>
        /// SHA-256 of the list, hex.
        package let list: String?

        package init(
            programme: String, scope: ListReconciliation.Scope, levels: Set<Difference.Level>,
            doubted: Set<String> = [], list: String? = nil
        ) {
            self.programme = programme
            self.scope = scope
            self.levels = levels
            self.doubted = doubted
            self.list = list
        }
    }

    /// Who opens them, when, and for whom.
    package struct Terms: Sendable {
        package let by: String
        package let owner: String?
        package let today: CalendarDate
        /// The last day in time, of every class that may be opened.
        package let due: [Discrepancy.Kind: CalendarDate]
        /// For how many days each outcome lets the same difference be; `nil` for ever. An outcome
        /// that is not there lets it be for none.
        package let stays: [String: Int?]

        package init(
            by: String, owner: String?, today: CalendarDate,
            due: [Discrepancy.Kind: CalendarDate], stays: [String: Int?]
        ) {
            self.by = by
            self.owner = owner
            self.today = today
            self.due = due
            self.stays = stays
        }
    }

    /// To be written, in this order.
    package private(set) var facts: [Fact] = []
    /// Newly opened, and among them those that were closed before.
    package private(set) var opened = 0
    package private(set) var again = 0
    /// Open already.
    package private(set) var known = 0
    /// Closed before with a word that lets it be.
    package private(set) var settled = 0
    /// No longer found, and found again.
    package private(set) var gone = 0
    package private(set) var back = 0

    /// - Parameter found: what the comparison came to, in the order in which it is opened.
    package init(
        _ found: [Difference], _ compared: Compared, in book: DifferenceBook, _ terms: Terms
    ) {
        var last: [Difference.Key: DifferenceBook.Sheet] = [:]
        for sheet in book.sheets
        where sheet.differed.programme == compared.programme
            && sheet.differed.year == compared.scope.year
        {
            last[sheet.key] = sheet
        }
        var seen: Set<Difference.Key> = []
        for difference in found where seen.insert(difference.key).inserted {
            take(difference, last[difference.key], compared, terms)
        }
        for sheet in last.values.sorted(by: { $0.number < $1.number })
        where sheet.state == .open && !seen.contains(sheet.key) && compared.couldFind(sheet) {
            gone += 1
            note(sheet, "gone", terms)
        }
    }

    private mutating func take(
        _ difference: Difference, _ sheet: DifferenceBook.Sheet?, _ compared: Compared,
        _ terms: Terms
    ) {
        guard let sheet else { return open(difference, again: nil, compared, terms) }
        switch sheet.state {
        case .open: known += 1
        case .gone:
            known += 1
            back += 1
            note(sheet, "back", terms)
        case .closed:
            if sheet.stays(on: terms.today, by: terms.stays) {
                settled += 1
            } else {
                again += 1
                open(difference, again: sheet.number, compared, terms)
            }
        }
    }

    private mutating func note(
        _ sheet: DifferenceBook.Sheet, _ step: String, _ terms: Terms
    ) {
        facts.append(
            .differenceHandled(
                Fact.DifferenceHandled(number: sheet.number, step: step, by: terms.by)))
    }

    private mutating func open(
        _ difference: Difference, again number: Int64?, _ compared: Compared, _ terms: Terms
    ) {
        opened += 1
        facts.append(
            .differed(
                Fact.Differed(
                    programme: compared.programme, year: compared.scope.year,
                    level: difference.level.rawValue, kind: difference.kind.rawValue,
                    reason: difference.reason.rawValue, institution: difference.institution,
                    month: difference.month, service: difference.service,
                    record: difference.record, serial: difference.serial,
                    rows: difference.rows.isEmpty ? nil : difference.rows,
                    local: difference.local, national: difference.national,
                    source: difference.source, list: compared.list, owner: terms.owner,
                    dueOn: terms.due[difference.kind] ?? terms.today, again: number,
                    by: terms.by)))
    }
}

extension DifferenceOpening.Compared {
    /// Whether the comparison would have found it, were it still there.
    fileprivate func couldFind(_ sheet: DifferenceBook.Sheet) -> Bool {
        let differed = sheet.differed
        guard let level = Difference.Level(rawValue: differed.level), levels.contains(level),
            // What bears no month was found by a whole year alone.
            differed.month.map(scope.holds) ?? (scope.month == nil)
        else { return false }
        return [differed.record?.text, differed.serial].allSatisfy { name in
            name.map { !doubted.contains($0) } ?? true
        }
    }
}

extension DifferenceBook.Sheet {
    /// Whether how it was closed lets the same difference be, on a day.
    fileprivate func stays(on day: CalendarDate, by stays: [String: Int?]) -> Bool {
        guard let closedAt, let outcome, let days = stays[outcome] else { return false }
        return days.map { day <= closedAt.day.adding(days: $0) && $0 > 0 } ?? true
    }
}
