package import Storage

extension Ledger {
    /// The lines of one kind whose body holds a text, in their order: for a person's question.
    ///
    /// Throws `StorageFailure`, or `DecodingError` for a line of another program's version.
    package func entries(
        of kind: String, holding text: String = "", in transaction: any Transaction
    ) throws -> [Entry] {
        let coding = FactCoding()
        return try transaction.run(
            """
            SELECT seq, at, kind, body, prev, hash FROM ledger
            WHERE kind = \(kind) AND (\(text) = '' OR instr(body, \(text)) > 0) ORDER BY seq
            """
        ).map { row in
            let line = try LedgerLine(row)
            return Entry(seq: line.seq, at: line.at, fact: try coding.fact(line.body))
        }
    }
}
