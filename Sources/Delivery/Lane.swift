package import Records
package import Storage

/// The way to one endpoint (通道): after a failure that is not one submission's, all of them wait.
///
/// Kept in the database, so that a restart is no way around it.
package struct Lane: Sendable, Hashable {
    package let endpoint: String
    /// Nothing goes before this moment.
    package private(set) var openFrom: Timestamp
    /// Failures in a row.
    package private(set) var failures: Int
    /// The code of the last failure; `nil` once something worked.
    package private(set) var reason: String?

    /// A lane on which nothing has failed.
    init(endpoint: String) {
        self.endpoint = endpoint
        openFrom = Timestamp(microseconds: 0)
        failures = 0
        reason = nil
    }

    /// Whether something may be sent at this moment.
    package func isOpen(at now: Timestamp) -> Bool { openFrom <= now }

    /// Whether the last thing that happened was a failure: then one at a time is enough.
    package var isUnproven: Bool { reason != nil }

    mutating func note(
        _ failure: TransportFailure, by schedule: RetrySchedule, now: Timestamp, random: Double
    ) {
        failures += 1
        reason = failure.cause.code.rawValue
        let pause = schedule.lanePause(
            after: failure, failures: failures, now: now, random: random)
        openFrom = max(openFrom, pause ?? openFrom)
    }

    /// Something worked. A pause that was asked for meanwhile stays.
    mutating func noteSuccess(now: Timestamp) {
        if isOpen(at: now) { open() }
    }

    mutating func open() {
        self = Lane(endpoint: endpoint)
    }

    /// The lane as it stands. Throws `StorageFailure`.
    package static func load(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Lane {
        var lane = Lane(endpoint: endpoint)
        let rows = try transaction.run(
            "SELECT open_from, failures, reason FROM lane WHERE endpoint = \(endpoint)")
        if let row = rows.first {
            lane.openFrom = Timestamp(microseconds: try row.int64(0))
            lane.failures = try row.int(1)
            lane.reason = try row.optionalText(2)
        }
        return lane
    }

    func save(in transaction: any Transaction) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO lane (endpoint, open_from, failures, reason)
            VALUES (\(endpoint), \(openFrom.microseconds), \(failures), \(reason))
            ON CONFLICT (endpoint) DO UPDATE SET open_from = excluded.open_from,
                failures = excluded.failures, reason = excluded.reason
            """)
    }
}
