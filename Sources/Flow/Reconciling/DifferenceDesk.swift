package import Definitions
import Evidence
package import Programmes
package import Records
import Schedules
package import Settlements
package import Storage

/// Where differences between books are kept as cases for people (差异单): opened by a comparison,
/// given to somebody, closed by a person with a reason. No total comes from here.
package struct DifferenceDesk: Sendable {
    private let site: Site
    private let database: any Database
    /// Deadlines and outcomes.
    package let file: DifferenceFile

    /// Throws `DefinitionError` where the file of deadlines and outcomes is missing or wrong.
    package init(site: Site, database: any Database) throws {
        self.site = site
        self.database = database
        file = try DifferenceFile.read(below: site.configuration.mappings)
    }

    /// All of them, folded from the ledger. Throws `StorageFailure`, `DecodingError`.
    package static func book(in transaction: any Transaction) throws -> DifferenceBook {
        var book = DifferenceBook()
        let entries = try ["differed", "differenceHandled"].flatMap {
            try Ledger().entries(of: $0, in: transaction)
        }
        for entry in entries.sorted(by: { $0.seq < $1.seq }) {
            book.add(entry.fact, seq: entry.seq, at: entry.at)
        }
        return book
    }

    /// One of them. Throws `DifferenceFailure` for a number that is none, `StorageFailure`.
    package static func sheet(
        _ number: Int64, in transaction: any Transaction
    ) throws -> DifferenceBook.Sheet {
        guard let sheet = try book(in: transaction)[number] else {
            throw DifferenceFailure(.unknown, place: "\(number)")
        }
        return sheet
    }

    /// Writes down what a comparison found and what it no longer finds, in one transaction with
    /// the look at what is written down already.
    ///
    /// Throws `CalendarGap` where the working days are unknown and no deadline is given,
    /// `StorageFailure`.
    ///
    /// - Parameters:
    ///   - owner: who is to clear all of them up; nobody yet where `nil`.
    ///   - due: the last day in time; by the file's working days where `nil`.
    package func open(
        _ found: [Difference], _ compared: DifferenceOpening.Compared, by person: String,
        owner: String?, due: CalendarDate?
    ) async throws -> DifferenceOpening {
        let now = site.clock()
        var days: [Discrepancy.Kind: CalendarDate] = [:]
        for kind in Set(found.map(\.kind)) {
            days[kind] = try due ?? lastDay(of: kind, from: now.day)
        }
        let terms = DifferenceOpening.Terms(
            by: person, owner: owner, today: now.day, due: days,
            stays: Dictionary(file.outcomes.map { ($0.name, $0.days) }) { $1 })
        return try await database.write { transaction in
            let opening = DifferenceOpening(
                found, compared, in: try DifferenceDesk.book(in: transaction), terms)
            try Ledger().append(opening.facts, at: now, in: transaction)
            return opening
        }
    }

    /// Gives differences to somebody, or sets another deadline.
    ///
    /// Throws `DifferenceFailure` for a number that is none or is closed, and then none moves;
    /// `StorageFailure`.
    package func assign(
        _ numbers: [Int64], owner: String?, due: CalendarDate?, by person: String
    ) async throws {
        try await note(
            numbers.map {
                Fact.DifferenceHandled(
                    number: $0, step: "assigned", owner: owner, dueOn: due, by: person)
            })
    }

    /// Closes differences: how each was solved, and why.
    ///
    /// Throws `DifferenceFailure` for a number that is none or is closed, or a word that is no
    /// outcome, and then none moves; `StorageFailure`.
    package func close(
        _ numbers: [Int64], outcome word: String, because: String, by person: String
    ) async throws {
        guard let outcome = file.outcome(called: word) else {
            throw DifferenceFailure(
                .outcome, place: word,
                detail: file.outcomes.map { "\($0.name)（\($0.title.zh)）" }
                    .joined(separator: ", "))
        }
        try await note(
            numbers.map {
                Fact.DifferenceHandled(
                    number: $0, step: "closed", outcome: outcome.name, by: person,
                    because: because)
            })
    }

    private func note(_ steps: [Fact.DifferenceHandled]) async throws {
        let now = site.clock()
        try await database.write { transaction in
            let book = try DifferenceDesk.book(in: transaction)
            for step in steps {
                guard let sheet = book[step.number] else {
                    throw DifferenceFailure(.unknown, place: "\(step.number)")
                }
                guard sheet.state != .closed else {
                    throw DifferenceFailure(.closed, place: "\(step.number)")
                }
            }
            try Ledger().append(
                steps.map { .differenceHandled($0) }, at: now, in: transaction)
        }
    }

    /// The last working day in time for a class, counted from the day after.
    private func lastDay(of kind: Discrepancy.Kind, from today: CalendarDate)
        throws(CalendarGap) -> CalendarDate
    {
        let holidays = site.configuration.calendar.holidays
        var left = file.byClass[kind.rawValue] ?? file.workdays
        var day = today
        while left > 0 {
            day = day.adding(days: 1)
            if try holidays.isWorkday(day) { left -= 1 }
        }
        return day
    }
}

extension DifferenceFile {
    /// The file of a folder of mappings. Throws where it is missing or wrong.
    package static func read(below root: String) throws(DefinitionError) -> DifferenceFile {
        try DifferenceFile(below: root, classes: Discrepancy.Kind.allCases.map(\.rawValue))
    }
}

/// Why nothing was done with a difference.
package struct DifferenceFailure: ExplainedFailure {
    package enum Reason: String, Sendable, CaseIterable {
        case unknown = "E-DIFFERENCE"
        case closed = "E-DIFFERENCE-CLOSED"
        case outcome = "E-OUTCOME"
    }

    package let reason: Reason
    package let place: String?
    package let detail: String?

    init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    package var entry: CodeEntry { DifferenceFailure.entry(reason) }

    /// What each reason says.
    static func entry(_ reason: Reason) -> CodeEntry {
        switch reason {
        case .unknown:
            CodeEntry(
                reason.rawValue,
                what: Wording(zh: "没有这个编号的差异单。", en: "No difference bears this number."),
                next: Wording(
                    zh: "编号见 shangbao differences list。",
                    en: "See shangbao differences list."))
        case .closed:
            CodeEntry(
                reason.rawValue,
                what: Wording(zh: "这张差异单已经关闭。", en: "The difference is closed already."),
                next: Wording(
                    zh: "差异还在的，下次 shangbao reconcile --open 会另开一张。",
                    en: "Where it is still there, the next shangbao reconcile --open opens "
                        + "another."))
        case .outcome:
            CodeEntry(
                reason.rawValue,
                what: Wording(zh: "没有这种处理结果。", en: "There is no such outcome."),
                next: Wording(
                    zh: "用 mappings/exchange/differences.yaml 的 outcomes 中的一个。",
                    en: "Use one of outcomes in mappings/exchange/differences.yaml."))
        }
    }
}

/// All codes of lists of cases and of differences as cases, for `shangbao explain`.
package let reconcilingCodes: [CodeEntry] =
    [CaseListFailure.column, CaseListFailure.form]
    + DifferenceFailure.Reason.allCases.map(DifferenceFailure.entry)
