import Delivery
import Evidence
import Records
import Storage
import Testing

/// What a lane remembers in the database, and what follows for the queue.
struct LaneBookTests {
    private let dead = TransportFailure.notSent(.init(.unreachable))

    private func outbox(_ change: (inout RetryRules) -> Void) throws -> Outbox {
        Outbox(epoch: "epoch-1", policy: try policy(change))
    }

    /// Queues submissions of one record each.
    private func queue(
        _ desk: DeliveryDesk, _ ids: ClosedRange<Int>, ago seconds: Int64 = 0,
        by outbox: Outbox? = nil
    ) async throws {
        for number in ids {
            try await desk.enqueue(
                try parcel(
                    number < 10 ? "s-0\(number)" : "s-\(number)", [submitted(number)],
                    created: desk.clock.now.adding(seconds: -seconds)),
                by: outbox)
        }
    }

    private func fail(_ desk: DeliveryDesk, _ count: Int, by outbox: Outbox? = nil) async throws {
        let claims = try await desk.claim(limit: count, by: outbox)
        for claim in claims { try #require(try await desk.mark(claim, by: outbox) != nil) }
        for claim in claims { try await settle(desk, claim, by: outbox) }
    }

    private func settle(
        _ desk: DeliveryDesk, _ claim: Outbox.Claim, by outbox: Outbox? = nil
    ) async throws {
        let (outbox, now) = (outbox ?? desk.outbox, desk.clock.now)
        try await desk.database.write { [dead] in
            _ = try outbox.settle(claim, .failed(dead), now: now, random: 0.5, in: $0)
        }
    }

    private func lane(_ desk: DeliveryDesk) async throws -> Lane {
        try await desk.database.read { try desk.outbox.lane(profile, in: $0) }
    }

    private func openLane(_ desk: DeliveryDesk) async throws {
        try await desk.database.write { try desk.outbox.openLane(profile, in: $0) }
    }

    @Test func `a restart finds rest, budget and slow start as they were`() async throws {
        let desk = try await DeliveryDesk()
        try await queue(desk, 1...6)
        try await fail(desk, 6)
        let before = try await lane(desk)
        #expect(before.phase == .tripped && before.failures == 6)
        #expect(try await desk.claim(by: Outbox(epoch: "epoch-2")).isEmpty)
        desk.clock.jump(to: before.openFrom)
        desk.clock.advance(seconds: 1800)
        // The probe is one, and it spends.
        let next = Outbox(epoch: "epoch-2")
        let claims = try await desk.claim(by: next)
        #expect(claims.count == 1)
        #expect(try await desk.mark(claims[0], by: next) != nil)
        #expect(try await desk.claim(by: next).isEmpty, "the probe is under way")
        #expect(try await lane(desk).tokens(by: shippedPolicy.rules) == 45)
    }

    @Test func `retries stop when the budget is spent, and new ones go on`() async throws {
        let desk = try await DeliveryDesk()
        let outbox = try outbox { $0.breaker = .unreachableInTests($0.breaker) }
        try await queue(desk, 1...12, by: outbox)
        try await fail(desk, 12, by: outbox)
        desk.clock.advance(seconds: 3600)
        // Fifty tokens are ten retries; the eleventh waits.
        let tried = try await desk.claim(limit: 50, by: outbox)
        #expect(tried.count == 10)
        for claim in tried {
            #expect(try await desk.mark(claim, by: outbox) != nil)
            try await settle(desk, claim, by: outbox)
        }
        let trial = try await desk.claim(limit: 50, by: outbox)
        try #require(trial.count == 1, "a single trial")
        #expect(try await desk.mark(trial[0], by: outbox) != nil)
        #expect(try await desk.claim(limit: 50, by: outbox).isEmpty)
        try await queue(desk, 20...25, by: outbox)
        #expect(try await desk.claim(limit: 50, by: outbox).count == 6)
    }

    @Test func `a retry that times out costs twice as much, a success gives one back`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await queue(desk, 1...2)
        try await fail(desk, 2)
        desk.clock.advance(seconds: 3600)
        let claims = try await desk.claim()
        try #require(claims.count == 2)
        for claim in claims { try #require(try await desk.mark(claim) != nil) }
        try await desk.settle(claims[0], .failed(.uncertain(.init(.timeout))))
        let rules = shippedPolicy.rules
        #expect(try await lane(desk).tokens(by: rules) == 35)
        try await desk.settle(claims[1], .answered("HTTP-202"))
        #expect(try await lane(desk).tokens(by: rules) == 36)
    }

    @Test func `no stretch of ten minutes has more than the pace, retries and restarts included`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let outbox = try outbox { $0.pace = SendPace(count: 4, seconds: 600) }
        try await queue(desk, 1...30, by: outbox)
        var sent: [Timestamp] = []
        for minute in 0..<60 {
            // Each minute another process.
            let next = Outbox(epoch: "epoch-\(minute)", policy: outbox.policy)
            for claim in try await desk.claim(limit: 9, by: next) {
                guard try await desk.mark(claim, by: next) != nil else { continue }
                sent.append(desk.clock.now)
                let now = desk.clock.now
                try await desk.database.write {
                    _ = try next.settle(claim, .answered("HTTP-202"), now: now, random: 0, in: $0)
                }
            }
            desk.clock.advance(seconds: 60)
        }
        #expect(sent.count == 24, "an hour has six stretches")
        for start in sent {
            let stretch = sent.filter { $0 >= start && $0 < start.adding(seconds: 600) }
            #expect(stretch.count <= 4)
        }
    }

