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

    let database: any SteadyDatabase
    let custody: Custody
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
        for (name, department, role) in VaultDesk.people {
            let key = try CustodyKey(pem: try SigningKey(generating: .gm).pem())
            keys[name] = key
            people.append(
                try CustodyPerson(
                    name: name, department: department, role: role,
                    pem: try key.signing.verifyingKey().pem()))
        }
        self.keys = keys
        let custody = Custody(people)
        self.custody = custody
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

    func pass(to text: String) { hand.withLock { $0 = at(text) } }

    func desk() throws -> IdentifyDesk {
        IdentifyDesk(
            custody: custody, reasons: try ReasonFile(below: Project.mappings), region: "990101",
            perDay: perDay, minutes: 15, database: database,
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
