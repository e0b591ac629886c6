package import Records
import Schedules
import Storage

/// Deadlines that a person must hear of, each time once (截止提醒).
extension DeadlineDesk {
    /// How often it is looked: the whole ledger is read for it.
    static let lookSeconds: Int64 = 3600

    /// When it was last looked, and what was told of which closing.
    package static let migration: StaticString = """
        CREATE TABLE deadline_look (one bigint PRIMARY KEY CHECK (one = 1), at bigint NOT NULL);
        CREATE TABLE deadline_notice (
            deadline text NOT NULL, closes bigint NOT NULL, level text NOT NULL,
            at bigint NOT NULL, PRIMARY KEY (deadline, closes, level));
        """

    /// The lines whose level nobody was told of: at 72 hours, at 24, and when it was missed, once
    /// each, whichever process looks. At most once an hour; between, nothing.
    ///
    /// Throws `CalendarGap`, `StorageFailure`, `DecodingError`.
    package func news(at now: Timestamp) async throws -> [Line] {
        guard !site.configuration.deadlines.all.isEmpty else { return [] }
        let since = now.adding(seconds: -DeadlineDesk.lookSeconds).microseconds
        let isDue = try await database.write { transaction in
            // A moment ahead of now is from a clock that was wrong.
            try !transaction.run(
                """
                INSERT INTO deadline_look (one, at) VALUES (1, \(now.microseconds))
                ON CONFLICT (one) DO UPDATE SET at = excluded.at
                    WHERE deadline_look.at <= \(since)
                        OR deadline_look.at > \(now.microseconds)
                RETURNING at
                """
            ).isEmpty
        }
        guard isDue else { return [] }
        let loud = try await lines(at: now).filter { $0.forecast.level > .calm }
        return try await database.write { transaction in
            try loud.filter { line in
                let closes = Timestamp(line.forecast.closing.closes).microseconds
                return try !transaction.run(
                    """
                    INSERT INTO deadline_notice (deadline, closes, level, at)
                    VALUES (\(line.deadline.name), \(closes), \(line.forecast.level.rawValue),
                        \(now.microseconds))
                    ON CONFLICT DO NOTHING RETURNING at
                    """
                ).isEmpty
            }
        }
    }
}
