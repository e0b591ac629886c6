import Foundation
package import Records
package import Storage

/// A worker's journal and what it is for: found out at the start whether the database is the one
/// that the journal knows, and a line on the disk before every send.
package struct WireGuard: Sendable {
    /// Lines of the journal that are told to the database in one transaction.
    private static let linesTogether = 200

    private let journal: WireJournal
    private let database: any Database
    private let outbox: Outbox
    package let stand: DatabaseStand
    private let worker: String
    private let clock: Clock

    /// - Parameter worker: how this worker is called in `status`: its machine and folder.
    package init(
        journal: WireJournal, database: any Database, outbox: Outbox, stand: DatabaseStand,
        worker: String, clock: @escaping Clock
    ) {
        self.journal = journal
        self.database = database
        self.outbox = outbox
        self.stand = stand
        self.worker = worker
        self.clock = clock
    }

    /// Before anything is sent: takes the journal, and begins to reconcile if the database lacks
    /// what it knows or another server has taken over.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func open() async throws {
        let entries = try await journal.open()
        let now = clock()
        try await database.write { try outbox.check(stand, now: now, in: $0) }
        let isOn = try await database.write { transaction in
            let latest = WireGuard.latest(entries)
            if let latest, try !outbox.holds(latest.mark, in: transaction) {
                try outbox.beginReconciling(.olderDatabase, now: now, in: transaction)
            }
            return try Reconciling.isOn(in: transaction)
        }
        if isOn {
            var remembered = Outbox.Remembered()
            for start in stride(from: 0, to: entries.count, by: WireGuard.linesTogether) {
                let some = entries[start..<min(start + WireGuard.linesTogether, entries.count)]
                let part = try await database.write {
                    try outbox.remember(some, now: now, in: $0)
                }
                remembered.missing += part.missing
                remembered.unknown += part.unknown
            }
            try await database.write { [remembered] in
                try outbox.report(remembered, of: worker, now: now, in: $0)
            }
        }
        // From here on this database is the one that the journal knows.
        let mark = try await database.read { try outbox.mark(stand, in: $0) }
        try await journal.note(WireEntry(seen: mark, at: now))
    }

    /// The entry that saw most of the ledger since the journal's database was last settled. Sends
    /// that began together may stand in another order than their commits.
    private static func latest(_ entries: [WireEntry]) -> WireEntry? {
        let start = entries.lastIndex { $0.kind == .seen } ?? 0
        return entries.dropFirst(start).max { $0.seq < $1.seq }
    }

    /// Puts a send on the disk before its first byte. When it throws, nothing may be sent.
    func note(_ shipment: Shipment, fence: Int64, _ mark: DatabaseMark) async throws {
        try await journal.note(
            WireEntry(
                sent: shipment.submission, fence: fence, digest: shipment.wireDigest, at: clock(),
                mark))
    }

    /// Before anything is decided by what was never sent: learns what the journal knows, as at a
    /// start. A process that has the journal open has learned it.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func learn() async throws {
        do {
            try await open()
        } catch let failure as StorageFailure where failure.reason == .lockedByAnotherProcess {
            return
        }
        await close()
    }

    /// Gives the journal's folder back.
    package func close() async {
        await journal.close()
    }
}
