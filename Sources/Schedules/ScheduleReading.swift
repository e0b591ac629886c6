package import Definitions
import Records

extension UploadCalendar {
    /// Reads `calendar:` and `schedules:` of a site's file (站点文件). Both may be absent.
    ///
    /// - Parameters:
    ///   - sources: the names of the site's sources.
    ///   - county: what the offset is taken from.
    package init(
        _ site: inout Section, sources: [String], holidays: HolidayCalendar, county: String
    ) throws(DefinitionError) {
        var windows: [DayWindow] = []
        var blackout: DaySet?
        if var calendar = try site.optionalSection("calendar") {
            windows = try calendar.windows("windows")
            blackout = try calendar.days("blackout")
            try calendar.finish()
        }
        var schedules: [Schedule] = []
        if var group = try site.optionalSection("schedules") {
            let names = group.keys
            for name in names {
                var section = try group.section(name)
                schedules.append(
                    try section.schedule(name, sources: sources, schedules: names))
                try section.finish()
            }
        }
        self.init(
            schedules: schedules,
            openTimes: OpenTimes(windows: windows, blackout: blackout, calendar: holidays),
            county: county)
    }
}

extension Section {
    /// A fault of one of this section's values, with its place in the file.
    private func error(at key: String, _ fault: TimingFault) -> DefinitionError {
        error(at: key, fault.wording.zh, fault.wording.en)
    }

    /// Reads what is written under a key by one of the small languages of times.
    private mutating func read<Read>(
        _ key: String, _ texts: [String], _ read: (String) throws(TimingFault) -> Read
    ) throws(DefinitionError) -> [Read] {
        var found: [Read] = []
        for text in texts {
            do throws(TimingFault) {
                found.append(try read(text))
            } catch {
                throw self.error(at: key, error)
            }
        }
        return found
    }

    private mutating func one<Read>(
        _ key: String, _ reader: (String) throws(TimingFault) -> Read
    ) throws(DefinitionError) -> Read? {
        guard let text = try optionalText(key) else { return nil }
        return try read(key, [text], reader).first
    }

    fileprivate mutating func windows(_ key: String) throws(DefinitionError) -> [DayWindow] {
        try read(key, try texts(key)) { (text) throws(TimingFault) in try DayWindow(text) }
    }

    fileprivate mutating func days(_ key: String) throws(DefinitionError) -> DaySet? {
        let texts = try texts(key)
        guard !texts.isEmpty else { return nil }
        do throws(TimingFault) {
            return try DaySet(texts)
        } catch {
            throw self.error(at: key, error)
        }
    }

    private mutating func times(_ key: String) throws(DefinitionError) -> [TimeOfDay] {
        let times = try read(key, try texts(key)) { (text) throws(TimingFault) in
            try TimeOfDay(text)
        }
        return Set(times).sorted { $0.minute < $1.minute }
    }

    private mutating func span(_ key: String, longest: Int) throws(DefinitionError) -> Span? {
        try one(key) { (text) throws(TimingFault) in try Span(text, longest: longest) }
    }

    fileprivate mutating func schedule(
        _ name: String, sources: [String], schedules: [String]
    ) throws(DefinitionError) -> Schedule {
        let work = try work(sources: sources)
        var schedule = Schedule(name: name, work: work, timing: try timing())
        schedule.on = try days("on")
        schedule.notOn = try days("notOn")
        schedule.windows = try windows("windows")
        // Whoever names a time of day would have all counties call in that minute.
        let isOwnPace = if case .every = schedule.timing { true } else { !work.callsNation }
        schedule.spread =
            try spread() ?? Span(minutes: isOwnPace ? 0 : 60)
        schedule.requirements = try requirements(of: name, sources, schedules)
        if let wait = try span("wait", longest: 7 * 1440) { schedule.wait = wait }
        if let otherwise = try choice("otherwise", of: Schedule.Otherwise.self) {
            schedule.otherwise = otherwise
        }
        guard !schedule.requirements.isEmpty || (!has("wait") && !has("otherwise")) else {
            throw error(
                at: "wait", "wait 和 otherwise 只与 after 一起用。", "wait and otherwise go with after.")
        }
        if let catchUp = try choice("catchUp", of: Schedule.CatchUp.self) {
            schedule.catchUp = catchUp
        }
        return schedule
    }

    /// `none`, or a span.
    private mutating func spread() throws(DefinitionError) -> Span? {
        if try optionalText("spread") == "none" { return Span(minutes: 0) }
        return try span("spread", longest: 1440)
    }

    private mutating func work(sources: [String]) throws(DefinitionError) -> ScheduledWork {
        let words = try text("does").split(separator: " ").map(String.init)
        switch words.first {
        case "take":
            for source in words.dropFirst() where !sources.contains(source) {
                throw error(
                    at: "does", "没有来源 \(source)；可用：\(sources.joined(separator: ", "))。",
                    "No source \(source); known: \(sources.joined(separator: ", ")).")
            }
            return .take(Array(words.dropFirst()))
        case "deliver" where words.count == 1: return .deliver
        case "collect" where words.count == 1: return .collect
        case "reconcile" where words.count == 1: return .reconcile
        case "all" where words.count == 1: return .all
        default:
            throw error(
                at: "does", "只能是：take [来源…]、deliver、collect、reconcile、all。",
                "One of: take [SOURCE…], deliver, collect, reconcile, all.")
        }
    }

