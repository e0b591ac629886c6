import Definitions
import Delivery
import Flow
import Foundation
import Records
import Schedules
import ShangbaoCLI
import Storage
import Testing

/// The calendar as a person sees it, and as `run` obeys it.
struct ScheduleTests {
    private static let calendar = """

        calendar:
          windows: [22:00-06:00]
          blackout: [2026-10-01..2026-10-03]
        schedules:
          files: { does: take county-hospital, every: 15 min }
          nightly:
            does: deliver
            at: "22:00"
            on: workdays
            after: [{ source: county-hospital, rows: 100 }]
            wait: 3 h
          books: { does: reconcile, workday: 3, at: "23:00", spread: none }
        deadlines:
          monthly: { by: day 10 }

        """

    private func site(_ calendar: String, hasKeys: Bool = false) throws -> TestSite {
        let site = try TestSite(hasKeys: hasKeys)
        try site.edit("shangbao.yaml") { $0 + calendar }
        return site
    }

    @Test func `two weeks stand on a page of 80 columns`() throws {
        let site = try site(ScheduleTests.calendar)
        var text = ""
        for language in ["zh", "en"] {
            let ended = try site.program.run(
                ["schedule", "preview", "--from", "2026-09-28", "--site", site.folder],
                in: language)
            #expect(ended.status == 0, "\(ended.err)")
            for line in ended.out.split(separator: "\n") {
                #expect(DisplayWidth.of(line) <= 80, "\(line)")
            }
            #expect(ended.out.split(separator: "\n").count { $0.hasPrefix("09-") } == 3)
            #expect(ended.out.split(separator: "\n").count { $0.hasPrefix("10-") } == 11)
            text += ended.out
        }
        Snapshot.expect(text, as: "schedule-preview")
    }

    @Test func `a year without its file is told, and what needs no file is shown`() throws {
        let site = try site(ScheduleTests.calendar)
        let ended = try site.program.run(
            ["schedule", "preview", "--from", "2026-12-31", "--days", "2", "--site", site.folder],
            in: "en")
        #expect(ended.status == 78)
        #expect(ended.err.contains("E-CALENDAR-YEAR") && ended.err.contains("cn-2027.csv"))
        #expect(ended.out.contains("files 00:00–23:45 ×96"))
    }

