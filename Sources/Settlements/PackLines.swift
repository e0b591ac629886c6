import Evidence
import LibCrypto
import Records

/// The year's lines as they are written: both trees' heads, and what they and the
/// exceptions rest on.
struct LogWriting {
    var sha256 = HashPeaks(.sha256)
    var sm3 = HashPeaks(.sm3)
    fileprivate(set) var receipts: Set<String> = []
    fileprivate var submissions: Set<String> = []

    fileprivate mutating func add(
        _ line: String, receipt: String, submission: String, to file: PackFile
    ) throws {
        let bytes = Array(line.utf8)
        sha256.add(bytes)
        sm3.add(bytes)
        receipts.insert(receipt)
        submissions.insert(submission)
        try file.append(bytes)
        try file.append([0x0A])
    }

    fileprivate mutating func add(_ leaf: SettledLeaf, to file: PackFile) throws {
        try add(leaf.text, receipt: leaf.receipt, submission: leaf.submission, to: file)
    }
}

/// What a pack takes from the books: the year's lines, the exceptions, and the submissions of both.
///
/// Nothing else is written while the books are in memory.
struct PackLines {
    static let path = "ledger/leaves.jsonl"

    private let settlement: Settlement
    private let sources: PackSources
    private let folder: PackFolder

    private var book: CaseBook { settlement.book }

    /// Takes the books; `nil` where they were taken before.
    init?(_ books: SettlementBooks, _ sources: PackSources, _ folder: PackFolder) {
        guard let settlement = books.take() else { return nil }
        self.settlement = settlement
        self.sources = sources
        self.folder = folder
    }

    /// Writes them; `PackFailure` where something is not what it was.
    func write() throws -> LogWriting {
        var grounds = ExceptionList.Grounds()
        try folder.add("exceptions.csv") { file in
            grounds = try ExceptionList(book, settlement: settlement).write(to: file)
        }
        var log = try writeLines()
        log.receipts.formUnion(grounds.receipts)
        log.submissions.formUnion(grounds.submissions)
        try writeSubmissions(log.submissions)
        return log
    }

    /// Earlier lines as they are, then what is taken off, then what is added.
    private func writeLines() throws -> LogWriting {
        var log = LogWriting()
        let corrections = settlement.statement.correction?.lines ?? []
        let wanted = Set(corrections.map(\.seq))
        var takenOff: [Int: SettledLeaf] = [:]
        // A submission is written out once, not for each of its lines.
        var dispatches: [SubmissionID: CaseBook.Dispatch] = [:]
        try folder.add(PackLines.path) { file in
            try sources.log.lines { line in
                let bytes = Array(line.utf8)
                let leaf = LeafText(bytes)
                guard let receipt = leaf.text("ack_sha256"), let submission = leaf.text("msg")
                else {
                    throw PackFailure(.incomplete, PackLines.path)
                }
                let seq = log.sha256.count + 1
                if wanted.contains(seq) { takenOff[seq] = try SettledLeaf(line: bytes) }
                try log.add(line, receipt: receipt, submission: submission, to: file)
            }
            guard log.sha256.count == sources.log.size,
                Hex.encode(log.sha256.root) == sources.log.root
            else { throw PackFailure(.incomplete, PackLines.path) }
            for line in corrections {
                guard let earlier = takenOff[line.seq] else {
                    throw PackFailure(.incomplete, "line \(line.seq)")
                }
                let leaf = SettledLeaf(
                    reversing: earlier, seq: log.sha256.count + 1, reason: line.reason,
                    receipt: line.changedBy)
                try log.add(leaf, to: file)
            }
            for paid in settlement.added {
                let leaf = try leaf(of: paid, seq: log.sha256.count + 1) { submission in
                    if let known = dispatches[submission] { return known }
                    dispatches[submission] = book.dispatches[submission]
                    return dispatches[submission]
                }
                try log.add(leaf, to: file)
            }
        }
        return log
    }

    private func leaf(
        of paid: Settlement.PaidCase, seq: Int, _ dispatch: (SubmissionID) -> CaseBook.Dispatch?
    ) throws -> SettledLeaf {
        guard let submission = paid.version.submission, let receipt = paid.version.receipt,
            let dispatch = dispatch(submission)
        else { throw PackFailure(.incomplete, paid.record.record.text) }
        return SettledLeaf(
            seq: seq, division: settlement.statement.division, paid: paid, submission: submission,
            receipt: receipt, packageDigest: dispatch.digest,
            mappingDigest: dispatch.mappingDigest)
    }

    private func writeSubmissions(_ submissions: Set<String>) throws {
        var index = CSVTable(
            header: ["id", "sha256", "sm3", "profile", "queued", "first_sent", "attempts"],
            isMarked: false)
        for submission in submissions.sorted() {
            guard let dispatch = book.dispatches[SubmissionID(submission)] else {
                throw PackFailure(.incomplete, "submission \(submission)")
            }
            index.add([
                submission, dispatch.digest, dispatch.digestSM3, dispatch.profile,
                dispatch.queuedAt.dateTime, dispatch.firstSentAt?.dateTime ?? "",
                "\(dispatch.attempts)",
            ])
        }
        try folder.add("submissions/index.csv", index.bytes)
    }
}
