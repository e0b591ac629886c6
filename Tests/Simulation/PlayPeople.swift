import Delivery
import LibCrypto
import Records
import Storage

/// What the left half and people do.
extension Play {
    private func write<Answer: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer? {
        guard let database else { return nil }
        let rules = world.rules
        return try await database.write { transaction in
            let answer = try work(transaction)
            try rules.look(transaction, after: .person)
            return answer
        }
    }

    /// Hands over a submission with new records.
    func queue(records count: Int) async throws {
        queued += 1
        let first = 100 * queued
        try await queue((0..<count).map { Parties.record(first + $0) })
    }

    private func queue(_ records: [SubmittedRecord]) async throws {
        numbered += 1
        let parcel = Parties.parcel(
            Parties.submissionID(numbered), records, at: world.clock())
        parcels[parcel.id] = parcel
        world.nation.expect(parcel)
        _ = try await write { [outbox] in try outbox.enqueue(parcel, in: $0) }
    }

    /// What was transient or too large goes into new submissions.
    func packAgain() async throws {
        guard world.rules.snapshot?.items.values.contains(.transient) == true else { return }
        let now = world.clock()
        let found = try await write { [outbox] in try outbox.repackable(now: now, in: $0) } ?? []
        for repackable in found {
            guard let parcel = parcels[repackable.submission] else { continue }
            let records = repackable.positions.map { parcel.records[$0] }
            let size = repackable.recordLimit ?? records.count
            for start in stride(from: 0, to: records.count, by: size) {
                try await queue(Array(records[start..<min(start + size, records.count)]))
            }
        }
    }

    /// Where no process runs, the command that a person calls reads the journal first.
    private func readJournal() async throws {
        guard let database, machine == nil || machine?.isDead == true else { return }
        if let journal { await journal.close() }
        journal = nil
        try await Hand.wireGuard(
            Hand.journal(world), over: PersonDatabase(real: database, rules: world.rules), outbox,
            world
        ).learn()
    }

    /// One step of one person, allowed or not.
    func decideSomething() async throws {
        try await readJournal()
        let ids = (world.rules.snapshot?.submissions.keys.sorted() ?? []).map(SubmissionID.init)
        guard !ids.isEmpty else { return }
        let id = ids[dice.number(.person, below: ids.count)]
        if dice.number(.person, below: 4) == 0 { try await endReconciling() }
        // Mostly what can be done in this state, now and then anything.
        let steps: [Step]
        switch world.rules.snapshot?.submissions[id.text]?.state {
        case .held: steps = [.release, .retry, .retry, .cancel]
        case .final: steps = [.repack, .rule]
        case .due, .leased, .onWire, .inDoubt, .awaiting, .cancelled, nil: steps = [.hold, .cancel]
        }
        let step =
            dice.number(.person, below: 5) == 0
            ? Step.allCases[dice.number(.person, below: Step.allCases.count)]
            : steps[dice.number(.person, below: steps.count)]
        try await decide(id, step)
    }

    /// What people may try.
    private enum Step: CaseIterable {
        case hold, release, retry, cancel, repack, rule
    }

    private func decide(_ id: SubmissionID, _ step: Step) async throws {
        let now = world.clock()
        let decision = Decision(by: "lin", because: "x")
        do {
            _ = try await write { [outbox] transaction in
                switch step {
                case .hold: try outbox.hold(id, decision, now: now, in: transaction)
                case .release: try outbox.release(id, decision, now: now, in: transaction)
                case .retry: try outbox.retry(id, decision, now: now, in: transaction)
                case .cancel: try outbox.cancel(id, decision, now: now, in: transaction)
                case .repack: try outbox.repack(id, decision, now: now, in: transaction)
                case .rule: break
                }
            }
        } catch is OutboxFailure {
            return
        }
        switch step {
        case .retry:
            referee.mayGoAgain(referee.doubts(about: id))
            world.forgetPoison()
        case .release: world.forgetPoison()
        case .cancel:
            referee.cancelled(id)
            if world.nation.hasStored(id) {
                referee.object("M16 \(id) was cancelled and is with the nation")
            }
        case .rule: try await rule(id, decision)
        case .hold, .repack: break
        }
    }

