import Delivery
package import Flow
import Programmes
package import Records
import Schedules
package import Storage

/// The metrics page of a site (监控指标): counted from its database at each call, and from what the
/// process knows.
///
/// Counting takes longer the more there is, so a page is kept for some seconds: whoever asks more
/// often gets the same.
package actor SiteMetrics {
    /// How long a page is the answer.
    static let keptSeconds: Int64 = 10

    private let state: ServiceState
    private let database: any Database
    private let process = ProcessReadings()
    private var site: Site
    private var page: (text: String, at: Timestamp)?
    private var periods: (known: [(name: String, seconds: Int)], day: CalendarDate)?

    /// - Parameter database: a way of its own, for reading only: a long count keeps nobody waiting.
    package init(site: Site, database: any Database, state: ServiceState) {
        self.site = site
        self.database = database
        self.state = state
    }

    /// Another configuration is in force.
    package func use(_ site: Site) {
        self.site = site
        page = nil
        periods = nil
    }

    /// The page's text. Throws `StorageFailure`, `DecodingError`.
    package func text() async throws -> String {
        let now = site.clock()
        if let page, page.at <= now, now < page.at.adding(seconds: SiteMetrics.keptSeconds) {
            return page.text
        }
        let text = try await made(at: now).text
        page = (text, now)
        return text
    }

    /// How long each schedule may pause: reckoned once a day, since it looks two months ahead.
    private func periods(at now: Timestamp) -> [(name: String, seconds: Int)] {
        if let periods, periods.day == now.day { return periods.known }
        let calendar = site.configuration.calendar
        let known = calendar.schedules.compactMap { schedule in
            calendar.period(of: schedule, after: now.minute).map {
                (name: schedule.name, seconds: $0 * 60)
            }
        }
        periods = (known, now.day)
        return known
    }

    private func made(at now: Timestamp) async throws -> MetricsPage {
        let (standing, site) = (state.now, site)
        let process = process
        let periods = periods(at: now)
        return try await database.read { transaction in
            var page = MetricsPage()
            page.addProgram(site)
            page.addKnown(standing, now)
            page.addDelivery(standing.delivery, to: site.profile.name)
            page.addClock(standing)
            page.addObjectives(standing, of: site)
            page.addYears(standing)
            let queries = MetricQueries(site: site, transaction: transaction, now: now)
            try queries.intake(&page)
            try queries.queue(&page)
            try queries.attempts(&page)
            try queries.traffic(&page)
            try queries.lane(&page)
            try queries.receipts(&page)
            try queries.schedules(&page)
            for (name, seconds) in periods {
                page.add(Metrics.schedulePeriod, ["schedule": name], seconds)
            }
            try queries.incidents(&page)
            page.addFiles(of: site)
            page.addDisk(standing)
            page.addReading(process.now())
            return page
        }
    }
}

extension MetricsPage {
    /// What the process knows.
    package mutating func addKnown(_ standing: ServiceState.Standing, _ now: Timestamp) {
        for (loop, moment) in standing.ticks.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            add(Metrics.tick, ["loop": loop.rawValue], moment.seconds)
        }
        for (id, count) in standing.violations.sorted(by: { $0.key < $1.key }) {
            add(Metrics.violations, ["invariant": id], count)
        }
        if let moment = standing.invariantsCheckedAt {
            add(Metrics.invariantsChecked, moment.seconds)
        }
        if let wasReloaded = standing.wasReloaded {
            add(Metrics.reloadWell, wasReloaded ? 1 : 0)
        }
        for deadline in standing.deadlines {
            let labels: KeyValuePairs = ["window": deadline.name]
            add(Metrics.windowCloses, labels, deadline.closes.seconds)
            add(Metrics.windowBacklog, labels, deadline.unanswered)
            if let done = deadline.done {
                add(Metrics.windowForecast, labels, max(0, done.seconds - now.seconds))
            }
        }
    }
}

extension MetricsPage {
    /// Whether objectives are kept. Where people type nothing is counted.
    mutating func addObjectives(_ standing: ServiceState.Standing, of site: Site) {
        guard site.configuration.national.way.binding != .assisted else { return }
        for (metric, count) in [
            (Metrics.firstAttempts, standing.firstAttempts), (Metrics.finality, standing.finality),
        ] {
            add(metric, ["endpoint": site.profile.name, "met": "yes"], count.met)
            add(metric, ["endpoint": site.profile.name, "met": "no"], count.missed)
        }
    }

    /// The years' accounts, and how far they are from the national counts.
    mutating func addYears(_ standing: ServiceState.Standing) {
        for year in standing.years {
            for (status, count) in year.cases.sorted(by: { $0.key < $1.key }) {
                add(
                    Metrics.yearCases,
                    ["programme": year.programme, "year": "\(year.year)", "status": status], count)
            }
            let labels: KeyValuePairs = ["programme": year.programme, "year": "\(year.year)"]
            add(Metrics.yearStage, labels, year.stage.rawValue)
            let key = ServiceState.YearKey(programme: year.programme, year: year.year)
            guard let last = standing.comparisons[key] else { continue }
            add(Metrics.compared, labels, last.at.seconds)
            for (kind, count) in last.differences.sorted(by: { $0.key < $1.key }) {
                add(
                    Metrics.difference,
                    ["programme": year.programme, "year": "\(year.year)", "kind": kind], count)
            }
        }
    }
}

extension Timestamp {
    /// Since 1970, as Prometheus counts.
    var seconds: Double { Double(microseconds) / 1_000_000 }
}
