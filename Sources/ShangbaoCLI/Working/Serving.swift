import Delivery
import Flow
import Foundation
import LibCrypto
import Operations
import Privacy
import Programmes
import Records
import Schedules
import ServiceLifecycle
import Storage
import Synchronization

/// The parts of `shangbao serve`, and the configuration that they work by (常驻服务).
final class Serving: Sendable {
    /// Seconds between rounds, and for how long a file must have rested.
    struct Pace: Sendable {
        let every: Int
        let settle: Int64
    }

    private struct InForce: Sendable {
        var site: Site
        /// Checked, and taken over as soon as the present rounds are over.
        var next: Site?
        /// Raised to end the present rounds.
        var turn: StopSignal
    }

    let keyring: Keyring
    let database: any SteadyDatabase
    /// Ways of their own into the database, for those who only look: one for whoever asks from
    /// outside, one for the long looks at everything.
    let view: any SteadyDatabase
    let lookout: any SteadyDatabase
    let log: ServiceLog
    let pace: Pace
    let language: Language
    let state: ServiceState
    let stop = StopSignal(for: [])
    private let inForce: Mutex<InForce>

    init(
        site: Site, keyring: Keyring, database: any SteadyDatabase, view: any SteadyDatabase,
        lookout: any SteadyDatabase, log: ServiceLog, state: ServiceState, pace: Pace,
        language: Language
    ) {
        self.keyring = keyring
        self.database = database
        self.view = view
        self.lookout = lookout
        self.log = log
        self.state = state
        self.pace = pace
        self.language = language
        inForce = Mutex(InForce(site: site, next: nil, turn: StopSignal(for: [])))
    }

    /// The configuration that is in force.
    var site: Site { inForce.withLock { $0.site } }

    /// Runs until it is told to stop. Throws what a part could not go on after.
    func run() async throws {
        let metrics = SiteMetrics(site: site, database: view, state: state)
        // Before anything is written that would say otherwise.
        let start = ClockComparison(wall: site.clock(), steady: steadyClock())
        let clocks = try await looked(start)
        var others: [any Service] = [
            WatchService(serving: self, clocks: clocks),
            ReloadService(serving: self, metrics: metrics),
        ]
        if let listener = site.configuration.service.listener {
            others.append(health(listener, metrics))
        }
        log.info(.started, ["county": .init(site.configuration.county.region)])
        do {
            try await ServiceRun()(WorkService(serving: self), beside: others)
        } catch is CancellationError where stop.isRaised {
            // The grace was over: what was under way is taken up at the next start.
        }
        log.info(.stopped)
    }

    /// Holds the clock against the others once more. Throws `StorageFailure`.
    func looked(_ before: ClockComparison) async throws -> ClockComparison {
        let clock = site.clock
        let looked = try await lookout.read {
            try before.looked(clock, steady: steadyClock, in: $0)
        }
        state.note(looked)
        return looked
    }

    private func health(
        _ listener: ServiceSettings.Listener, _ metrics: SiteMetrics
    ) -> HealthServer {
        let health = Health(state: state, clock: site.clock)
        let (view, log) = (view, log)
        return HealthServer(host: listener.host, port: listener.port) { path in
            switch path {
            case "/health/live": return health.live()
            case "/health/ready": return await health.ready(view)
            case "/metrics":
                guard let text = try? await metrics.text() else {
                    return .init(status: 503, type: "text/plain", body: "E-STORAGE\n")
                }
                return .init(type: MetricsPage.type, body: text)
            default: return nil
            }
        } listening: { port in
            log.info(.listening, ["address": .init("\(listener.host):\(port)")])
        }
    }

    /// Nothing is claimed any more; what is under way comes to its end.
    func end() {
        state.stop()
        log.info(.stopping)
        stop.raise()
        inForce.withLock { $0.turn.raise() }
    }

    // MARK: - Reloading

    /// Checks the configuration that is on disk, and takes it over if it is sound.
    func reload() async -> Site? {
        do {
            let now = site
            let next = try Site(folder: now.configuration.folder, clock: now.clock)
            try await check(next, against: now)
            inForce.withLock { inForce in
                inForce.next = next
                inForce.turn.raise()
            }
            state.note(reloaded: true, at: now.clock())
            log.info(.reloaded)
            return next
        } catch {
            let failure = Explanation(error)
            state.note(reloaded: false, at: site.clock())
            log.error(
                .reloadRefused, failure.entry, place: failure.place,
                detail: failure.detail?.text(in: language))
            return nil
        }
    }

    /// What a start would ask, and what only a start can change.
    private func check(_ next: Site, against now: Site) async throws {
        let pairs = [
            ("database", "\(now.configuration.database)", "\(next.configuration.database)"),
            ("keys.ring", now.configuration.keyring, next.configuration.keyring),
            ("sendJournal", now.configuration.sendJournal, next.configuration.sendJournal),
            (
                "devices", "\(now.configuration.devices)", "\(next.configuration.devices)"
            ),
            ("suite", now.configuration.suite.rawValue, next.configuration.suite.rawValue),
            (
                "environment", now.configuration.environment.rawValue,
                next.configuration.environment.rawValue
            ),
            (
                "service.listen", "\(String(describing: now.configuration.service.listener))",
                "\(String(describing: next.configuration.service.listener))"
            ),
        ]
        for (key, before, after) in pairs where before != after {
            throw CommandFailure(.needsRestart, place: Configuration.fileName, detail: key)
        }
        for source in next.configuration.sources {
            let file = try next.mapping(for: source.name).file
            try await next.demandApproval(of: file, knownTo: database)
        }
        for part in next.programmes { _ = try next.preparationKit(keyring, for: part) }
        _ = try Exchange(site: next, database: database)
    }

    /// What the next rounds work by, and the signal that ends them.
    func turn() -> (site: Site, until: StopSignal) {
        inForce.withLock { inForce in
            if let next = inForce.next {
                inForce.site = next
                inForce.next = nil
            }
            inForce.turn = StopSignal(for: [])
            if stop.isRaised { inForce.turn.raise() }
            return (inForce.site, inForce.turn)
        }
    }
}

/// Checks the configuration anew at each SIGHUP.
struct ReloadService: Service {
    let serving: Serving
    let metrics: SiteMetrics

    func run() async throws {
        let end = StopSignal(for: [])
        await withGracefulShutdownHandler {
            let signals = HangUps()
            while !end.isRaised, !Task.isCancelled {
                await signals.wait(or: end)
                guard !end.isRaised, !Task.isCancelled, !serving.stop.isRaised else { continue }
                if let next = await serving.reload() { await metrics.use(next) }
            }
        } onGracefulShutdown: {
            end.raise()
        }
    }
}