    private mutating func timing() throws(DefinitionError) -> Timing {
        let line = try one("cron") { (text) throws(TimingFault) in try CronLine(text) }
        let every = try span("every", longest: 7 * 1440)
        let times = try times("at")
        let workday = try workday("workday")
        guard [line != nil, every != nil, !times.isEmpty].count(where: { $0 }) == 1,
            workday == nil || !times.isEmpty
        else {
            throw error(
                "应恰好写一种时刻：cron、every，或 at（可加 workday）。",
                "Exactly one of cron, every, or at (with workday if need be).")
        }
        if let line { return .cron(line) }
        if let every { return .every(every) }
        return workday.map { .workday($0, times) } ?? .daily(times)
    }

    /// `1` to `23`, or `last`.
    private mutating func workday(_ key: String) throws(DefinitionError) -> Int? {
        guard let text = try optionalText(key) else { return nil }
        if text == "last" { return -1 }
        guard let number = Int(text), (1...23).contains(number) else {
            throw error(at: key, "应为 1 到 23，或 last。", "1 to 23, or last.")
        }
        return number
    }

    private mutating func requirements(
        of name: String, _ sources: [String], _ schedules: [String]
    ) throws(DefinitionError) -> [Requirement] {
        var found: [Requirement] = []
        for var section in try sections("after") {
            let schedule = try section.optionalText("schedule")
            let source = try section.optionalText("source")
            let rows = try section.integer("rows") ?? 0
            let within = try section.span("within", longest: 31 * 1440)
            try section.finish()
            if let schedule, source == nil, schedules.contains(schedule), schedule != name,
                rows == 0
            {
                found.append(
                    Requirement(subject: .schedule(schedule), rows: 0, within: within))
            } else if let source, schedule == nil, sources.contains(source), rows >= 0 {
                found.append(
                    Requirement(subject: .source(source), rows: rows, within: within))
            } else {
                throw section.error(
                    "应写 schedule（另一个日程）或 source（一个来源，可加 rows）。",
                    "Either schedule, another one, or source, with rows if need be.")
            }
        }
        return found
    }
}

extension Deadlines {
    /// Reads `deadlines:` of a site's file; it may be absent.
    ///
    /// - Parameter programmes: the folders of the programmes that the site reports.
    package init(_ site: inout Section, programmes: [String], openTimes: OpenTimes)
        throws(DefinitionError)
    {
        var all: [Deadline] = []
        if var group = try site.optionalSection("deadlines") {
            for name in group.keys {
                var section = try group.section(name)
                all.append(try section.deadline(name, programmes))
                try section.finish()
            }
        }
        self.init(all, openTimes: openTimes)
    }
}

extension Section {
    fileprivate mutating func deadline(_ name: String, _ programmes: [String])
        throws(DefinitionError) -> Deadline
    {
        let programme = try optionalText("programme")
        if let programme, !programmes.contains(programme) {
            throw error(
                at: "programme", "没有项目 \(programme)；可用：\(programmes.joined(separator: ", "))。",
                "No programme \(programme); known: \(programmes.joined(separator: ", ")).")
        }
        let day = try deadlineDay()
        let at = try one("at") { (text) throws(TimingFault) in
            try TimeOfDay(text, isEnd: true)
        }
        let isYearly = if case .ofYear = day { true } else { false }
        let counts = try choice("counts", of: Deadline.Counted.self)
        if let counts, counts.isYear != isYearly {
            throw error(
                at: "counts", "按年截止的数一年，按月截止的数一个月。",
                "A yearly deadline counts a year, a monthly one a month.")
        }
        let hours = try span("rate", longest: 31 * 1440)
        return Deadline(
            name: name, programme: programme, day: day,
            at: at ?? TimeOfDay(minute: 1440),
            counts: counts ?? (isYearly ? .previousYear : .previousMonth),
            late: try choice("late", of: Deadline.Late.self) ?? .hold,
            rateHours: max(1, (hours?.minutes ?? 1440) / 60))
    }

    /// `day 10`, `workday 5`, `last day`, `last workday`, or `02-20`.
    private mutating func deadlineDay() throws(DefinitionError) -> Deadline.Day {
        let text = try text("by")
        let words = text.split(separator: " ").map(String.init)
        switch (words.first, words.last, words.count) {
        case ("last", "day", 2): return .ofMonth(31)
        case ("last", "workday", 2): return .workday(-1)
        case ("day", let number?, 2):
            if let number = Int(number), (1...31).contains(number) { return .ofMonth(number) }
        case ("workday", let number?, 2):
            if let number = Int(number), (1...23).contains(number) { return .workday(number) }
        case (let date?, _, 1):
            // 2000 has every day that a year can have.
            if let day = CalendarDate(iso: "2000-" + date)?.parts {
                return .ofYear(month: day.month, day: day.day)
            }
        default: break
        }
        throw error(
            at: "by", "应为：day 10、workday 5、last day、last workday，或每年的 02-20。",
            "One of: day 10, workday 5, last day, last workday; or 02-20, each year.")
    }
}
