import Delivery
import Flow
import Records
import Schedules
import Testing

struct RoundLimitsTests {
    private func times(_ windows: [String], _ blackout: [String] = []) throws -> OpenTimes {
        OpenTimes(
            windows: try windows.map { try DayWindow($0) },
            blackout: blackout.isEmpty ? nil : try DaySet(blackout), calendar: HolidayCalendar())
    }

    @Test func `a delivery ends when its window closes`() throws {
        let limits = RoundLimits(
            until: at("2026-03-02 06:00"), by: { at("2026-03-02 05:59") }, expires: false)
        #expect(limits.mayGoOn() && !limits.expires)
        #expect(
            !RoundLimits(
                until: at("2026-03-02 06:00"), by: { at("2026-03-02 06:00") }, expires: true
            ).mayGoOn())
        #expect(RoundLimits(until: nil, by: { at("2026-03-02 06:00") }, expires: true).mayGoOn())
    }

    @Test(
        arguments: [
            ("2026-03-02 21:59", false), ("2026-03-02 22:00", true), ("2026-03-03 05:59", true),
            ("2026-03-03 06:00", false), ("2026-03-04 23:00", false),
        ])
    func `without a schedule the site's windows hold as well`(moment: String, isOpen: Bool) throws {
        let limits = RoundLimits(
            while: try times(["22:00-06:00"], ["2026-03-04"]), by: { at(moment) }, expires: true)
        #expect(limits.mayGoOn() == isOpen)
    }

    @Test func `where the working days of a year are unknown nothing is sent`() throws {
        let limits = RoundLimits(
            while: try times([], ["restdays"]), by: { at("2026-03-02 12:00") }, expires: true)
        #expect(!limits.mayGoOn())
    }

    private func parcel(_ days: [String], created: String) -> Parcel {
        Parcel(
            id: SubmissionID("s"), programme: "check", profile: "p", sender: "c",
            region: "990101", suite: "gm", created: at(created), signingKey: "k", wire: [],
            byteCount: 0, digest: "", wireDigest: [], signature: [], ownKey: "",
            records: days.enumerated().map { number, text in
                SubmittedRecord(
                    record: RecordID("r\(number)"), version: 1, action: .submit,
                    institution: "i", servedOn: at(text + " 00:00").day,
                    traits: SettlementTraits(isFree: true, spouses: [], isComplete: true),
                    claimant: nil, childOrder: nil)
            })
    }

    @Test func `a parcel goes until half an hour before its own records' deadline`() throws {
        let deadlines = Deadlines(
            [Deadline(name: "monthly", day: .ofMonth(10), counts: .previousMonth)],
            openTimes: try times([]))
        func latest(_ days: [String], _ created: String) -> Timestamp? {
            deadlines.latestSend(of: parcel(days, created: created), programme: "folder")
        }
        let november = at("2026-11-10 23:30")
        #expect(latest(["2026-10-31"], "2026-11-01 08:00") == november)
        #expect(latest(["2026-11-02", "2026-10-31"], "2026-11-05 08:00") == november)
        #expect(latest(["2026-11-02"], "2026-11-05 08:00") == at("2026-12-10 23:30"))
        #expect(latest(["2026-09-30"], "2026-11-05 08:00") == nil)
        let working = Deadlines(
            [Deadline(name: "books", day: .workday(5), counts: .previousMonth)],
            openTimes: try times([]))
        #expect(
            working.latestSend(
                of: parcel(["2026-10-31"], created: "2026-11-01 08:00"), programme: "folder")
                == nil, "its year has no file: nothing is guessed")
    }

    @Test func `records are late from half an hour before their deadline on, unless late is taken`()
        throws
    {
        func deadlines(_ late: Deadline.Late, of programme: String? = nil) throws -> Deadlines {
            Deadlines(
                [
                    Deadline(
                        name: "monthly", programme: programme, day: .ofMonth(10),
                        counts: .previousMonth, late: late)
                ], openTimes: try times([]))
        }
        func isLate(_ month: Int, _ moment: String, _ all: Deadlines) -> Bool {
            all.isLate(
                CalendarMonth(year: 2026, month: month), programme: "folder", at: at(moment))
        }
        let holding = try deadlines(.hold)
        #expect(!isLate(10, "2026-11-10 23:29", holding))
        #expect(isLate(10, "2026-11-10 23:30", holding))
        #expect(isLate(3, "2026-11-01 08:00", holding))
        #expect(!isLate(11, "2026-11-30 08:00", holding))
        #expect(!isLate(3, "2026-11-01 08:00", try deadlines(.send)))
        #expect(!isLate(3, "2026-11-01 08:00", try deadlines(.hold, of: "other")))
        #expect(!isLate(3, "2026-11-01 08:00", Deadlines([], openTimes: try times([]))))
    }
}
