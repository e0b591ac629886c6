import Records
package import Storage

/// How long a claim counts where several workers share a database (租约): 180 seconds by the
/// database's clock, from when it was taken or last renewed.
///
/// Where one process has the file, its lock is the lease, and nothing here does anything.
package struct Lease: Sendable {
    /// How often a claim is renewed, on a connection of its own.
    package static let renewalSeconds: Int64 = 60
    /// By its own clock that never jumps, a worker stops using a claim after so long without a
    /// renewal: before the others may take it.
    package static let fenceSeconds: Int64 = 150

    package init() {}

    /// Begins or prolongs a claim that was just written in this transaction.
    func prolong(
        _ submission: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) {
        guard transaction.dialect.countsLeases else { return }
        try transaction.run(
            """
            UPDATE submission SET lease_until = \(raw: transaction.dialect.leaseEnd)
            WHERE id = \(submission.text)
            """)
    }

    /// Prolongs all claims of a worker that still count; how many there are.
    ///
    /// Throws `StorageFailure`.
    @discardableResult
    package func renew(
        _ epoch: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        guard transaction.dialect.countsLeases else { return 0 }
        return try transaction.run(
            """
            UPDATE submission SET lease_until = \(raw: transaction.dialect.leaseEnd)
            WHERE lease_owner = \(epoch) AND state IN ('leased', 'onWire')
                AND NOT \(raw: transaction.dialect.leaseIsOver) RETURNING id
            """
        ).count
    }
}

/// Keeps the claims of one worker (续租): on a connection and a thread of its own, so that a large
/// piece of work elsewhere does not let them lapse.
package actor LeaseKeeper {
    /// How much time has gone by, by a clock that nobody sets.
    package typealias Monotonic = @Sendable () -> Duration

    /// Makes a way into the database that waits for nobody's turn.
    package typealias Opening = @Sendable () async throws -> any SteadyDatabase

    private let open: Opening
    private let epoch: String
    private let monotonic: Monotonic
    private var database: (any SteadyDatabase)?

    /// - Parameter open: called when the first renewal is due.
    package init(epoch: String, monotonic: @escaping Monotonic, open: @escaping Opening) {
        self.open = open
        self.epoch = epoch
        self.monotonic = monotonic
    }

    /// Renews until the task is cancelled. A renewal that fails is tried again at the next: the
    /// claims lapse by themselves, and nothing is sent that no longer counts.
    package func keep() async throws {
        while true {
            try await Task.sleep(for: .seconds(Lease.renewalSeconds))
            _ = try? await renew()
        }
    }

    /// Renews once; how many claims there are. Throws `StorageFailure`.
    @discardableResult
    package func renew() async throws -> Int {
        let database = try await opened()
        return try await database.write { [epoch] in try Lease().renew(epoch, in: $0) }
    }

    private func opened() async throws -> any SteadyDatabase {
        if let database { return database }
        let opened = try await open()
        database = opened
        return opened
    }

    /// Now, as the moment before a claim is written.
    nonisolated func began() -> Duration { monotonic() }

    /// Whether a claim that was written after this moment may still be acted on.
    nonisolated func counts(since moment: Duration) -> Bool {
        monotonic() - moment < .seconds(Lease.fenceSeconds)
    }
}
