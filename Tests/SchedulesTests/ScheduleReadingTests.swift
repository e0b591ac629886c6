import Definitions
import Foundation
import Records
import Schedules
import TestKit
import Testing

struct ScheduleReadingTests {
    private func read(_ text: String) throws -> UploadCalendar {
        var section = try Section(text: text, shownAs: "shangbao.yaml")
        let calendar = try UploadCalendar(
            &section, sources: ["lis", "hospital"], holidays: shipped, county: "c")
        try section.finish()
        return calendar
    }

    private func deadlines(_ text: String) throws -> [Deadline] {
        var section = try Section(text: text, shownAs: "shangbao.yaml")
        let deadlines = try Deadlines(
            &section, programmes: ["preconception"],
            openTimes: OpenTimes(windows: [], blackout: nil, calendar: shipped))
        try section.finish()
        return deadlines.all
    }

    @Test func `everything that can be said is read`() throws {
        let calendar = try read(
            """
            calendar:
              windows: [22:00-06:00, 12:00-13:00]
              blackout: [2026-12-31, restdays]
            schedules:
              lis-in:
                does: take lis
                every: 15 min
                windows: 07:00-20:00
              nightly:
                does: deliver
                cron: "0 22 * * mon-fri"
                on: workdays
                notOn: [day 25, 2026-10-08..2026-10-09]
                spread: 30 min
                after:
                  - { source: lis, rows: 100 }
                  - { schedule: lis-in, within: 12 h }
                wait: 3 h
                otherwise: run
                catchUp: none
              books: { does: reconcile, workday: last, at: 09:00 }
              noon: { does: all, at: [12:00, "12:30", 12:00], spread: none }
            """)
        #expect(calendar.openTimes.windows.map(\.description) == ["22:00-06:00", "12:00-13:00"])
        #expect(calendar.openTimes.blackout?.texts == ["2026-12-31", "restdays"])
        #expect(calendar.schedules.map(\.name) == ["lis-in", "nightly", "books", "noon"])
        let lis = calendar.schedules[0]
        #expect(lis.work == .take(["lis"]) && lis.timing == .every(Span(minutes: 15)))
        #expect(lis.spread.minutes == 0 && lis.windows.count == 1 && lis.catchUp == .once)
        let nightly = calendar.schedules[1]
        #expect(nightly.work == .deliver && nightly.spread.minutes == 30)
        #expect(nightly.on?.texts == ["workdays"] && nightly.notOn?.texts.count == 2)
        #expect(
            nightly.requirements == [
                Requirement(subject: .source("lis"), rows: 100, within: nil),
                Requirement(
                    subject: .schedule("lis-in"), rows: 0, within: Span(minutes: 720)),
            ])
        #expect(nightly.wait.minutes == 180 && nightly.otherwise == .run)
        #expect(nightly.catchUp == .none && nightly.asksForWorkdays)
        #expect(calendar.schedules[2].timing == .workday(-1, [TimeOfDay(minute: 540)]))
        #expect(calendar.schedules[2].spread.minutes == 60, "counties come apart by themselves")
        #expect(
            calendar.schedules[3].timing
                == .daily([TimeOfDay(minute: 720), TimeOfDay(minute: 750)]))
        #expect(calendar.schedules[3].spread.minutes == 0)
    }

    @Test func `the example of the documents is read`() throws {
        let page = try String(
            contentsOfFile: Project.root + "/docs/county-it/schedule.md", encoding: .utf8)
        let start = try #require(page.firstRange(of: "```yaml\n")).upperBound
        let end = try #require(page[start...].firstRange(of: "\n```")).lowerBound
        var section = try Section(text: String(page[start..<end]), shownAs: "schedule.md")
        let calendar = try UploadCalendar(
            &section, sources: ["county-hospital"], holidays: shipped, county: "c")
        let deadlines = try Deadlines(
            &section, programmes: [], openTimes: calendar.openTimes)
        try section.finish()
        #expect(calendar.schedules.map(\.name) == ["files", "nightly", "answers", "books"])
        #expect(deadlines.all.map(\.name) == ["monthly", "yearly"])
        for schedule in calendar.schedules {
            #expect(try calendar.next(of: schedule, after: at("2026-03-02 12:00")) != nil)
        }
    }

    @Test func `a site without a calendar runs as ever`() throws {
        let calendar = try read("other: 1".replacing("other: 1", with: "{}"))
        #expect(calendar.schedules.isEmpty && calendar.openTimes.windows.isEmpty)
    }

    @Test(
        arguments: [
            "does: deliver", "does: deliver, cron: '0 22 * * *', every: 15 min",
            "does: deliver, workday: 3", "does: deliver, workday: 24, at: '09:00'",
            "does: deliver, workday: 0, at: '09:00'",
            "does: send, every: 15 min", "does: take nobody, every: 15 min",
            "does: deliver now, every: 15 min", "does: deliver, cron: '0 25 * * *'",
            "does: deliver, every: 15", "does: deliver, every: 8 d",
            "does: deliver, at: '7:00'", "does: deliver, every: 1 h, windows: '22:00'",
            "does: deliver, every: 1 h, on: holidays", "does: deliver, every: 1 h, spread: 2 d",
            "does: deliver, every: 1 h, catchUp: twice", "does: deliver, every: 1 h, wait: 1 h",
            "does: deliver, every: 1 h, otherwise: run",
            "does: deliver, every: 1 h, after: [{ schedule: x }]",
            "does: deliver, every: 1 h, after: [{ schedule: none }]",
            "does: deliver, every: 1 h, after: [{ source: none }]",
            "does: deliver, every: 1 h, after: [{ source: lis, schedule: x }]",
            "does: deliver, every: 1 h, after: [{ source: lis, rows: -1 }]",
            "does: deliver, every: 1 h, after: [{}]", "does: deliver, every: 1 h, zone: UTC",
        ])
    func `what cannot be meant is refused with its line`(words: String) {
        #expect {
            _ = try read("schedules:\n  x: { \(words) }")
        } throws: {
            ($0 as? DefinitionError)?.line == 2
        }
    }

    @Test func `a fault names the character in the line`() {
        #expect {
            _ = try read("schedules:\n  x:\n    does: deliver\n    cron: '0 25 * * *'\n")
        } throws: { error in
            let fault = error as? DefinitionError
            return fault?.line == 4 && fault?.problem.en.contains("character 3") == true
        }
    }

    @Test func `deadlines are read`() throws {
        let found = try deadlines(
            """
            deadlines:
              monthly: { by: day 10 }
              books: { by: workday 5, at: 18:00, counts: this month, late: send, rate: 48 h }
              yearly: { by: 02-20, programme: preconception }
              end: { by: last workday }
              month: { by: last day }
            """)
        #expect(found.map(\.name) == ["monthly", "books", "yearly", "end", "month"])
        #expect(found[0].day == .ofMonth(10) && found[0].counts == .previousMonth)
        #expect(found[0].late == .hold && found[0].rateHours == 24 && found[0].at.minute == 1440)
        #expect(found[1].day == .workday(5) && found[1].at.minute == 1080)
        #expect(found[1].counts == .thisMonth && found[1].late == .send)
        #expect(found[1].rateHours == 48)
        #expect(found[2].day == .ofYear(month: 2, day: 20) && found[2].counts == .previousYear)
        #expect(found[2].programme == "preconception" && found[0].programme == nil)
        #expect(found[3].day == .workday(-1) && found[4].day == .ofMonth(31))
    }

    @Test(
        arguments: [
            "by: 10", "by: day 32", "by: workday 0", "by: 02-30", "by: 2-20", "at: '10:00'",
            "by: day 10, counts: previous year", "by: 02-20, counts: this month",
            "by: day 10, late: drop", "by: day 10, programme: other", "by: day 10, at: 25:00",
            "by: day 10, warn: 3 d", "by: day", "by: last month",
        ])
    func `a deadline that cannot be meant is refused`(words: String) {
        #expect {
            _ = try deadlines("deadlines:\n  x: { \(words) }")
        } throws: {
            ($0 as? DefinitionError)?.line == 2
        }
    }
}
