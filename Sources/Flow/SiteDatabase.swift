package import Delivery
import Foundation
package import Storage

/// The site's database and what stands beside it.
extension Site {
    /// Opens the county's database. Of a file, a second process is refused before it writes
    /// anything; a server takes any number.
    ///
    /// Throws `StorageFailure`, and the system's error for a folder that cannot be made.
    package func openDatabase() async throws -> any SteadyDatabase {
        switch configuration.database {
        case .file(let path):
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            return try await SQLiteDatabase.open(path, migrations: Site.migrations)
        case .server(let address):
            return try await PostgreSQLDatabase.open(address, migrations: Site.migrations)
        }
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
