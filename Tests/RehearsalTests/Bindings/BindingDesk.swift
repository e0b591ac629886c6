import Delivery
import DropKit
import Evidence
import Foundation
import LibCrypto
import LibCurl
import LibSSH
import LibXML
import LibZlib
import Records
import Rehearsal
import Storage
import Synchronization
import Testing

/// The bindings that are held to the same sentences.
enum Way: String, Sendable, CaseIterable {
    case https, soap, sftp
}

/// A county's outbox with its courier, over one binding, against the pretend nation.
final class BindingDesk: Sendable {
    /// A clock that only moves when told.
    final class Hands: Sendable {
        private let moment = Mutex(Timestamp(microseconds: 1_330_956_009_000_000))
        var now: Timestamp { moment.withLock { $0 } }
        func advance(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    let nation: Nation
    let transport: any Transport
    let endpoint: Endpoint
    let hands: Hands
    let outbox = Outbox(epoch: "first")
    /// The server of an SFTP drop, and the nation's own way into its folder.
    let server: DropServer?
    let door: RehearsalDrop?
    private let database: SQLiteDatabase

    init(
        _ nation: Nation, _ endpoint: Endpoint, _ transport: any Transport,
        _ server: DropServer?, _ database: SQLiteDatabase, _ hands: Hands
    ) throws {
        self.hands = hands
        self.server = server
        door = try server.map {
            try RehearsalDrop(system: nation.system, sender: County.sender, folder: $0.drop)
        }
        self.nation = nation
        self.endpoint = endpoint
        self.transport = transport
        self.database = database
    }

    static let profile = "reference-1"
    static let migrations = [
        Migration(number: 1, statements: evidenceMigration),
        Migration(number: 2, statements: deliveryMigration),
        Migration(number: 3, statements: workersMigration),
        Migration(number: 4, statements: retryMigration),
        Migration(number: 5, statements: assistedMigration),
        Migration(number: 6, statements: refusedSignaturesMigration),
    ]

    /// Puts a submission into the outbox, as the left half would.
    @discardableResult
    func enqueue(_ submission: PostedSubmission) async throws -> Parcel {
        let made = nation.county.made
        let xml = try submission.xml(for: made.identity)
        let wire = try Gzip.compress(xml)
        let parcel = Parcel(
            id: SubmissionID(submission.id), programme: submission.programme,
            profile: Self.profile, sender: submission.sender, region: submission.region,
            suite: submission.suite.rawValue, created: hands.now,
            signingKey: "county-\(submission.suite.rawValue)", wire: wire, byteCount: xml.count,
            digest: Hex.encode(Hash.sha256.digest(xml)), wireDigest: Hash.sha256.digest(wire),
            signature: try #require(made.signingKeys[submission.suite]).sign(xml), ownKey: "own",
            records: submission.records.map {
                SubmittedRecord(
                    record: RecordID($0.id), version: $0.version,
                    action: RecordAction(rawValue: $0.action) ?? .submit,
                    institution: $0.institution,
                    servedOn: CalendarDate(daysSince1970: 15_400),
                    traits: SettlementTraits(
                        isFree: true, spouses: [true, true], isComplete: true),
                    claimant: "claimant-\($0.couple)", childOrder: $0.childOrder)
            })
        try await database.write { [outbox] in try outbox.enqueue(parcel, in: $0) }
        return parcel
    }

    func courier(epoch: String = "first", over other: (any Transport)? = nil) -> Courier {
        Courier(
            database: database, outbox: Outbox(epoch: epoch), transport: other ?? transport,
            endpoint: endpoint, clock: { [hands] in hands.now }, jitter: { 0.5 })
    }

    /// Rounds, each an hour after the one before, so that whatever waits has waited enough.
    func work(rounds: Int = 4, by courier: Courier? = nil) async throws {
        let courier = courier ?? self.courier()
        for _ in 0..<rounds {
            try await courier.round(limit: 50)
            try await door?.round()
            hands.advance(seconds: 3_600)
        }
    }

    /// One claim as far as the second commit: what a process that dies next leaves behind.
    func leaveOnWire() async throws -> Shipment {
        let now = hands.now
        let claims = try await database.write { [outbox] in
            try outbox.claim(endpoint: Self.profile, limit: 1, now: now, in: $0)
        }
        let claim = try #require(claims.first)
        let shipment = try await database.write { [outbox] in
            try outbox.markOnWire(claim, now: now, in: $0)
        }
        return try #require(shipment)
    }

    /// Sends the same bytes once more; how the transport calls what came of it.
    func resend() async throws -> String {
        let row = try await database.read { transaction in
            try transaction.run("SELECT id FROM submission").first?.text(0)
        }
        let id = try #require(row)
        try await database.write { transaction in
            try transaction.run(
                "UPDATE submission SET state = 'due', lease_owner = NULL WHERE id = \(id)")
        }
        return try await transport.send(try await leaveOnWire()).outcome
    }

    func lane() async throws -> Lane {
        try await database.read { try Lane.load(Self.profile, in: $0) }
    }

    /// A path below the folder that the SFTP server shows.
    func drop(_ name: String) throws -> String { try #require(server).drop + "/" + name }

    func content(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: try drop(name))))
    }

    func show(_ submission: PostedSubmission) async throws -> QueueEntry {
        let entry = try await database.read { [outbox] in
            try outbox.show(SubmissionID(submission.id), in: $0)
        }
        return try #require(entry)
    }

    func state(_ submission: PostedSubmission) async throws -> DeliveryState {
        try await show(submission).line.state
    }

    func items(_ submission: PostedSubmission) async throws -> [ItemState] {
        try await show(submission).items.map(\.state)
    }

