import DatabaseKit
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// A month's requests are drawn by anybody alike, and looked into by somebody without a part.
@Suite(.serialized) struct IdentifySampleTests {
    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    private func identified(
        _ desk: VaultDesk, on day: String, by name: String = "经办戊", _ approvers: [String],
        breakGlass: Bool = false
    ) async throws -> String {
        desk.pass(to: day)
        let id = try await desk.ask([desk.records[0]], by: name, breakGlass: breakGlass)
        for approver in approvers { try await desk.approve(id, approver) }
        return id
    }

    private func march() throws -> CalendarMonth { try #require(CalendarMonth(iso: "2026-03")) }

    @Test func `every emergency and of the others a tenth, at least three, by the ledger's hash`()
        async throws
    {
        let desk = try await VaultDesk(perDay: 50)
        var ordinary: [String] = []
        for number in 0..<41 {
            ordinary.append(
                try await identified(
                    desk, on: "2026-03-02 10:\(10 + number)", ["隐私甲", "保管乙"]))
        }
        let emergency = try await identified(
            desk, on: "2026-03-05 09:00", ["主任丁", "保管丙"], breakGlass: true)
        // Approved by one: nobody saw anything.
        _ = try await identified(desk, on: "2026-03-31 23:30", ["隐私甲"])
        // Asked in March, and of April by its second approval.
        let late = try await identified(desk, on: "2026-03-31 23:50", ["隐私甲"])
        await refused(.month) { _ = try await desk.desk().sample(of: march()) }
        desk.pass(to: "2026-04-01 00:10")
        try await desk.approve(late, "保管乙")
        desk.pass(to: "2026-04-02 09:00")
        let sample = try await desk.desk().sample(of: march())
        #expect(sample.approved == 42)
        let seed = try await desk.database.read { transaction in
            let end = at("2026-04-01 00:00").microseconds
            return Hex.encode(
                try transaction.run(
                    """
                    SELECT hash FROM ledger WHERE kind = 'identified' AND at < \(end)
                    ORDER BY seq DESC LIMIT 1
                    """)[0].bytes(0))
        }
        let ranked = ordinary.sorted {
            Hash.sha256.digest(Array("\(seed)|\($0)".utf8)).lexicographicallyPrecedes(
                Hash.sha256.digest(Array("\(seed)|\($1)".utf8)))
        }
        #expect(
            Set(sample.drawn.map(\.request.id)) == Set(ranked.prefix(5)).union([emergency]))
        #expect(sample.drawn.flatMap(\.signatures).count == 18 && sample.isSound)
        #expect(sample.drawn.flatMap(\.signatures).allSatisfy { $0.state == .genuine })
        let again = try await desk.desk().sample(of: nil)
        #expect(again.drawn.map(\.request.id) == sample.drawn.map(\.request.id))
        // What was not drawn is not reviewed; what was, is.
        await refused(.state) {
            _ = try await desk.desk().review(
                ranked[5], by: "主任丁", with: desk.key("主任丁"), because: "属实")
        }
        _ = try await desk.desk().review(
            ranked[0], by: "主任丁", with: desk.key("主任丁"), because: "事由与来函相符")
        let reviewed = try await desk.desk().sample(of: march()).drawn
            .first { $0.request.id == ranked[0] }
        #expect(reviewed?.finding == "事由与来函相符" && reviewed?.request.reviewedBy == "主任丁")
        #expect(reviewed?.signatures.map(\.state) == [.genuine, .genuine, .genuine, .genuine])
    }

    @Test func `who had a part does not review, and what waits too long is late`() async throws {
        let desk = try await VaultDesk()
        let id = try await identified(desk, on: "2026-03-02 10:00", ["隐私甲", "保管乙"])
        #expect(try await desk.open(id).count == 1)
        await refused(.state) {
            _ = try await desk.desk().review(
                id, by: "主任丁", with: desk.key("主任丁"), because: "属实")
        }
        desk.pass(to: "2026-04-30 23:59")
        #expect(try await desk.desk().digest(days: 7).samples.map(\.isLate) == [false])
        desk.pass(to: "2026-05-01 00:01")
        let samples = try await desk.desk().digest(days: 7).samples
        #expect(samples.map(\.month) == ["2026-03"] && samples.map(\.waiting) == [1])
        #expect(samples.map(\.isLate) == [true])
        #expect(try await desk.desk().sample(of: march()).isLate)
        for name in ["隐私甲", "保管乙"] {
            await refused(.reviewOwn) {
                _ = try await desk.desk().review(
                    id, by: name, with: desk.key(name), because: "属实")
            }
        }
        _ = try await desk.desk().review(
            id, by: "保管丙", with: desk.key("保管丙"), because: "属实")
        #expect(try await desk.desk().digest(days: 7).samples.isEmpty)
    }

    @Test func `signatures of who left are verified by the list of earlier people`() async throws {
        let desk = try await VaultDesk()
        _ = try await identified(desk, on: "2026-03-02 10:00", ["隐私甲", "保管乙"])
        desk.pass(to: "2026-04-02 09:00")
        func states() async throws -> [IdentifySample.Drawn.State] {
            try await desk.desk().sample(of: march()).drawn.flatMap(\.signatures).map(\.state)
        }
        let now = ["保管乙", "保管丙", "主任丁", "经办戊"]
        desk.name(now)
        #expect(try await states() == [.genuine, .unlisted, .genuine])
        desk.name(now, former: ["隐私甲"])
        #expect(try await states() == [.genuine, .genuine, .genuine])
        try await desk.database.write { transaction in
            try transaction.run(TestDatabase.chosen.dropTrigger("ledger_keeps_lines", "ledger"))
            try transaction.run(
                """
                UPDATE ledger SET body = replace(body, '县卫函〔2026〕3号', '县卫函〔2026〕4号')
                WHERE kind = 'identified'
                """)
        }
        #expect(try await states() == [.broken, .broken, .broken])
        #expect(try await !desk.desk().sample(of: march()).isSound)
    }
}