    @Test func `schedules are paused and resumed by name`() throws {
        let site = try site(ScheduleTests.calendar)
        func run(_ words: [String]) throws -> Program.Ended {
            try site.program.run(["schedule"] + words + ["--site", site.folder], in: "en")
        }
        let unknown = try run(["pause", "other", "--because", "a test"])
        #expect(unknown.status == 64 && unknown.err.contains("E-SCHEDULE-NONE"))
        #expect(unknown.err.contains("files, nightly, books"))
        #expect(try run(["resume", "files"]).status == 64)
        #expect(try run(["pause", "files", "--because", " "]).status == 64)
        #expect(try run(["pause", "files", "--because", "the ministry's notice"]).status == 0)
        #expect(try run(["pause", "files", "--because", "again"]).err.contains("E-SCHEDULE-STATE"))
        let listed = try run(["list"])
        #expect(listed.out.contains("paused by") && listed.out.contains("the ministry's notice"))
        #expect(try run(["resume", "files"]).status == 0)
        let lines = try #require(
            try JSONSerialization.jsonObject(with: Data(try run(["list", "--json"]).out.utf8))
                as? [[String: Any]])
        #expect(lines.map { $0["name"] as? String } == ["files", "nightly", "books"])
        #expect(lines.allSatisfy { $0["pausedSince"] == nil })
        let next = try run(["next", "--count", "3", "--json"])
        #expect(next.out.contains("\"does\" : \"take county-hospital\""))
    }

    @Test func `a dry run says what it would do and changes nothing`() throws {
        let site = try site(ScheduleTests.calendar)
        try site.write("x\n", to: "in/county-hospital/a.csv")
        let ended = try site.program.run(
            [
                "schedule", "run", "files", "--dry-run", "--settle", "0", "--site", site.folder,
            ], in: "en")
        #expect(ended.status == 0, "\(ended.err)")
        #expect(ended.out.contains("a.csv") && ended.out.contains("nothing was changed"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: site.folder + "/data").isEmpty)
        let nightly = try site.program.run(
            ["schedule", "run", "nightly", "--dry-run", "--site", site.folder], in: "en")
        #expect(nightly.out.contains("✗ source county-hospital has come (100 rows at least)"))
    }

    @Test func `run takes by the calendar, and a person at any moment`() throws {
        let site = try site(
            """

            schedules:
              files: { does: take, every: 1 min }
              later: { does: take, at: "00:00", on: 2020-01-01 }

            """, hasKeys: true)
        let place = ["--site", site.folder]
        func sample(_ seed: String) throws {
            let made = try site.program.run([
                "sample", "--couples", "3", "--seed", seed, "--defects", "0", "--out",
                site.folder + "/in/county-hospital",
            ])
            #expect(made.status == 0)
        }
        try sample("7")
        let ended = try site.program.run(
            ["run", "--once", "--settle", "0"] + place, in: "en")
        #expect(ended.status == 0, "\(ended.err)")
        #expect(ended.out.contains("✓ files"))
        #expect(!ended.out.contains("later"))
        let done = site.folder + "/in/county-hospital/done"
        #expect(try FileManager.default.contentsOfDirectory(atPath: done).count == 1)
        try sample("8")
        let byHand = try site.program.run(
            ["schedule", "run", "later", "--settle", "0"] + place, in: "en")
        #expect(byHand.status == 0, "\(byHand.err)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: done).count == 2)
        let listed = try site.program.run(["schedule", "list"] + place, in: "en")
        #expect(listed.out.contains("never"))
        let lint = try site.program.run(["lint"] + place, in: "en")
        #expect(lint.status == 78 && lint.out.contains("later never runs"))
    }

    @Test func `a fault in the calendar is shown at its line and character`() throws {
        let site = try site("\nschedules:\n  x: { does: deliver, cron: \"0 25 * * *\" }\n")
        let ended = try site.program.run(["lint", "--site", site.folder], in: "en")
        #expect(ended.status == 78)
        #expect(ended.out.contains("At character 3: The hour is 0 to 23."))
    }

    @Test func `a missing year is asked for a month ahead, by schedules and by deadlines`() throws {
        let site = try site(
            """

            calendar: { blackout: restdays }
            schedules:
              nightly: { does: deliver, at: "22:00", on: workdays }
            deadlines:
              books: { by: workday 5 }

            """)
        func problems(on text: String) throws -> [String] {
            let day = try #require(CalendarDate(iso: text))
            let now = Timestamp(CalendarMinute(day: day, minuteOfDay: 600))
            return try Site(folder: site.folder, clock: { now }).calendarProblems()
                .map(\.problem.en)
        }
        #expect(try problems(on: "2026-11-30").isEmpty)
        let found = try problems(on: "2026-12-02")
        #expect(found.count == 1 && found[0].contains("schedule nightly"))
        #expect(found.allSatisfy { $0.contains("cn-2027.csv is missing") })
        #expect(try problems(on: "2026-12-20").count == 2, "the fifth of January's is asked for")
        #expect(try problems(on: "2027-01-01").count == 2)
    }

    @Test func `a deadline counts what is unanswered by service month`() async throws {
        let site = try site(
            "\ndeadlines:\n  yearly: { by: 02-20 }\n", hasKeys: true)
        let place = ["--site", site.folder]
        _ = try site.program.run([
            "sample", "--couples", "3", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        #expect(
            try site.program.run(["take", site.folder + "/couples-3-seed-7.csv"] + place).status
                == 0)
        // As it was at the beginning of the year after the samples' own.
        let now = Timestamp(
            CalendarMinute(
                day: try #require(CalendarDate(iso: "2013-02-01")), minuteOfDay: 600))
        let opened = try Site(folder: site.folder, clock: { now })
        let view = try await opened.openView()
        let exchange = try Exchange(site: opened, database: view)
        let lines = try await DeadlineDesk(site: opened, database: view, exchange: exchange)
            .lines(at: now)
        await view.close()
        #expect(lines.map(\.deadline.name) == ["yearly"])
        #expect(lines[0].forecast.unanswered == 3)
        #expect(lines[0].forecast.outcome == .noRate && lines[0].forecast.level == .calm)
        let database = try await opened.openDatabase()
        let desk = DeadlineDesk(
            site: opened, database: database,
            exchange: try Exchange(site: opened, database: database))
        func news(_ text: String) async throws -> [String] {
            let day = try #require(CalendarDate(iso: text))
            let moment = Timestamp(CalendarMinute(day: day, minuteOfDay: 600))
            return try await desk.news(at: moment).map(\.forecast.level.rawValue)
        }
        #expect(try await news("2013-02-01").isEmpty)
        #expect(try await news("2013-02-18") == ["near"])
        #expect(try await news("2013-02-18").isEmpty, "it is looked once an hour")
        #expect(try await news("2013-02-19").isEmpty, "and said once")
        #expect(try await news("2013-02-20") == ["urgent"])
        #expect(try await news("2013-02-21") == ["missed"])
        #expect(try await news("2013-02-22").isEmpty)
        await database.close()
        let told = try site.program.run(["schedule", "deadlines"] + place, in: "en")
        #expect(told.status == 0 && told.out.contains("all is answered"))
    }
}
