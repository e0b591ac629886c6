import Evidence
import Foundation
package import Privacy
package import Records
package import Storage

/// A backup of the key ring that opened: in a drill that found it whole, or to make the ring of it.
package struct TriedBackup: Sendable, Hashable {
    let counter: Int
    /// Which keys it has, as a digest; `nil` in early entries of the ledger.
    let contents: String?
    let isRestored: Bool
    let at: Timestamp

    package init(
        counter: Int, contents: String?, isRestored: Bool = false, at: Timestamp
    ) {
        self.counter = counter
        self.contents = contents
        self.isRestored = isRestored
        self.at = at
    }

    /// Whether a ring is what the backup gives back.
    func fits(_ ring: Keyring) -> Bool {
        counter == ring.counter && contents ?? ring.contents == ring.contents
    }
}

/// When a backup of the key ring was last opened, and whether it is time for the next drill
/// (恢复演练).
package struct DrillStanding: Sendable, Hashable {
    /// Why a drill is due.
    package enum Due: Sendable, Hashable {
        /// The ring was changed since a backup of it was last opened.
        case changed
        /// The last one, or the making of the ring, is so long ago.
        case days(Int)
    }

    /// Half a year.
    package static let days = 183
    private static let day: Int64 = 86_400_000_000

    /// The last backup that opened and held all that the ring did; `nil` before the first.
    package let last: Timestamp?
    /// `nil` while none is.
    package let due: Due?

    /// - Parameters:
    ///   - drills: backups that held all of a ring, in their order.
    package init(_ ring: Keyring, _ drills: [TriedBackup], on moment: Timestamp) {
        let drills = drills.filter { !$0.isRestored || $0.fits(ring) }
        last = drills.last?.at
        let made = ring.list().map(\.created).min() ?? moment
        let since = (moment.microseconds - (last ?? made).microseconds) / DrillStanding.day
        // A ring that was just made has the counter 1.
        if drills.last.map({ !$0.fits(ring) }) ?? (ring.counter != 1) {
            due = .changed
        } else {
            due = since >= Int64(DrillStanding.days) ? .days(Int(since)) : nil
        }
    }
}

extension Site {
    /// Opens a backup in memory with both halves and holds it against the ring in use; writes
    /// nothing but that it was done.
    ///
    /// Throws `KeyFailure`, `StorageFailure`.
    package func drill(
        _ backup: String, openedBy halves: BackupPassphrase, against ring: Keyring, by: String,
        in database: any Database
    ) async throws -> BackupComparison {
        let comparison = try ring.compare(withBackup: backup, openedBy: halves)
        try await note(
            Fact.BackupTried(
                purpose: .drill, counter: comparison.backup, ring: comparison.ring,
                differing: comparison.missing + comparison.different,
                contents: comparison.contents, by: by), in: database)
        return comparison
    }

    /// Notes that the ring was made of a backup, where there is a ledger. Throws `StorageFailure`.
    package func noteRestored(_ ring: Keyring, by: String) async throws {
        guard await hasLedger() else { return }
        let database = try await openDatabase(.guest)
        do {
            try await note(
                Fact.BackupTried(
                    purpose: .restore, counter: ring.counter, ring: nil, differing: [],
                    contents: ring.contents, by: by), in: database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    /// How long ago a backup was opened. Throws `StorageFailure`, `DecodingError`.
    package func drillStanding(of ring: Keyring) async throws -> DrillStanding {
        guard await hasLedger() else { return DrillStanding(ring, [], on: clock()) }
        let view = try await openView()
        do {
            let drills = try await view.read { try Site.drills(in: $0) }
            await view.close()
            return DrillStanding(ring, drills, on: clock())
        } catch {
            await view.close()
            throw error
        }
    }

    /// Backups that held all of a ring, by a drill, and those that a ring was made of.
    private static func drills(in transaction: any Transaction) throws -> [TriedBackup] {
        try Ledger().entries(of: "backupTried", in: transaction).compactMap { entry in
            guard case .backupTried(let fact) = entry.fact,
                fact.isWhole || fact.purpose == .restore
            else { return nil }
            return TriedBackup(
                counter: fact.counter, contents: fact.contents,
                isRestored: fact.purpose == .restore, at: entry.at)
        }
    }

    private func note(_ fact: Fact.BackupTried, in database: any Database) async throws {
        let moment = clock()
        try await database.write {
            try Ledger().append([.backupTried(fact)], at: moment, in: $0)
        }
    }

    /// Whether there is a database of this version: none is made for a look.
    private func hasLedger() async -> Bool {
        if case .file(let path) = configuration.database,
            !FileManager.default.fileExists(atPath: path)
        {
            return false
        }
        guard let view = try? await openView() else { return false }
        await view.close()
        return true
    }
}
