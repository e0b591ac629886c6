import Evidence
import Flow
import Foundation
import Notices
import Operations
import Privacy
import Programmes
import Records
import Schedules
import ServiceLifecycle
import Storage

/// Looks at the database from outside (自查): the cheap invariants every five minutes, all of them
/// and the deadlines every hour; and tells people what is wrong.
struct WatchService: Service {
    let serving: Serving
    private let clocks: ClockComparison
    private let probe: DiskProbe?
    private let sender = NoticeSender()

    /// - Parameter clocks: the look at the clock before anything began.
    init(serving: Serving, clocks: ClockComparison) {
        self.serving = serving
        self.clocks = clocks
        probe =
            if case .file(let path) = serving.site.configuration.database {
                DiskProbe(beside: path, steady: steadyClock)
            } else { nil }
    }

    private static let lookSeconds: Int64 = 15
    private static let minuteSeconds: Int64 = 60
    private static let oftenSeconds: Int64 = 300
    private static let hourlySeconds: Int64 = 3600
    private static let dailySeconds: Int64 = 86_400

    func run() async throws {
        let end = StopSignal(for: [])
        await withGracefulShutdownHandler {
            await look(until: end)
        } onGracefulShutdown: {
            end.raise()
        }
    }

    private func look(until end: StopSignal) async {
        // By a clock that nobody sets; the first look is at everything.
        var minutely = Turn(seconds: WatchService.minuteSeconds)
        var often = Turn(seconds: WatchService.oftenSeconds)
        var hourly = Turn(seconds: WatchService.hourlySeconds)
        var daily = Turn(seconds: WatchService.dailySeconds)
        var objectives = ObjectiveWatch(since: serving.site.clock())
        var clocks = clocks
        while !end.isRaised, !Task.isCancelled {
            let site = serving.site
            serving.state.tick(.watch, at: site.clock())
            await compare(&clocks)
            if minutely.hasCome() || !serving.state.now.devices.isEmpty {
                DeviceWatch(serving: serving).look()
            }
            if hourly.hasCome() {
                _ = often.hasCome()
                tryDisk()
                await look(.hourly, site)
                await deadlines(site)
                await years(site, comparing: daily.hasCome())
                await hold(site)
                await anchor(site)
            } else if often.hasCome() {
                tryDisk()
                await hold(site)
                await look(.often, site)
            }
            await endRequests(site)
            await count(&objectives, site)
            await tell(site)
            await end.wait(seconds: Double(WatchService.lookSeconds))
        }
    }

