package import Records
package import Storage

/// The book of facts (账本): a gapless chain of lines that can only grow.
package struct Ledger: Sendable {
    /// A fact in its place.
    package struct Entry: Sendable {
        package let seq: Int64
        package let at: Timestamp
        package let fact: Fact
    }

    /// At most so many lines are in memory at a time, and of long ones about so many bytes.
    private static let pageLines = 256
    private static let pageBytes = 1_000_000
    private static let fewestLines = 8

    package init() {}

    /// Adds facts in their order, in the transaction of what they tell of.
    ///
    /// Throws `StorageFailure`, or `EncodingError` for a fact that is no JSON.
    package func append(
        _ facts: [Fact], at moment: Timestamp, in transaction: any Transaction
    ) throws {
        guard !facts.isEmpty else { return }
        let before = try head(in: transaction)
        let coding = FactCoding()
        let chain = HashChain()
        var after = before
        var lines: [LedgerLine] = []
        lines.reserveCapacity(facts.count)
        for fact in facts {
            let body = try coding.body(of: fact)
            let seq = after.seq + 1
            let hash = chain.hash(
                seq: seq, at: moment, kind: fact.kind, body: body, prev: after.hash)
            lines.append(
                LedgerLine(
                    seq: seq, at: moment, kind: fact.kind, body: body, prev: after.hash,
                    hash: hash))
            after = LedgerHead(seq: seq, hash: hash)
        }
        try transaction.runEach(
            """
            INSERT INTO ledger (seq, at, kind, body, prev, hash)
            VALUES ($1, $2, $3, $4, $5, $6)
            """, lines
        ) { line, parameters in
            parameters.bind(line.seq)
            parameters.bind(line.at.microseconds)
            parameters.bind(line.kind)
            parameters.bind(line.body)
            parameters.bind(line.prev)
            parameters.bind(line.hash)
        }
        let moved = try transaction.run(
            """
            UPDATE ledger_head SET seq = \(after.seq), hash = \(after.hash)
            WHERE one = 1 AND seq = \(before.seq) RETURNING seq
            """)
        guard moved.count == 1 else { throw StorageFailure(.corrupt) }
    }

    /// The last line's number and hash. Throws `corrupt` if there is no head at all.
    package func head(in transaction: any Transaction) throws(StorageFailure) -> LedgerHead {
        let rows = try transaction.run("SELECT seq, hash FROM ledger_head WHERE one = 1")
        guard let row = rows.first else { throw StorageFailure(.corrupt) }
        return LedgerHead(seq: try row.int64(0), hash: try row.bytes(1))
    }

    /// Recomputes every link from the first line on, a page of lines in memory at a time.
    package func verify(in transaction: any Transaction) throws -> ChainReport {
        let chain = HashChain()
        let kept = try head(in: transaction)
        var whole = LedgerHead.empty
        var fault: ChainFault?
        try lines(after: 0, in: transaction) { line in
            fault = chain.fault(of: line, after: whole)
            if fault == nil { whole = LedgerHead(seq: line.seq, hash: line.hash) }
            return fault == nil
        }
        if fault == nil, kept != whole {
            fault = kept.seq > whole.seq ? .missing(whole.seq + 1) : .wrongHead
        }
        return ChainReport(lines: whole.seq, head: whole, fault: fault)
    }

    /// Whether a line is as it was written: its hash is that of its content, and its neighbours
    /// name the same hashes. Throws `StorageFailure`.
    package func isWhole(
        _ seq: Int64, in transaction: any Transaction
    ) throws(StorageFailure) -> Bool {
        var lines: [Int64: LedgerLine] = [:]
        for row in try transaction.run(
            """
            SELECT seq, at, kind, body, prev, hash FROM ledger
            WHERE seq BETWEEN \(seq - 1) AND \(seq + 1)
            """)
        {
            let line = try LedgerLine(row)
            lines[line.seq] = line
        }
        guard let line = lines[seq] else { return false }
        let before = seq == 1 ? LedgerHead.empty.hash : lines[seq - 1]?.hash
        let head = try head(in: transaction)
        let after = head.seq == seq ? head.hash : lines[seq + 1]?.prev
        return line.prev == before && after == line.hash && HashChain().isOfContent(line)
    }

    /// Hands over the lines after `seq` in their order until `each` returns false.
    ///
    /// Throws `StorageFailure`, and what `each` throws.
    package func lines(
        after seq: Int64, in transaction: any Transaction, each: (LedgerLine) throws -> Bool
    ) throws {
        var last = seq
        var limit = Ledger.fewestLines
        while true {
            let rows = try transaction.run(
                """
                SELECT seq, at, kind, body, prev, hash FROM ledger
                WHERE seq > \(last) ORDER BY seq LIMIT \(limit)
                """)
            var bytes = 0
            for row in rows {
                let line = try LedgerLine(row)
                guard try each(line) else { return }
                last = line.seq
                bytes += line.body.utf8.count
            }
            if rows.count < limit { return }
            limit = Ledger.pageLimit(after: rows.count, bytes)
        }
    }

    /// How many lines to read next: as the last ones were long, so the next will be.
    private static func pageLimit(after lines: Int, _ bytes: Int) -> Int {
        max(fewestLines, min(pageLines, pageBytes * lines / max(1, bytes)))
    }

    /// Hands over the facts after `seq` in their order; few are in memory at a time.
    ///
    /// Throws `StorageFailure`, `DecodingError` for a line of another program's version, and what
    /// `each` throws.
    package func facts(
        after seq: Int64 = 0, in transaction: any Transaction, each: (Entry) throws -> Void
    ) throws {
        let coding = FactCoding()
        var last = seq
        var limit = Ledger.fewestLines
        while true {
            let rows = try transaction.run(
                """
                SELECT seq, at, body FROM ledger
                WHERE seq > \(last) ORDER BY seq LIMIT \(limit)
                """)
            var bytes = 0
            for row in rows {
                last = try row.int64(0)
                let body = try row.text(2)
                bytes += body.utf8.count
                try each(
                    Entry(
                        seq: last, at: Timestamp(microseconds: try row.int64(1)),
                        fact: try coding.fact(body)))
            }
            if rows.count < limit { return }
            limit = Ledger.pageLimit(after: rows.count, bytes)
        }
    }
}

extension LedgerLine {
    /// Reads the columns `seq, at, kind, body, prev, hash`.
    init(_ row: Row) throws(StorageFailure) {
        self.init(
            seq: try row.int64(0), at: Timestamp(microseconds: try row.int64(1)),
            kind: try row.text(2), body: try row.text(3), prev: try row.bytes(4),
            hash: try row.bytes(5))
    }
}
