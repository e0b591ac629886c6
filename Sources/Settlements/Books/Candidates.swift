import Evidence
import Records

extension Settlement {
    /// One case in force, or frozen in a dispute.
    struct Candidate: Sendable {
        /// The case, the version whose record counts, and the version that it rests on.
        let record: UInt32
        let sent: UInt32
        let version: UInt32
        /// Its service day, in days since 1970, and the order of acceptance.
        let servedOn: Int32
        let accepted: UInt32
        let isFrozen: Bool
        /// A later version was kept here, and not only to wait for an answer.
        let isSaidLater: Bool
    }

    /// In the order in which claims are judged: the earlier free check is the one that is paid.
    static func candidates(in book: CaseBook) -> some Sequence<Candidate> {
        let shelf = book.shelf
        var finding = CandidateFinding(shelf: shelf)
        var places: [CandidatePlace] = []
        for record in 0..<UInt32(shelf.newest.count) {
            if let candidate = finding.candidate(of: record) {
                places.append(CandidatePlace(candidate))
            }
        }
        places.sort { left, right in
            if left.servedOn != right.servedOn { return left.servedOn < right.servedOn }
            if left.accepted != right.accepted { return left.accepted < right.accepted }
            return shelf.records.comesBefore(left.record, right.record)
        }
        return places.lazy.compactMap { finding.candidate(of: $0.record) }
    }
}

/// By what a million candidates are put in order; the rest is looked up again.
private struct CandidatePlace {
    let record: UInt32
    let servedOn: Int32
    let accepted: UInt32

    init(_ candidate: Settlement.Candidate) {
        record = candidate.record
        servedOn = candidate.servedOn
        accepted = candidate.accepted
    }
}

/// Looks at one case after the other.
private struct CandidateFinding {
    /// What only waits for the answer to the version before.
    private static let waitingCode = "H-WAITING"

    private let shelf: BookShelf
    private let waiting: UInt32?
    /// The versions of the case in hand that the national side spoke of, the newest first.
    private var said: [UInt32] = []

    init(shelf: BookShelf) {
        self.shelf = shelf
        waiting = shelf.codes.find([Self.waitingCode])
    }

    mutating func candidate(of record: UInt32) -> Settlement.Candidate? {
        said.removeAll(keepingCapacity: true)
        var place = shelf.newest[record]
        while place != noNumber {
            let version = shelf.versions[place]
            if isAccepted(version) || version.isDisputed || isReversed(version) {
                said.append(place)
            }
            place = version.older
        }
        guard let newest = said.first else { return nil }
        let top = shelf.versions[newest]
        guard top.isDisputed || !isReversed(top), top.isSent else { return nil }
        if top.isDisputed {
            // What was in force before the dispute is what may be paid once it is decided.
            let before = said.prefix { !isReversed(shelf.versions[$0]) }
                .first { isInForce(shelf.versions[$0]) }
            let isSent = before.map { shelf.versions[$0].isSent } ?? false
            return candidate(
                record, sent: isSent ? before ?? newest : newest, before ?? newest, isFrozen: true)
        }
        guard !isWithdrawal(top) else { return nil }
        return candidate(record, sent: newest, newest, isFrozen: false)
    }

    private func candidate(
        _ record: UInt32, sent: UInt32, _ version: UInt32, isFrozen: Bool
    ) -> Settlement.Candidate {
        // Answers have their numbers in the ledger's order.
        let answer = shelf.versions[version].answer
        return Settlement.Candidate(
            record: record, sent: sent, version: version,
            servedOn: shelf.versions[sent].servedOn, accepted: answer &+ 1, isFrozen: isFrozen,
            isSaidLater: !isFrozen && isKept(after: shelf.versions[version], in: record))
    }

    /// Whether the newest version stayed here after another was accepted, for a reason of its own.
    private func isKept(after accepted: VersionNote, in record: UInt32) -> Bool {
        let newest = shelf.versions[shelf.newest[record]]
        guard newest.number > accepted.number, !newest.isSent, newest.kept != noNumber else {
            return false
        }
        return shelf.kept[newest.kept].codes != waiting
    }

    private func isAccepted(_ version: VersionNote) -> Bool {
        shelf.verdict(version)?.verdict == .accepted
    }

    private func isReversed(_ version: VersionNote) -> Bool {
        shelf.verdict(version)?.verdict == .reversed
    }

    private func isWithdrawal(_ version: VersionNote) -> Bool {
        version.isSent && shelf.sentAs[version.sentAs].action == .withdraw
    }

    private func isInForce(_ version: VersionNote) -> Bool {
        isAccepted(version) && !version.isDisputed && !isWithdrawal(version)
    }
}
