package import Delivery
import Programmes
package import Records
package import Schedules
import Settlements
package import Storage

/// How the deadlines of a site stand (截止情况): what is unanswered by the books, how fast answers
/// come by the outbox, and what follows by the calendar.
package struct DeadlineDesk: Sendable {
    /// One deadline, as it stands now.
    package struct Line: Sendable {
        package let deadline: Deadline
        package let forecast: DeadlineForecast
        /// Records accepted in the time that the rate is taken from.
        package let rate: DeadlineForecast.Rate
        /// Records of these months that the clinics must correct first.
        package let toCorrect: Int
    }

    /// A deadline that has passed is spoken of so long.
    static let daysAfter = 31

    let site: Site
    let database: any Database
    private let exchange: Exchange

    package init(site: Site, database: any Database, exchange: Exchange) {
        self.site = site
        self.database = database
        self.exchange = exchange
    }

    /// The next closing of each deadline, and the last one where something was left behind.
    ///
    /// Throws `CalendarGap` where a year's file is missing, `StorageFailure`, `DecodingError`.
    package func lines(at now: Timestamp) async throws -> [Line] {
        let deadlines = site.configuration.deadlines
        guard !deadlines.all.isEmpty else { return [] }
        var counts: [String: [CalendarMonth: Counts]] = [:]
        for part in site.programmes {
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            counts[part.programme.folderName] = Counts.byMonth(try await closing.book())
        }
        let minute = now.minute
        let calendar = deadlines.openTimes.calendar
        var lines: [Line] = []
        for deadline in deadlines.all {
            let rate = try await rate(of: deadline, at: minute)
            let next = try deadline.closing(after: minute, by: calendar)
            lines.append(try line(deadline, next, rate, counts, minute))
            let last = try? deadline.closing(before: minute, by: calendar)
            if let last, last.closes.adding(minutes: DeadlineDesk.daysAfter * 1440) > minute {
                let passed = try line(deadline, last, rate, counts, minute)
                if passed.forecast.level == .missed { lines.append(passed) }
            }
        }
        return lines
    }

    private func line(
        _ deadline: Deadline, _ closing: Deadline.Closing, _ rate: DeadlineForecast.Rate,
        _ counts: [String: [CalendarMonth: Counts]], _ now: CalendarMinute
    ) throws(CalendarGap) -> Line {
        var sum = Counts()
        for (folder, months) in counts where deadline.programme ?? folder == folder {
            for (month, count) in months where closing.months.contains(month) {
                sum.unanswered += count.unanswered
                sum.toCorrect += count.toCorrect
            }
        }
        return Line(
            deadline: deadline,
            forecast: try DeadlineForecast(
                closing, unanswered: sum.unanswered, rate: rate,
                openTimes: site.configuration.deadlines.openTimes, now: now),
            rate: rate, toCorrect: sum.toCorrect)
    }

    /// Accepted over the last open hours.
    private func rate(of deadline: Deadline, at now: CalendarMinute) async throws
        -> DeadlineForecast.Rate
    {
        let times = site.configuration.deadlines.openTimes
        let since = try times.minute(before: deadline.rateHours * 60, to: now)
        let names = site.programmes
            .filter { deadline.programme ?? $0.programme.folderName == $0.programme.folderName }
            .map(\.name)
        let outbox = exchange.outbox
        let accepted = try await database.read { transaction in
            try names.reduce(0) {
                try $0 + outbox.acceptedCount(of: $1, since: Timestamp(since), in: transaction)
            }
        }
        return DeadlineForecast.Rate(
            accepted: accepted, openMinutes: try times.openMinutes(from: since, to: now))
    }
}

/// What of one month is not accepted.
private struct Counts {
    var unanswered = 0
    var toCorrect = 0

    static func byMonth(_ book: CaseBook) -> [CalendarMonth: Counts] {
        var counts: [CalendarMonth: Counts] = [:]
        for (tally, count) in book.monthTallies() {
            guard let month = tally.month else { continue }
            switch tally.standing {
            case .queued, .unanswered: counts[month, default: Counts()].unanswered += count
            // Held in the outbox it waits for an answer; held at home it was never to go.
            case .held where tally.isSent: counts[month, default: Counts()].unanswered += count
            case .quarantined: counts[month, default: Counts()].toCorrect += count
            case .held, .excluded, .accepted, .rejected, .withdrawn, .superseded: break
            }
        }
        return counts
    }
}

extension Outbox {
    /// Records of a programme that were accepted since a moment. Throws `StorageFailure`.
    package func acceptedCount(
        of programme: String, since moment: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        try transaction.run(
            """
            SELECT count(*) FROM item JOIN submission ON submission.id = item.submission
            WHERE item.state = 'accepted' AND item.at >= \(moment.microseconds)
                AND submission.programme = \(programme)
            """
        ).first?.int(0) ?? 0
    }
}