    /// Decides one frozen record by one of its receipts.
    private func rule(_ id: SubmissionID, _ decision: Decision) async throws {
        guard let snapshot = world.rules.snapshot, let parcel = parcels[id],
            let position = snapshot.states(of: id.text).firstIndex(of: .disputed)
        else { return }
        let digests = try await write { transaction in
            try transaction.run(
                "SELECT digest FROM receipt WHERE submission = \(id.text) ORDER BY digest"
            ).map { try $0.text(0) }
        }
        for digest in digests ?? [] {
            guard let word = world.nation.meaning(of: digest)?.words[position],
                word == .accepted || word == .rejected
            else { continue }
            let ruling: Outbox.Ruling = word == .accepted ? .accepted : .rejected
            let now = world.clock()
            let endpoint = try Parties.endpoint()
            _ = try? await write { [outbox] in
                try outbox.decide(
                    parcel.records[position].record, as: ruling, by: digest, of: endpoint,
                    decision, now: now, in: $0)
            }
            let after = world.rules.snapshot?.states(of: id.text)[position]
            if let after, after != .disputed {
                let key = Snapshot.ItemKey(submission: id.text, position: position)
                rulings[key, default: []].insert(after)
            }
            return
        }
    }

    /// All that people stopped, or that waited for them, may go on.
    func letGo() async throws {
        let reasons: Set = ["Q-PERSON", "Q-DEADLINE", "Q-DOUBT", "Q-POISON", "Q-REFUSED"]
        for (id, submission) in world.rules.snapshot?.submissions ?? [:]
        where submission.state == .held && reasons.contains(submission.reason ?? "") {
            try await decide(SubmissionID(id), .release)
        }
    }

    func endReconciling() async throws {
        guard world.rules.snapshot?.isReconciling == true else { return }
        let now = world.clock()
        _ = try await write { [outbox] in
            try outbox.endReconciling(
                Decision(by: "lin", because: "all asked"), now: now, in: $0)
        }
    }

    /// After a restore: the left half takes its files again and queues what the database has lost.
    func takeAgain() async throws {
        guard mayLack, world.rules.snapshot?.isReconciling == false else { return }
        mayLack = false
        for id in parcels.keys.sorted(by: { $0.text < $1.text }) {
            guard world.rules.snapshot?.submissions[id.text] == nil,
                let records = parcels[id]?.records
            else { continue }
            try await queueAgain(records)
        }
    }

    /// Those of the records that no submission has.
    private func queueAgain(_ records: [SubmittedRecord]) async throws {
        let missing = try await write { [outbox] transaction in
            try outbox.standing(of: records.map(\.record), in: transaction)
                .filter { $0.latestVersion == 0 }.map(\.record)
        }
        let again = records.filter { missing?.contains($0.record) == true }
        if !again.isEmpty { try await queue(again) }
    }

    /// One bit of what is to be sent turns over on the disk.
    func rot() async throws {
        let ids =
            world.rules.snapshot?.submissions.filter { $0.value.state == .due }
            .keys.sorted() ?? []
        guard let id = ids.first, let parcel = parcels[SubmissionID(id)] else { return }
        var wire = parcel.wire
        wire[wire.count / 2] ^= 1
        let records = RecordListText(parcel.records).bytes
        let changed = wire
        _ = try await write { transaction in
            try transaction.run("DELETE FROM block WHERE submission = \(id)")
            try transaction.run(
                """
                INSERT INTO block (submission, wire, records)
                VALUES (\(id), \(changed), \(records))
                """)
        }
    }

    /// The process is gone and an older copy of the database is put back.
    func restore() async throws {
        guard let open = database else { return }
        if let machine { world.died(machine) }
        machine?.overtake()
        machine = nil
        if let journal { await journal.close() }
        journal = nil
        for task in tasks { await task.value }
        tasks = []
        await open.close()
        database = nil
        _ = try world.putBack()
        let older = try await world.open()
        database = older
        (hasRestored, mayLack) = (true, true)
        world.forgetPoison()
        let rules = world.rules
        let reached = try await older.write { transaction in
            try rules.look(transaction, after: .restore)
            return try transaction.run("SELECT digest FROM receipt WHERE disposition <> 'forged'")
                .map { try $0.text(0) }
        }
        world.nation.hasReached(only: Set(reached))
        let cancelled = rules.snapshot?.submissions.filter { $0.value.state == .cancelled }
        referee.areCancelled(only: Set((cancelled ?? [:]).keys.map(SubmissionID.init)))
        for (id, _) in parcels where rules.snapshot?.submissions[id.text] == nil {
            world.nation.hasLost(id)
        }
        if let snapshot = rules.snapshot {
            referee.isBack(knowing: snapshot.sends, doubting: snapshot.doubtfulSends)
        }
    }
}
