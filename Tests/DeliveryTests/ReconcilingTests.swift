import Delivery
import Evidence
import Foundation
import Records
import Storage
import Testing

extension DeliveryDesk {
    /// A courier with a journal of its own.
    func guarded(
        _ transport: any Transport, _ journal: WireJournal, epoch: String = "epoch-1",
        stand: DatabaseStand? = nil, leases: LeaseKeeper? = nil
    ) throws -> Courier {
        let outbox = Outbox(epoch: epoch)
        return Courier(
            database: database, outbox: outbox, transport: transport, endpoint: try endpoint(),
            clock: clock.clock, jitter: { 0.5 },
            wire: WireGuard(
                journal: journal, database: database, outbox: outbox,
                stand: stand ?? database.stand, worker: "worker-\(epoch)", clock: clock.clock),
            leases: leases)
    }

    func journal(_ name: String = "journal") -> WireJournal {
        WireJournal(folder: folder + "/" + name, clock: clock.clock)
    }

    func reconciling() async throws -> Reconciling? {
        try await database.read { try Reconciling.load(in: $0) }
    }

    func endReconciling() async throws -> Bool {
        let now = clock.now
        return try await database.write {
            try self.outbox.endReconciling(
                Decision(by: "invented", because: "all asked"), now: now, in: $0)
        }
    }

    /// Everything about the delivery that changes, as a backup would keep it; put back by hand.
    func forget() async throws {
        try await database.write { transaction in
            try transaction.run("DELETE FROM attempt")
            try transaction.run(
                """
                UPDATE submission SET state = 'due', fence = 0, lease_owner = NULL, attempts = 0,
                    crash_count = 0, next_step = 0
                """)
        }
    }
}

/// After a failover or a restore: reconcile first (F-043, F-053).
struct ReconcilingTests {
    /// Two submissions of which one was sent; then the database is as it was before the send.
    private func restored() async throws -> (DeliveryDesk, PretendNation, WireEntry) {
        let desk = try await DeliveryDesk()
        let parcels = [
            try parcel("s-1", [submitted(1)]), try parcel("s-2", [submitted(2)]),
        ]
        for parcel in parcels { try await desk.enqueue(parcel) }
        let nation = PretendNation(parcels)
        await nation.next([.later])
        let journal = desk.journal()
        let courier = try desk.guarded(nation, journal)
        try await courier.start()
        _ = try await courier.round(limit: 1)
        #expect(await nation.sendCount == 1)
        await journal.close()
        let entries = try await desk.journal().open()
        let sent = try #require(entries.last { $0.kind == .sent })
        try await desk.forget()
        return (desk, nation, sent)
    }

    /// As a journal would find a database whose ledger ends before what it saw.
    private func rewind(_ desk: DeliveryDesk, _ sent: WireEntry) async throws -> WireJournal {
        let journal = desk.journal("restored")
        _ = try await journal.open()
        let later = DatabaseMark(stand: sent.stand, seq: sent.seq + 1_000, hash: sent.hash)
        let id = try #require(sent.submission)
        try await journal.note(
            WireEntry(
                sent: id, fence: sent.fence, digest: [], at: sent.at, later))
        await journal.close()
        return desk.journal("restored")
    }

    @Test func `an older database sends nothing, and what the journal names is asked for (F-043)`()
        async throws
    {
        let (desk, nation, sent) = try await restored()
        let courier = try desk.guarded(
            nation, try await rewind(desk, sent), epoch: "epoch-2")
        try await courier.start()
        let found = try #require(try await desk.reconciling())
        #expect(found.cause == .olderDatabase)
        #expect(found.reports.map(\.missing) == [1] && found.reports.map(\.unknown) == [0])
        #expect(try await desk.state(sent.submission?.text ?? "") == .inDoubt)
        for _ in 0..<3 {
            let round = try await courier.round(limit: 10)
            #expect(round.sent == 0)
            desk.clock.advance(seconds: 60)
        }
        #expect(await nation.sendCount == 1)
        #expect(try await desk.state(sent.submission?.text ?? "") == .final)

        #expect(try await desk.endReconciling())
        #expect(try await desk.endReconciling() == false)
        #expect(try await courier.round(limit: 10).sent == 1)
        #expect(await nation.effects.values.allSatisfy { $0 == 1 })
        #expect(await nation.sent.values.allSatisfy { $0.count == 1 })
        #expect(try await desk.kinds().filter { $0 == "reconciled" }.count == 2)
    }

