package import Delivery
package import Flow
package import Records
import Schedules
package import Storage
import Synchronization

/// What only the running process knows (运行状态): how far its loops are, and what it has counted.
package final class ServiceState: Sendable {
    /// The parts that go round and round.
    package enum Loop: String, Sendable, CaseIterable {
        case intake, delivery, calendar, watch
    }

    /// A part that has not gone round for so long hangs: longer than any round may take.
    package static let hangSeconds: Int64 = 1800

    package struct Standing: Sendable {
        package fileprivate(set) var isStarted = false
        package fileprivate(set) var isStopping = false
        /// When each part last began a round.
        package fileprivate(set) var ticks: [Loop: Timestamp] = [:]
        package fileprivate(set) var hasClockJumped = false
        /// The audit trail lacks rows that the ledger knows.
        package fileprivate(set) var isAuditCut = false
        package fileprivate(set) var clockJumps = 0
        /// How the clock compares with others; `nil` before the first look.
        package fileprivate(set) var clock: ClockComparison?
        /// What delivery counted.
        package fileprivate(set) var delivery = DeliveryTally.Counts()
        package fileprivate(set) var droppedLines: [LogOutlet.Reason: Int] = [:]
        /// When the database file's log was last moved into it whole.
        package fileprivate(set) var checkpointedAt: Timestamp?
        package fileprivate(set) var diskTrials = Durations(bounds: Durations.diskBounds)
        fileprivate var isTryingDisk = false
        /// Devices that do not sign, by their names: the code of the fault.
        package fileprivate(set) var devices: [String: String] = [:]
        fileprivate var isTryingDevices = false
        /// Places where an invariant does not hold, by its id; those that were looked at.
        package fileprivate(set) var violations: [String: Int] = [:]
        package fileprivate(set) var invariantsCheckedAt: Timestamp?
        /// Whether the last reload was taken over; `nil` before the first.
        package fileprivate(set) var wasReloaded: Bool?
        package fileprivate(set) var reloadedAt: Timestamp?
        package fileprivate(set) var deadlines: [DeadlineReading] = []
        package fileprivate(set) var firstAttempts = ObjectiveWatch.Count()
        package fileprivate(set) var finality = ObjectiveWatch.Count()
        package fileprivate(set) var years: [YearReading] = []
        /// The last comparison of a year with the national counts, by programme and year.
        package fileprivate(set) var comparisons: [YearKey: Comparison] = [:]
    }

    package struct YearKey: Sendable, Hashable {
        package let programme: String
        package let year: Int
    }

    /// How far a year was from the national counts.
    package struct Comparison: Sendable {
        package let differences: [String: Int]
        package let at: Timestamp
    }

    /// How a deadline stands, for the metrics.
    package struct DeadlineReading: Sendable {
        package let name: String
        package let closes: Timestamp
        package let unanswered: Int
        /// Until when all is answered at the present rate; `nil` where there is no rate.
        package let done: Timestamp?
        /// What is said of it; `nil` while it is calm.
        package let code: String?

        package init(
            name: String, closes: Timestamp, unanswered: Int, done: Timestamp?, code: String?
        ) {
            self.name = name
            self.closes = closes
            self.unanswered = unanswered
            self.done = done
            self.code = code
        }
    }

    private let standing = Mutex(Standing())
    /// Counts what happens on the way to the national side.
    package let delivery = DeliveryTally()

    package init() {}

    package var now: Standing {
        var now = standing.withLock { $0 }
        now.delivery = delivery.now
        return now
    }

    /// The first rounds have begun.
    package func start() { standing.withLock { $0.isStarted = true } }
    /// It was told to end.
    package func stop() { standing.withLock { $0.isStopping = true } }

    /// A part begins a round.
    package func tick(_ loop: Loop, at moment: Timestamp) {
        standing.withLock { $0.ticks[loop] = moment }
    }

    /// Parts that do not run any more hang no longer either.
    package func forget(_ loops: [Loop]) {
        standing.withLock { standing in
            for loop in loops { standing.ticks[loop] = nil }
        }
    }

    /// Whether the clock is where it should be.
    package func note(clockJumped: Bool) {
        standing.withLock { standing in
            if clockJumped, !standing.hasClockJumped { standing.clockJumps += 1 }
            standing.hasClockJumped = clockJumped
        }
    }

    /// Whether the audit trail has all rows that the ledger knows.
    package func note(auditCut: Bool) { standing.withLock { $0.isAuditCut = auditCut } }

    /// How the clock compares with others.
    package func note(_ clock: ClockComparison) { standing.withLock { $0.clock = clock } }

    /// A line of the log that could not be written.
    package func note(dropped reason: LogOutlet.Reason) {
        standing.withLock { $0.droppedLines[reason, default: 0] += 1 }
    }

    /// The database file's log was moved into it whole.
    package func note(checkpointAt moment: Timestamp) {
        standing.withLock { $0.checkpointedAt = moment }
    }

    /// Has the disk tried; does nothing while an earlier trial still waits for it.
    package func tryDisk(by probe: DiskProbe) async {
        let isFree = standing.withLock { standing in
            defer { standing.isTryingDisk = true }
            return !standing.isTryingDisk
        }
        guard isFree else { return }
        let took = await probe.measure()
        standing.withLock { standing in
            standing.isTryingDisk = false
            if let took { standing.diskTrials.add(microseconds: took) }
        }
    }

    /// Has the devices tried that hold signing keys; does nothing while an earlier trial waits for
    /// one.
    ///
    /// - Parameter trial: gives the codes of those that do not sign, by their names.
    /// - Returns: what the trial gave; `nil` where there was none.
    package func tryDevices(
        by trial: @Sendable () async -> [String: String]
    ) async -> [String: String]? {
        let isFree = standing.withLock { standing in
            defer { standing.isTryingDevices = true }
            return !standing.isTryingDevices
        }
        guard isFree else { return nil }
        let found = await trial()
        standing.withLock { standing in
            standing.isTryingDevices = false
            standing.devices = found
        }
        return found
    }

    /// How a reload ended.
    package func note(reloaded: Bool, at moment: Timestamp) {
        standing.withLock { standing in
            standing.wasReloaded = reloaded
            if reloaded { standing.reloadedAt = moment }
        }
    }

    /// What a look at the invariants found.
    package func note(_ findings: [InvariantDesk.Finding], at moment: Timestamp) {
        standing.withLock { standing in
            for finding in findings { standing.violations[finding.id] = finding.places.count }
            standing.invariantsCheckedAt = moment
        }
    }

    /// How many kept to the objectives so far.
    package func note(_ watch: ObjectiveWatch) {
        standing.withLock { standing in
            standing.firstAttempts = watch.first
            standing.finality = watch.final
        }
    }

    /// How the years stand; what could not be compared keeps its last comparison.
    package func note(_ years: [YearReading], at moment: Timestamp) {
        standing.withLock { standing in
            standing.years = years
            for year in years {
                guard let differences = year.differences else { continue }
                let key = YearKey(programme: year.programme, year: year.year)
                standing.comparisons[key] = Comparison(differences: differences, at: moment)
            }
        }
    }

    /// How the deadlines stand.
    package func note(_ deadlines: [DeadlineReading]) {
        standing.withLock { $0.deadlines = deadlines }
    }
}
