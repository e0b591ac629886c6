package import Records
package import Storage

/// A text of the national side that no pattern of the profile has: its records are held.
package struct UnknownText: Sendable, Hashable {
    /// `TEXT-` and what `AnswerTextNames` makes of it; in databases of before a digest and its
    /// length.
    package let name: String
    package let records: Int
    package let since: Timestamp
    /// One receipt that has it, SHA-256 hex.
    package let receipt: String
}

extension Outbox {
    /// The unknown texts, the one that holds the most records first. Throws `StorageFailure`.
    package func unknownTexts(
        in transaction: any Transaction
    ) throws(StorageFailure) -> [UnknownText] {
        var found: [UnknownText] = []
        for row in try transaction.run(
            """
            SELECT code, count(*), min(at), min(receipt) FROM item
            WHERE state = 'unknown' AND substr(code, 1, 5) = \(AnswerTextNames.prefix)
                AND receipt IS NOT NULL
            GROUP BY code ORDER BY count(*) DESC, code
            """)
        {
            found.append(
                UnknownText(
                    name: try row.text(0), records: try row.int(1),
                    since: Timestamp(microseconds: try row.int64(2)), receipt: try row.text(3)))
        }
        return found
    }

    /// An unknown text itself, read from the receipt that is kept: for a person at the terminal
    /// alone. `nil` where it is not there. Throws `StorageFailure`.
    package func text(
        of unknown: UnknownText, by endpoint: Endpoint, in transaction: any Transaction
    ) throws(StorageFailure) -> String? {
        let shelf = ReceiptShelf(endpoint: endpoint.name)
        guard let document = try shelf.document(unknown.receipt, in: transaction) else {
            return nil
        }
        let names = try AnswerTextNames.kept(for: endpoint, in: transaction)
        return ReceiptGrammar(endpoint, names).refusalTexts(in: document)[unknown.name]
    }
}
