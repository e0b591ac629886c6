import Evidence
package import Records
import Schedules
package import Storage

/// What time the ledger says it is at least (账本时刻): no clock that is right is behind it.
///
/// The first look is at the last line. From then on the latest of all that were added is held, so
/// that what a wrong clock writes meanwhile does not hide that it is wrong. A start begins anew.
package struct LedgerClock: Sendable, Hashable {
    /// The last line that was looked at; `nil` before the first look.
    private var seq: Int64?
    /// `nil` while the ledger is empty.
    package private(set) var latest: Timestamp?

    package init() {}

    /// With the lines that were added since. Throws `StorageFailure`.
    ///
    /// - Parameter lines: how many of the last lines the first look is at; one where it is to
    ///   begin anew with each line that was written by a clock that was set right.
    package func looked(
        among lines: Int64 = 1, in transaction: any Transaction
    ) throws(StorageFailure) -> LedgerClock {
        var looked = self
        let head = try Ledger().head(in: transaction).seq
        let after = seq ?? max(0, head - lines)
        let rows = try transaction.run("SELECT max(at) FROM ledger WHERE seq > \(after)")
        if let found = try rows.first?.optionalInt64(0) {
            let moment = Timestamp(microseconds: found)
            looked.latest = max(latest ?? moment, moment)
        }
        looked.seq = head
        return looked
    }

    /// Held against a moment, too, that something else bears; `nil` changes nothing.
    func reaching(_ moment: Timestamp?) -> LedgerClock {
        var reached = self
        reached.latest = [latest, moment].compactMap(\.self).max()
        return reached
    }

    /// By how many seconds it is later than a clock; 0 where it is not.
    package func secondsAhead(of now: Timestamp) -> Double {
        guard let latest, now < latest else { return 0 }
        return Double(latest.microseconds - now.microseconds) / 1_000_000
    }

    /// Whether a clock is so far behind that it is wrong.
    package func isAhead(of now: Timestamp) -> Bool {
        latest.map { now.adding(seconds: ClockWatch.toleranceSeconds) < $0 } ?? false
    }
}
