import DatabaseKit
import Delivery
import Evidence
import Foundation
import LibCrypto
import Records
import Storage
import Synchronization
import Testing

let profile = "reference-1"
let namespace = "urn:shangbao:reference:1"
let sender = "12990101MA0000T1XF"
let monday = Timestamp(microseconds: 1_330_920_000_000_000)

/// A clock that only moves when told.
final class TestClock: Sendable {
    private let moment = Mutex(monday)

    var now: Timestamp { moment.withLock { $0 } }
    func advance(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
    func jump(to next: Timestamp) { moment.withLock { $0 = max($0, next) } }
    var clock: Clock { { self.now } }
}

/// Keys of both sides, made once.
enum Keys {
    static let nation = makeKey(.gm)
    static let county = makeKey(.intl)
    static let stranger = makeKey(.gm)

    private static func makeKey(_ suite: CipherSuite) -> SigningKey {
        guard let key = try? SigningKey(generating: suite) else {
            preconditionFailure("no key could be made")
        }
        return key
    }
}

let codes = AcknowledgementCodes([
    AcknowledgementCode(
        code: "0100", effect: .information, meaning: Wording(zh: "提示", en: "note"), repair: "none"),
    AcknowledgementCode(
        code: "E1001", effect: .final, meaning: Wording(zh: "报文", en: "envelope"),
        repair: "county"),
    AcknowledgementCode(
        code: "E2104", effect: .final, meaning: Wording(zh: "内容", en: "content"), repair: "clinic"),
    AcknowledgementCode(
        code: "E3301", effect: .reversal, meaning: Wording(zh: "撤销", en: "taken back"),
        repair: "national"),
    AcknowledgementCode(
        code: "E5001", effect: .transient, meaning: Wording(zh: "稍后", en: "later"), repair: "none"),
])

func endpoint(_ codes: AcknowledgementCodes = codes) throws -> Endpoint {
    Endpoint(
        name: profile, sender: sender, namespace: namespace,
        keys: ["national-2026": try Keys.nation.verifyingKey()], codes: codes)
}

func recordID(_ number: Int) -> RecordID {
    let digits = String(number, radix: 16)
    return RecordID(String(repeating: "0", count: 32 - digits.count) + digits)
}

func submitted(
    _ number: Int, version: Int = 1, action: RecordAction = .submit
) -> SubmittedRecord {
    SubmittedRecord(
        record: recordID(number), version: version, action: action,
        institution: "PDY99010000000000000A1", servedOn: CalendarDate(daysSince1970: 15_404),
        traits: SettlementTraits(isFree: true, spouses: [true, true], isComplete: true),
        claimant: "claimant-\(number)", childOrder: 1)
}

/// A parcel whose "XML" is a line of text: delivery never looks inside.
func parcel(
    _ id: String, _ records: [SubmittedRecord], created: Timestamp = monday
) throws -> Parcel {
    let document = Array("<Submission id=\"\(id)\"/>".utf8)
    let wire = [0x1F, 0x8B] + document
    return Parcel(
        id: SubmissionID(id), programme: "preconception-check", profile: profile, sender: sender,
        region: "990101", suite: "intl", created: created, signingKey: "county-2026", wire: wire,
        byteCount: document.count, digest: Hex.encode(Hash.sha256.digest(document)),
        wireDigest: Hash.sha256.digest(wire), signature: try Keys.county.sign(document),
        ownKey: "sealed-\(id)", records: records)
}

/// One database file of one test, and what works on it.
final class DeliveryDesk: Sendable {
    let folder: String
    let database: any SteadyDatabase
    let clock = TestClock()

    /// - Parameters:
    ///   - database: another way into a database that is there already; its tables are made.
    init(on database: (any SteadyDatabase)? = nil) async throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("delivery-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        folder = url.path
        if let database {
            self.database = database
        } else {
            self.database = try await TestDatabase.chosen.open(
                in: folder, migrations: DeliveryDesk.migrations)
            if TestDatabase.chosen == .postgreSQL { try await endLeasesAtOnce() }
        }
    }

