package import Evidence
import Foundation
import LibCrypto
package import Records
package import Storage

/// Erases what was kept sealed for long enough (到期清除), and writes down what it was.
///
/// The rows themselves stay, with their ids, fates and reasons: the books need them. Gone is what
/// was sealed in them. What still waits for something is named first, so that it may yet come.
package struct RetentionDesk: Sendable {
    /// One class as it stands.
    package struct Standing: Sendable, Codable {
        package let kind: RetentionClass
        /// `nil` where the rule does not name it: it is kept for ever.
        package let days: Int?
        /// How many are there, and how many of them are due.
        package let kept: Int
        package let due: Int
        /// Of what is named first: how many come to their end, and are not due.
        package let soon: Int
    }

    private static let day: Int64 = 86_400

    let rule: RetentionRule
    let database: any Database
    let clock: @Sendable () -> Timestamp

    package init(
        _ rule: RetentionRule, database: any Database, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.rule = rule
        self.database = database
        self.clock = clock
    }

    /// All classes. Throws `StorageFailure`, `DecodingError`.
    package func standings() async throws -> [Standing] {
        let moment = clock()
        return try await database.read { transaction in
            try RetentionClass.allCases.map { kind in
                let due = try border(of: kind, at: moment, in: transaction).map {
                    try kind.shelf.count(before: $0, in: transaction)
                }
                let ending = try warningBorder(of: kind, at: moment).map {
                    try kind.shelf.count(before: $0, in: transaction)
                }
                return Standing(
                    kind: kind, days: rule.days[kind],
                    kept: try kind.shelf.count(in: transaction), due: due ?? 0,
                    soon: max(0, (ending ?? 0) - (due ?? 0)))
            }
        }
    }

    /// Refuses to go on where the clock may be wrong. Throws `RetentionFailure`, `StorageFailure`.
    package func checkClock() async throws {
        let moment = clock()
        let pause = try await database.read { [days = rule.mostPauseDays] in
            try LedgerPause.find(longerThan: days, before: moment, in: $0)
        }
        if let pause { throw RetentionFailure(pause: pause) }
    }

    /// Erases what is due, each class in one transaction with the fact of it; returns the facts.
    ///
    /// Throws `RetentionFailure`, `StorageFailure`, `EncodingError`, `DecodingError`.
    ///
    /// - Parameter because: why the clock is right after all, where a person says so.
    package func erase(by person: String, because: String? = nil) async throws -> [Fact.Erased] {
        if because == nil { try await checkClock() }
        var erased: [Fact.Erased] = []
        for kind in RetentionClass.allCases {
            let moment = clock()
            let fact: Fact.Erased? = try await database.write { transaction in
                guard let border = try border(of: kind, at: moment, in: transaction) else {
                    return nil
                }
                let names = try kind.shelf.erase(before: border, in: transaction)
                guard !names.isEmpty else { return nil }
                transaction.scrub()
                let items = Dictionary(names.map { ($0.name, 1) }, uniquingKeysWith: +)
                let fact = Fact.Erased(
                    kind: kind.rawValue, count: names.count, before: border,
                    digest: RetentionDesk.digest(names), by: person,
                    items: kind.isNamedFirst ? items : nil, because: because)
                try Ledger().append([.erased(fact)], at: moment, in: transaction)
                return fact
            }
            if let fact { erased.append(fact) }
        }
        return erased
    }

    /// Before which moment what came is erased now; `nil` where nothing is. What is named first is
    /// due only after it was, for as long as the rule says. Microseconds since 1970.
    private func border(
        of kind: RetentionClass, at moment: Timestamp, in transaction: any Transaction
    ) throws -> Int64? {
        guard let days = rule.days[kind] else { return nil }
        let border = moment.adding(seconds: -Int64(days) * RetentionDesk.day).microseconds
        guard kind.isNamedFirst else { return border }
        let named = try warnings(of: kind, in: transaction)
            .filter { $0.erasedFrom <= moment.microseconds }.map(\.before).max()
        return named.map { min($0, border) }
    }

    private func warnings(
        of kind: RetentionClass, in transaction: any Transaction
    ) throws -> [Fact.Warned] {
        try Ledger().entries(of: "warned", in: transaction).compactMap { entry in
            guard case .warned(let fact) = entry.fact, fact.kind == kind.rawValue else {
                return nil
            }
            return fact
        }
    }

    /// Before which moment what came is named now.
    private func warningBorder(of kind: RetentionClass, at moment: Timestamp) -> Int64? {
        guard kind.isNamedFirst, let days = rule.days[kind] else { return nil }
        return moment.adding(seconds: -Int64(days - rule.warnDays) * RetentionDesk.day)
            .microseconds
    }

    private static func digest(_ names: [RetentionShelf.Name]) -> String {
        let text = names.map { $0.text + "\n" }.joined()
        return Hex.encode(Hash.sha256.digest(Array(text.utf8)))
    }
}