    private func compare(_ clocks: inout ClockComparison) async {
        do { clocks = try await serving.looked(clocks) } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    /// Erases what a request for persons' names left behind, its time being over.
    private func endRequests(_ site: Site) async {
        guard site.configuration.custody != nil else { return }
        do {
            try await IdentifyDesk(site: site, database: serving.database).endOverdue()
        } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    /// Holds the audit trail to what the ledger knows of it.
    private func hold(_ site: Site) async {
        do {
            let anchors = try await site.auditAnchors(in: serving.lookout)
            serving.state.note(auditCut: try !site.auditTrail.missing(of: anchors.heads).isEmpty)
        } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    /// Notes in the ledger how far the audit trail goes.
    private func anchor(_ site: Site) async {
        do { try await site.anchorAudit(in: serving.database) } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    /// Nobody waits for it: a disk that hangs is told of by those who do.
    private func tryDisk() {
        guard let probe else { return }
        Task { [state = serving.state] in await state.tryDisk(by: probe) }
    }

    /// Counts what kept to the objectives since the last look.
    private func count(_ watch: inout ObjectiveWatch, _ site: Site) async {
        guard site.configuration.national.way.binding != .assisted else { return }
        do {
            let (before, name, now) = (watch, site.profile.name, site.clock())
            let look = try await serving.lookout.read {
                try before.look(at: name, now: now, in: $0)
            }
            guard let look else { return }
            watch.add(look, by: site.configuration.calendar)
            serving.state.note(watch)
        } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    /// How the years stand, and once a day how far they are from the national counts. Where those
    /// cannot be had the metrics keep the time of the last comparison, and an alert watches it.
    private func years(_ site: Site, comparing: Bool) async {
        do {
            let exchange = try Exchange(site: site, database: serving.lookout)
            let desk = YearDesk(site: site, database: serving.lookout, exchange: exchange)
            serving.state.note(
                try await desk.readings(comparing: comparing && !exchange.isAssisted),
                at: site.clock())
        } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    /// Holds what looks wrong against the book of incidents, and tells people what is new. What
    /// cannot be handed over is tried again, and stops nothing.
    private func tell(_ site: Site) async {
        let codes = CodeBook(site.catalogue)
        let desk = NoticeDesk(
            channels: site.configuration.notices, database: serving.database, sender: sender,
            county: site.configuration.county.name, region: site.configuration.county.region,
            clock: site.clock, entry: { codes[$0] })
        let (signs, now) = (
            IncidentSigns(site: site, standing: serving.state.now), site.clock()
        )
        do {
            let found = try await serving.lookout.read { try signs.all(in: $0, now: now) }
            let change = try await desk.note(found)
            for incident in change.began { log(.incidentBegan, incident) }
            for incident in change.ended { log(.incidentEnded, incident) }
            for failed in try await desk.deliver() {
                serving.log.warning(
                    .noticeFailed,
                    [
                        "channel": .init(failed.channel), "code": .init(failed.code),
                        "failure": .init(failed.failure),
                    ])
            }
        } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    private func log(_ event: ServiceLog.Event, _ incident: Incident) {
        serving.log.warning(
            event,
            [
                "code": .init(incident.code), "subject": .init(incident.subject),
                "since": .init(incident.since.dateTime),
            ])
    }

    /// Something that is done again and again.
    private struct Turn {
        let seconds: Int64
        private var last: Int64?

        init(seconds: Int64) { self.seconds = seconds }

        mutating func hasCome() -> Bool {
            let now = steadyClock()
            guard last.map({ now - $0 >= seconds * 1_000_000 }) ?? true else { return false }
            last = now
            return true
        }
    }

    private func look(_ pace: Invariant.Pace, _ site: Site) async {
        do {
            let found = try await InvariantDesk(site: site, database: serving.lookout).look(pace)
            serving.state.note(found, at: site.clock())
            for finding in found where !finding.places.isEmpty {
                serving.log.error(
                    .invariantBroken,
                    [
                        "invariant": .init(finding.id), "count": .init(finding.places.count),
                        "places": .init(finding.places.prefix(10).joined(separator: " ")),
                    ])
            }
            let broken = found.count { !$0.places.isEmpty }
            serving.log.info(
                .invariantsChecked, ["checked": .init(found.count), "broken": .init(broken)])
        } catch {
            // The time of the last look stands in the metrics, and an alert watches it.
            serving.log.error(.failed, Explanation(error).entry)
        }
    }

    private func deadlines(_ site: Site) async {
        do {
            let exchange = try Exchange(site: site, database: serving.lookout)
            let lines = try await DeadlineDesk(
                site: site, database: serving.lookout, exchange: exchange
            ).lines(at: site.clock())
            serving.state.note(lines.map { ServiceState.DeadlineReading($0, at: site.clock()) })
            for line in lines where line.forecast.level > .calm {
                serving.log.warning(
                    .deadline,
                    [
                        "deadline": .init(line.deadline.name),
                        "level": .init(line.forecast.level.rawValue),
                        "unanswered": .init(line.forecast.unanswered),
                    ])
            }
        } catch is CalendarGap {
            // Where a year's working days are unknown there is nothing to say; `lint` says so.
        } catch {
            serving.log.error(.failed, Explanation(error).entry)
        }
    }
}

extension ServiceState.DeadlineReading {
    init(_ line: DeadlineDesk.Line, at now: Timestamp) {
        let done: Timestamp? =
            switch line.forecast.outcome {
            case .done: now
            case .inTime(let minute), .late(let minute?): Timestamp(minute)
            case .late(nil), .noRate, .closed, .missed: nil
            }
        self.init(
            name: line.deadline.name, closes: Timestamp(line.forecast.closing.closes),
            unanswered: line.forecast.unanswered, done: done,
            code: line.forecast.level.entry?.code)
    }
}
