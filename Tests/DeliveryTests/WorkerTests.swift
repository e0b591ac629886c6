import DatabaseKit
import Delivery
import Dispatch
import Evidence
import Foundation
import LibCrypto
import Records
import Storage
import Synchronization
import Testing

/// Several workers on one real server (RELIABILITY 3.4, F-053, F-059 to F-061, F-064).
@Suite(
    .timeLimit(.minutes(10)), .serialized,
    .enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
struct WorkerTests {
    /// One database and a desk of each of two workers on it.
    private func workers(
        on server: PostgreSQLServer? = nil
    ) async throws -> (name: String, first: DeliveryDesk, second: DeliveryDesk) {
        let server = try server ?? PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        return (
            name, try await desk(server.address(name)), try await desk(server.address(name))
        )
    }

    private func desk(_ address: PostgreSQLAddress) async throws -> DeliveryDesk {
        try await DeliveryDesk(
            on: try await PostgreSQLDatabase.open(address, migrations: DeliveryDesk.migrations))
    }

    /// Ends a lease as the database's clock would in three minutes.
    private func lapse(_ desk: DeliveryDesk) async throws {
        try await desk.database.write {
            try $0.run("UPDATE submission SET lease_until = 1 WHERE lease_until IS NOT NULL")
        }
    }

    private static let second = Outbox(epoch: "epoch-2")

    private func reclaim(_ desk: DeliveryDesk) async throws -> Int {
        let now = desk.clock.now
        return try await desk.database.write {
            try WorkerTests.second.reclaim(endpoint: profile, now: now, in: $0).count
        }
    }

    @Test(arguments: [-3_600, 0, 3_600] as [Int64])
    func `a lease counts by the database's clock, whatever a worker's says (F-061)`(
        shift: Int64
    ) async throws {
        let (_, first, second) = try await workers()
        try await first.enqueue(try parcel("s-1", [submitted(1)]))
        #expect(try await first.claim().count == 1)
        second.clock.advance(seconds: shift)
        #expect(try await reclaim(second) == 0)
        #expect(try await first.state("s-1") == .leased)
        try await lapse(first)
        #expect(try await reclaim(second) == 1)
        #expect(try await first.state("s-1") == .due)
    }

    @Test func `a start leaves alone what another worker is at`() async throws {
        let (_, first, second) = try await workers()
        try await first.send(try parcel("s-1", [submitted(1)]))
        let tally = DeliveryTally()
        let courier = try second.courier(PretendNation([]), epoch: "epoch-2", tally: tally)
        try await courier.start()
        #expect(tally.now.reclaims.isEmpty)
        #expect(try await first.state("s-1") == .onWire)
    }

    @Test func `a lease that ends on the wire is in doubt, never due for another (F-060)`()
        async throws
    {
        let (_, first, second) = try await workers()
        let one = try parcel("s-1", [submitted(1)])
        try await first.enqueue(one)
        let nation = PretendNation([one])
        let slow = SlowNation(nation)
        let paused = try first.courier(slow)
        try await paused.start()
        async let upload = paused.round(limit: 1)
        await slow.isUnderWay()

        try await lapse(second)
        let tally = DeliveryTally()
        let other = try second.courier(nation, epoch: "epoch-2", tally: tally)
        try await other.start()
        #expect(tally.now.reclaims == [.onWire: 1])
        #expect(try await second.state("s-1") == .inDoubt)
        #expect(try await second.claim(by: WorkerTests.second).isEmpty)
        await slow.goOn()
        let end = try await upload
        #expect(end.sent == 1)
        second.clock.advance(seconds: 60)
        for _ in 0..<3 { try await other.round(limit: 1) }
        #expect(try await second.state("s-1") == .final)
        #expect(await nation.sendCount == 1)
        #expect(await nation.effects.values.allSatisfy { $0 == 1 })
    }

    @Test func `what comes too late changes nothing and is counted`() async throws {
        let (_, first, second) = try await workers()
        let one = try parcel("s-1", [submitted(1)])
        try await first.enqueue(one)
        let slow = SlowNation(
            PretendNation([one]), failing: .uncertain(.init(.timeout)))
        let tally = DeliveryTally()
        let paused = try first.courier(slow, tally: tally)
        try await paused.start()
        async let upload = paused.round(limit: 1)
        await slow.isUnderWay()
        // Lapsed, asked for, unknown there, and taken anew by the other worker.
        try await lapse(second)
        let other = try second.courier(PretendNation([one]), epoch: "epoch-2")
        try await other.start()
        second.clock.advance(seconds: 60)
        try await other.round(limit: 1)
        let before = try await second.show("s-1")
        #expect(before.line.attempts == 2 && before.line.state == .final)
        await slow.goOn()
        let end = try await upload
        #expect(end.stale == 1)
        #expect(tally.now.staleWrites == 1)
        #expect(try await second.show("s-1").line.state == .final)
    }

    @Test func `a worker that was stopped for minutes before its first byte sends nothing`()
        async throws
    {
        let (name, first, _) = try await workers()
        let one = try parcel("s-1", [submitted(1)])
        try await first.enqueue(one)
        let address = try PostgreSQLServer.shared().address(name)
        let stand = first.database.stand
        for (seconds, sends) in [(150.0, 0), (149.9, 1)] {
            let nation = PretendNation([one])
            let looks = Mutex(0)
            // The clock that nobody sets is looked at before the second commit and after it.
            let keeper = LeaseKeeper(
                epoch: "epoch-1",
                monotonic: {
                    looks.withLock { looks in
                        looks += 1
                        return looks == 1 ? .zero : .seconds(seconds)
                    }
                }, open: { try await PostgreSQLDatabase.openOutOfTurn(address, on: stand) })
            let courier = try first.guarded(nation, first.journal("j\(sends)"), leases: keeper)
            try await courier.start()
            first.clock.advance(seconds: 60)
            try await courier.round(limit: 1)
            #expect(await nation.sendCount == sends)
            first.clock.advance(seconds: 60)
            try await courier.round(limit: 1)
        }
    }

    @Test func `renewing keeps a lease that counts, and wakes none that is over`() async throws {
        let (name, first, second) = try await workers()
        let address = try PostgreSQLServer.shared().address(name)
        let stand = first.database.stand
        try await first.enqueue(try parcel("s-1", [submitted(1)]))
        #expect(try await first.claim().count == 1)
        let keeper = LeaseKeeper(
            epoch: "epoch-1", monotonic: { .zero },
            open: { try await PostgreSQLDatabase.openOutOfTurn(address, on: stand) })
        let until: SQL = "SELECT lease_until FROM submission"
        let before = try await first.database.read { try $0.run(until)[0].int64(0) }
        #expect(try await keeper.renew() == 1)
        let after = try await first.database.read { try $0.run(until)[0].int64(0) }
        #expect(after > before)
        try await lapse(first)
        #expect(try await keeper.renew() == 0)
        #expect(try await reclaim(second) == 1)
        #expect(try await keeper.renew() == 0)
    }

    @Test func `a row that somebody holds open is passed over, and the others go (F-059)`()
        async throws
    {
        let (name, first, _) = try await workers()
        for number in 1...3 {
            try await first.enqueue(try parcel("s-\(number)", [submitted(number)]))
        }
        let address = try PostgreSQLServer.shared().address(name)
        let guest = try await PostgreSQLDatabase.openOutOfTurn(
            address, on: first.database.stand)
        let claims: [Outbox.Claim] = try await withCheckedThrowingContinuation { done in
            Task {
                try await guest.write { transaction in
                    try transaction.run("SELECT 1 FROM submission WHERE id = 's-2' FOR UPDATE")
                    let claimed = DispatchSemaphore(value: 0)
                    Task {
                        do {
                            let claims = try await first.claim()
                            claimed.signal()
                            done.resume(returning: claims)
                        } catch {
                            claimed.signal()
                            done.resume(throwing: error)
                        }
                    }
                    claimed.wait()
                }
            }
        }
        #expect(claims.map(\.submission.text).sorted() == ["s-1", "s-3"])
    }

    @Test func `two processes lease ten thousand submissions, each once (F-064)`() async throws {
        let (name, desk, _) = try await workers()
        let words = try PostgreSQLServer.shared().words(name)
        try await desk.database.write { transaction in
            try transaction.run("CREATE TABLE leased (submission text, worker text)")
            try transaction.run(
                """
                INSERT INTO submission (id, endpoint, programme, sender, region, suite,
                    signing_key, created, record_count, byte_count, digest, wire_digest,
                    signature, own_key, state, fence, attempts, failures, doubts, crash_count,
                    next_step, deadline)
                SELECT 's-' || n, \(profile), 'p', \(sender), '990101', 'gm', 'k', 0, 1, 1, 'd',
                    ''::bytea, ''::bytea, '', 'due', 0, 0, 0, 0, 0, n, 9000000000000000
                FROM generate_series(1, 10000) AS n
                """)
        }
        async let one: Void = WorkerTests.leaseAll(words, "one")
        async let two: Void = WorkerTests.leaseAll(words, "two")
        _ = try await (one, two)
        let counts = try await desk.database.read { transaction in
            try transaction.run(
                """
                SELECT count(*), count(DISTINCT submission), count(DISTINCT worker),
                    (SELECT count(*) FROM submission WHERE state = 'leased' AND fence = 1)
                FROM leased
                """
            ).map { row in try (0..<4).map { try row.int(.position($0)) } }
        }
        #expect(counts == [[10_000, 10_000, 2, 10_000]])
    }

    /// A process of its own that claims until nothing is due.
    private static func leaseAll(_ words: String, _ worker: String) async throws {
        await #expect(processExitsWith: .success) {
            [words = words as String, worker = worker as String] in
            let database = try await PostgreSQLDatabase.open(
                try PostgreSQLAddress(words), migrations: DeliveryDesk.migrations)
            let outbox = Outbox(epoch: "epoch-" + worker)
            while true {
                let claims = try await database.write { transaction in
                    let claims = try outbox.claim(
                        endpoint: profile, limit: 50, now: monday, in: transaction)
                    try transaction.runEach(
                        "INSERT INTO leased (submission, worker) VALUES ($1, $2)", claims
                    ) {
                        $1.bind($0.submission.text)
                        $1.bind(worker)
                    }
                    return claims
                }
                if claims.isEmpty { break }
            }
        }
    }

    @Test func `a standby without the last commits takes over, and each has one effect (F-053)`()
        async throws
    {
        let primary = try PostgreSQLServer()
        let (name, first, _) = try await workers(on: primary)
        let parcels = try (1...4).map { try parcel("s-\($0)", [submitted($0)]) }
        for parcel in parcels { try await first.enqueue(parcel) }
        let nation = PretendNation(parcels)
        await nation.next([.later, .later])
        let journal = first.journal()
        let courier = try first.guarded(nation, journal)
        try await courier.start()
        let standby = try PostgreSQLServer(following: primary)
        try standby.follow(name, primary)
        // From here on the standby hears nothing: two sends and what came of them are lost to it.
        try standby.disconnect()
        _ = try await courier.round(limit: 2)
        #expect(await nation.sendCount == 2)
        await journal.close()
        try primary.stop(.immediate)
        try standby.promote()

        let second = try await desk(standby.address(name))
        #expect(second.database.stand.timeline != first.database.stand.timeline)
        #expect(try await second.database.read { try second.outbox.counts(in: $0) } == [.due: 4])
        let anew = try second.guarded(
            nation, WireJournal(folder: first.folder + "/journal", clock: second.clock.clock),
            epoch: "epoch-2")
        try await anew.start()
        let found = try #require(try await second.reconciling())
        #expect(found.cause == .otherServer && found.reports.map(\.missing) == [2])
        second.clock.advance(seconds: 60)
        for _ in 0..<3 { #expect(try await anew.round(limit: 10).sent == 0) }
        #expect(
            try await second.database.read { try second.outbox.counts(in: $0) }
                == [.due: 2, .final: 2])
        #expect(try await second.endReconciling())
        #expect(try await anew.round(limit: 10).sent == 2)
        #expect(await nation.sendCount == 4)
        #expect(await nation.effects.count == 4)
        #expect(await nation.effects.values.allSatisfy { $0 == 1 })
        try standby.stop(.immediate)
    }
}

/// A national side at which an upload takes until it is told to go on.
private actor SlowNation: Transport {
    private let real: PretendNation
    private let failure: TransportFailure?
    private var isSending = false
    private var mayGo = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ real: PretendNation, failing failure: TransportFailure? = nil) {
        self.real = real
        self.failure = failure
    }

    /// Waits until an upload has begun.
    func isUnderWay() async {
        while !isSending { await withCheckedContinuation { waiting.append($0) } }
    }

    func goOn() {
        mayGo = true
        wake()
    }

    private func wake() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        isSending = true
        wake()
        while !mayGo { await withCheckedContinuation { waiting.append($0) } }
        if let failure { throw failure }
        return try await real.send(shipment)
    }

    func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        try await real.receipt(of: submission)
    }

    func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        try await real.receipts(after: cursor, limit: limit)
    }

    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        try await real.counts(query)
    }
}
