import Delivery
import Evidence
import Records
import Storage

/// The end of a run: what the county knows is held against what the national side has done.
struct Books: Sendable {
    private struct Kept: Sendable {
        let digest: String
        let disposition: Disposition
        let submission: String?
    }

    let world: World
    let parcels: [SubmissionID: Parcel]
    let rulings: [Snapshot.ItemKey: Set<ItemState>]
    let database: SQLiteDatabase
    let journal: WireJournal?
    let hasRestored: Bool

    private var referee: Referee { world.referee }

    /// Reads everything once more and judges it. Throws `StorageFailure`.
    func close() async throws {
        let now = world.clock()
        let (kept, records, chain, broken) = try await database.read { transaction in
            (
                try Books.receipts(in: transaction),
                Set(try transaction.run("SELECT record FROM item").map { try $0.text(0) }),
                try Ledger().verify(in: transaction),
                try Books.brokenInvariants(in: transaction)
                    + Books.brokenHouseInvariants(in: transaction, now: now)
            )
        }
        for name in broken { referee.object("\(name) is broken") }
        if chain.fault != nil { referee.object("I24 the ledger is no whole chain") }
        referee.trace("\(chain.head.seq) \(chain.head.hash)")
        for parcel in parcels.values {
            for record in parcel.records where !records.contains(record.record.text) {
                referee.object("P-02 \(record.record) is nowhere")
            }
        }
        judge(kept)
        judgeHolds()
        try await judgeJournal()
    }

    private static func receipts(in transaction: any Transaction) throws -> [Kept] {
        try transaction.run(
            "SELECT digest, disposition, submission FROM receipt ORDER BY digest"
        ).map { row in
            guard let disposition = Disposition(rawValue: try row.text(1)) else {
                throw StorageFailure(.unexpectedColumn("disposition"))
            }
            return Kept(
                digest: try row.text(0), disposition: disposition,
                submission: try row.optionalText(2))
        }
    }

    // MARK: - Receipts and records

    private func judge(_ kept: [Kept]) {
        guard let snapshot = world.rules.snapshot else { return }
        var words: [Snapshot.ItemKey: Set<Word>] = [:]
        var refused: Set<String> = []
        for receipt in kept {
            guard let meaning = world.nation.meaning(of: receipt.digest), meaning.wasGenuine
            else {
                if receipt.disposition != .forged {
                    referee.object("E4 what nobody signed is \(receipt.disposition)")
                }
                continue
            }
            // The true one may have been lost with the process that heard it, and not be there yet.
            let isLate =
                receipt.disposition == .forged
                && !world.nation.hasPassed(receipt.digest, before: snapshot.cursor)
            if !isLate { judge(receipt, meaning) }
            guard receipt.disposition.isBelieved else { continue }
            let id = meaning.submission.text
            if meaning.isRefusal { refused.insert(id) }
            for (position, word) in meaning.words {
                let key = Snapshot.ItemKey(submission: id, position: position)
                words[key, default: []].insert(word)
            }
        }
        for (key, state) in snapshot.items.sorted(by: { $0.key < $1.key }) {
            let isRefused = refused.contains(key.submission)
            let expected = expected(words[key] ?? [], key, isRefused: isRefused)
            if !expected.contains(state) {
                referee.object(
                    "P-06 \(key.submission) record \(key.position) is \(state), told "
                        + "\((words[key] ?? []).map { "\($0)" }.sorted())")
            }
            judgeTruth(key, state)
        }
    }

    /// What was made of a genuine receipt.
    private func judge(_ receipt: Kept, _ meaning: Meaning) {
        let allowed: Set<Disposition>
        switch meaning.fit {
        case .strange: allowed = [.misaddressed, .unknown]
        case .odd: allowed = hasRestored ? [.malformed, .unknown] : [.malformed]
        case .fits:
            var believed: Set<Disposition> = [.applied, .duplicate, .conflict]
            if meaning.words.values.contains(.unknown) { believed.insert(.stored) }
            if hasRestored { believed.insert(.unknown) }
            allowed = believed
        }
        if !allowed.contains(receipt.disposition) {
            referee.object(
                "P-06 a receipt for \(meaning.submission) that \(meaning.fit) is "
                    + "\(receipt.disposition)")
        }
    }

    /// What a record may be after all that was told of it, in whatever order.
    private func expected(
        _ words: Set<Word>, _ key: Snapshot.ItemKey, isRefused: Bool
    ) -> Set<ItemState> {
        let faults = world.scenario.faults
        if words.isSuperset(of: [.accepted, .rejected]) {
            return (rulings[key] ?? []).union([.disputed])
        }
        if words.contains(.accepted) { return [.accepted] }
        if words.contains(.rejected) {
            return isRefused && faults.contains(.person)
                ? [.rejected, .transient, .repacked] : [.rejected]
        }
        if words.contains(.transient) { return [.transient, .repacked] }
        var silent: Set<ItemState> = words.contains(.unknown) ? [.unknown] : [.open]
        if faults.contains(.tooLarge) { silent.formUnion([.transient, .repacked]) }
        // Taken back by a person, and offered for packing anew by one.
        if faults.contains(.person) { silent.formUnion([.void, .transient, .repacked]) }
        return silent
    }

    /// A final word at home is the nation's own, unless it contradicted itself.
    private func judgeTruth(_ key: Snapshot.ItemKey, _ state: ItemState) {
        guard !world.scenario.faults.contains(.contradiction), state == .accepted,
            let parcel = parcels[SubmissionID(key.submission)]
        else { return }
        let version = VersionKey(parcel.records[key.position])
        if world.nation.verdict(on: version) != .accepted {
            referee.object("P-03 \(key.submission) is accepted at home only")
        }
    }

    // MARK: - Holds

    /// What may still be held at the end, when people have let go what they could, and by which
    /// faults.
    private static let causes: [String: Set<Fault>] = [
        "Q-POISON": [.poison],
        "Q-BYTES": [.rot],
        "Q-CODE": [.unknownCode],
        "Q-RECEIPT": [.odd],
    ]

    /// Nothing is held without a cause, and without faults nothing is held or sent twice.
    private func judgeHolds() {
        let faults = world.scenario.faults
        let submissions = world.rules.snapshot?.submissions ?? [:]
        for (id, submission) in submissions where submission.state == .held {
            let reason = submission.reason ?? ""
            if Books.causes[reason]?.isDisjoint(with: faults) ?? true {
                referee.object("P-04 \(id) is held as \(reason) for no cause")
            }
        }
        guard faults.isEmpty else { return }
        if submissions.values.contains(where: { $0.state != .final }) {
            referee.object("P-04 without faults everything is final")
        }
        if referee.coverage.sends != submissions.count {
            referee.object("P-03 without faults each goes once")
        }
    }

    /// Every send stands in the journal that lies beside the database.
    private func judgeJournal() async throws {
        await journal?.close()
        let again = Hand.journal(world)
        var noted: Set<Referee.Send> = []
        for entry in try await again.open() {
            if let id = entry.submission {
                noted.insert(Referee.Send(submission: id, fence: entry.fence))
            }
        }
        if !referee.sends.isSubset(of: noted) {
            referee.object("I28 a send is not in the journal")
        }
    }
}
