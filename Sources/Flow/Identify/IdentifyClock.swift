import Evidence
import Records
import Storage

/// A clock that was set back prolongs nothing (时钟拨回): while it is behind the ledger, nobody is
/// found out.
extension IdentifyDesk {
    /// The clock is held against so many of the ledger's last lines, so that a few lines that it
    /// wrote itself while it is wrong do not hide it.
    package static let linesLookedAt: Int64 = 100

    /// Now, and no earlier than the ledger while the clock may be right. Throws `StorageFailure`,
    /// `DecodingError`.
    func moment(in transaction: any Transaction) throws -> Timestamp {
        let now = clock()
        let ledger = try ledgerClock(in: transaction)
        guard let latest = ledger.latest, !ledger.isAhead(of: now) else { return now }
        return max(now, latest)
    }

    /// Whether the clock is so far behind the ledger that it is wrong (`E-CLOCK-BEHIND`). Throws
    /// `StorageFailure`, `DecodingError`.
    func isBehind(in transaction: any Transaction) throws -> Bool {
        try ledgerClock(in: transaction).isAhead(of: clock())
    }

    /// Throws `IdentifyFailure` while the clock is behind: whatever would be allowed now would be
    /// allowed until it has caught up.
    func demandClock(in transaction: any Transaction) throws {
        guard try !isBehind(in: transaction) else { throw IdentifyFailure(.clock) }
    }

    /// The ledger's last lines, and those of what is not over, however many came since.
    private func ledgerClock(in transaction: any Transaction) throws -> LedgerClock {
        let clock = try LedgerClock().looked(
            among: IdentifyDesk.linesLookedAt, in: transaction)
        let pending = try IdentifyBook(in: transaction).latestPending
        let begun = try RewrapBook(in: transaction).open?.since
        return clock.reaching(pending).reaching(begun)
    }

    /// Whether the clock is behind the ledger, for whoever only looks. Throws `StorageFailure`,
    /// `DecodingError`.
    package func isBehind() async throws -> Bool {
        try await database.read { try isBehind(in: $0) }
    }
}
