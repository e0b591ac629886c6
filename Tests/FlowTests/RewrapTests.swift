import DatabaseKit
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// The vault's keys are wrapped for the people of now, by two of them.
@Suite(.serialized) struct RewrapTests {
    private static let staying = ["保管乙", "主任丁", "经办戊", "新来己"]

    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    private func rewrap(_ desk: VaultDesk, _ name: String) async throws -> RewrapReading {
        try await desk.desk().rewrap(by: name, with: desk.key(name))
    }

    private func wrappings(_ desk: VaultDesk) async throws -> [NestedKey] {
        try await desk.database.read { transaction in
            try transaction.run("SELECT outer_key, inner_key, wrapped FROM vault_key").map {
                NestedKey(
                    outer: try $0.text(0), inner: try $0.text(1), wrapped: try $0.bytes(2))
            }
        }
    }

    /// The people of now open a case, and see who it is about.
    private func opens(_ desk: VaultDesk, _ one: String, _ other: String) async throws {
        let id = try await desk.ask([desk.records[0]])
        try await desk.approve(id, one)
        try await desk.approve(id, other)
        let row = try #require(try await desk.open(id).first)
        #expect(row.persons.map(\.idNumber) == ["990101198603150022", "990101198411200013"])
    }

    @Test func `who left opens nothing from then on, and who came does, with another`()
        async throws
    {
        let desk = try await VaultDesk()
        let before = try await wrappings(desk)
        desk.name(RewrapTests.staying, former: ["隐私甲", "保管丙"])
        let stale = try await desk.desk().vaultStanding()
        #expect(stale.stale == 1 && stale.strangers == ["保管丙", "隐私甲"] && stale.lost == 0)
        #expect(stale.unable.values.allSatisfy { $0 == 1 } && stale.unable.count == 2)
        // The newcomer has no layer yet, and cannot begin.
        await refused(.pair) { _ = try await rewrap(desk, "新来己") }
        #expect(try await rewrap(desk, "保管乙").state == .half)
        await refused(.pair) { _ = try await rewrap(desk, "新来己") }
        let done = try await rewrap(desk, "主任丁")
        #expect(done.state == .done && done.keys == 1 && done.left == 0)
        #expect(try await desk.desk().vaultStanding().isLevel)
        #expect(try await desk.count("identify_layer") == 0)

        let after = try await wrappings(desk)
        #expect(Set(after.map { NestedKey.pairName($0.outer, $0.inner) }) == desk.custody.pairNames)
        for gone in ["隐私甲", "保管丙"] {
            let key = try desk.key(gone)
            #expect(!after.contains { [$0.outer, $0.inner].contains(key.fingerprint) })
            for nested in after {
                #expect(throws: CryptoFailure.self) { try nested.withoutOuter(key.unwrapping) }
            }
        }
        #expect(Set(before.map(\.wrapped)).isDisjoint(with: Set(after.map(\.wrapped))))
        try await opens(desk, "新来己", "保管乙")
        await refused(.who) {
            let id = try await desk.ask([desk.records[0]])
            try await desk.approve(id, "隐私甲")
        }
        #expect(try await rewrap(desk, "新来己").state == .level)
    }

    @Test func `what was asked for before opens after it, and no pending layer stays behind`()
        async throws
    {
        let desk = try await VaultDesk()
        let id = try await desk.ask([desk.records[0]])
        try await desk.approve(id, "隐私甲")
        try await desk.approve(id, "保管乙")
        let half = try await desk.ask([desk.records[1]])
        try await desk.approve(half, "保管乙")
        desk.name(RewrapTests.staying, former: ["隐私甲", "保管丙"])
        try await desk.confirm("新来己", by: "保管乙")
        let gone = try desk.key("隐私甲").fingerprint
        func left() async throws -> Int {
            try await desk.count("identify_layer WHERE inner_key = '\(gone)'")
        }
        #expect(try await left() == 1)
        _ = try await rewrap(desk, "主任丁")
        _ = try await rewrap(desk, "保管乙")
        #expect(try await desk.open(id).count == 1)
        #expect(try await left() == 0)
    }