    @Test func `the pace says when the next one may go`() async throws {
        let desk = try await DeliveryDesk()
        let outbox = try outbox { $0.pace = SendPace(count: 2, seconds: 600) }
        try await queue(desk, 1...3, by: outbox)
        let began = desk.clock.now
        for claim in try await desk.claim(by: outbox) {
            try #require(try await desk.mark(claim, by: outbox) != nil)
            desk.clock.advance(seconds: 60)
        }
        let now = desk.clock.now
        let opens = try await desk.database.read {
            try outbox.paceOpens(profile, now: now, in: $0)
        }
        #expect(opens == began.adding(seconds: 600))
        #expect(try await desk.claim(by: outbox).isEmpty)
        desk.clock.jump(to: began.adding(seconds: 600))
        #expect(try await desk.claim(by: outbox).count == 1)
    }

    @Test(arguments: [1, 2, 4, .max])
    func `what goes to another platform takes nothing of the pace`(wanted: Int) async throws {
        let desk = try await DeliveryDesk()
        let outbox = try outbox { $0.pace = SendPace(count: 4, seconds: 600) }
        try await queue(desk, 1...3, by: outbox)
        for claim in try await desk.claim(by: outbox) {
            try #require(try await desk.mark(claim, by: outbox) != nil)
        }
        let now = desk.clock.now
        for (name, room) in [(profile, 1), ("another", 4)] {
            let found = try await desk.database.read {
                try outbox.room(name, for: wanted, now: now, in: $0)
            }
            #expect(min(found, wanted) == min(room, wanted))
        }
    }