    @Test func `what the journal names is not cancelled, once the journal was read`()
        async throws
    {
        let (desk, _, sent) = try await restored()
        let journal = try await rewind(desk, sent)
        let guarding = WireGuard(
            journal: journal, database: desk.database, outbox: desk.outbox,
            stand: desk.database.stand, worker: "by hand", clock: desk.clock.clock)
        try await guarding.learn()
        let id = try #require(sent.submission)
        #expect(try await desk.state(id.text) == .inDoubt)
        let now = desk.clock.now
        let decision = Decision(by: "invented", because: "x")
        let failure = await #expect(throws: OutboxFailure.self) {
            try await desk.database.write { transaction in
                try desk.outbox.hold(id, decision, now: now, in: transaction)
                try desk.outbox.cancel(id, decision, now: now, in: transaction)
            }
        }
        #expect(failure?.reason == .mayHaveBeenSent)
        #expect(try await desk.reconciling()?.cause == .olderDatabase)
        // Whoever has the journal open has read it; and it was given back.
        let worker = desk.journal("restored")
        _ = try await worker.open()
        try await guarding.learn()
        await worker.close()
        _ = try await journal.open()
    }

    @Test func `sends that began together are held to the latest commit, in whatever order`()
        async throws
    {
        let (desk, nation, sent) = try await restored()
        let journal = desk.journal("together")
        _ = try await journal.open()
        let id = try #require(sent.submission)
        // The ledger ends where the second line stands; the first saw one fact more.
        let end = try await desk.database.read { try desk.outbox.mark(sent.stand, in: $0) }
        let later = DatabaseMark(stand: sent.stand, seq: end.seq + 1, hash: end.hash)
        for mark in [later, end] {
            try await journal.note(
                WireEntry(sent: id, fence: sent.fence, digest: [], at: sent.at, mark))
        }
        await journal.close()
        let courier = try desk.guarded(nation, desk.journal("together"), epoch: "epoch-2")
        try await courier.start()
        #expect(try await desk.reconciling()?.cause == .olderDatabase)
        #expect(try await desk.state(id.text) == .inDoubt)
        #expect(try await courier.round(limit: 10).sent == 0)
    }

    @Test func `another server or timeline is found out without a journal too`() async throws {
        let (desk, nation, _) = try await restored()
        let other = DatabaseStand(
            system: desk.database.stand.system, timeline: desk.database.stand.timeline + "2")
        let courier = try desk.guarded(
            nation, desk.journal("empty"), epoch: "epoch-2", stand: other)
        try await courier.start()
        #expect(try await desk.reconciling()?.cause == .otherServer)
        #expect(try await courier.round(limit: 10).sent == 0)
    }

    @Test func `once it was ended the next start finds all well`() async throws {
        let (desk, nation, sent) = try await restored()
        let journal = try await rewind(desk, sent)
        try await (try desk.guarded(nation, journal, epoch: "epoch-2")).start()
        await journal.close()
        #expect(try await desk.endReconciling())
        let next = desk.journal("restored")
        try await (try desk.guarded(nation, next, epoch: "epoch-3")).start()
        #expect(try await desk.reconciling() == nil)
    }

    @Test func `a worker that was away while the others reconciled finds all well`() async throws {
        let desk = try await DeliveryDesk()
        let nation = PretendNation([])
        let away = desk.journal("away")
        try await (try desk.guarded(nation, away)).start()
        await away.close()
        let other = DatabaseStand(
            system: desk.database.stand.system, timeline: desk.database.stand.timeline + "2")
        try await (try desk.guarded(nation, desk.journal("there"), epoch: "epoch-2", stand: other))
            .start()
        #expect(try await desk.endReconciling())
        try await (try desk.guarded(nation, desk.journal("away"), epoch: "epoch-3", stand: other))
            .start()
        #expect(try await desk.reconciling() == nil)
    }

    @Test func `a start that is cut short and comes again adds nothing twice`() async throws {
        let (desk, _, sent) = try await restored()
        let now = desk.clock.now
        for expected in [1, 0] {
            let remembered = try await desk.database.write {
                try desk.outbox.remember([sent], now: now, in: $0)
            }
            #expect(remembered.missing == expected)
        }
        let entry = try await desk.show(sent.submission?.text ?? "")
        #expect(entry.attempts.count == 1)
    }

    @Test func `a send of a submission that the database does not have is counted`() async throws {
        let desk = try await DeliveryDesk()
        let now = desk.clock.now
        let stranger = WireEntry(
            sent: SubmissionID("s-lost"), fence: 4, digest: [], at: now,
            DatabaseMark(stand: .file, seq: 1, hash: ""))
        let remembered = try await desk.database.write {
            try desk.outbox.remember([stranger], now: now, in: $0)
        }
        #expect(remembered.missing == 0 && remembered.unknown == 1)
    }

    @Test func `what is held stays held, and is asked for when it is released`() async throws {
        let (desk, _, sent) = try await restored()
        let id = try #require(sent.submission)
        let now = desk.clock.now
        let decision = Decision(by: "invented", because: "to see")
        try await desk.database.write { transaction in
            try desk.outbox.hold(id, decision, now: now, in: transaction)
            _ = try desk.outbox.remember([sent], now: now, in: transaction)
        }
        #expect(try await desk.state(id.text) == .held)
        try await desk.database.write {
            try desk.outbox.release(id, decision, now: now, in: $0)
        }
        #expect(try await desk.state(id.text) == .inDoubt)
    }

    @Test func `a person may begin it, and it keeps its first cause`() async throws {
        let desk = try await DeliveryDesk()
        let now = desk.clock.now
        let decision = Decision(by: "invented", because: "restored by hand")
        for cause in [Reconciling.Cause.person, .olderDatabase] {
            try await desk.database.write {
                try desk.outbox.beginReconciling(cause, by: decision, now: now, in: $0)
            }
        }
        #expect(try await desk.reconciling()?.cause == .person)
        #expect(try await desk.kinds() == ["reconciled"])
    }
}
