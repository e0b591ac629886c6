import DatabaseKit
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// A key of custody that somebody put in another's place is found out, and holds for nothing.
@Suite(.serialized) struct PersonKeyTests {
    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    /// People as they are, but with keys of somebody else's making in the place of some.
    private func swapped(
        _ desk: VaultDesk, _ names: [String]
    ) throws -> (people: [CustodyPerson], keys: [String: CustodyKey]) {
        var keys: [String: CustodyKey] = [:]
        let people = try desk.custody.people.map { person in
            guard names.contains(person.name) else { return person }
            let key = try CustodyKey(pem: try SigningKey(generating: .gm).pem())
            keys[person.name] = key
            return try CustodyPerson(
                name: person.name, department: person.department, role: person.role,
                pem: try key.signing.verifyingKey().pem())
        }
        return (people, keys)
    }

    private func steps(_ desk: VaultDesk) async throws -> [String] {
        try await desk.database.read { transaction in
            try Ledger().entries(of: "personKey", in: transaction).compactMap { entry in
                guard case .personKey(let fact) = entry.fact else { return nil }
                return "\(fact.step.rawValue) \(fact.name)"
            }
        }
    }

    @Test func `keys in the place of all approvers' approve nothing, and are an incident`()
        async throws
    {
        let desk = try await VaultDesk()
        try await desk.desk().endOverdue()
        #expect(try await steps(desk) == VaultDesk.people.map { "noted \($0.0)" })
        #expect(try await desk.desk().vaultStanding().unconfirmed.isEmpty)
        let before = desk.custody
        let (people, keys) = try swapped(desk, ["隐私甲", "保管乙", "经办戊"])
        desk.name(people, former: [])
        try await desk.desk().endOverdue()
        let standing = try await desk.desk().vaultStanding()
        #expect(standing.unconfirmed.count == 3)
        // Nothing is to be wrapped for these keys.
        #expect(standing.isLevel && standing.since == nil)
        let open = try await desk.database.read { try KeyBook(.custody, in: $0).open.keys.sorted() }
        #expect(open == ["保管乙", "经办戊", "隐私甲"])
        let forged = try #require(keys["经办戊"])
        await refused(.unconfirmed) {
            _ = try await desk.desk().request(
                [desk.records[0]], reason: "AUDIT", caseNumber: "1", by: "经办戊", with: forged)
        }
        await refused(.unconfirmed) {
            _ = try await desk.desk().rewrap(by: "隐私甲", with: try #require(keys["隐私甲"]))
        }
        // Nor does a forged key confirm itself or another one.
        for name in ["隐私甲", "保管乙"] {
            await refused(.key) {
                _ = try await desk.desk().confirm(
                    name, by: "隐私甲", with: try #require(keys["隐私甲"]), because: "是他")
            }
        }
        // Put back, the incident stays until somebody says so; then all is as before.
        desk.name(before.people, former: [])
        let id = try await desk.ask(by: "保管丙")
        await refused(.unconfirmed) { try await desk.approve(id, "隐私甲") }
        for name in open {
            let done = try await desk.desk().confirm(
                name, by: "保管丙", with: desk.key("保管丙"), because: "文件已恢复")
            #expect(done.isListed)
        }
        #expect(try await desk.desk().vaultStanding().unconfirmed.isEmpty)
        try await desk.approve(id, "隐私甲")
    }

    @Test func `an approver whose key is noted lets a newcomer hold, and a requester does not`()
        async throws
    {
        let desk = try await VaultDesk()
        try await desk.desk().endOverdue()
        desk.name(VaultDesk.people.map(\.0) + ["新来己"])
        let id = try await desk.ask()
        await refused(.unconfirmed) { try await desk.approve(id, "隐私甲") }
        await refused(.unconfirmed) { try await desk.approve(id, "新来己") }
        await refused(.role) {
            _ = try await desk.desk().confirm(
                "新来己", by: "经办戊", with: desk.key("经办戊"), because: "是他")
        }
        await refused(.who) {
            _ = try await desk.desk().confirm(
                "新来己", by: "新来己", with: desk.key("新来己"), because: "是我")
        }
        await refused(.confirmed) {
            _ = try await desk.desk().confirm(
                "保管丙", by: "隐私甲", with: desk.key("隐私甲"), because: "是他")
        }
        let done = try await desk.desk().confirm(
            "新来己", by: "隐私甲", with: desk.key("隐私甲"), because: "当面核对")
        #expect(done.left.isEmpty && done.isListed)
        try await desk.approve(id, "隐私甲")
        try await desk.approve(id, "保管乙")
        #expect(try await desk.open(id).count == 3)
        let fact = try #require(
            try await desk.database.read { transaction -> Fact.PersonKey? in
                guard
                    case .personKey(let fact) = try Ledger().entries(
                        of: "personKey", in: transaction
                    ).last?.fact
                else { return nil }
                return fact
            })
        let text = try #require(fact.text)
        let signature = try Base64.standard.decode(Array(try #require(fact.signature).utf8))
        #expect(
            desk.custody.person(named: "隐私甲")?.verifying.verify(
                signature: signature, over: Array(text.utf8)) == true)
        #expect(text.contains(try desk.key("新来己").fingerprint))
    }

    @Test func `who leaves holds no more, and comes back only confirmed`() async throws {
        let desk = try await VaultDesk()
        try await desk.desk().endOverdue()
        desk.name(["隐私甲", "保管乙", "经办戊"])
        try await desk.desk().endOverdue()
        #expect(try await steps(desk).suffix(2).sorted() == ["left 主任丁", "left 保管丙"])
        desk.name(VaultDesk.people.map(\.0))
        #expect(try await desk.desk().vaultStanding().unconfirmed.count == 2)
        try await desk.desk().endOverdue()
        // Taken off again without having held.
        desk.name(["隐私甲", "保管乙", "经办戊"])
        let done = try await desk.desk().confirm(
            "主任丁", by: "保管乙", with: desk.key("保管乙"), because: "误加")
        #expect(!done.isListed && done.left == ["保管丙"])
    }

    @Test func `who has left vouches for nobody who comes in his place`() async throws {
        let desk = try await VaultDesk()
        try await desk.desk().endOverdue()
        // 保管乙 goes and 保管丙 comes back as somebody new, in one change of the site's file.
        desk.name(["隐私甲", "保管乙", "经办戊", "主任丁"])
        try await desk.desk().endOverdue()
        desk.name(["隐私甲", "保管丙", "经办戊", "主任丁"], former: ["保管乙"])
        await refused(.who) {
            _ = try await desk.desk().confirm(
                "保管丙", by: "保管乙", with: desk.key("保管乙"), because: "替我")
        }
        let done = try await desk.desk().confirm(
            "保管丙", by: "隐私甲", with: desk.key("隐私甲"), because: "当面核对")
        #expect(done.isListed)
    }

    @Test func `an attempt is laid to whose key it was`() async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask()
        await refused(.key) {
            _ = try await desk.desk().approve(id, by: "隐私甲", with: desk.key("保管丙"))
        }
        let digest = try await desk.desk().digest(days: 7)
        #expect(digest.people.first { $0.name == "保管丙" }?.denied == 1)
        #expect(!digest.people.contains { $0.name == "隐私甲" })
        #expect(digest.borrowed.map(\.name) == ["隐私甲"])
        #expect(digest.borrowed.map(\.owner) == ["保管丙"])
    }

    @Test func `an emergency says beforehand that nobody is left to review it`() async throws {
        let desk = try await VaultDesk()
        desk.name(["隐私甲", "保管乙", "主任丁", "经办戊"])
        func ask(by name: String) async throws -> IdentifyReading {
            try await desk.desk().request(
                [desk.records[0]], reason: "AUDIT", caseNumber: "1", breakGlass: true, by: name,
                with: desk.key(name))
        }
        #expect(try await !ask(by: "经办戊").lacksReviewer)
        let reading = try await ask(by: "保管乙")
        #expect(reading.lacksReviewer)
        try await desk.approve(reading.id, "主任丁")
        try await desk.approve(reading.id, "隐私甲")
        for (name, reason) in [
            ("经办戊", IdentifyFailure.Reason.reviewRole), ("主任丁", .reviewOwn),
            ("保管乙", .reviewOwn),
        ] {
            await refused(reason) {
                _ = try await desk.desk().review(
                    reading.id, by: name, with: desk.key(name), because: "看过")
            }
        }
    }
}
