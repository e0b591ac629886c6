import Delivery
import Evidence
import Records
import Storage
import Synchronization
import Testing

struct CourierTests {
    private func scene(
        _ count: Int = 1, records: Int = 3
    ) async throws -> (DeliveryDesk, [Parcel], PretendNation, Courier) {
        let desk = try await DeliveryDesk()
        let parcels = try (1...count).map { number in
            try parcel("s-\(number)", (0..<records).map { submitted(number * 100 + $0) })
        }
        for parcel in parcels { try await desk.enqueue(parcel) }
        let nation = PretendNation(parcels)
        let courier = try desk.courier(nation)
        try await courier.start()
        return (desk, parcels, nation, courier)
    }

    @Test func `a receipt in the answer ends the submission in one round`() async throws {
        let (desk, _, nation, courier) = try await scene(3)
        let round = try await courier.round(limit: 10)
        #expect(round.sent == 3)
        #expect(try await desk.database.read { try desk.outbox.counts(in: $0) } == [.final: 3])
        #expect(await nation.sendCount == 3)
        let attempts = try await desk.facts().compactMap { fact -> String? in
            if case .attempted(let attempt) = fact { attempt.outcome } else { nil }
        }
        #expect(attempts == ["HTTP-200", "HTTP-200", "HTTP-200"])
    }

