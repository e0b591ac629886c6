import DatabaseKit
import Evidence
import Flow
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// Neither a clock that is set back nor a line whose time is moved prolongs what was approved.
@Suite(.serialized) struct IdentifyClockTests {
    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    private func write(_ desk: VaultDesk, at time: String, lines: Int = 1) async throws {
        try await desk.database.write {
            let fact = Fact.received(.init(intake: IntakeID("a"), rows: 0))
            try Ledger().append(
                [Fact](repeating: fact, count: lines), at: at(time), in: $0)
        }
    }

    private func opened(_ desk: VaultDesk) async throws -> String {
        let id = try await desk.ask()
        try await desk.approve(id, "隐私甲")
        try await desk.approve(id, "保管乙")
        return id
    }

    private func expectErased(_ desk: VaultDesk) async throws {
        for table in ["identify_layer", "identify_opening", "identify_row"] {
            #expect(try await desk.count(table) == 0, "\(table)")
        }
    }

    @Test func `a clock that is set back a day shows nobody, and the keys are gone`() async throws {
        let desk = try await VaultDesk()
        let id = try await opened(desk)
        #expect(try await desk.count("identify_row") == 3)
        desk.pass(to: "2026-03-01 09:00")
        await refused(.clock) {
            _ = try await desk.desk().reveal(1, of: id, by: "经办戊", with: desk.key("经办戊"))
        }
        try await expectErased(desk)
        // Not when it is right again, either.
        desk.pass(to: "2026-03-02 09:01")
        await refused(.expired) { _ = try await desk.open(id) }
        #expect(
            try await desk.steps().suffix(3) == [
                "expired  E-IDENTIFY-CLOCK", "denied 经办戊 E-IDENTIFY-CLOCK",
                "denied 经办戊 E-IDENTIFY-EXPIRED",
            ])
    }

    @Test func `while the ledger is ahead nobody asks, approves, reviews or wraps anew`()
        async throws
    {
        let desk = try await VaultDesk()
        let asked = try await desk.ask()
        let half = try await desk.ask(breakGlass: true)
        try await desk.approve(half, "主任丁")
        #expect(try await desk.count("identify_layer") > 0)
        try await write(desk, at: "2026-03-02 19:00")
        // Whoever looks after the site's time erases it, though no one asks.
        try await desk.desk().endOverdue()
        try await expectErased(desk)
        #expect(try await desk.desk().readings().map(\.state) == [.expired, .expired])
        for _ in 1...2 { await refused(.clock) { _ = try await desk.ask() } }
        await refused(.clock) { try await desk.approve(asked, "隐私甲") }
        await refused(.clock) { try await desk.approve(half, "隐私甲") }
        await refused(.clock) {
            _ = try await desk.desk().review(
                half, by: "隐私甲", with: desk.key("隐私甲"), because: "属实")
        }
        await refused(.clock) {
            _ = try await desk.desk().rewrap(by: "隐私甲", with: desk.key("隐私甲"))
        }
        let digest = try await desk.desk().digest(days: 7)
        #expect(digest.openReviews.map(\.id) == [half])
        #expect(digest.denied == ["E-IDENTIFY-CLOCK": 6])
        // Once it has caught up, or a hundred lines later, all goes on.
        desk.pass(to: "2026-03-02 18:55")
        _ = try await desk.ask()
        desk.pass(to: "2026-03-02 10:00")
        await refused(.clock) { _ = try await desk.ask(by: "隐私甲") }
        try await write(desk, at: "2026-03-02 10:00", lines: 100)
        _ = try await desk.ask(by: "隐私甲")
    }

    @Test(arguments: [-300, -301])
    func `five minutes may be right, and prolong by no more than themselves`(behind: Int64)
        async throws
    {
        let desk = try await VaultDesk()
        let id = try await opened(desk)
        desk.pass(to: "2026-03-02 09:14")
        #expect(try await desk.open(id).count == 3)
        desk.pass(to: at("2026-03-02 09:14").adding(seconds: behind))
        if behind < -300 { return await refused(.clock) { _ = try await desk.open(id) } }
        #expect(try await desk.open(id).count == 3)
        desk.pass(to: "2026-03-02 09:16")
        await refused(.expired) { _ = try await desk.open(id) }
    }

    @Test func `lines that a wrong clock writes meanwhile do not hide that it is wrong`()
        async throws
    {
        let desk = try await VaultDesk()
        let id = try await opened(desk)
        desk.pass(to: "2026-03-01 09:00")
        try await write(desk, at: "2026-03-01 09:00", lines: 300)
        // What was pending ends by its own lines; then there is nothing to be prolonged.
        await refused(.expired) { _ = try await desk.open(id) }
        try await expectErased(desk)
        // Nor does the day begin anew.
        _ = try await desk.ask()
        _ = try await desk.ask()
        await refused(.limit) { _ = try await desk.ask() }
    }

    @Test(arguments: [true, false])
    func `what only takes away works with a wrong clock`(byApprover: Bool) async throws {
        let desk = try await VaultDesk()
        let id = try await opened(desk)
        let other = try await desk.ask()
        desk.pass(to: "2026-03-01 09:00")
        let ended =
            byApprover
            ? try await desk.desk().refuse(
                id, by: "保管丙", with: desk.key("保管丙"), because: "时钟不对")
            : try await desk.desk().close(id, by: "somebody")
        #expect(ended.state == (byApprover ? .refused : .closed))
        try await expectErased(desk)
        #expect(try await desk.desk().readings().last { $0.id == other }?.state == .expired)
    }

    @Test func `a rewrapping that somebody began lapses with a clock that is set back`()
        async throws
    {
        let desk = try await VaultDesk()
        desk.name(["保管乙", "主任丁", "经办戊", "隐私甲"])
        #expect(
            try await desk.desk().rewrap(by: "保管乙", with: desk.key("保管乙")).state == .half)
        #expect(try await desk.count("identify_layer") > 0)
        desk.pass(to: "2026-03-01 09:00")
        try await write(desk, at: "2026-03-01 09:00", lines: 300)
        try await desk.desk().endOverdue()
        #expect(try await desk.count("identify_layer") == 0)
    }

    /// Moves the time of lines by so many microseconds; whether every link is made to fit again.
    private func move(
        _ desk: VaultDesk, _ microseconds: Int64, linked: Bool
    ) async throws {
        try await desk.database.write { transaction in
            try transaction.run(TestDatabase.chosen.dropTrigger("ledger_keeps_lines", "ledger"))
            try transaction.run(
                "UPDATE ledger SET at = at + \(microseconds) WHERE kind = 'identified'")
            guard linked else { return }
            var prev = [UInt8](repeating: 0, count: 32)
            for row in try transaction.run("SELECT seq, at, kind, body FROM ledger ORDER BY seq") {
                let seq = try row.int64(0)
                func bytes(_ number: Int64) -> [UInt8] {
                    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
                }
                let hash = Hash.sha256.digest(
                    Array("GWL1".utf8) + prev + bytes(seq) + bytes(try row.int64(1))
                        + Array(try row.text(2).utf8) + [0] + Array(try row.text(3).utf8))
                try transaction.run(
                    "UPDATE ledger SET prev = \(prev), hash = \(hash) WHERE seq = \(seq)")
                try transaction.run(
                    "UPDATE ledger_head SET hash = \(hash) WHERE seq = \(seq)")
                prev = hash
            }
        }
    }

    @Test(arguments: [7_200_000_000, -7_200_000_000, 240_000_000, 1], [false, true])
    func `a line whose time was moved opens nothing`(by microseconds: Int64, linked: Bool)
        async throws
    {
        // A part of a second that fits every link again is no other time than the signed one.
        guard microseconds != 1 || !linked else { return }
        let desk = try await VaultDesk()
        let id = try await opened(desk)
        try await move(desk, microseconds, linked: linked)
        if linked {
            let report = try await desk.database.read { try Ledger().verify(in: $0) }
            #expect(report.fault == nil)
        }
        await refused(.changed) { _ = try await desk.open(id) }
        #expect(try await desk.desk().portrait(of: id).isGenuine == false)
        // The window is the signed one, whatever the line says.
        desk.pass(to: "2026-03-02 09:16")
        try await desk.desk().endOverdue()
        try await expectErased(desk)
    }
}