    func dispositions(_ submission: PostedSubmission) async throws -> [String] {
        try await show(submission).receipts.map(\.disposition)
    }

    /// How often a receipt with this disposition came, by the ledger: forged ones name nobody.
    func receipts(_ disposition: Disposition) async throws -> Int {
        try await database.read { transaction in
            var count = 0
            try Ledger().facts(in: transaction) { entry in
                if case .receiptKept(let fact) = entry.fact,
                    fact.disposition == disposition.rawValue
                {
                    count += 1
                }
            }
            return count
        }
    }

    /// No record had its effect twice there, and each that we hold accepted had it once.
    func expectNothingLostAndNothingDoubled(_ submissions: PostedSubmission...) async throws {
        let versions = try await nation.ledger.recordVersions()
        #expect(versions.allSatisfy { $0.effects <= 1 })
        let there = try await nation.ledger.acceptedRecords()
        var here: Set<RecordID> = []
        for submission in submissions {
            for item in try await show(submission).items where item.state == .accepted {
                here.insert(item.record)
            }
        }
        #expect(here == there)
    }
}

/// Opens a nation and a county's outbox that reaches it over one binding.
func withBinding(
    _ way: Way, mode: AnswerMode = .atOnce, faults: String = "", isReadOnly: Bool = false,
    drop: String? = nil, hostKey: String? = nil, cutAfter: Int? = nil,
    service: ForeignService? = nil,
    _ body: (BindingDesk) async throws -> Void
) async throws {
    try await withNation(mode: mode, faults: faults) { nation async throws in
        let folder = try County.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await SQLiteDatabase.open(
            folder + "/outbox.db", migrations: BindingDesk.migrations)
        let identity = nation.county.made.identity
        var keys: [String: VerifyingKey] = [:]
        for suite in CipherSuite.allCases {
            keys[identity.receiptsID(suite)] = try VerifyingKey(
                pem: County.text(identity.exportFolder, "receipts-\(suite.rawValue).pub.pem"))
        }
        if let service { keys[ForeignService.keyID] = service.key }
        let endpoint = Endpoint(
            name: BindingDesk.profile, sender: County.sender,
            namespace: "urn:shangbao:reference:1", keys: keys, codes: try Profile.codes())
        let server =
            way == .sftp ? try DropServer(isReadOnly: isReadOnly, drop: drop) : nil
        let line = try server.flatMap { server in
            try cutAfter.map { try CutLine(to: server.port, after: $0, .cut) }
        }
        let hands = BindingDesk.Hands()
        let transport: any Transport
        if let server {
            transport = Profile.drop(
                server, port: line?.port, hostKey: hostKey, signedBy: endpoint,
                clock: { hands.now })
        } else {
            transport = try Profile.transport(way, nation, port: service?.port)
        }
        let desk = try BindingDesk(nation, endpoint, transport, server, database, hands)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(desk)) } catch { outcome = .failure(error) }
        await database.close()
        try outcome.get()
    }
}

/// The profile as it ships.
enum Profile {
    static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        + "/../../../mappings/preconception/to-reference-1"

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    static func codes() throws -> AcknowledgementCodes {
        let text = String(decoding: try bytes("acknowledgement-codes.csv"), as: UTF8.self)
        return AcknowledgementCodes(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().map { line in
                let cells = line.split(separator: ",").map(String.init)
                let effect: AcknowledgementCode.Effect =
                    switch cells[1] {
                    case "information": .information
                    case "transient": .transient
                    default: .final
                    }
                return AcknowledgementCode(
                    code: cells[0], effect: effect, meaning: Wording(zh: cells[4], en: cells[4]),
                    repair: cells[3])
            })
    }

    static func transport(
        _ way: Way, _ nation: Nation, port: Int?, ahead seconds: Int64 = 0,
        tally: DeliveryTally = DeliveryTally()
    ) throws -> any Transport {
        let folder = nation.county.made.identity.exportFolder
        let settings = HTTPSSettings(
            identity: TLSIdentity(
                certificateFile: folder + "/client.crt.pem", keyFile: folder + "/client.key.pem",
                authorityFile: folder + "/ca.pem"),
            allowedHosts: ["localhost"], totalTimeoutMilliseconds: 30_000,
            allowsLocalAddresses: true)
        let clock: Clock = {
            Timestamp(microseconds: 1_330_956_009_000_000).adding(seconds: seconds)
        }
        let place = "https://localhost:\(port ?? nation.port)"
        if way == .https {
            return HTTPSTransport(
                base: place, settings: settings, namespace: "urn:shangbao:reference:1",
                clock: clock, tally: tally)
        }
        return SOAPTransport(
            address: place + "/soap", settings: settings,
            grammar: SOAPAnswer.Grammar(
                namespace: "urn:shangbao:reference:1",
                schema: try CompiledSchema(
                    main: bytes("schema/soap-envelope.xsd"),
                    files: ["soap.xsd": bytes("schema/soap.xsd")])),
            newID: { UUID().uuidString.lowercased() }, clock: clock, tally: tally)
    }

    /// - Parameter port: of a network in between.
    static func drop(
        _ server: DropServer, port: Int?, hostKey: String?, signedBy endpoint: Endpoint,
        clock: @escaping Clock
    ) -> any Transport {
        SFTPTransport(
            settings: SFTPSettings(
                host: "127.0.0.1", port: port ?? server.port, user: server.user,
                keyFile: server.keyFile, hostKeys: [hostKey ?? server.hostKey],
                answerTimeoutMilliseconds: 20_000),
            root: "", isSigned: { endpoint.hasSigned($0) }, clock: clock)
    }
}