    @Test func `after a 202 the feed brings the verdicts, and its cursor is kept`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.later])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .awaiting)
        let round = try await courier.round(limit: 1)
        #expect(round.collected == [.applied: 1])
        #expect(try await desk.state("s-1") == .final)
        let pages = await nation.pages
        let quiet = try await courier.round(limit: 1)
        #expect(quiet.collected.isEmpty)
        #expect(await nation.pages == pages + 1)
    }

    @Test func `an empty page that moves the cursor is not believed: no receipt is passed over`()
        async throws
    {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.later])
        try await courier.round(limit: 1)
        await nation.strays(to: "999")
        #expect(try await courier.round(limit: 1).collected.isEmpty)
        #expect(try await desk.state("s-1") == .awaiting)
        desk.clock.advance(seconds: 3600)
        #expect(try await courier.round(limit: 1).collected == [.applied: 1])
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `a doubtful end is asked for, and a receipt that is there is not sent for again`()
        async throws
    {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.storeAndLose(.uncertain(.init(.timeout)))])
        await nation.nextFeeds([nil, .uncertain(.init(.timeout)), .uncertain(.init(.timeout))])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .inDoubt)
        await nation.nextFeeds([])
        desk.clock.advance(seconds: 40)
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
        #expect(await nation.sendCount == 1)
    }

    @Test func `what they never stored goes again with the same bytes`() async throws {
        let (desk, parcels, nation, courier) = try await scene()
        await nation.next([.fail(.uncertain(.init(.broken)))])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .inDoubt)
        try await courier.round(limit: 1)
        #expect(await nation.questions == 0)
        desk.clock.advance(seconds: 40)
        let round = try await courier.round(limit: 1)
        #expect(round.asked == 1)
        #expect(await nation.sent[parcels[0].id] == [parcels[0].wire, parcels[0].wire])
        #expect(try await desk.state("s-1") == .final)
        #expect(await nation.effects.values.allSatisfy { $0 == 1 })
    }

    @Test func `a 200 without a valid receipt is no acceptance`() async throws {
        let (desk, parcels, nation, courier) = try await scene(records: 1)
        let forged = SignedDocument(
            bytes: receiptBytes(for: parcels[0], [.accepted(100)]), signature: nil, key: nil)
        await nation.next([.say(forged)])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .inDoubt)
        #expect(try await desk.itemStates("s-1") == [.open])
        #expect(try await desk.show("s-1").attempts.first?.outcome == "T-NO-RECEIPT")
    }

    @Test func `a receipt for another submission is no answer to this one`() async throws {
        let (desk, parcels, nation, courier) = try await scene(2, records: 1)
        try await courier.round(limit: 1)
        try #require(try await desk.state("s-1") == .final)
        let other = try receipt(for: parcels[0], [.accepted(100)], id: "again")
        await nation.next([.say(other)])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-2") == .inDoubt)
        #expect(try await desk.itemStates("s-2") == [.open])
    }

    @Test func `a receipt for other bytes under this id is no answer`() async throws {
        let (desk, parcels, nation, courier) = try await scene(1, records: 1)
        let digest = String(repeating: "0", count: 64)
        let other = try signed(receiptBytes(for: parcels[0], [.accepted(100)], digest: digest))
        await nation.next([.say(other)])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .inDoubt)
    }

    @Test func `a known receipt that comes again still says that they have it`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.receive])
        try await courier.round(limit: 1)
        let now = desk.clock.now
        try await desk.database.write { transaction in
            let decision = Decision(by: "lin", because: "x")
            let id = SubmissionID("s-1")
            try desk.outbox.hold(id, decision, now: now, in: transaction)
            try desk.outbox.release(id, decision, now: now, in: transaction)
        }
        #expect(try await desk.state("s-1") == .inDoubt)
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .awaiting)
        #expect(await nation.sendCount == 1)
    }

    @Test func `answers give the charged crash back`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.receive, .receive, .receive, .receive])
        for _ in 1...4 {
            try await courier.round(limit: 1)
            await nation.forget(SubmissionID("s-1"))
            desk.clock.advance(seconds: 24 * 3600)
        }
        #expect(await nation.sendCount == 4)
        let now = desk.clock.now
        try await desk.database.write { transaction in
            for question in try desk.outbox.questions(
                endpoint: profile, limit: 1, now: now, in: transaction)
            {
                try desk.outbox.settle(question, .unknown, now: now, random: 0, in: transaction)
            }
        }
        #expect(try await desk.claim().count == 1)
        try await desk.database.write {
            _ = try Outbox(epoch: "epoch-2").recover(now: now, in: $0)
        }
        #expect(try await desk.state("s-1") == .due)
    }

    @Test func `six unclear ends in a row are held for a person`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.next(Array(repeating: .fail(.uncertain(.init(.server))), count: 20))
        for _ in 1...40 {
            try await courier.round(limit: 1)
            desk.clock.advance(seconds: 1200)
        }
        #expect(await nation.sendCount == 6)
        #expect(try await desk.show("s-1").line.reason == "Q-DOUBT")
    }

    @Test func `what was claimed before a window closed is not sent after it`() async throws {
        let (desk, _, nation, courier) = try await scene(5)
        let sent = Mutex(0)
        let round = try await courier.round(limit: 10) {
            sent.withLock {
                $0 += 1
                return $0 <= 2
            }
        }
        #expect(round.sent == 2)
        #expect(await nation.sendCount == 2)
        let counts = try await desk.database.read { try desk.outbox.counts(in: $0) }
        #expect(counts == [.final: 2, .due: 3])
    }

    /// They may have had it and forgotten its id: sent again it would count twice.
    @Test(arguments: [(true, 2), (false, 1)])
    func `what they lack goes again only while they must still know it`(
        isKnown: Bool, sends: Int
    ) async throws {
        let rules = try policy { $0.memory = .init(keepsSeconds: 3600, percent: 80) }
        let outbox = Outbox(epoch: "epoch-1", policy: rules)
        let desk = try await DeliveryDesk()
        let parcel = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(parcel, by: outbox)
        let nation = PretendNation([parcel])
        let courier = Courier(
            database: desk.database, outbox: outbox, transport: nation, endpoint: try endpoint(),
            clock: desk.clock.clock, jitter: { 0 })
        try await courier.start()
        await nation.next([.fail(.uncertain(.init(.timeout)))])
        try await courier.round(limit: 1)
        desk.clock.advance(seconds: isKnown ? 2880 : 2881)
        try await courier.round(limit: 1)
        #expect(await nation.sendCount == sends)
        let line = try await desk.show("s-1").line
        #expect(line.reason == (isKnown ? nil : "Q-FORGOTTEN"))
        guard !isKnown else { return }
        // A person who made sure sends it; released, it is asked for once more.
        let now = desk.clock.now
        try await desk.database.write {
            let decision = Decision(by: "lin", because: "they hold none of it")
            try outbox.retry(SubmissionID("s-1"), decision, now: now, in: $0)
        }
        try await courier.round(limit: 1)
        #expect(await nation.sendCount == 2)
    }

    @Test func `429 makes the whole target wait as long as it asked`() async throws {
        let (desk, _, nation, courier) = try await scene(5)
        let busy = TransportFailure.notSent(.init(.busy, retryAfter: .seconds(600)))
        await nation.next([.fail(busy), .fail(busy)])
        try await courier.round(limit: 5)
        // Two are in flight at once; the other three were given back unsent.
        #expect(await nation.sendCount <= 2)
        let sent = await nation.sendCount
        let pages = await nation.pages
        desk.clock.advance(seconds: 599)
        try await courier.round(limit: 5)
        #expect(await nation.sendCount == sent)
        #expect(await nation.pages == pages)
        await nation.next([])
        desk.clock.advance(seconds: 200)
        try await courier.round(limit: 5)
        #expect(try await desk.database.read { try desk.outbox.counts(in: $0) } == [.final: 5])
    }

    @Test func `a lane that a restart finds closed stays closed`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.nextFeeds([.refused(.init(.denied))])
        try await courier.round(limit: 1)
        let next = try desk.courier(nation, epoch: "epoch-2")
        try await next.start()
        try await next.round(limit: 1)
        #expect(await nation.sendCount == 0)
        #expect(await nation.pages == 1)
        let lane = try await desk.database.read { try desk.outbox.lane(profile, in: $0) }
        #expect(lane.reason == "T-DENIED")
        try await desk.database.write { try desk.outbox.openLane(profile, in: $0) }
        try await next.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `409 is for a person, 403 for the lane`() async throws {
        let (desk, _, nation, courier) = try await scene(2)
        await nation.next([.fail(.refused(.init(.conflict))), .fail(.refused(.init(.denied)))])
        try await courier.round(limit: 1)
        try await courier.round(limit: 1)
        let counts = try await desk.database.read { try desk.outbox.counts(in: $0) }
        #expect(counts == [.held: 1, .due: 1])
        let held = try await desk.database.read {
            try desk.outbox.list(.held, limit: 9, in: $0)
        }
        #expect(held.first?.reason == "Q-REFUSED")
    }

    @Test func `413 offers the records for smaller submissions`() async throws {
        let (desk, _, nation, courier) = try await scene(1, records: 5)
        await nation.next([.fail(.refused(.init(.tooLarge)))])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
        let now = desk.clock.now
        let found = try await desk.database.read { try desk.outbox.repackable(now: now, in: $0) }
        #expect(found.map(\.positions) == [[0, 1, 2, 3, 4]])
        #expect(found.first?.recordLimit == 2)
        try await desk.enqueue(try parcel("s-2", [submitted(100), submitted(101)]))
        let rest = try await desk.database.read { try desk.outbox.repackable(now: now, in: $0) }
        #expect(rest.map(\.positions) == [[2, 3, 4]])
    }

    @Test func `a single record that is too large is for a person`() async throws {
        let (desk, _, nation, courier) = try await scene(1, records: 1)
        await nation.next([.fail(.refused(.init(.tooLarge)))])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .held)
    }

    @Test func `overdue verdicts are asked for after a day, then every six hours`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.receive])
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .awaiting)
        var asked: [Int64] = []
        for hour in 1...40 {
            desk.clock.advance(seconds: 3600)
            let before = await nation.questions
            try await courier.round(limit: 1)
            if await nation.questions > before { asked.append(Int64(hour)) }
        }
        #expect(asked == [24, 30, 36])
        #expect(await nation.sendCount == 1)
        await nation.decide(SubmissionID("s-1"))
        desk.clock.advance(seconds: 3600)
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `what they once took and then forgot goes again`() async throws {
        let (desk, _, nation, courier) = try await scene()
        await nation.next([.receive])
        try await courier.round(limit: 1)
        await nation.forget(SubmissionID("s-1"))
        desk.clock.advance(seconds: 24 * 3600)
        try await courier.round(limit: 1)
        #expect(await nation.sendCount == 2)
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `a success beside a 429 does not open the lane`() async throws {
        let (desk, _, nation, courier) = try await scene(4)
        let busy = TransportFailure.notSent(.init(.busy, retryAfter: .seconds(600)))
        await nation.next([.fail(busy), .answer])
        try await courier.round(limit: 4)
        let now = desk.clock.now
        let lane = try await desk.database.read { try desk.outbox.lane(profile, in: $0) }
        #expect(!lane.isOpen(at: now.adding(seconds: 599)))
        #expect(await nation.sendCount <= 2)
    }

    @Test func `a dead target is left alone for longer and longer`() async throws {
        let (desk, _, nation, courier) = try await scene(20)
        let dead = TransportFailure.notSent(.init(.unreachable))
        await nation.nextFeeds(Array(repeating: dead, count: 4000))
        await nation.next(Array(repeating: .fail(dead), count: 4000))
        for _ in 0..<3600 {
            try await courier.round(limit: 5)
            desk.clock.advance(seconds: 1)
        }
        // Five failures close the lane; then 33, 66, 132, … up to 660 seconds pass between tries.
        let tries = await nation.pages + nation.sendCount
        #expect((8...24).contains(tries), "\(tries) tries")
        await nation.nextFeeds([])
        await nation.next([])
        desk.clock.advance(seconds: 4000)
        // One at a time until three things worked, and what was tried before as the budget allows.
        for _ in 0..<12 {
            try await courier.round(limit: 20)
            desk.clock.advance(seconds: 40)
        }
        #expect(try await desk.database.read { try desk.outbox.counts(in: $0) } == [.final: 20])
    }

    @Test func `a full disk leaves nothing stuck: the next round takes it up`() async throws {
        let (desk, _, nation, _) = try await scene()
        // Room for the claim and the mark, but not for the receipt.
        let cut = CutDatabase(desk.database, writes: 4, isAfterCommit: false)
        let dying = try desk.courier(nation, over: cut)
        await #expect(throws: PowerCut.self) { try await dying.round(limit: 1) }
        #expect(try await desk.state("s-1") == .onWire)
        let healed = try desk.courier(nation)
        try await healed.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
        #expect(await nation.sendCount == 1)
    }

    @Test func `a cancelled round gives back what it did not send`() async throws {
        let (desk, _, nation, courier) = try await scene(4)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await courier.round(limit: 4)
        }
        #expect(try await task.value.sent == 0)
        #expect(await nation.sendCount == 0)
        #expect(try await desk.database.read { try desk.outbox.counts(in: $0) } == [.due: 4])
    }
}