    /// As on a file, where whoever comes has the lock, so that the others are gone. What a lease
    /// does while it counts is for `WorkerTests`.
    private func endLeasesAtOnce() async throws {
        try await database.write { transaction in
            try transaction.run(
                """
                CREATE FUNCTION end_lease() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN NEW.lease_until := 0; RETURN NEW; END'
                """)
            try transaction.run(
                """
                CREATE TRIGGER leases_end BEFORE UPDATE ON submission
                FOR EACH ROW EXECUTE FUNCTION end_lease()
                """)
        }
    }

    static let migrations = [
        Migration(number: 1, statements: evidenceMigration),
        Migration(number: 2, statements: deliveryMigration),
        Migration(number: 3, statements: workersMigration),
        Migration(number: 4, statements: retryMigration),
        Migration(number: 5, statements: reversalMigration),
        Migration(number: 6, statements: resendMigration),
        Migration(number: 7, statements: assistedMigration),
        Migration(number: 8, statements: refusedSignaturesMigration),
        Migration(number: 9, statements: renewalMigration),
        Migration(number: 10, statements: AnswerTextNames.migration),
    ]

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    let outbox = Outbox(epoch: "epoch-1")

    func enqueue(_ parcel: Parcel, by outbox: Outbox? = nil) async throws {
        let outbox = outbox ?? self.outbox
        try await database.write { try outbox.enqueue(parcel, in: $0) }
    }

    func collector(_ codes: AcknowledgementCodes = codes) throws -> Collector {
        Collector(
            database: database, outbox: outbox, endpoint: try endpoint(codes),
            clock: clock.clock)
    }

    func courier(
        _ transport: any Transport, epoch: String = "epoch-1",
        over other: (any Database)? = nil, tally: DeliveryTally = DeliveryTally()
    ) throws -> Courier {
        Courier(
            database: other ?? database, outbox: Outbox(epoch: epoch), transport: transport,
            endpoint: try endpoint(), clock: clock.clock, jitter: { 0.5 }, tally: tally)
    }

    func claim(limit: Int = 10, by outbox: Outbox? = nil) async throws -> [Outbox.Claim] {
        let outbox = outbox ?? self.outbox
        let now = clock.now
        return try await database.write {
            try outbox.claim(endpoint: profile, limit: limit, now: now, in: $0)
        }
    }

    func mark(_ claim: Outbox.Claim, by outbox: Outbox? = nil) async throws -> Shipment? {
        let outbox = outbox ?? self.outbox
        let now = clock.now
        return try await database.write { try outbox.markOnWire(claim, now: now, in: $0) }
    }

    @discardableResult
    func settle(_ claim: Outbox.Claim, _ outcome: AttemptOutcome) async throws -> Bool {
        let now = clock.now
        return try await database.write {
            try self.outbox.settle(claim, outcome, now: now, random: 0.5, in: $0)
        }
    }

    /// Queues one submission and puts it on the wire.
    @discardableResult
    func send(_ parcel: Parcel) async throws -> Outbox.Claim {
        try await enqueue(parcel)
        let claims = try await claim()
        guard let claim = claims.last, try await mark(claim) != nil else { throw Missing() }
        return claim
    }

    func show(_ id: String) async throws -> QueueEntry {
        guard
            let entry = try await database.read({
                try self.outbox.show(SubmissionID(id), in: $0)
            })
        else { throw Missing() }
        return entry
    }

    /// The state; and wherever a test looks at one, queue and ledger are as they always are.
    func state(_ id: String) async throws -> DeliveryState {
        try await assertInvariants()
        return try await show(id).line.state
    }

    func itemStates(_ id: String) async throws -> [ItemState] {
        try await show(id).items.map(\.state)
    }

    func facts() async throws -> [Fact] {
        try await database.read { transaction in
            var facts: [Fact] = []
            try Ledger().facts(in: transaction) { facts.append($0.fact) }
            return facts
        }
    }

    func kinds() async throws -> [String] { try await facts().map(\.kind) }
}

struct Missing: Error {}
