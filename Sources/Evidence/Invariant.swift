package import Records
package import Storage

/// Something that is always true of the database (不变式), as a query that finds where it is not.
///
/// The list is in `docs/development/invariants.md`, with the numbers of the reliability plan.
package struct Invariant: Sendable {
    /// How often the service looks: what reads an index every five minutes, what reads all the rest
    /// every hour.
    package enum Pace: String, Sendable, CaseIterable {
        case often, hourly
    }

    /// `I01` and so on; a label of a metric, so there are few and they never change.
    package let id: String
    /// What is always true.
    package let says: Wording
    package let pace: Pace
    private let find: @Sendable (any Transaction, Timestamp) throws -> [String]

    /// More than so many places are not looked for: one is too many.
    package static let mostFound = 1000

    /// - Parameter find: names the places where it is not true: ids, numbers and digests, never a
    ///   personal value. It is told the time, for what may be so for a short while.
    package init(
        _ id: String, _ pace: Pace, says: Wording,
        find: @escaping @Sendable (any Transaction, Timestamp) throws -> [String]
    ) {
        self.id = id
        self.pace = pace
        self.says = says
        self.find = find
    }

    /// - Parameter query: one text column that names each place.
    package init(
        _ id: String, _ pace: Pace, says: Wording,
        query: @escaping @Sendable (Dialect, Timestamp) -> SQL
    ) {
        self.init(id, pace, says: says) { transaction, now in
            try transaction.run(query(transaction.dialect, now)).map { try $0.text(0) }
        }
    }

    /// Where it is not true; empty where all is well. Throws `StorageFailure`, `DecodingError`.
    package func violations(in transaction: any Transaction, now: Timestamp) throws -> [String] {
        try find(transaction, now)
    }
}

extension Ledger {
    /// What is always true of the book of facts.
    package static let invariants: [Invariant] = [
        Invariant(
            "I24", .hourly,
            says: Wording(
                zh: "账本没有缺行、没有改动：每一行的哈希与内容（连同时间）相符，接着上一行的哈希，末行就是账本头。",
                en: "The ledger is gapless and unchanged: each line's hash is that of its content "
                    + "and time, each bears the hash of the one before, and the head is the last."),
            find: { transaction, _ in
                let links = try transaction.run(brokenLinks).map { try $0.text(0) }
                let changed = try Ledger().changedLines(in: transaction).map { "ledger/\($0)" }
                return links + changed.filter { !links.contains($0) }
            })
    ]

    /// Lines that do not follow the one before, and a head that is not the last.
    private static var brokenLinks: SQL {
        """
        SELECT 'ledger/' || line.seq FROM ledger AS line
        WHERE line.seq > 1 AND NOT EXISTS (SELECT 1 FROM ledger AS earlier
            WHERE earlier.seq = line.seq - 1 AND earlier.hash = line.prev)
        UNION ALL
        SELECT 'head/' || ledger_head.seq FROM ledger_head
        WHERE ledger_head.seq <> (SELECT count(*) FROM ledger)
            OR (ledger_head.seq > 0 AND NOT EXISTS (SELECT 1 FROM ledger
                WHERE ledger.seq = ledger_head.seq AND ledger.hash = ledger_head.hash))
        LIMIT \(Invariant.mostFound)
        """
    }

    /// Numbers of lines whose hash is not that of their content. Throws `StorageFailure`.
    private func changedLines(in transaction: any Transaction) throws -> [Int64] {
        let chain = HashChain()
        var found: [Int64] = []
        try lines(after: 0, in: transaction) { line in
            if !chain.isOfContent(line) { found.append(line.seq) }
            return found.count < Invariant.mostFound
        }
        return found
    }
}
