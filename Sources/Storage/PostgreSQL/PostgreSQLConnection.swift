import Blocking
import Glibc

/// One connection to a PostgreSQL server on its own thread, made again when it breaks.
actor PostgreSQLConnection {
    /// What a connection is for.
    enum Role: Sendable {
        /// Writes, in turn with all other writers of this program.
        case writer
        /// Writes single rows without waiting for a turn.
        case writerOutOfTurn
        case reader
    }

    /// Tries in a row while the server does not answer, and how long all of them wait together
    /// (F-049): 0.1, 0.2, 0.4, 0.8 seconds, then a second each.
    private static let connectTries = 14
    /// Tries of one transaction after a collision, and after a connection that broke inside it.
    private static let collisionTries = 5
    private static let brokenTries = 3

    private let executor = ThreadExecutor()
    private let address: PostgreSQLAddress
    private let role: Role
    private let mark: CommitMark
    private let jitter: @Sendable () -> Double
    private var handle: PostgreSQLHandle?
    /// As it was found when this was opened; no other one is ever worked on.
    private var stand: DatabaseStand?
    private var hasFailedOver = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(_ address: PostgreSQLAddress, _ role: Role, jitter: @escaping @Sendable () -> Double) {
        self.address = address
        self.role = role
        self.mark = CommitMark()
        self.jitter = jitter
    }

    /// Connects, refuses a server that will not do, and brings the schema up to date, or only
    /// looks whether it is.
    func open(
        _ migrations: [Migration], mayMigrate: Bool
    ) throws(StorageFailure) -> DatabaseStand {
        let handle = try connect()
        let found = try handle.stand()
        try handle.refuseUnfit()
        if mayMigrate {
            try handle.migrate(migrations)
            try handle.prepareMarks()
        } else {
            try handle.refuseOtherSchema(than: migrations.count)
        }
        stand = found
        return found
    }

    /// Connects to the very server that another connection was opened on.
    func open(on stand: DatabaseStand) throws(StorageFailure) {
        self.stand = stand
        _ = try connected()
    }

    func close() {
        handle = nil
        stand = nil
    }

    /// The connection as it is, or made again; a server that has taken over is refused for good.
    private func connected() throws(StorageFailure) -> PostgreSQLHandle {
        guard let stand else { throw StorageFailure(.closed) }
        if hasFailedOver { throw StorageFailure(.server(.failedOver)) }
        if let handle, handle.isConnected { return handle }
        let opened = try connect()
        guard try opened.stand() == stand else {
            hasFailedOver = true
            handle = nil
            throw StorageFailure(.server(.failedOver))
        }
        return opened
    }

    /// Waits for a server that starts, that is being taken over, or that is full.
    private func connect() throws(StorageFailure) -> PostgreSQLHandle {
        handle = nil
        var tried = 1
        while true {
            do {
                let opened = try PostgreSQLHandle(address)
                _ = try opened.stand()
                try opened.setUp(idleSeconds: role == .reader ? 120 : 10)
                handle = opened
                return opened
            } catch {
                let mayPass: [StorageFailure.Reason] = [
                    .server(.unreachable), .server(.standby),
                ]
                guard mayPass.contains(error.reason), tried < PostgreSQLConnection.connectTries
                else { throw error }
            }
            let limit = min(1_000, 100 << min(tried - 1, 10))
            pause(milliseconds: Double(limit) * (0.5 + 0.5 * jitter()))
            tried += 1
        }
    }

    /// Only this connection's own thread waits.
    private func pause(milliseconds: Double) {
        usleep(UInt32(milliseconds * 1_000))
    }

    // MARK: - Transactions

    /// One transaction around `work`, on one unchanging snapshot.
    func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) throws -> Outcome {
        var broken = 0
        while true {
            let handle = try connected()
            do {
                try handle.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                let transaction = PostgreSQLTransaction(handle)
                let outcome = Result { try work(transaction) }
                abandon(handle)
                if let failure = transaction.failure { throw failure }
                return try outcome.get()
            } catch let failure as StorageFailure
                where failure.reason == .server(.unreachable)
                && broken < PostgreSQLConnection.brokenTries
            {
                broken += 1
                self.handle = nil
            }
        }
    }

    /// One transaction around `work`, tried again after a collision and after a connection
    /// that broke before the commit was asked for: then nothing of it was kept.
    func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) throws -> Outcome {
        var collisions = 0
        var broken = 0
        while true {
            let handle = try connected()
            do {
                if let outcome = try attempt(handle, work) { return outcome }
                broken += 1
                if broken > PostgreSQLConnection.brokenTries {
                    throw StorageFailure(.server(.unreachable))
                }
            } catch let failure as StorageFailure
                where failure.isCollision && collisions < PostgreSQLConnection.collisionTries
            {
                collisions += 1
                pause(milliseconds: max(5, min(80, Double(5 << collisions)) * jitter()))
            } catch let failure as StorageFailure
                where failure.reason == .server(.unreachable)
                && broken < PostgreSQLConnection.brokenTries
            {
                broken += 1
                self.handle = nil
            }
        }
    }

    /// `nil` if the server is sure that it kept nothing.
    private func attempt<Outcome: Sendable>(
        _ handle: PostgreSQLHandle, _ work: @Sendable (any Transaction) throws -> Outcome
    ) throws -> Outcome? {
        do {
            try handle.execute(begin)
        } catch {
            abandon(handle)
            throw error
        }
        let transaction = PostgreSQLTransaction(handle)
        let outcome = Result { try work(transaction) }
        if let failure = transaction.failure {
            abandon(handle)
            // Work may have made something of its own out of it; whether it can be tried again is
            // for us to know.
            if failure.isCollision || failure.reason == .server(.unreachable) { throw failure }
            _ = try outcome.get()
            throw failure
        }
        let made: Outcome
        do {
            made = try outcome.get()
        } catch {
            abandon(handle)
            throw error
        }
        let number = mark.next()
        switch try handle.commit(leaving: mark.leaving(number)) {
        case .kept: return made
        case .undone: return nil
        case .unsure:
            // Whatever is left of this connection is not asked.
            self.handle = nil
            return try wasKept(number) ? made : nil
        }
    }

    /// How a transaction of this connection begins: behind a lock that ends with it, so that who
    /// has the lock after it knows that it is over.
    private var begin: String {
        role == .writer
            ? Dialect.postgreSQL.begin.text
            : "BEGIN ISOLATION LEVEL READ COMMITTED; \(mark.locking)"
    }

    /// What became of a transaction whose commit nobody answered (F-054): it left its mark or did
    /// not. Its lock is waited for, so that it is over.
    ///
    /// Throws `outcomeUnknown` where it cannot be found out; then nothing may be repeated.
    private func wasKept(_ number: Int) throws(StorageFailure) -> Bool {
        do throws(StorageFailure) {
            let handle = try connected()
            try handle.execute(begin)
            defer { abandon(handle) }
            return try handle.execute(mark.asking(number)) != nil
        } catch {
            throw StorageFailure(.server(.outcomeUnknown), code: error.code)
        }
    }

    private func abandon(_ handle: PostgreSQLHandle) {
        if handle.isConnected, handle.isInTransaction { _ = try? handle.execute("ROLLBACK") }
    }
}
