import Evidence
import Flow
import Records
import Storage
import Testing

/// What time the ledger says it is, and who is behind it.
struct LedgerClockTests {
    private func write(_ desk: RunnerDesk, _ times: String...) async throws {
        for time in times {
            try await desk.database.write {
                try Ledger().append(
                    [.received(.init(intake: IntakeID("a"), rows: 0))], at: at(time), in: $0)
            }
        }
    }

    private func look(
        _ desk: RunnerDesk, _ before: LedgerClock = LedgerClock(), among lines: Int64 = 1
    ) async throws -> LedgerClock {
        try await desk.database.read { try before.looked(among: lines, in: $0) }
    }

    @Test func `an empty ledger is ahead of no clock`() async throws {
        let desk = try await RunnerDesk("2026-03-01 08:00")
        let clock = try await look(desk)
        #expect(clock.latest == nil)
        #expect(!clock.isAhead(of: Timestamp(microseconds: 0)))
        #expect(clock.secondsAhead(of: Timestamp(microseconds: 0)) == 0)
        // Whatever comes after an empty ledger is seen, not its last line alone.
        try await write(desk, "2026-03-01 09:00", "2026-03-01 08:00")
        #expect(try await look(desk, clock).latest == at("2026-03-01 09:00"))
    }

    @Test func `five minutes may be right, more is not`() async throws {
        let desk = try await RunnerDesk("2026-03-01 08:00")
        try await write(desk, "2026-03-01 08:00")
        let clock = try await look(desk)
        let line = at("2026-03-01 08:00")
        #expect(!clock.isAhead(of: line.adding(seconds: -300)))
        #expect(clock.secondsAhead(of: line.adding(seconds: -300)) == 300)
        #expect(clock.isAhead(of: line.adding(seconds: -301)))
        #expect(clock.secondsAhead(of: line.adding(seconds: 1)) == 0)
    }

    @Test func `the first look is at the last line, and later ones forget nothing`() async throws {
        let desk = try await RunnerDesk("2026-03-01 08:00")
        try await write(desk, "2026-05-01 08:00", "2026-03-01 08:00")
        var clock = try await look(desk)
        #expect(clock.latest == at("2026-03-01 08:00"))
        try await write(desk, "2026-02-01 08:00", "2026-02-01 08:01")
        clock = try await look(desk, clock)
        #expect(clock.latest == at("2026-03-01 08:00"), "what a wrong clock wrote hides nothing")
        clock = try await look(desk, clock)
        #expect(clock.latest == at("2026-03-01 08:00"))
        try await write(desk, "2026-03-01 08:10")
        #expect(try await look(desk, clock).latest == at("2026-03-01 08:10"))
        // Who looks once looks at more.
        #expect(try await look(desk, among: 100).latest == at("2026-05-01 08:00"))
        #expect(try await look(desk).latest == at("2026-03-01 08:10"))
    }
}
