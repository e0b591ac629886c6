import Delivery
import Records
import Synchronization

/// The national side as the protocol describes it: stores by id, takes the same bytes once,
/// answers, and keeps its own book of effects, which is what the county is judged by.
final class Nation: Sendable {
    /// The answer to a first arrival; the same again to every later one.
    enum Answer: Sendable {
        case receipt(Paper)
        case later
    }

    struct Stored: Sendable {
        let parcel: Parcel
        let answer: Answer
        /// By position; `pending` until it is decided.
        var words: [Word]
        let isRefused: Bool
        /// An older state of theirs will be put back before anything is decided.
        let isDoomed: Bool
        var newest: Paper?
    }

    struct State {
        var parcels: [SubmissionID: Parcel] = [:]
        var stored: [SubmissionID: Stored] = [:]
        var order: [SubmissionID] = []
        /// Everything that was ever stored, forgotten or not.
        var ever: Set<SubmissionID> = []
        var feed: [Paper] = []
        /// Not in the feed yet.
        var announced: [(from: Timestamp, paper: Paper)] = []
        /// On their way.
        var inbox: [(at: Timestamp, shipment: Shipment)] = []
        var meanings: [String: Meaning] = [:]
        var effects: [VersionKey: SubmissionID] = [:]
        var verdicts: [VersionKey: Word] = [:]
        /// What the county has lost in a restore: it may come under another id.
        var lost: Set<SubmissionID> = []
        /// Told that it is too large: its records may come in others, and it may come all the same.
        var split: Set<SubmissionID> = []
        var papers = 0
    }

    let state = Mutex(State())
    let dice: Dice
    let referee: Referee

    init(_ dice: Dice, _ referee: Referee) {
        self.dice = dice
        self.referee = referee
    }

    /// What the left half has queued: nothing else may come.
    func expect(_ parcel: Parcel) { state.withLock { $0.parcels[parcel.id] = parcel } }

    func hasLost(_ submission: SubmissionID) {
        state.withLock { _ = $0.lost.insert(submission) }
    }

    /// It was told that it is too large.
    func hasSplit(_ submission: SubmissionID) {
        state.withLock { _ = $0.split.insert(submission) }
    }

    /// An older copy of the county's database was put back: what reached it since is not in it.
    func hasReached(only digests: Set<String>) {
        state.withLock { state in
            for digest in state.meanings.keys where !digests.contains(digest) {
                state.meanings[digest]?.wasGenuine = false
            }
        }
    }

    /// Bytes that come later than their sender waits.
    func delay(_ shipment: Shipment, until moment: Timestamp) {
        state.withLock { $0.inbox.append((moment, shipment)) }
    }

    /// All that has happened on their side until now.
    func catchUp(to now: Timestamp) {
        let arrivals = state.withLock { state -> [Shipment] in
            let due = state.inbox.filter { $0.at <= now }
            state.inbox.removeAll { $0.at <= now }
            return due.map(\.shipment)
        }
        for shipment in arrivals { _ = arrive(shipment, now: now) }
        state.withLock { state in
            forget(&state)
            decidePending(now: now, &state)
            let visible = state.announced.filter { $0.from <= now }
            state.announced.removeAll { $0.from <= now }
            state.feed += visible.map(\.paper)
        }
    }

    /// A submission's bytes are there; `nil` for bytes that are not what was queued.
    func arrive(_ shipment: Shipment, now: Timestamp) -> Answer? {
        state.withLock { state in
            guard let parcel = state.parcels[shipment.submission] else {
                referee.object("P-03 an id that was never queued: \(shipment.submission)")
                return nil
            }
            guard shipment.wire == parcel.wire, shipment.signature == parcel.signature,
                shipment.wireDigest == parcel.wireDigest
            else {
                referee.object("P-09 other bytes under the id \(shipment.submission)")
                return nil
            }
            if let known = state.stored[parcel.id] { return known.answer }
            for record in parcel.records {
                let key = VersionKey(record)
                // Across ids it is the record's version by which they know it again. What was lost
                // in a restore may also come last, hours after its records were queued again.
                if let earlier = state.effects[key], earlier != parcel.id,
                    state.lost.isDisjoint(with: [earlier, parcel.id]),
                    state.split.isDisjoint(with: [earlier, parcel.id])
                {
                    referee.object("P-03 a second effect of \(record.record) in \(parcel.id)")
                }
            }
            return store(parcel, now: now, &state)
        }
    }

    /// The newest receipt of a submission.
    func inquire(_ submission: SubmissionID) -> Inquiry {
        state.withLock { state in
            guard let stored = state.stored[submission] else { return .unknown }
            return stored.newest.map { .paper($0) } ?? .pending
        }
    }

    enum Inquiry: Sendable {
        case unknown, pending
        case paper(Paper)
    }

    /// A page of the feed.
    func page(after cursor: Int, limit: Int) -> (next: Int, papers: [Paper]) {
        state.withLock { state in
            let start = min(max(0, cursor), state.feed.count)
            let end = min(state.feed.count, start + limit)
            return (end, Array(state.feed[start..<end]))
        }
    }

    /// Notes what really reaches the county.
    func handOut(_ paper: Paper) {
        guard paper.isGenuine else { return }
        state.withLock { $0.meanings[paper.digest]?.wasGenuine = true }
    }

    /// Some other receipt than the one that was asked for; rather one about what is `wanted`.
    func otherPaper(than submission: SubmissionID, wanted: Set<String>) -> Paper? {
        state.withLock { state in
            let others = state.order.filter { $0 != submission }
            let best = others.filter { wanted.contains($0.text) }
            let chosen = best.isEmpty ? others : best
            guard !chosen.isEmpty else { return nil }
            let place = dice.number(.wrongReceipt, below: chosen.count)
            guard let stored = state.stored[chosen[place]] else { return nil }
            return stored.newest ?? received(stored.parcel, &state)
        }
    }

    /// Whether the feed has given a receipt with its true signature before the cursor.
    func hasPassed(_ digest: String, before cursor: Int) -> Bool {
        state.withLock { state in
            state.feed.prefix(cursor).contains { $0.digest == digest && $0.isGenuine }
        }
    }

    func meaning(of digest: String) -> Meaning? { state.withLock { $0.meanings[digest] } }

    func verdict(on version: VersionKey) -> Word? { state.withLock { $0.verdicts[version] } }

    func hasStored(_ submission: SubmissionID) -> Bool {
        state.withLock { $0.ever.contains(submission) }
    }

    /// The digests in the feed before a cursor.
    func digests(before cursor: Int) -> [String] {
        state.withLock { $0.feed.prefix(cursor).map(\.digest) }
    }
}