    @Test func `nobody does it alone, beside one of his department, or with another's key`()
        async throws
    {
        let desk = try await VaultDesk()
        desk.name(["隐私甲", "保管乙", "保管丙", "经办戊"])
        let before = Set(try await wrappings(desk).map(\.wrapped))
        await refused(.role) { _ = try await rewrap(desk, "经办戊") }
        await refused(.who) { _ = try await rewrap(desk, "主任丁") }
        await refused(.key) {
            _ = try await desk.desk().rewrap(by: "保管乙", with: desk.key("保管丙"))
        }
        let begun = try await rewrap(desk, "保管乙")
        #expect(begun.state == .half && begun.keys == 1)
        let again = try await rewrap(desk, "保管乙")
        #expect(again.state == .half && again.keys == 0 && again.id == begun.id)
        await refused(.department) { _ = try await rewrap(desk, "保管丙") }
        #expect(Set(try await wrappings(desk).map(\.wrapped)) == before)
        #expect(try await rewrap(desk, "隐私甲").state == .done)
        let facts = try await facts(desk)
        #expect(facts.map(\.step) == [.due, .begun, .wrapped, .finished, .finished])
        let second = try #require(facts[2].text.flatMap(RewrapWords.init(canonical:)))
        #expect(second.after == desk.custody.pairNames.sorted())
        #expect(
            second.before.flatMap(\.keys) == facts[1].keys && second.before[0].pairs.count == 10)
        let first = try #require(facts[1].text)
        #expect(second.first == [Hex.encode(Hash.sha256.digest(Array(first.utf8)))])
        let signature = try Base64.standard.decode(Array((facts[2].signature ?? "").utf8))
        let signer = try #require(desk.custody.person(named: "隐私甲"))
        let signed = Array((facts[2].text ?? "").utf8)
        #expect(signer.verifying.verify(signature: signature, over: signed))
    }

    private func facts(_ desk: VaultDesk) async throws -> [Fact.Rewrapped] {
        try await desk.database.read { transaction in
            try Ledger().entries(of: "rewrapped", in: transaction).compactMap { entry in
                guard case .rewrapped(let fact) = entry.fact else { return nil }
                return fact
            }
        }
    }

    @Test func `seven days are counted from when it was seen, and a day for the second one`()
        async throws
    {
        let desk = try await VaultDesk()
        desk.name(RewrapTests.staying)
        try await desk.desk().endOverdue()
        #expect(try await desk.desk().vaultStanding().until?.prefix(10) == "2026-03-09")
        _ = try await rewrap(desk, "保管乙")
        desk.pass(to: "2026-03-03 09:01")
        // The layers are erased; whoever comes now begins anew.
        try await desk.desk().endOverdue()
        #expect(try await desk.count("identify_layer") == 0)
        #expect(try await rewrap(desk, "主任丁").state == .half)
        desk.pass(to: "2026-03-09 09:01")
        #expect(try await desk.desk().digest(days: 7).vault.isLate)
        _ = try await rewrap(desk, "主任丁")
        _ = try await rewrap(desk, "保管乙")
        let level = try await desk.desk().digest(days: 7).vault
        #expect(level.isLevel && !level.isLate && level.since == nil)
        #expect(try await desk.database.read { try RewrapBook(in: $0).due } == nil)
    }

    @Test func `keys come in stretches, and what was stopped between goes on`() async throws {
        let desk = try await VaultDesk()
        for number in 1...102 { try await desk.seal("case-\(number)") }
        desk.name(RewrapTests.staying)
        try await desk.desk().endOverdue()
        // Each turn is stopped after its first stretch.
        func stopped(_ name: String) async {
            await #expect(throws: StoppingDatabase.Stopped.self) {
                let database = StoppingDatabase(desk.database, after: 1)
                _ = try await desk.desk(on: database).rewrap(by: name, with: desk.key(name))
            }
        }
        await stopped("保管乙")
        #expect(try await desk.count("(SELECT DISTINCT key FROM identify_layer) AS one") == 100)
        #expect(try await rewrap(desk, "保管乙").keys == 3)
        await stopped("主任丁")
        #expect(try await desk.desk().vaultStanding().stale == 3)
        #expect(try await desk.count("(SELECT DISTINCT key FROM identify_layer) AS one") == 3)
        let done = try await rewrap(desk, "主任丁")
        #expect(done.keys == 3 && done.left == 0)
        #expect(try await desk.desk().vaultStanding().isLevel)
        let steps = try await facts(desk)
        #expect(steps.filter { $0.step == .begun }.map(\.keys.count) == [100, 3])
        #expect(steps.filter { $0.step == .wrapped }.map(\.keys.count) == [100, 3])
        try await opens(desk, "新来己", "保管乙")
    }

    /// Does some writes, and then is as if the process were gone.
    private actor StoppingDatabase: Database {
        struct Stopped: Error {}

        private let whole: any Database
        private var left: Int

        init(_ whole: any Database, after count: Int) {
            self.whole = whole
            left = count
        }

        func read<Outcome: Sendable>(
            _ work: @Sendable (any Transaction) throws -> Outcome
        ) async throws -> Outcome { try await whole.read(work) }

        func write<Outcome: Sendable>(
            _ work: @Sendable (any Transaction) throws -> Outcome
        ) async throws -> Outcome {
            guard left > 0 else { throw Stopped() }
            left -= 1
            return try await whole.write(work)
        }
    }

    @Test func `a layer that was changed takes no other's place`() async throws {
        let desk = try await VaultDesk()
        desk.name(RewrapTests.staying)
        let before = Set(try await wrappings(desk).map(\.wrapped))
        _ = try await rewrap(desk, "保管乙")
        let director = try #require(desk.custody.person(named: "主任丁"))
        let forged = try director.wrapping.wrap(try .random(count: 32))
        try await desk.database.write { transaction in
            try transaction.run("UPDATE identify_layer SET wrapped = \(forged)")
        }
        await refused(.vault) { _ = try await rewrap(desk, "主任丁") }
        #expect(Set(try await wrappings(desk).map(\.wrapped)) == before)
    }

    @Test func `people who change between the turns, or a line that was changed, end it`()
        async throws
    {
        let desk = try await VaultDesk()
        desk.name(RewrapTests.staying)
        _ = try await rewrap(desk, "保管乙")
        desk.name(["保管乙", "主任丁", "经办戊", "隐私甲"])
        try await desk.confirm("隐私甲", by: "保管乙")
        // 主任丁 begins anew, for the people of now.
        #expect(try await rewrap(desk, "主任丁").state == .half)
        try await desk.database.write { transaction in
            try transaction.run(TestDatabase.chosen.dropTrigger("ledger_keeps_lines", "ledger"))
            try transaction.run(
                """
                UPDATE ledger SET body = replace(body, '院办', '信息科')
                WHERE kind = 'rewrapped' AND body LIKE '%院办%'
                """)
        }
        await refused(.changed) { _ = try await rewrap(desk, "保管乙") }
    }

    @Test func `a person's key of before takes a layer off once more`() async throws {
        let desk = try await VaultDesk()
        let old = try desk.key("保管乙")
        let new = try CustodyKey(pem: try SigningKey(generating: .gm).pem())
        func person(_ key: CustodyKey) throws -> CustodyPerson {
            try CustodyPerson(
                name: "保管乙", department: "信息科", role: .custodian,
                pem: try key.signing.verifyingKey().pem())
        }
        desk.name(
            [try person(new)] + desk.everybody.filter { $0.name == "隐私甲" },
            former: [try person(old)])
        #expect(try await desk.desk().vaultStanding().lost == 0)
        _ = try await desk.desk().rewrap(by: "保管乙", with: old)
        #expect(try await rewrap(desk, "隐私甲").state == .done)
        let nested = try await wrappings(desk)
        #expect(nested.count == 2)
        #expect(!nested.contains { [$0.outer, $0.inner].contains(old.fingerprint) })
        #expect(nested.contains { $0.outer == new.fingerprint })
    }
}
