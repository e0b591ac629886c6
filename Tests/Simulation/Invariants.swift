import Delivery
import Evidence
import Records
import Storage

/// What must hold of the tables at the end of every run, as questions that have no answer.
extension Books {
    private static func question(_ name: String) -> SQL {
        switch name {
        case "I08":
            """
            SELECT id FROM submission WHERE record_count
                <> (SELECT count(*) FROM item WHERE item.submission = id)
            """
        case "I09":
            """
            SELECT id FROM submission WHERE state <> 'cancelled' AND (state = 'final') <> NOT EXISTS
                (SELECT 1 FROM item WHERE submission = id AND item.state IN ('open', 'unknown'))
            """
        case "I10": "SELECT id FROM submission WHERE state IN ('leased', 'onWire') AND fence = 0"
        case "I11":
            """
            SELECT id FROM attempt JOIN submission ON id = submission
            WHERE attempt.wire_digest <> submission.wire_digest
            """
        case "I12":
            """
            SELECT id FROM submission
            WHERE (state IN ('onWire', 'inDoubt', 'awaiting', 'final')) AND NOT EXISTS
                (SELECT 1 FROM attempt WHERE submission = id AND on_wire = 1)
            UNION ALL SELECT id FROM submission JOIN attempt ON submission = id
            WHERE state = 'cancelled' AND on_wire = 1
            """
        case "I13":
            """
            SELECT id FROM attempt JOIN submission ON id = submission
            WHERE attempt.fence > submission.fence
            """
        default:
            """
            SELECT submission FROM item WHERE state IN ('accepted', 'rejected') AND NOT EXISTS
                (SELECT 1 FROM receipt WHERE receipt.digest = item.receipt
                    AND receipt.submission = item.submission
                    AND disposition IN ('applied', 'duplicate', 'conflict', 'stored'))
            """
        }
    }

    private static let names = ["I08", "I09", "I10", "I11", "I12", "I13", "I14"]

    /// The names of those that do not hold. Throws `StorageFailure`.
    static func brokenInvariants(
        in transaction: any Transaction
    ) throws(StorageFailure) -> [String] {
        var broken: [String] = []
        for name in names where try !transaction.run(question(name)).isEmpty {
            broken.append(name)
        }
        return broken
    }

    /// Those of the program's own that do not hold: they are to find here what `doctor` would.
    static func brokenHouseInvariants(
        in transaction: any Transaction, now: Timestamp
    ) throws -> [String] {
        try (Outbox.invariants + Ledger.invariants)
            .filter { try !$0.violations(in: transaction, now: now).isEmpty }
            .map { $0.id + " by the program's own question" }
    }
}
