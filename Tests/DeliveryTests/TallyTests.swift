import Delivery
import Records
import Storage
import Testing

/// What the process counts of delivery, each figure moved by its own cause.
struct TallyTests {
    private static let busy = TransportFailure.notSent(
        .init(.busy, retryAfter: .seconds(120)))
    private static let dead = TransportFailure.notSent(.init(.unreachable))

    private struct Scene {
        let desk: DeliveryDesk
        let nation: PretendNation
        let tally = DeliveryTally()
        let policy: RetryPolicy

        init(_ count: Int, _ change: (inout RetryRules) -> Void = { _ in }) async throws {
            desk = try await DeliveryDesk()
            let parcels = try (1...count).map { try parcel("s-\($0)", [submitted($0)]) }
            nation = PretendNation(parcels)
            policy = try DeliveryTests.policy(change)
            for parcel in parcels {
                try await desk.enqueue(parcel, by: Outbox(epoch: "epoch-1", policy: policy))
            }
        }

        func courier(_ epoch: String = "epoch-1") throws -> Courier {
            Courier(
                database: desk.database, outbox: Outbox(epoch: epoch, policy: policy),
                transport: nation, endpoint: try endpoint(), clock: desk.clock.clock,
                jitter: { 0.5 }, tally: tally)
        }

        var held: [RetryHold: Int] { tally.now.heldRetries }
    }

    @Test func `claims of a process that is gone are counted by where they stood`() async throws {
        let scene = try await Scene(3)
        let first = try scene.courier()
        try await first.start()
        let claims = try await scene.desk.claim(limit: 3)
        #expect(try await scene.desk.mark(claims[0]) != nil)
        #expect(scene.tally.now.reclaims.isEmpty)
        let next = try scene.courier("epoch-2")
        try await next.start()
        #expect(scene.tally.now.reclaims == [.onWire: 1, .leased: 2])
        try await next.start()
        try await next.round(limit: 0)
        #expect(scene.tally.now.reclaims == [.onWire: 1, .leased: 2], "none is left")
    }

    @Test func `what this process could not finish itself is no claim of another`() async throws {
        let scene = try await Scene(1)
        let courier = try scene.courier()
        try await courier.start()
        #expect(try await scene.desk.claim(limit: 1).count == 1)
        try await courier.round(limit: 0)
        #expect(try await scene.desk.state("s-1") == .due)
        #expect(scene.tally.now.reclaims.isEmpty)
    }

    @Test func `a retry that a busy side puts off counts once, however often it is looked at`()
        async throws
    {
        let scene = try await Scene(2)
        let courier = try scene.courier()
        try await courier.start()
        await scene.nation.next([.fail(TallyTests.busy), .fail(TallyTests.busy)])
        try await courier.round(limit: 2)
        let lane = try await scene.desk.database.read { try Lane.load(profile, in: $0) }
        try #require(lane.phase == .working && !lane.isOpen(at: scene.desk.clock.now))
        try await courier.round(limit: 2)
        #expect(scene.held.isEmpty, "none is due yet")
        let soon = scene.desk.clock.now.adding(seconds: 10).microseconds
        try await scene.desk.database.write {
            try $0.run("UPDATE submission SET next_step = \(soon) WHERE id = 's-1'")
        }
        scene.desk.clock.advance(seconds: 20)
        try await courier.round(limit: 2)
        #expect(scene.held[.busy] == 1)
        try await courier.round(limit: 2)
        #expect(scene.held[.busy] == 1)
        scene.desk.clock.advance(seconds: 3_600)
        try await courier.round(limit: 2)
        #expect(scene.held == [.busy: 1], "they went")
        #expect(await scene.nation.sendCount == 4)
    }

    @Test func `a lane that rests holds retries back, and so does one that a person stopped`()
        async throws
    {
        let scene = try await Scene(5)
        let courier = try scene.courier()
        try await courier.start()
        await scene.nation.next(Array(repeating: .fail(TallyTests.dead), count: 5))
        try await courier.round(limit: 5)
        let lane = try await scene.desk.database.read { try Lane.load(profile, in: $0) }
        try #require(lane.phase == .tripped)
        try await scene.desk.database.write { try $0.run("UPDATE submission SET next_step = 0") }
        try await courier.round(limit: 5)
        try await courier.round(limit: 5)
        #expect(scene.held == [.breaker: 5])
        let (outbox, now) = (scene.desk.outbox, scene.desk.clock.now)
        try await scene.desk.database.write { transaction in
            try outbox.openLane(profile, in: transaction)
            _ = try outbox.stopLane(
                profile, .retries, Decision(by: "lin", because: "x"), now: now, in: transaction)
        }
        try await courier.round(limit: 5)
        #expect(scene.held == [.breaker: 5, .stopped: 5], "another cause counts anew")
    }

    @Test func `retries beyond the budget or the pace are held back`() async throws {
        let scene = try await Scene(4) {
            $0.breaker = .unreachableInTests($0.breaker)
            $0.budget = RetryRules.Budget(
                tokens: 5, success: 1, retry: $0.budget.retry, timeout: $0.budget.timeout)
        }
        try #require(scene.policy.rules.budget.retry == 5, "one retry, and nothing is left")
        let courier = try scene.courier()
        try await courier.start()
        await scene.nation.next(Array(repeating: .fail(TallyTests.dead), count: 8))
        try await courier.round(limit: 4)
        scene.desk.clock.advance(seconds: 7_200)
        try await courier.round(limit: 4)
        #expect(await scene.nation.sendCount == 5, "one retry")
        #expect(scene.held.isEmpty)
        try await courier.round(limit: 4)
        #expect(scene.held == [.budget: 3])

        let slow = try await Scene(2) { $0.pace = SendPace(count: 2, seconds: 86_400) }
        let other = try slow.courier()
        try await other.start()
        await slow.nation.next([.fail(TallyTests.dead), .fail(TallyTests.dead)])
        try await other.round(limit: 2)
        slow.desk.clock.advance(seconds: 7_200)
        try await other.round(limit: 2)
        #expect(slow.held == [.pace: 2])
    }

    @Test func `what seconds and the wait explain of the other side's Date is no offset`() {
        let tally = DeliveryTally()
        func ahead(_ date: String?, _ sent: Int64, _ received: Int64) -> Double? {
            tally.note(
                date: date, sent: Timestamp(microseconds: sent),
                received: Timestamp(microseconds: received))
            return tally.now.nationalClockAhead
        }
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        let told: Int64 = 784_111_777_000_000
        #expect(ahead("yesterday", told, told) == nil)
        #expect(ahead(nil, told, told) == nil)
        #expect(ahead(date, told + 999_999, told + 999_999) == 0)
        #expect(ahead(date, told - 20_000_000, told + 20_000_000) == 0)
        #expect(ahead(date, told - 90_000_000, told - 60_000_000) == 60)
        #expect(ahead(date, told + 61_000_000, told + 90_000_000) == -60)
        #expect(ahead("Mon, 06 Nov 1994 08:49:37 GMT", told, told) == -60, "no such Monday")
    }
}
