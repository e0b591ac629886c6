import Delivery
import Foundation
import LibCrypto
import Records
import Storage
import Testing

/// A platform that answers 503 for half an hour while a long backlog waits, beside four that work:
/// the real outbox and couriers on a real database, and a clock that only moves when told.
///
/// `SHANGBAO_STORM=200000` sets the backlog's length; on a memory disk (`TMPDIR=/dev/shm`) that
/// takes some minutes.
struct RetryStormTests {
    private static let backlog =
        ProcessInfo.processInfo.environment["SHANGBAO_STORM"].flatMap { Int($0) } ?? 600
    private static let outageSeconds: Int64 = 1800
    private static let step: Int64 = 2
    private static let others = ["one", "two", "three", "four"]
    /// What the platform takes in ten seconds; ours is set to it.
    private static let pace = SendPace(
        count: max(20, backlog / 200), seconds: 10)

    private struct Course {
        /// Sends to the platform in trouble while it lasted, and pages of its feed.
        var sends = 0
        var looks = 0
        /// How many were under way at once, by how many had worked since it healed.
        var atOnce: [Int] = []
        /// Sends in each ten seconds after it healed.
        var drained: [Int] = []
        /// What the others took while it lasted.
        var others: [String: Int] = [:]
        var left = 0
        var widthAtEnd = 0
    }

    @Test(.timeLimit(.minutes(60)))
    func
        `half an hour of 503 on a long backlog: few tries, a slow start, then as fast as it takes`()
        async throws
    {
        let storm = try await course(isStorm: true)
        let calm = try await course(isStorm: false)
        let rules = shippedPolicy.rules
        print(
            "backlog \(Self.backlog): \(storm.sends) sends and \(storm.looks) looks in the outage;",
            "then ten seconds each \(storm.drained.prefix(12)) … of \(Self.pace.count);",
            "others \(storm.others.values.sorted()), calm \(calm.others.values.sorted())")
        #expect(storm.sends <= rules.budget.tokens / rules.budget.retry)
        #expect(storm.looks <= 20)
        // Not all at once when it heals: one at a time, and one more for every ten.
        for (worked, width) in storm.atOnce.enumerated().prefix(40) {
            #expect(width <= 1 + worked / rules.slowStart.every, "after \(worked)")
        }
        #expect(storm.widthAtEnd == rules.slowStart.most)
        #expect(storm.drained.allSatisfy { $0 <= Self.pace.count })
        // Once it is warm it goes at its limit to the end, a last short piece aside.
        let full = storm.drained.drop { $0 < Self.pace.count }
        #expect(full.dropLast().allSatisfy { $0 == Self.pace.count }, "\(storm.drained)")
        #expect(storm.left == 0)
        for name in Self.others {
            let (taken, usual) = (storm.others[name] ?? 0, calm.others[name] ?? 0)
            #expect(usual > 100)
            #expect(taken * 100 >= usual * 95, "\(name): \(taken) of \(usual)")
        }
    }

