package import Delivery
import Foundation
package import Storage

/// The site's database and what stands beside it.
extension Site {
    /// Opens the county's database. Of a file, a second process is refused before it writes
    /// anything; a server takes any number.
    ///
    /// Throws `StorageFailure`, and the system's error for a folder that cannot be made.
    ///
    /// - Parameters:
    ///   - stay: for how long; a server's database is everybody's at any time.
    ///   - checkpointed: told by a resident each time that a file's log was moved into it whole.
    package func openDatabase(
        _ stay: Stay = .alone, checkpointed: @escaping CheckpointHook = {}
    ) async throws -> any SteadyDatabase {
        switch configuration.database {
        case .file(let path):
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            switch stay {
            case .alone: return try await SQLiteDatabase.open(path, migrations: Site.migrations)
            case .resident:
                return try await LendingDatabase.open(
                    path, migrations: Site.migrations, checkpointed: checkpointed)
            case .guest:
                return try await SQLiteDatabase.openInTurn(path, migrations: Site.migrations)
            }
        case .server(let address):
            return try await PostgreSQLDatabase.open(address, migrations: Site.migrations)
        }
    }

    /// How a process is in the county's database file.
    package enum Stay: Sendable {
        /// Has it to itself, and goes.
        case alone
        /// Has it for as long as it runs, and lends it to guests.
        case resident
        /// A person's short step: beside a resident it waits for a turn.
        case guest
    }

    /// Opens the county's database for looking only, beside whatever process works on it.
    ///
    /// Throws `StorageFailure`.
    package func openView() async throws -> any SteadyDatabase {
        switch configuration.database {
        case .file(let path):
            try await SQLiteView.open(path, migrations: Site.migrations)
        case .server(let address):
            try await PostgreSQLView.open(address, migrations: Site.migrations)
        }
    }

    /// Says that another process has queued something; `nil` where no other process can.
    package func hints() -> PostgreSQLHints? {
        guard case .server(let address) = configuration.database else { return nil }
        return PostgreSQLHints(address)
    }

    /// Notes what might have been sent, on this machine's own disk.
    package func wireGuard(_ database: any SteadyDatabase, _ outbox: Outbox) -> WireGuard {
        WireGuard(
            journal: WireJournal(folder: configuration.sendJournal, clock: clock),
            database: database, outbox: outbox, stand: database.stand,
            worker: "\(ProcessInfo.processInfo.hostName):\(configuration.sendJournal)",
            clock: clock)
    }

    /// Keeps this worker's claims; `nil` where the process is the lease.
    func leaseKeeper(_ database: any SteadyDatabase, _ outbox: Outbox) -> LeaseKeeper? {
        guard case .server(let address) = configuration.database else { return nil }
        let stand = database.stand
        let start = ContinuousClock.now
        return LeaseKeeper(
            epoch: outbox.epoch, monotonic: { ContinuousClock.now - start },
            open: { try await PostgreSQLDatabase.openOutOfTurn(address, on: stand) })
    }
}
