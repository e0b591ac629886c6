import DatabaseKit
import Definitions
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Programmes
import Records
import Storage
import Synchronization
import TestKit

/// A vault with invented couples in it, five people with keys, and a clock that stands still.
final class VaultDesk: Sendable {
    /// Who they are: name, department, role.
    static let people: [(String, String, CustodyPerson.Role)] = [
        ("隐私甲", "法规科", .officer), ("保管乙", "信息科", .custodian),
        ("保管丙", "信息科", .custodian), ("主任丁", "院办", .director),
        ("经办戊", "妇幼科", .requester),
    ]

    /// Who is named later, in a department of its own.
    static let newcomer = ("新来己", "质控科", CustodyPerson.Role.custodian)

    let database: any SteadyDatabase
    /// All of them, with the newcomer.
    let everybody: [CustodyPerson]
    private let named: Mutex<Custody>
    var custody: Custody { named.withLock { $0 } }
    let keys: [String: CustodyKey]
    /// The couples' cases, in their order.
    let records: [RecordID]
    let folder: String
    private let hand = Mutex(at("2026-03-02 09:00"))

    init(couples count: Int = 3, perDay: Int = 3) async throws {
        folder = NSTemporaryDirectory() + "shangbao-vault-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        database = try await TestDatabase.chosen.open(in: folder, migrations: Site.migrations)
        self.perDay = perDay
        var people: [CustodyPerson] = []
        var keys: [String: CustodyKey] = [:]
        for (name, department, role) in VaultDesk.people + [VaultDesk.newcomer] {
            let key = try CustodyKey(pem: try SigningKey(generating: .gm).pem())
            keys[name] = key
            people.append(
                try CustodyPerson(
                    name: name, department: department, role: role,
                    pem: try key.signing.verifyingKey().pem()))
        }
        self.keys = keys
        everybody = people
        let custody = Custody(people.dropLast())
        named = Mutex(custody)
        let preconception = try Preconception.loaded()
        let (batch, rows) = try preconception.accepted(
            (1...count).map { CleanCouple(file: "DEMO-\($0)") })
        func key() throws -> SecretBytes { try .random(count: 32) }
        let naming = try Identification(
            keys: NamingKeys(
                suite: .gm, linkRoot: key(), linkDomain: "link/city-9901", outRoot: key(),
                epoch: 1, caseKey: key(), contentKey: key()),
            nationDomain: preconception.dictionary.pseudonymDomain)
        let identities = try naming.identify(batch, childOrder: nil)
        records = rows.compactMap { identities[$0].record }
        var stretch = Register.Stretch(
            intake: IntakeID("taken"), epochs: NamingEpochs(link: 1, content: 1))
        stretch.vault = [
            try IdentityVault(custody: custody).seal(
                batch, rows: rows, identities: identities)
        ]
        let written = stretch
        try await database.write { try Register().write(written, in: $0) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private let perDay: Int

    func pass(to text: String) { pass(to: at(text)) }

    func pass(to moment: Timestamp) { hand.withLock { $0 = moment } }

    /// Names the people of custody anew, and who was named before.
    func name(_ names: [String], former: [String] = []) {
        name(
            everybody.filter { names.contains($0.name) },
            former: everybody.filter { former.contains($0.name) })
    }

    func name(_ people: [CustodyPerson], former: [CustodyPerson]) {
        named.withLock { $0 = Custody(people, former: former) }
    }

    /// Puts another data key with its rows into the vault, wrapped for the people of now.
    func seal(_ record: String, keyID: String? = nil) async throws {
        let name = try keyID ?? IdentityVault.keyID()
        let key = try SecretBytes.random(count: CipherSuite.dataKeyByteCount)
        let sealer = try FieldSealer(suite: .gm, keyID: name, dataKey: key)
        let sealed = try sealer.seal(
            Array("[]".utf8), additionalData: "GWF1|gm|\(name)|vault|\(record)|persons", pad: 128)
        let nested = try NestedKey.all(of: key, for: custody)
        try await database.write { transaction in
            try transaction.run(
                "INSERT INTO vault (record, key, sealed) VALUES (\(record), \(name), \(sealed))")
            for each in nested {
                try transaction.run(
                    """
                    INSERT INTO vault_key (key, outer_key, inner_key, wrapped)
                    VALUES (\(name), \(each.outer), \(each.inner), \(each.wrapped))
                    """)
            }
        }
    }

    /// - Parameter database: another way to the vault's database.
    func desk(on database: (any Database)? = nil) throws -> IdentifyDesk {
        IdentifyDesk(
            custody: custody, reasons: try ReasonFile(below: Project.mappings), region: "990101",
            perDay: perDay, minutes: 15, database: database ?? self.database,
            clock: { self.hand.withLock { $0 } })
    }

    func key(_ name: String) throws -> CustodyKey {
        guard let key = keys[name] else { throw CocoaError(.fileNoSuchFile) }
        return key
    }

    /// Asked by 经办戊, unless another one is named.
    func ask(
        _ records: [RecordID]? = nil, by name: String = "经办戊", reason: String = "AUDIT",
        breakGlass: Bool = false
    ) async throws -> String {
        try await desk().request(
            records ?? self.records, reason: reason, caseNumber: "县卫函〔2026〕3号",
            breakGlass: breakGlass, by: name, with: key(name)
        ).id
    }

    /// Somebody who is noted says that another one's key is right.
    func confirm(_ name: String, by other: String) async throws {
        _ = try await desk().confirm(name, by: other, with: key(other), because: "当面核对")
    }

    @discardableResult
    func approve(_ id: String, _ name: String) async throws -> IdentifyReading {
        try await desk().approve(id, by: name, with: key(name))
    }

    func open(_ id: String, _ name: String = "经办戊") async throws -> [IdentifiedRow] {
        try await desk().open(id, by: name, with: key(name))
    }

    /// How many rows a table has.
    func count(_ table: String) async throws -> Int {
        try await database.read {
            try $0.run(SQL(stringLiteral: "SELECT count(*) FROM \(table)")).first?.int(0) ?? -1
        }
    }

    /// What the ledger says was done: `approved 隐私甲 first`.
    func steps() async throws -> [String] {
        try await database.read { transaction in
            try Ledger().entries(of: "identified", in: transaction).compactMap { entry in
                guard case .identified(let fact) = entry.fact else { return nil }
                return "\(fact.step.rawValue) \(fact.by) \(fact.result)"
            }
        }
    }
}