    private func course(isStorm: Bool) async throws -> Course {
        let desk = try await DeliveryDesk()
        let stormy = Platform()
        await stormy.set(isBusy: isStorm)
        let policy = try policy { $0.pace = Self.pace }
        let outbox = Outbox(epoch: "epoch-1", policy: policy)
        var number = 0
        for start in stride(from: 0, to: Self.backlog, by: 500) {
            let count = min(500, Self.backlog - start)
            try await queue(desk, outbox, profile, count, &number)
        }
        desk.clock.advance(seconds: 2 * 3600)
        let main = try courier(desk, outbox, profile, stormy)
        var beside: [(platform: Platform, courier: Courier)] = []
        for name in Self.others {
            let platform = Platform()
            beside.append((platform, try courier(desk, outbox, name, platform)))
        }
        try await main.start()
        var course = Course()
        for step in 0..<(Self.outageSeconds / Self.step) {
            if step % 6 == 0 {
                for name in Self.others { try await queue(desk, outbox, name, 1, &number) }
            }
            try await main.round(limit: 50)
            for other in beside { try await other.courier.round(limit: 50) }
            desk.clock.advance(seconds: Self.step)
        }
        for (name, other) in zip(Self.others, beside) {
            course.others[name] = await other.platform.taken
        }
        guard isStorm else { return course }
        (course.sends, course.looks) = (await stormy.sends, await stormy.looks)
        await stormy.set(isBusy: false)
        let limit = 3600 + Int64(Self.backlog) * Self.pace.seconds / Int64(Self.pace.count) * 2
        let healed = desk.clock.now
        while desk.clock.now < healed.adding(seconds: limit) {
            let before = await stormy.sends
            for _ in 0..<(10 / Self.step) {
                while try await main.round(limit: 50).sent > 0 {}
                desk.clock.advance(seconds: Self.step)
            }
            let sent = await stormy.sends - before
            if sent > 0 { course.drained.append(sent) }
            course.left = try await left(desk)
            if course.left == 0 { break }
        }
        course.atOnce = await stormy.atOnce
        course.widthAtEnd = try await desk.database.read { try outbox.atOnce(profile, in: $0) }
        return course
    }

    private func left(_ desk: DeliveryDesk) async throws -> Int {
        try await desk.database.read { transaction in
            try transaction.run(
                """
                SELECT count(*) FROM submission
                WHERE endpoint = \(profile) AND state IN ('due', 'leased', 'onWire', 'inDoubt')
                """
            ).first?.int(0) ?? 0
        }
    }

    private func courier(
        _ desk: DeliveryDesk, _ outbox: Outbox, _ name: String, _ platform: Platform
    ) throws -> Courier {
        let endpoint = Endpoint(
            name: name, sender: sender, namespace: namespace, keys: [:], codes: codes)
        return Courier(
            database: desk.database, outbox: outbox, transport: platform, endpoint: endpoint,
            inFlight: 4, clock: desk.clock.clock, jitter: { 0.5 })
    }

    private func queue(
        _ desk: DeliveryDesk, _ outbox: Outbox, _ target: String, _ count: Int,
        _ number: inout Int
    ) async throws {
        let wire: [UInt8] = [0x1F, 0x8B, 0x08]
        let digest = Hash.sha256.digest(wire)
        var parcels: [Parcel] = []
        for _ in 0..<count {
            number += 1
            parcels.append(
                Parcel(
                    id: SubmissionID("s-\(number)"), programme: "preconception-check",
                    profile: target, sender: sender, region: "990101", suite: "intl",
                    created: desk.clock.now, signingKey: "county-2026", wire: wire, byteCount: 3,
                    digest: Hex.encode(digest), wireDigest: digest, signature: [0x30],
                    ownKey: "sealed", records: [submitted(number)]))
        }
        try await desk.database.write { [parcels] transaction in
            for parcel in parcels { try outbox.enqueue(parcel, in: transaction) }
        }
    }
}

/// A platform that takes what comes, or says that it is busy.
private actor Platform: Transport {
    private var isBusy = false
    private var underWay = 0
    private(set) var sends = 0
    private(set) var looks = 0
    private(set) var taken = 0
    /// How many were under way when each of those that worked came.
    private(set) var atOnce: [Int] = []

    func set(isBusy: Bool) { self.isBusy = isBusy }

    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        sends += 1
        underWay += 1
        // The others that are on their way have time to come.
        for _ in 0..<20 { await Task.yield() }
        let width = underWay
        underWay -= 1
        guard !isBusy else { throw .notSent(.init(.busy)) }
        taken += 1
        atOnce.append(width)
        return SendAnswer(outcome: "HTTP-202", document: nil)
    }

    func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer { .pending }

    func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        looks += 1
        guard !isBusy else { throw .notSent(.init(.busy)) }
        return FeedPage(next: cursor, items: [])
    }

    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        throw .refused(.init(.rejected))
    }
}
