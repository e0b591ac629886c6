package import Records
package import Storage

/// The life of one record (轨迹): every fact that names it or a submission that carried it.
package struct Trace: Sendable {
    /// One fact as a line for people.
    package struct Line: Sendable {
        package let seq: Int64
        package let at: Timestamp
        package let kind: String
        package let about: Side
        package let summary: Wording
    }

    /// Which of a record's two states a fact tells of: how its bytes went, or what was decided.
    package enum Side: String, Sendable, CaseIterable {
        case transport, business
    }

    package let record: RecordID
    /// In the order in which they happened.
    package let lines: [Line]

    /// Looks through the whole ledger: for a person's question, not for the hot path.
    ///
    /// Throws `StorageFailure`, or `DecodingError` for a line of another program's version.
    package init(of record: RecordID, in transaction: any Transaction) throws {
        var entries: [Int64: Ledger.Entry] = [:]
        var submissions: [SubmissionID] = []
        for entry in try Trace.entries(naming: record.text, in: transaction) {
            guard entry.fact.names(record) else { continue }
            entries[entry.seq] = entry
            if case .enqueued(let fact) = entry.fact { submissions.append(fact.submission) }
        }
        for submission in submissions {
            for entry in try Trace.entries(naming: submission.text, in: transaction)
            where entry.fact.isAboutWhole(submission) { entries[entry.seq] = entry }
        }
        self.record = record
        lines = entries.values.sorted { $0.seq < $1.seq }.map { entry in
            Line(
                seq: entry.seq, at: entry.at, kind: entry.fact.kind, about: entry.fact.side,
                summary: entry.fact.summary(for: record))
        }
    }

    private static func entries(
        naming text: String, in transaction: any Transaction
    ) throws -> [Ledger.Entry] {
        let coding = FactCoding()
        return try transaction.run(
            """
            SELECT seq, at, kind, body, prev, hash FROM ledger
            WHERE instr(body, \(text)) > 0 ORDER BY seq
            """
        ).map { row in
            let line = try LedgerLine(row)
            return Ledger.Entry(seq: line.seq, at: line.at, fact: try coding.fact(line.body))
        }
    }
}

extension Fact {
    /// A receipt that was kept is a delivery to us; what it decided are facts of their own.
    var side: Trace.Side {
        switch self {
        case .enqueued, .onWire, .attempted, .receiptKept, .intervened, .handedOut, .resent,
            .reconciled, .switched:
            .transport
        case .arrived, .taken, .received, .refused, .abandoned, .dropped, .acknowledged, .disputed,
            .decided, .reversed, .renumbered, .listKept, .attended, .keyringSeen, .approved,
            .counted, .differed, .differenceHandled, .settled, .signedOff, .audited, .erased,
            .identified, .recipientTaken, .backupTried, .rekeyed, .warned,
            .rewrapped, .personKey, .published:
            .business
        }
    }

    /// Whether the fact names this record itself.
    func names(_ record: RecordID) -> Bool {
        switch self {
        case .taken(let fact): fact.kept.contains { $0.record == record }
        case .enqueued(let fact): fact.records.contains { $0.record == record }
        case .acknowledged(let fact): fact.verdicts.contains { $0.record == record }
        case .disputed(let fact): fact.record == record
        case .decided(let fact): fact.verdict.record == record
        case .reversed(let fact): fact.record == record
        case .renumbered(let fact): fact.record == record
        case .differed(let fact): fact.record == record
        case .identified(let fact): fact.records.contains(record)
        case .arrived, .received, .refused, .abandoned, .dropped, .onWire, .attempted, .receiptKept,
            .intervened, .handedOut, .listKept,
            .resent, .attended, .keyringSeen, .reconciled, .switched, .approved, .counted,
            .differenceHandled, .settled, .signedOff, .audited, .erased, .recipientTaken,
            .backupTried, .rekeyed, .warned,
            .rewrapped, .personKey, .published:
            false
        }
    }

    /// Whether the fact is about a submission as a whole, and so about every record in it.
    func isAboutWhole(_ submission: SubmissionID) -> Bool {
        switch self {
        case .onWire(let fact): fact.submission == submission
        case .attempted(let fact): fact.submission == submission
        case .receiptKept(let fact): fact.submission == submission
        case .intervened(let fact): fact.submission == submission
        case .handedOut(let fact): fact.submissions.contains(submission)
        case .arrived, .taken, .received, .refused, .abandoned, .dropped, .enqueued, .acknowledged,
            .disputed, .decided, .reversed, .renumbered, .listKept, .resent, .attended,
            .keyringSeen,
            .reconciled, .switched, .approved, .counted, .differed, .differenceHandled,
            .settled, .signedOff, .audited, .erased, .identified, .recipientTaken, .backupTried,
            .rekeyed, .warned,
            .rewrapped, .personKey, .published:
            false
        }
    }
}
