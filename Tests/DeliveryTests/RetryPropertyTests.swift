import Delivery
import Records
import Storage
import Testing

/// What holds for every course of things, not only for the ones that somebody thought of.
struct RetryPropertyTests {
    private static let kinds: [@Sendable (TransportFailure.Cause) -> TransportFailure] = [
        { .notSent($0) }, { .refused($0) }, { .uncertain($0) },
    ]

    @Test func `the next step is total and pure, and never lies in the past`() {
        let rules = shippedPolicy.rules
        let asked: [RetryAfter] = [.absent, .unusable, .seconds(1), .seconds(86_400)]
        for code in TransportCode.allCases {
            for kind in RetryPropertyTests.kinds {
                for after in asked {
                    for failures in [0, 1, 5, 63, 64, 1000, Int.max / 2] {
                        for random in [0, 0.5, 0.999_999] {
                            let failure = kind(.init(code, retryAfter: after))
                            let doubts = failures % 8
                            let step = rules.step(
                                after: failure, failures: failures, doubts: doubts, now: monday,
                                random: random)
                            let again = rules.step(
                                after: failure, failures: failures, doubts: doubts, now: monday,
                                random: random)
                            #expect(step == again)
                            switch step {
                            case .retry(let moment), .ask(let moment):
                                #expect(moment >= monday)
                                #expect(moment <= monday.adding(seconds: 86_400 * 2))
                            case .hold, .split: break
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `what may have been sent is never simply sent again, whatever a policy says`() {
        var rules = shippedPolicy.rules
        // A policy that no file could hold: everything is class A.
        rules.classes = ["A": TransportCode.allCases]
        for code in TransportCode.allCases {
            let step = rules.step(
                after: .uncertain(.init(code)), failures: 1, doubts: 1, now: monday, random: 0)
            guard case .ask = step else {
                Issue.record("\(code) goes again unasked")
                continue
            }
        }
    }

    /// A platform whose mood changes, and a county that sends and retries as the lane lets it.
    @Test(arguments: 1...20)
    func `retries stay within a fifth of what goes first, and a trial in half a minute`(seed: Int) {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let rules = shippedPolicy.rules
        var lane = Lane(endpoint: profile)
        var now = monday
        var (waiting, badness) = (0, 0.3)
        var attempts: [(at: Timestamp, isRetry: Bool)] = []
        for _ in 0..<4000 {
            now = now.adding(seconds: Int64.random(in: 0...3, using: &numbers))
            if Int.random(in: 0..<200, using: &numbers) == 0 {
                badness = [0, 0.05, 0.2, 0.5, 1].randomElement(using: &numbers) ?? 0
            }
            guard lane.isOpen(at: now) else { continue }
            let wantsRetry = waiting > 0 && Bool.random(using: &numbers)
            if wantsRetry {
                guard lane.retries(by: rules, now: now) > 0, lane.spendOnRetry(rules) else {
                    continue
                }
                waiting -= 1
            }
            attempts.append((now, wantsRetry))
            if Double.random(in: 0..<1, using: &numbers) < badness {
                waiting += 1
                let isTimeout = Bool.random(using: &numbers)
                let failure: TransportFailure =
                    isTimeout ? .uncertain(.init(.timeout)) : .notSent(.init(.unreachable))
                lane.note(
                    failure, of: .send, by: rules, now: now,
                    random: Double.random(in: 0..<1, using: &numbers))
                if wantsRetry, isTimeout { lane.spendOnTimeout(rules) }
            } else {
                lane.noteSuccess(of: .send, by: rules, now: now)
            }
        }
        #expect(attempts.count > 300, "seed \(seed)")
        func bound(_ from: Int, _ to: Int, share: Double) -> Bool {
            let some = attempts[from...to]
            let retries = some.count { $0.isRetry }
            let seconds = (some[to].at.microseconds - some[from].at.microseconds) / 1_000_000
            let trials = seconds / rules.breaker.rest.firstSeconds + 1
            return Double(retries) <= share * Double(some.count - retries) + 12.5
                + 1.25 * Double(trials)
        }
        for end in attempts.indices { #expect(bound(0, end, share: 0.2), "seed \(seed)") }
        for _ in 0..<400 {
            let some = [
                attempts.indices.randomElement(using: &numbers) ?? 0,
                attempts.indices.randomElement(using: &numbers) ?? 0,
            ].sorted()
            #expect(bound(some[0], some[1], share: 0.25), "seed \(seed)")
        }
    }

    @Test(arguments: 1...20)
    func `nothing goes before the time that was asked for, whatever else happens`(seed: Int) {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let rules = shippedPolicy.rules
        var lane = Lane(endpoint: profile)
        var (now, askedUntil) = (monday, monday)
        for _ in 0..<3000 {
            now = now.adding(seconds: Int64.random(in: 0...20, using: &numbers))
            if now < askedUntil { #expect(!lane.isOpen(at: now), "seed \(seed)") }
            let use: Lane.Use = Bool.random(using: &numbers) ? .send : .look
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0:
                let asked = Int64.random(in: 1...900, using: &numbers)
                askedUntil = max(askedUntil, now.adding(seconds: asked))
                lane.note(
                    .notSent(.init(.busy, retryAfter: .seconds(asked))), of: use, by: rules,
                    now: now, random: Double.random(in: 0..<1, using: &numbers))
            case 1:
                let code = TransportCode.allCases.randomElement(using: &numbers) ?? .broken
                let kind = RetryPropertyTests.kinds.randomElement(using: &numbers)
                if let failure = kind?(.init(code)) {
                    lane.note(
                        failure, of: use, by: rules, now: now,
                        random: Double.random(in: 0..<1, using: &numbers))
                }
            default: lane.noteSuccess(of: use, by: rules, now: now)
            }
        }
    }

    @Test(arguments: 1...3)
    func `once the troubles end, all is final or held within a day`(seed: Int) async throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let desk = try await DeliveryDesk()
        let parcels = try (1...8).map { try parcel("s-\($0)", [submitted($0)]) }
        for parcel in parcels { try await desk.enqueue(parcel) }
        let nation = PretendNation(parcels)
        let courier = try desk.courier(nation)
        try await courier.start()
        let troubles: [TransportFailure] = [
            .notSent(.init(.unreachable)), .notSent(.init(.busy, retryAfter: .seconds(300))),
            .uncertain(.init(.timeout)), .uncertain(.init(.broken)), .refused(.init(.denied)),
        ]
        for _ in 0..<90 {
            let trouble = troubles.randomElement(using: &numbers) ?? troubles[0]
            await nation.next(
                Array(
                    repeating: Bool.random(using: &numbers)
                        ? .fail(trouble) : .storeAndLose(.uncertain(.init(.broken))), count: 20))
            await nation.nextFeeds(
                Array(repeating: Bool.random(using: &numbers) ? trouble : nil, count: 3))
            try await courier.round(limit: 5)
            desk.clock.advance(seconds: Int64.random(in: 10...400, using: &numbers))
        }
        await nation.next([])
        await nation.nextFeeds([])
        for _ in 0..<288 {
            try await courier.round(limit: 5)
            desk.clock.advance(seconds: 300)
        }
        let counts = try await desk.database.read { try desk.outbox.counts(in: $0) }
        #expect(Set(counts.keys).isSubset(of: [.final, .held]), "seed \(seed): \(counts)")
        #expect(await nation.effects.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        #expect(try await desk.broken().isEmpty, "seed \(seed)")
    }
}
