package import Delivery

/// What the process counts by itself. Each family stands there from the start, with nought: a first
/// time is an increase, too.
extension MetricsPage {
    /// What delivery counted.
    package mutating func addDelivery(_ counts: DeliveryTally.Counts, to endpoint: String) {
        for hold in RetryHold.allCases {
            add(
                Metrics.heldRetries, ["endpoint": endpoint, "reason": hold.rawValue],
                counts.heldRetries[hold] ?? 0)
        }
        for state in [DeliveryState.leased, .onWire] {
            add(
                Metrics.reclaims, ["from_state": state.rawValue], counts.reclaims[state] ?? 0)
        }
        add(Metrics.staleWrites, counts.staleWrites)
        if let ahead = counts.nationalClockAhead {
            add(Metrics.clockOffset, ["against": "nation"], ahead)
        }
    }

    /// How the clock compares with others.
    package mutating func addClock(_ standing: ServiceState.Standing) {
        add(Metrics.clockJumps, standing.clockJumps)
        guard let clock = standing.clock else { return }
        // Who set it forth left the clock that nobody sets behind.
        add(Metrics.clockOffset, ["against": "steady"], -clock.setForth)
        if let ahead = clock.databaseAhead {
            add(Metrics.clockOffset, ["against": "database"], ahead)
        }
        add(Metrics.clockBehind, clock.behindLedger)
    }

    /// What was learnt of the disk, and of the log that goes to one.
    package mutating func addDisk(_ standing: ServiceState.Standing) {
        if let moment = standing.checkpointedAt { add(Metrics.checkpoint, moment.seconds) }
        let trials = standing.diskTrials
        if trials.count > 0 {
            add(
                histogram: Metrics.diskTrials, [:], buckets: trials.buckets,
                count: trials.count, sum: trials.sum)
        }
        for reason in LogOutlet.Reason.allCases {
            add(
                Metrics.droppedLines, ["reason": reason.rawValue],
                standing.droppedLines[reason] ?? 0)
        }
    }
}