/// What will be erased is named first (清除前告知).
extension RetentionDesk {
    /// Rows of a file that wait, and will be erased.
    package struct Ending: Sendable, Codable {
        package let file: String
        package let mapping: String
        /// As Excel counts.
        package let row: Int
        package let arrived: CalendarDate
    }

    /// What is to be named now.
    package struct Warning: Sendable {
        package let rows: [Ending]
        /// From this day on they are erased, unless their case comes before.
        package let from: CalendarDate
        package let fact: Fact.Warned
    }

    /// What comes to its end and was not named yet; `nil` where nothing does. Throws
    /// `StorageFailure`, `DecodingError`.
    package func warning(by person: String) async throws -> Warning? {
        let kind = RetentionClass.waitingPart
        let moment = clock()
        guard let border = warningBorder(of: kind, at: moment) else { return nil }
        return try await database.read { transaction in
            let told = try warnings(of: kind, in: transaction).map(\.before).max() ?? 0
            let known = Set(try kind.shelf.names(before: told, in: transaction).map(\.text))
            let names = try kind.shelf.names(before: border, in: transaction)
            guard names.contains(where: { !known.contains($0.text) }) else { return nil }
            let from = moment.adding(seconds: Int64(rule.warnDays) * RetentionDesk.day)
            var rows: [Ending] = []
            for name in names {
                for row in try transaction.run(
                    """
                    SELECT intake.name, part_row.mapping, part_row.row, intake.arrived
                    FROM part_row JOIN intake ON intake.intake = part_row.intake
                    WHERE part_row.intake = \(name.name) AND part_row.row = \(name.number ?? 0)
                    """)
                {
                    let arrived = Timestamp(microseconds: try row.int64(3))
                    rows.append(
                        Ending(
                            file: try row.text(0), mapping: try row.text(1), row: try row.int(2),
                            arrived: arrived.day))
                }
            }
            return Warning(
                rows: rows, from: from.day,
                fact: Fact.Warned(
                    kind: kind.rawValue, count: names.count, before: border,
                    erasedFrom: from.microseconds, digest: RetentionDesk.digest(names),
                    by: person))
        }
    }

    /// Writes down that it was named. Throws `StorageFailure`, `EncodingError`.
    package func note(_ warning: Warning) async throws {
        let moment = clock()
        try await database.write { transaction in
            try Ledger().append([.warned(warning.fact)], at: moment, in: transaction)
        }
    }

    /// Whether rows were named whose time is not over. Throws `StorageFailure`, `DecodingError`.
    package static func isEnding(in transaction: any Transaction, at now: Timestamp) throws -> Bool
    {
        try Ledger().entries(of: "warned", in: transaction).contains { entry in
            guard case .warned(let fact) = entry.fact else { return false }
            return fact.erasedFrom > now.microseconds
        }
    }

    /// Rows that wait for their case come to their end.
    package static let ending = CodeEntry(
        "N-PART-ENDING",
        what: Wording(
            zh: "有部分行一直等不到病例，告知期过后将清除。",
            en: "Rows of parts wait for their case in vain, and will be erased."),
        next: Wording(
            zh: "把站点 out/ending-*.csv 交机构，请其补交病例；见 shangbao retention show。",
            en: "Give the clinics out/ending-*.csv of the site, so that they send the cases; see "
                + "shangbao retention show."))
}
