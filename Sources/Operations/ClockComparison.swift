package import Flow
package import Records
package import Storage

/// What the service can know of its clock (时钟核对): held against one that nobody sets, against the
/// database server's own, and against the ledger.
package struct ClockComparison: Sendable, Hashable {
    private let wall: Timestamp
    private let steady: Int64
    /// By how many seconds the clock was set forth since the start; negative where it was set back.
    package private(set) var setForth = 0.0
    /// By how many seconds the server's clock is ahead of ours; `nil` where the database has none
    /// of its own.
    package private(set) var databaseAhead: Double?
    package private(set) var ledger = LedgerClock()
    /// By how many seconds the ledger is ahead of our clock.
    package private(set) var behindLedger = 0.0
    /// Whether that is more than can be right.
    package private(set) var isBehindLedger = false

    /// - Parameters:
    ///   - wall: our clock at the start.
    ///   - steady: microseconds of a clock that nobody sets, at the same moment.
    package init(wall: Timestamp, steady: Int64) {
        self.wall = wall
        self.steady = steady
    }

    /// Looks once more. Throws `StorageFailure`.
    package func looked(
        _ clock: Clock, steady: @Sendable () -> Int64, in transaction: any Transaction
    ) throws(StorageFailure) -> ClockComparison {
        var looked = self
        let before = clock()
        let row = try transaction.run("SELECT \(raw: transaction.dialect.clock)").first
        let now = clock()
        if let database = try row?.optionalInt64(0) {
            let middle = before.microseconds + (now.microseconds - before.microseconds) / 2
            looked.databaseAhead = Double(database - middle) / 1_000_000
        }
        let passed = steady() - self.steady
        looked.setForth = Double(now.microseconds - wall.microseconds - passed) / 1_000_000
        looked.ledger = try ledger.looked(in: transaction)
        looked.behindLedger = looked.ledger.secondsAhead(of: now)
        looked.isBehindLedger = looked.ledger.isAhead(of: now)
        return looked
    }
}
