import Records
import Schedules
import Testing

struct OpenTimesTests {
    private func times(_ windows: [String], _ blackout: [String] = []) throws -> OpenTimes {
        OpenTimes(
            windows: try windows.map { try DayWindow($0) },
            blackout: blackout.isEmpty ? nil : try DaySet(blackout), calendar: shipped)
    }

    @Test func `windows that overlap or touch are one`() throws {
        let times = try times(["22:00-02:00", "01:00-06:00", "06:00-07:00", "23:00-24:00"])
        #expect(try times.ranges(on: day("2026-03-02")) == [0..<420, 1320..<1440])
    }

    @Test func `a closed day is closed from midnight to midnight, also inside a window`() throws {
        let times = try times(["22:00-06:00"], ["2026-03-02"])
        #expect(try times.isOpen(at("2026-03-01 23:59")))
        #expect(try !times.isOpen(at("2026-03-02 00:00")))
        #expect(try !times.isOpen(at("2026-03-02 23:00")))
        #expect(try times.isOpen(at("2026-03-03 00:00")))
        #expect(try !times.isOpen(at("2026-03-03 06:00")))
    }

    @Test(arguments: 0..<60) func `minutes are counted as one by one`(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 104_729 &+ 3)
        for _ in 0..<3 { _ = dice.roll(2) }
        let all = ["22:00-06:00", "12:00-12:30", "00:00-24:00", "23:30-00:10", "06:00-22:00"]
        let windows = all.filter { _ in dice.roll(2) == 0 }
        let times = try times(windows, dice.roll(2) == 0 ? ["2026-03-03", "sun"] : [])
        let from = at("2026-02-27 00:00").adding(minutes: dice.roll(2880))
        let to = from.adding(minutes: dice.roll(8000))
        let open = try (0..<12_000).map { try times.isOpen(from.adding(minutes: $0)) }
        let length = Int(to.minutesSince1970 - from.minutesSince1970)
        #expect(try times.openMinutes(from: from, to: to) == open[..<length].count { $0 })

        // Forward: as many open minutes have gone by, and not one less a minute before.
        let wanted = 1 + dice.roll(900)
        let end = try #require(try times.minute(after: wanted, from: from))
        #expect(try times.openMinutes(from: from, to: end) == wanted)
        #expect(try times.openMinutes(from: from, to: end.adding(minutes: -1)) == wanted - 1)
        // Backward: the same from the other end.
        let start = try times.minute(before: wanted, to: to)
        #expect(try times.openMinutes(from: start, to: to) == wanted)
        #expect(try times.openMinutes(from: start.adding(minutes: 1), to: to) == wanted - 1)
        // The end of an open stretch is the first minute that is closed.
        if open[0], let close = try times.end(of: from), let first = open.firstIndex(of: false) {
            #expect(close == from.adding(minutes: first))
        }
    }

    @Test func `what never opens ends no search`() throws {
        let never = try times(["22:00-06:00"], ["mon-sun"])
        #expect(try never.minute(after: 1, from: at("2025-06-01 00:00")) == nil)
        #expect(try never.end(of: at("2025-06-01 00:00")) == at("2025-06-01 00:00"))
        let always = try times([])
        #expect(try always.end(of: at("2025-06-01 00:00")) == nil)
        #expect(
            try always.minute(after: 90, from: at("2025-06-01 23:00")) == at("2025-06-02 00:30"))
    }

    @Test func `closed days by working days need the year's file`() throws {
        let times = try times([], ["restdays"])
        #expect(try times.isOpen(at("2026-12-31 10:00")))
        #expect(throws: CalendarGap(year: 2027)) { try times.isOpen(at("2027-01-01 10:00")) }
        // What is open until then may be used until then.
        #expect(try times.end(of: at("2026-12-28 10:00")) == at("2027-01-01 00:00"))
        #expect(throws: CalendarGap(year: 2027)) { try times.end(of: at("2027-01-01 10:00")) }
    }
}
