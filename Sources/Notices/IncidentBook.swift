package import Records
package import Storage

/// Which incidents there are and who was told of them (事件簿), in the database, so that a restart
/// tells nobody twice. All functions throw `StorageFailure`.
package struct IncidentBook: Sendable {
    /// What is gone for so long has ended: a sign that flickers is one incident.
    package static let calmSeconds: Int64 = 300
    /// A notice that cannot be handed over for so long is given up.
    package static let givenUpSeconds: Int64 = 3 * 86_400

    package static let migration: StaticString = """
        CREATE TABLE incident (
            number bigint PRIMARY KEY,
            code text NOT NULL,
            subject text NOT NULL,
            since bigint NOT NULL,
            seen bigint NOT NULL,
            told bigint,
            ended bigint
        );
        CREATE UNIQUE INDEX incident_one_open ON incident (code, subject) WHERE ended IS NULL;
        CREATE TABLE notice (
            incident bigint NOT NULL REFERENCES incident,
            turn text NOT NULL CHECK (turn IN ('began', 'ended')),
            channel text NOT NULL,
            state text NOT NULL CHECK (state IN ('due', 'sent', 'givenUp')),
            created bigint NOT NULL,
            attempts bigint NOT NULL,
            next_step bigint NOT NULL,
            failure text,
            PRIMARY KEY (incident, turn, channel)
        );
        CREATE INDEX notice_by_step ON notice (state, next_step);
        """

    package init() {}

    /// What changed by a look.
    package struct Change: Sendable, Hashable {
        package internal(set) var began: [Incident] = []
        package internal(set) var ended: [Incident] = []

        package init() {}
    }

    private struct Line {
        let number: Int64
        let incident: Incident
        let seen: Timestamp
        let wasTold: Bool
    }

    /// Holds what looks wrong now against what was known: what has lasted long enough begins, what
    /// is gone long enough ends; each makes one notice for each channel.
    package func note(
        _ signs: [Incident.Sign], channels: [String], now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) -> Change {
        var change = Change()
        let open = try lines(in: transaction)
        for sign in Set(signs).sorted(by: { ($0.code, $0.subject) < ($1.code, $1.subject) }) {
            let known = open.first {
                $0.incident.code == sign.code && $0.incident.subject == sign.subject
            }
            let line: Line
            if let known {
                line = known
            } else {
                line = try begin(sign, now: now, in: transaction)
            }
            try transaction.run(
                "UPDATE incident SET seen = \(now.microseconds) WHERE number = \(line.number)")
            let isOld = line.incident.since.adding(seconds: sign.patienceSeconds) <= now
            guard !line.wasTold, isOld else { continue }
            try transaction.run(
                "UPDATE incident SET told = \(now.microseconds) WHERE number = \(line.number)")
            try tell(line.number, "began", channels, now: now, in: transaction)
            change.began.append(line.incident)
        }
        let names = Set(signs.map { [$0.code, $0.subject] })
        for line in open where !names.contains([line.incident.code, line.incident.subject]) {
            if let ended = try end(line, channels, now: now, in: transaction) {
                change.ended.append(ended)
            }
        }
        return change
    }

    private func begin(
        _ sign: Incident.Sign, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Line {
        let rows = try transaction.run(
            """
            INSERT INTO incident (number, code, subject, since, seen)
            SELECT coalesce(max(number), 0) + 1, \(sign.code), \(sign.subject),
                \(now.microseconds), \(now.microseconds) FROM incident
            RETURNING number
            """)
        return Line(
            number: try rows.first?.int64(0) ?? 0,
            incident: Incident(code: sign.code, subject: sign.subject, since: now, ended: nil),
            seen: now, wasTold: false)
    }

    /// Ends what is gone; what nobody was told of is forgotten.
    private func end(
        _ line: Line, _ channels: [String], now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Incident? {
        guard line.wasTold else {
            try transaction.run("DELETE FROM incident WHERE number = \(line.number)")
            return nil
        }
        // Seen by a clock that was wrong and has been set back: the calm begins now.
        guard line.seen <= now else {
            try transaction.run(
                "UPDATE incident SET seen = \(now.microseconds) WHERE number = \(line.number)")
            return nil
        }
        guard line.seen.adding(seconds: IncidentBook.calmSeconds) <= now else { return nil }
        try transaction.run(
            "UPDATE incident SET ended = \(now.microseconds) WHERE number = \(line.number)")
        try tell(line.number, "ended", channels, now: now, in: transaction)
        return Incident(
            code: line.incident.code, subject: line.incident.subject, since: line.incident.since,
            ended: now)
    }

    private func tell(
        _ number: Int64, _ turn: String, _ channels: [String], now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        for channel in channels {
            try transaction.run(
                """
                INSERT INTO notice (incident, turn, channel, state, created, attempts, next_step)
                VALUES (\(number), \(turn), \(channel), 'due', \(now.microseconds), 0,
                    \(now.microseconds))
                """)
        }
    }

    /// Those that have not ended.
    private func lines(in transaction: any Transaction) throws(StorageFailure) -> [Line] {
        var lines: [Line] = []
        for row in try transaction.run(
            """
            SELECT number, code, subject, since, seen, told FROM incident
            WHERE ended IS NULL ORDER BY number
            """)
        {
            lines.append(
                Line(
                    number: try row.int64(0),
                    incident: Incident(
                        code: try row.text(1), subject: try row.text(2),
                        since: Timestamp(microseconds: try row.int64(3)), ended: nil),
                    seen: Timestamp(microseconds: try row.int64(4)),
                    wasTold: try row.optionalInt64(5) != nil))
        }
        return lines
    }

    /// Incidents that people were told of and that last, oldest first.
    package func open(in transaction: any Transaction) throws(StorageFailure) -> [Incident] {
        try lines(in: transaction).filter(\.wasTold).map(\.incident)
    }
}
