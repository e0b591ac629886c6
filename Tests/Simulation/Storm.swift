package import Delivery
import Foundation
import LibCrypto
import Programmes
import Records
package import Storage
import Synchronization
import TestKit

/// A platform that answers 503 for half an hour while a long backlog waits, beside four that work:
/// the real outbox and couriers on a real database, and a clock that only moves when told.
package struct Storm: Sendable {
    /// What came of it.
    package struct Course: Sendable {
        /// Sends to the platform in trouble while it lasted, and pages of its feed.
        package fileprivate(set) var sends = 0
        package fileprivate(set) var looks = 0
        /// How many were under way at once, by how many had worked since it healed.
        package fileprivate(set) var atOnce: [Int] = []
        /// Sends in each ten seconds after it healed.
        package fileprivate(set) var drained: [Int] = []
        /// What each of the others took while it lasted.
        package fileprivate(set) var others: [Int] = []
        package fileprivate(set) var left = 0
        package fileprivate(set) var widthAtEnd = 0
    }

    private static let outageSeconds: Int64 = 1800
    private static let step: Int64 = 2
    private static let others = ["one", "two", "three", "four"]

    package let backlog: Int
    package let policy: RetryPolicy
    /// What the platform takes in ten seconds; ours is set to it.
    package let pace: SendPace

    /// - Parameter backlog: how many submissions wait.
    package init(backlog: Int) throws {
        self.backlog = backlog
        pace = SendPace(count: max(20, backlog / 200), seconds: 10)
        var rules = try RetryFile.policy(named: "exchange/retry", below: Project.mappings).rules
        rules.pace = pace
        policy = try RetryPolicy(name: "storm", rules)
    }

    /// The schema that it takes.
    package static var migrations: [Migration] { Template.migrations }
    /// Where its database may lie: in memory, if there is such a file system.
    package static var folder: String { Template.folder.path }

    /// - Parameters:
    ///   - database: an empty one; it is filled and not closed.
    ///   - isStorm: whether the platform is in trouble at all. If not, it ends with the half hour.
    package func course(on database: any SteadyDatabase, isStorm: Bool) async throws -> Course {
        let play = Play(storm: self, database: database)
        return try await play.course(isStorm: isStorm)
    }

    /// What is not as it should be, in words; the second course is one without trouble.
    package func objections(to storm: Course, beside calm: Course) -> [String] {
        var found: [String] = []
        func expect(_ isSo: Bool, _ what: String) { if !isSo { found.append(what) } }
        let rules = policy.rules
        expect(
            storm.sends <= rules.budget.tokens / rules.budget.retry,
            "more sends in the outage than the budget has: \(storm.sends)")
        expect(storm.looks <= 20, "the feed was asked \(storm.looks) times in the outage")
        // Not all at once when it heals: one at a time, and one more for every ten.
        for (worked, width) in storm.atOnce.enumerated().prefix(40) {
            expect(
                width <= 1 + worked / rules.slowStart.every, "\(width) at once after \(worked)")
        }
        expect(storm.widthAtEnd == rules.slowStart.most, "\(storm.widthAtEnd) at once at the end")
        expect(storm.drained.allSatisfy { $0 <= pace.count }, "above its limit: \(storm.drained)")
        // Once it is warm it goes at its limit to the end, a last short piece aside.
        let full = storm.drained.drop { $0 < pace.count }
        expect(
            full.dropLast().allSatisfy { $0 == pace.count }, "below its limit: \(storm.drained)")
        expect(storm.left == 0, "\(storm.left) are left")
        for (taken, usual) in zip(storm.others, calm.others) {
            expect(usual > 100, "another had only \(usual)")
            expect(taken * 100 >= usual * 95, "another took \(taken) of \(usual)")
        }
        return found
    }

    /// One course, with its own clock.
    private final class Play: Sendable {
        private let storm: Storm
        private let database: any SteadyDatabase
        private let outbox: Outbox
        private let moment = Mutex(Parties.monday)
        private let number = Mutex(0)

        init(storm: Storm, database: any SteadyDatabase) {
            self.storm = storm
            self.database = database
            outbox = Outbox(epoch: "epoch-1", policy: storm.policy)
        }

        private var now: Timestamp { moment.withLock { $0 } }

        private func advance(_ seconds: Int64) {
            moment.withLock { $0 = $0.adding(seconds: seconds) }
        }

        func course(isStorm: Bool) async throws -> Course {
            let stormy = StormPlatform()
            await stormy.set(isBusy: isStorm)
            for start in stride(from: 0, to: storm.backlog, by: 500) {
                try await queue(Parties.profile, min(500, storm.backlog - start))
            }
            advance(2 * 3600)
            let main = courier(Parties.profile, stormy)
            let others = Storm.others.map { name in
                let platform = StormPlatform()
                return (name: name, platform: platform, courier: courier(name, platform))
            }
            try await main.start()
            for step in 0..<(Storm.outageSeconds / Storm.step) {
                if step % 6 == 0 {
                    for other in others { try await queue(other.name, 1) }
                }
                try await main.round(limit: 50)
                for other in others { try await other.courier.round(limit: 50) }
                advance(Storm.step)
            }
            var course = Course()
            for other in others { course.others.append(await other.platform.taken) }
            guard isStorm else { return course }
            (course.sends, course.looks) = (await stormy.sends, await stormy.looks)
            await stormy.set(isBusy: false)
            try await drain(main, stormy, &course)
            return course
        }

        private func drain(
            _ main: Courier, _ stormy: StormPlatform, _ course: inout Course
        ) async throws {
            let pace = storm.pace
            let limit = 3600 + Int64(storm.backlog) * pace.seconds / Int64(pace.count) * 2
            let healed = now
            while now < healed.adding(seconds: limit) {
                let before = await stormy.sends
                for _ in 0..<(10 / Storm.step) {
                    while try await main.round(limit: 50).sent > 0 {}
                    advance(Storm.step)
                }
                let sent = await stormy.sends - before
                if sent > 0 { course.drained.append(sent) }
                course.left = try await left()
                if course.left == 0 { break }
            }
            course.atOnce = await stormy.atOnce
            course.widthAtEnd = try await database.read { [outbox] in
                try outbox.atOnce(Parties.profile, in: $0)
            }
        }

        private func left() async throws -> Int {
            try await database.read { transaction in
                try transaction.run(
                    """
                    SELECT count(*) FROM submission WHERE endpoint = \(Parties.profile)
                        AND state IN ('due', 'leased', 'onWire', 'inDoubt')
                    """
                ).first?.int(0) ?? 0
            }
        }

        private func courier(_ name: String, _ platform: StormPlatform) -> Courier {
            Courier(
                database: database, outbox: outbox, transport: platform,
                endpoint: Endpoint(
                    name: name, sender: Parties.sender, namespace: Parties.namespace, keys: [:],
                    codes: AcknowledgementCodes([])),
                inFlight: 4, clock: { self.now }, jitter: { 0.5 })
        }

        private func queue(_ target: String, _ count: Int) async throws {
            let wire: [UInt8] = [0x1F, 0x8B, 0x08]
            let digest = Hash.sha256.digest(wire)
            let parcels = (0..<count).map { _ in
                let number = number.withLock { number in
                    number += 1
                    return number
                }
                return Parcel(
                    id: SubmissionID("s-\(number)"), programme: "preconception-check",
                    profile: target, sender: Parties.sender, region: "990101", suite: "intl",
                    created: now, signingKey: "county-2026", wire: wire, byteCount: 3,
                    digest: Hex.encode(digest), wireDigest: digest, signature: [0x30],
                    ownKey: "sealed", records: [Parties.record(number)])
            }
            try await database.write { [outbox] transaction in
                for parcel in parcels { try outbox.enqueue(parcel, in: transaction) }
            }
        }
    }
}
