package import Evidence
import Foundation
import LibCrypto
package import Records
package import Storage

/// Erases what was kept sealed for long enough (到期清除), and writes down what it was.
///
/// The rows themselves stay, with their ids, fates and reasons: the books need them. Gone is what
/// was sealed in them.
package struct RetentionDesk: Sendable {
    /// One class as it stands.
    package struct Standing: Sendable, Codable {
        package let kind: RetentionClass
        /// `nil` where the rule does not name it: it is kept for ever.
        package let days: Int?
        /// How many are there, and how many of them are due.
        package let kept: Int
        package let due: Int
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

    /// All classes. Throws `StorageFailure`.
    package func standings() async throws -> [Standing] {
        let moment = clock()
        return try await database.read { transaction in
            try RetentionClass.allCases.map { kind in
                Standing(
                    kind: kind, days: rule.days[kind],
                    kept: try names(of: kind, before: nil, in: transaction).count,
                    due: try border(of: kind, at: moment).map {
                        try names(of: kind, before: $0, in: transaction).count
                    } ?? 0)
            }
        }
    }

    /// Erases what is due, each class in one transaction with the fact of it; returns the facts.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func erase(by person: String) async throws -> [Fact.Erased] {
        var erased: [Fact.Erased] = []
        for kind in RetentionClass.allCases {
            let moment = clock()
            guard let border = border(of: kind, at: moment) else { continue }
            let fact: Fact.Erased? = try await database.write { transaction in
                let names = try names(of: kind, before: border, in: transaction)
                guard !names.isEmpty else { return nil }
                try erase(kind, before: border, in: transaction)
                let text = names.map { $0 + "\n" }.joined()
                let fact = Fact.Erased(
                    kind: kind.rawValue, count: names.count, before: border.microseconds,
                    digest: Hex.encode(Hash.sha256.digest(Array(text.utf8))), by: person)
                try Ledger().append([.erased(fact)], at: moment, in: transaction)
                return fact
            }
            if let fact { erased.append(fact) }
        }
        return erased
    }

    private func border(of kind: RetentionClass, at moment: Timestamp) -> Timestamp? {
        rule.days[kind].map { moment.adding(seconds: -Int64($0) * RetentionDesk.day) }
    }

    /// What is kept of a class, by its names: `item/row`, or a submission's id.
    private func names(
        of kind: RetentionClass, before border: Timestamp?, in transaction: any Transaction
    ) throws(StorageFailure) -> [String] {
        let before = border?.microseconds ?? .max
        let rows =
            switch kind {
            case .correctedRow:
                try transaction.run(
                    """
                    SELECT kept_row.intake || '/' || kept_row.row FROM kept_row
                        JOIN intake ON intake.intake = kept_row.intake
                    WHERE kept_row.sealed <> '' AND intake.arrived < \(before)
                        AND kept_row.fate IN ('quarantined', 'held')
                        AND EXISTS (SELECT 1 FROM item WHERE item.record = kept_row.record
                            AND item.version > kept_row.version AND item.state = 'accepted')
                    ORDER BY kept_row.intake, kept_row.row
                    """)
            case .closedRow:
                try transaction.run(
                    """
                    SELECT kept_row.intake || '/' || kept_row.row FROM kept_row
                        JOIN intake ON intake.intake = kept_row.intake
                    WHERE kept_row.sealed <> '' AND intake.arrived < \(before)
                        AND (kept_row.fate IN ('excluded', 'superseded') OR kept_row.record IS NULL)
                    ORDER BY kept_row.intake, kept_row.row
                    """)
            case .ownCopy:
                try transaction.run(
                    """
                    SELECT id FROM submission
                    WHERE own_key <> '' AND created < \(before) AND state = 'final'
                        AND NOT EXISTS (SELECT 1 FROM item WHERE item.submission = submission.id
                            AND item.state IN ('open', 'unknown', 'transient', 'disputed'))
                    ORDER BY id
                    """)
            }
        var names: [String] = []
        for row in rows { names.append(try row.text(0)) }
        return names
    }

    private func erase(
        _ kind: RetentionClass, before border: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) {
        let before = border.microseconds
        switch kind {
        case .correctedRow:
            try transaction.run(
                """
                UPDATE kept_row SET sealed = ''
                WHERE sealed <> '' AND fate IN ('quarantined', 'held')
                    AND EXISTS (SELECT 1 FROM intake WHERE intake.intake = kept_row.intake
                        AND intake.arrived < \(before))
                    AND EXISTS (SELECT 1 FROM item WHERE item.record = kept_row.record
                        AND item.version > kept_row.version AND item.state = 'accepted')
                """)
        case .closedRow:
            try transaction.run(
                """
                UPDATE kept_row SET sealed = ''
                WHERE sealed <> '' AND (fate IN ('excluded', 'superseded') OR record IS NULL)
                    AND EXISTS (SELECT 1 FROM intake WHERE intake.intake = kept_row.intake
                        AND intake.arrived < \(before))
                """)
        case .ownCopy:
            try transaction.run(
                """
                UPDATE submission SET own_key = ''
                WHERE own_key <> '' AND created < \(before) AND state = 'final'
                    AND NOT EXISTS (SELECT 1 FROM item WHERE item.submission = submission.id
                        AND item.state IN ('open', 'unknown', 'transient', 'disputed'))
                """)
        }
    }
}
