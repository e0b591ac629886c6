import Delivery
import Flow
package import Records
package import Schedules
package import Storage

/// How soon what is new is first sent, and how soon it is decided (时效目标).
///
/// Counted while the service runs, each submission once: for the first attempt what matters is the
/// time since it could have gone, by the calendar and the lane. Where people type, nothing counts.
package struct ObjectiveWatch: Sendable {
    /// The first attempt begins within so long after it could.
    static let firstSeconds: Int64 = 300
    /// All its records are decided within so long after the first byte.
    static let finalSeconds: Int64 = 86_400
    /// What was written so shortly ago may not be committed yet.
    private static let settlingSeconds: Int64 = 60

    /// How many kept to an objective.
    package struct Count: Sendable, Hashable {
        package private(set) var met = 0
        package private(set) var missed = 0

        package init() {}

        mutating func add(_ isMet: Bool, _ count: Int = 1) {
            if isMet { met += count } else { missed += count }
        }
    }

    /// What one look at the database saw.
    package struct Look: Sendable {
        let until: Timestamp
        let isClosed: Bool
        let openFrom: Timestamp
        let firsts: [(created: Timestamp, began: Timestamp)]
        let finals: [(began: Timestamp, ended: Timestamp)]
        let late: Int
    }

    package private(set) var first = Count()
    package private(set) var final = Count()
    private var since: Timestamp
    /// When the lane was last seen closed.
    private var closedUntil = Timestamp(microseconds: 0)

    /// - Parameter since: what began before is not counted.
    package init(since: Timestamp) { self.since = since }

    /// Looks at what has happened on the way to an endpoint since the last look. Throws
    /// `StorageFailure`.
    package func look(
        at name: String, now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Look? {
        let until = now.adding(seconds: -ObjectiveWatch.settlingSeconds)
        guard since < until else { return nil }
        let lane = try Lane.load(name, in: transaction)
        let isStopped = try LaneStop.load(name, in: transaction) != nil
        let isReconciling = try Reconciling.load(in: transaction) != nil
        return Look(
            until: until,
            isClosed: isStopped || isReconciling || lane.phase != .working
                || !lane.isOpen(at: now),
            openFrom: lane.openFrom, firsts: try firsts(name, until, in: transaction),
            finals: try finals(name, until, in: transaction),
            late: try late(name, until, in: transaction))
    }

    private func firsts(
        _ endpoint: String, _ until: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [(created: Timestamp, began: Timestamp)] {
        var found: [(created: Timestamp, began: Timestamp)] = []
        for row in try transaction.run(
            """
            SELECT submission.created, attempt.began
            FROM attempt JOIN submission ON submission.id = attempt.submission
            WHERE submission.endpoint = \(endpoint) AND attempt.number = 1
                AND attempt.began > \(since.microseconds)
                AND attempt.began <= \(until.microseconds)
            """)
        {
            found.append(
                (
                    Timestamp(microseconds: try row.int64(0)),
                    Timestamp(microseconds: try row.int64(1))
                ))
        }
        return found
    }

    private func finals(
        _ endpoint: String, _ until: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> [(began: Timestamp, ended: Timestamp)] {
        var found: [(began: Timestamp, ended: Timestamp)] = []
        for row in try transaction.run(
            """
            SELECT (SELECT min(began) FROM attempt WHERE attempt.submission = submission.id
                    AND on_wire = 1), max(receipt.received)
            FROM receipt JOIN submission ON submission.id = receipt.submission
            WHERE receipt.disposition = 'applied' AND receipt.endpoint = \(endpoint)
                AND receipt.received > \(since.microseconds)
                AND receipt.received <= \(until.microseconds) AND submission.state = 'final'
            GROUP BY submission.id
            """)
        {
            guard let began = try row.optionalInt64(0) else { continue }
            found.append(
                (
                    Timestamp(microseconds: began),
                    Timestamp(microseconds: try row.int64(1))
                ))
        }
        return found
    }

    /// Those whose time ran out since the last look.
    private func late(
        _ endpoint: String, _ until: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        let limit = -ObjectiveWatch.finalSeconds
        return try transaction.run(
            """
            SELECT count(*) FROM (SELECT min(attempt.began) AS began
                FROM submission JOIN attempt ON attempt.submission = submission.id
                WHERE submission.endpoint = \(endpoint) AND attempt.on_wire = 1
                    AND submission.state NOT IN ('final', 'cancelled')
                GROUP BY submission.id) AS sent
            WHERE began > \(since.adding(seconds: limit).microseconds)
                AND began <= \(until.adding(seconds: limit).microseconds)
            """
        ).first?.int(0) ?? 0
    }

    /// Counts what a look saw.
    ///
    /// - Parameter calendar: by which what is due has its turn.
    package mutating func add(_ look: Look, by calendar: UploadCalendar) {
        if look.isClosed { closedUntil = max(closedUntil, look.until) }
        closedUntil = max(closedUntil, min(look.openFrom, look.until))
        for (created, began) in look.firsts {
            let turn = calendar.turn(.send, notBefore: created, paused: []).moment ?? began
            let able = min(began, max(turn, max(created, closedUntil)))
            first.add(began <= able.adding(seconds: ObjectiveWatch.firstSeconds))
        }
        for (began, ended) in look.finals
        where ended <= began.adding(seconds: ObjectiveWatch.finalSeconds) {
            final.add(true)
        }
        final.add(false, look.late)
        since = look.until
    }
}