    @Test func `new ones and the backlog take turns, the earlier deadline first`() async throws {
        let desk = try await DeliveryDesk()
        try await queue(desk, 1...4, ago: 7200)
        try await queue(desk, 10...13)
        #expect(
            try await desk.claim(limit: 5).map(\.submission.text)
                == ["s-10", "s-01", "s-11", "s-02", "s-12"])
        #expect(try await desk.claim(limit: 9).map(\.submission.text) == ["s-13", "s-03", "s-04"])
    }

    @Test func `an earlier deadline goes before an earlier making`() async throws {
        let desk = try await DeliveryDesk()
        let soon = Outbox(epoch: "epoch-1", latestSend: { $0.created.adding(seconds: 600) })
        try await queue(desk, 1...2, ago: 60)
        try await desk.enqueue(try parcel("s-99", [submitted(99)]), by: soon)
        #expect(try await desk.claim().map(\.submission.text) == ["s-99", "s-01", "s-02"])
    }

    @Test func `each submission keeps the policy that it was queued under`() async throws {
        let desk = try await DeliveryDesk()
        let patient = try outbox { $0.answerSeconds = 60 }
        try await queue(desk, 1...1, by: patient)
        try await queue(desk, 2...2)
        for claim in try await desk.claim() {
            try #require(try await desk.mark(claim) != nil)
            try await desk.settle(claim, .answered("HTTP-202"))
        }
        let wait1 = try await desk.show("s-01").line.nextStep
        let wait2 = try await desk.show("s-02").line.nextStep
        #expect(wait1 == monday.adding(seconds: 60))
        #expect(wait2 == monday.adding(seconds: 86_400))
        let kept = try await desk.database.read { try RetryPolicy.kept(in: $0) }
        #expect(Set(kept.map(\.digest)) == [patient.policy.digest, shippedPolicy.digest])
        #expect(kept.allSatisfy { $0.open == 1 })
    }

    @Test func `stopped retries wait, new ones go, and the ledger says who stopped them`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await queue(desk, 1...2)
        try await fail(desk, 1)
        desk.clock.advance(seconds: 60)
        let (now, who) = (desk.clock.now, Decision(by: "lin", because: "they asked us"))
        func stop(_ scope: LaneStop.Scope) async throws -> Bool {
            try await desk.database.write {
                try desk.outbox.stopLane(profile, scope, who, now: now, in: $0)
            }
        }
        #expect(try await stop(.retries))
        #expect(try await stop(.retries) == false)
        let claims = try await desk.claim()
        #expect(claims.map(\.submission.text) == ["s-02"])
        #expect(try await stop(.sends))
        // Whoever stops the retries then lets no new one go.
        #expect(try await stop(.retries) == false)
        #expect(try await desk.mark(claims[0]) == nil, "it was not on the wire yet")
        #expect(try await desk.claim(by: Outbox(epoch: "epoch-2")).isEmpty)
        let started = try await desk.database.write {
            try desk.outbox.startLane(profile, who, now: now, in: $0)
        }
        #expect(started)
        #expect(try await desk.claim().count == 2)
        let told = try await desk.facts().compactMap { fact -> String? in
            guard case .switched(let fact) = fact else { return nil }
            return "\(fact.step) \(fact.scope) \(fact.by)"
        }
        #expect(told == ["stopped retries lin", "stopped sends lin", "started sends lin"])
    }

    @Test func `after a 413 new submissions are smaller, and grow again by the hour`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let records = (1...40).map { submitted($0) }
        let claim = try await desk.send(try parcel("s-01", records))
        try await desk.settle(claim, .failed(.refused(.init(.tooLarge))))
        func most(after seconds: Int64) async throws -> Int {
            try await desk.database.read {
                try desk.outbox.recordLimit(
                    profile, most: 250, now: monday.adding(seconds: seconds), in: $0)
            }
        }
        #expect(try await most(after: 0) == 20)
        #expect(try await most(after: 3599) == 20)
        #expect(try await most(after: 3600) == 30)
        #expect(try await most(after: 22 * 3600) == 240)
        #expect(try await most(after: 24 * 3600) == 250)
        try await openLane(desk)
        #expect(try await most(after: 0) == 20, "opening the lane changes no size")
    }
}

extension RetryRules.Breaker {
    /// One that never ends in a rest, so that a test sees the budget alone.
    static func unreachableInTests(_ shipped: RetryRules.Breaker) -> RetryRules.Breaker {
        RetryRules.Breaker(
            inARow: 1000, percent: 100, outOf: 100_000, withinSeconds: shipped.withinSeconds,
            rest: shipped.rest, successes: shipped.successes)
    }
}
