package import Records
package import Storage

/// Notices on their way (待发通知). All throw `StorageFailure`.
extension IncidentBook {
    /// One notice that is to be handed over.
    package struct Notice: Sendable, Hashable {
        /// Whether the incident began, or ended.
        package enum Turn: String, Sendable {
            case began, ended
        }

        package let number: Int64
        package let turn: Turn
        package let channel: String
        package let incident: Incident
        package let created: Timestamp
        package let attempts: Int
    }

    /// Up to `limit` notices whose time has come, in their order; and those of a clock that was
    /// wrong and has been set back.
    package func due(
        now: Timestamp, limit: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [Notice] {
        var notices: [Notice] = []
        for row in try transaction.run(
            """
            SELECT notice.incident, notice.turn, notice.channel, notice.created, notice.attempts,
                incident.code, incident.subject, incident.since, incident.ended
            FROM notice JOIN incident ON incident.number = notice.incident
            WHERE notice.state = 'due' AND (notice.next_step <= \(now.microseconds)
                OR notice.created > \(now.microseconds))
            ORDER BY notice.incident, notice.turn, notice.channel LIMIT \(limit)
            """)
        {
            guard let turn = Notice.Turn(rawValue: try row.text(1)) else { continue }
            let ended = try row.optionalInt64(8).map(Timestamp.init(microseconds:))
            notices.append(
                Notice(
                    number: try row.int64(0), turn: turn, channel: try row.text(2),
                    incident: Incident(
                        code: try row.text(5), subject: try row.text(6),
                        since: Timestamp(microseconds: try row.int64(7)), ended: ended),
                    created: Timestamp(microseconds: try row.int64(3)),
                    attempts: try row.int(4)))
        }
        return notices
    }

    /// It was handed over.
    package func sent(
        _ notice: Notice, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) {
        try transaction.run(
            """
            UPDATE notice SET state = 'sent', attempts = attempts + 1, failure = NULL,
                next_step = \(now.microseconds)
            WHERE incident = \(notice.number) AND turn = \(notice.turn.rawValue)
                AND channel = \(notice.channel)
            """)
    }

    /// It was not: it is tried again after a minute, twice as long each time up to an hour, and
    /// given up after three days. A channel that is gone is given up at once.
    package func failed(
        _ notice: Notice, _ failure: String, isGone: Bool = false, now: Timestamp,
        in transaction: any Transaction
    ) throws(StorageFailure) {
        let wait = min(3600, Int64(60) << min(6, Int64(notice.attempts)))
        let isOver = notice.created.adding(seconds: IncidentBook.givenUpSeconds) <= now
        let state = isGone || isOver ? "givenUp" : "due"
        try transaction.run(
            """
            UPDATE notice SET state = \(state), attempts = attempts + 1, failure = \(failure),
                next_step = \(now.adding(seconds: wait).microseconds)
            WHERE incident = \(notice.number) AND turn = \(notice.turn.rawValue)
                AND channel = \(notice.channel)
            """)
    }

    /// A channel that could not take its notices.
    package struct Waiting: Sendable, Hashable, Codable {
        package let channel: String
        package let count: Int
        /// Why the latest was not taken.
        package let failure: String
    }

    /// Channels with notices that failed and are tried again.
    package func waiting(in transaction: any Transaction) throws(StorageFailure) -> [Waiting] {
        var waiting: [Waiting] = []
        for row in try transaction.run(
            """
            SELECT channel, count(*), max(failure) FROM notice
            WHERE state = 'due' AND failure IS NOT NULL GROUP BY channel ORDER BY channel
            """)
        {
            waiting.append(
                Waiting(
                    channel: try row.text(0), count: try row.int(1), failure: try row.text(2)))
        }
        return waiting
    }
}
