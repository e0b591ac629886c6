import DatabaseKit
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// Who a case is about is found out by three people together, and by no fewer.
@Suite(.serialized) struct IdentifyTests {
    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    @Test(arguments: [["隐私甲", "保管乙"], ["保管丙", "隐私甲"]])
    func `two of two departments open it, in either order`(order: [String]) async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask([desk.records[0], desk.records[2]])
        await refused(.state) { _ = try await desk.open(id) }
        #expect(try await desk.approve(id, order[0]).state == .half)
        await refused(.state) { _ = try await desk.open(id) }
        let approved = try await desk.approve(id, order[1])
        #expect(approved.state == .open && approved.approvedBy == order)
        let rows = try await desk.open(id)
        #expect(Set(rows.map(\.record)) == [desk.records[0], desk.records[2]])
        for row in rows {
            #expect(row.persons.map(\.role) == ["wife", "husband"])
            #expect(
                row.persons.map(\.idNumber) == ["990101198603150022", "990101198411200013"])
        }
        let row = try await desk.desk().reveal(
            2, of: id, by: "经办戊", with: desk.key("经办戊"))
        #expect(row.number == 2 && row.record == rows[1].record)
        #expect(try await desk.count("identify_layer") == 0)
        _ = try await desk.desk().close(id, by: "somebody")
        #expect(try await desk.count("identify_opening") == 0)
        #expect(try await desk.count("identify_row") == 0)
        await refused(.state) { _ = try await desk.open(id) }
        #expect(
            try await desk.steps() == [
                "requested 经办戊 done", "denied 经办戊 E-IDENTIFY-STATE",
                "approved \(order[0]) first", "denied 经办戊 E-IDENTIFY-STATE",
                "approved \(order[1]) second", "opened 经办戊 done", "revealed 经办戊 done",
                "closed somebody done", "denied 经办戊 E-IDENTIFY-STATE",
            ])
    }

    @Test func `no one approves alone, for himself, or beside one of his department`()
        async throws
    {
        let desk = try await VaultDesk()
        let id = try await desk.ask()
        await refused(.own) { try await desk.approve(id, "经办戊") }
        try await desk.approve(id, "保管乙")
        await refused(.twice) { try await desk.approve(id, "保管乙") }
        await refused(.department) { try await desk.approve(id, "保管丙") }
        await refused(.role) { try await desk.approve(id, "主任丁") }
        await refused(.key) {
            _ = try await desk.desk().approve(id, by: "隐私甲", with: desk.key("保管丙"))
        }
        await refused(.who) {
            _ = try await desk.desk().approve(id, by: "钱某", with: desk.key("保管丙"))
        }
        await refused(.requester) { _ = try await desk.open(id, "保管乙") }
        let own = try await desk.ask(by: "隐私甲")
        await refused(.own) { try await desk.approve(own, "隐私甲") }
        #expect(try await desk.steps().contains("denied ? E-IDENTIFY-WHO"))
    }

    @Test func `what is not approved or opened in time is erased`() async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask()
        let idle = try await desk.ask()
        try await desk.approve(id, "隐私甲")
        try await desk.approve(id, "保管乙")
        desk.pass(to: "2026-03-02 09:15")
        #expect(try await desk.open(id).count == 3)
        desk.pass(to: "2026-03-02 09:16")
        await refused(.expired) { _ = try await desk.open(id) }
        #expect(try await desk.count("identify_opening") == 0)
        // A clock that is set back makes nothing valid again.
        desk.pass(to: "2026-03-02 09:12")
        await refused(.expired) { _ = try await desk.open(id) }
        desk.pass(to: "2026-03-03 09:01")
        await refused(.expired) { try await desk.approve(idle, "隐私甲") }
    }

    @Test func `a request names few cases, a known reason, and comes seldom`() async throws {
        let desk = try await VaultDesk(couples: 21)
        await refused(.many) { _ = try await desk.ask() }
        await refused(.many) { _ = try await desk.ask([]) }
        await refused(.reason) { _ = try await desk.ask([desk.records[0]], reason: "WHIM") }
        let stranger = RecordID(String(repeating: "0", count: 32))
        await refused(.record) { _ = try await desk.ask([stranger]) }
        for _ in 1...3 { _ = try await desk.ask(Array(desk.records.prefix(20))) }
        await refused(.limit) { _ = try await desk.ask([desk.records[0]]) }
        _ = try await desk.ask([desk.records[0]], by: "隐私甲")
        desk.pass(to: "2026-03-03 09:00")
        _ = try await desk.ask([desk.records[0]])
    }

    @Test func `a request that was changed opens nothing`() async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask([desk.records[0]])
        let (one, other) = (desk.records[0].text, desk.records[1].text)
        try await desk.database.write { transaction in
            try transaction.run(TestDatabase.chosen.dropTrigger("ledger_keeps_lines", "ledger"))
            try transaction.run(
                "UPDATE ledger SET body = replace(body, \(one), \(other)) WHERE kind = 'identified'"
            )
        }
        await refused(.changed) { try await desk.approve(id, "隐私甲") }
    }

    @Test func `a row that was moved to another case opens nothing`() async throws {
        let desk = try await VaultDesk()
        let (one, other) = (desk.records[0].text, desk.records[1].text)
        try await desk.database.write { transaction in
            try transaction.run(
                """
                UPDATE vault SET sealed = (SELECT sealed FROM vault WHERE record = \(other))
                WHERE record = \(one)
                """)
        }
        let id = try await desk.ask([desk.records[0]])
        try await desk.approve(id, "保管乙")
        await refused(.vault) { try await desk.approve(id, "隐私甲") }
        #expect(try await desk.count("identify_row") == 0)
    }

    @Test func `in an emergency the director stands in for one, and it is reviewed`()
        async throws
    {
        let desk = try await VaultDesk()
        let id = try await desk.ask(breakGlass: true)
        try await desk.approve(id, "主任丁")
        await refused(.twice) { try await desk.approve(id, "主任丁") }
        try await desk.approve(id, "保管丙")
        #expect(try await desk.open(id).count == 3)
        #expect(try await desk.desk().digest(days: 7).openReviews.map(\.id) == [id])
        await refused(.reviewOwn) {
            _ = try await desk.desk().review(
                id, by: "主任丁", with: desk.key("主任丁"), because: "属实")
        }
        desk.pass(to: "2026-03-04 09:01")
        let late = try await desk.desk().digest(days: 7)
        #expect(late.openReviews.map(\.isLate) == [true] && late.reasons == ["AUDIT": 1])
        _ = try await desk.desk().review(
            id, by: "隐私甲", with: desk.key("隐私甲"), because: "属实")
        #expect(try await desk.desk().digest(days: 7).openReviews.isEmpty)
    }

    @Test func `one key of two opens no row, and a case that is forgotten is gone`()
        async throws
    {
        let desk = try await VaultDesk()
        let nested: [(String, String, [UInt8])] = try await desk.database.read { transaction in
            try transaction.run("SELECT outer_key, inner_key, wrapped FROM vault_key").map {
                (try $0.text(0), try $0.text(1), try $0.bytes(2))
            }
        }
        // Of four approvers in three departments: ten ordered pairs, none of one department.
        #expect(nested.count == 10)
        for key in desk.keys.values {
            for (outer, inner, wrapped) in nested {
                let layers = NestedKey(outer: outer, inner: inner, wrapped: wrapped)
                guard outer == key.fingerprint else {
                    #expect(throws: CryptoFailure.self) { try layers.withoutOuter(key.unwrapping) }
                    continue
                }
                let layer = try layers.withoutOuter(key.unwrapping)
                #expect(layer.count > 100)
                #expect(throws: CryptoFailure.self) { try key.unwrapping.unwrap(layer) }
            }
        }
        var stretch = Register.Stretch(
            intake: IntakeID("withdrawn"), epochs: NamingEpochs(link: 1, content: 1))
        stretch.forgotten = [desk.records[0]]
        let written = stretch
        try await desk.database.write { try Register().write(written, in: $0) }
        await refused(.record) { _ = try await desk.ask([desk.records[0]]) }
    }
}
