import Delivery
import Flow
import Foundation
import Operations
import Programmes
import Records
import Schedules
import ServiceLifecycle
import Storage
import Submissions

/// The rounds of the service: files in, submissions out and receipts back, or the calendar where a
/// site has one. A new configuration begins new rounds on the same database.
struct WorkService: Service {
    let serving: Serving

    func run() async throws {
        try await withGracefulShutdownHandler {
            while !serving.stop.isRaised, !Task.isCancelled {
                let (site, turn) = serving.turn()
                try await rounds(of: site, until: turn)
            }
        } onGracefulShutdown: {
            serving.end()
        }
    }

    private func rounds(of site: Site, until turn: StopSignal) async throws {
        let database = serving.database
        let exchange = try Exchange(
            site: site, database: database, tally: serving.state.delivery)
        try await exchange.courier.start()
        let round = WorkingRound(
            site: site, exchange: exchange, database: database,
            arrivals: try await site.arrivals(database, exchange.outbox, serving.keyring),
            settleSeconds: serving.pace.settle,
            output: Output(language: serving.language, isJSON: false, log: serving.log))
        serving.state.start()
        defer { serving.state.forget([.intake, .delivery, .calendar]) }
        guard site.configuration.calendar.schedules.isEmpty else {
            return try await byCalendar(round, until: turn)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await takeIn(round, until: turn) }
            group.addTask { try await deliver(round, until: turn) }
            while try await group.next() != nil {}
        }
    }

    /// Files of all sources, and then what answers and new parts have let go.
    private func takeIn(_ round: WorkingRound, until turn: StopSignal) async throws {
        var troubles = 0
        while !turn.isRaised, !Task.isCancelled {
            serving.state.tick(.intake, at: round.site.clock())
            try await patiently(round.site, until: turn, &troubles) {
                var result = WorkingRound.Result(at: round.site.clock().dateTime)
                try await round.take(from: round.site.configuration.sources, turn, &result)
                if !turn.isRaised { try await round.followUp(&result) }
            }
            await turn.wait(seconds: Double(serving.pace.every))
        }
    }

    /// Sends and collects; at the end of the service what was claimed and not sent goes back.
    private func deliver(_ round: WorkingRound, until turn: StopSignal) async throws {
        let (site, state) = (round.site, serving.state)
        let hints = site.hints()
        var watch = ClockWatch()
        var (troubles, told) = (0, 0)
        while !turn.isRaised, !Task.isCancelled {
            state.tick(.delivery, at: site.clock())
            watch.note(site.clock(), steady: steadyClock())
            state.note(clockJumped: watch.hasJumped)
            let limits = RoundLimits(
                while: site.configuration.calendar.openTimes, by: site.clock,
                expires: !watch.hasJumped
            ).until(turn)
            try await patiently(site, until: turn, &troubles) {
                let outcome = try await cancelWhenGracefulShutdown {
                    try await round.exchange.deliver(limits) { _ in
                        state.tick(.delivery, at: site.clock())
                    }
                }
                note(outcome)
                let due = outcome.states[DeliveryState.due.rawValue] ?? 0
                if round.exchange.isAssisted, due != told {
                    serving.log.info(.toBeTyped, ["due": .init(due)])
                    told = due
                }
            }
            if turn.isRaised { break }
            if let hints {
                // A hint may be lost.
                _ = await hints.wait(seconds: Double(min(serving.pace.every, 5)))
            } else {
                await turn.wait(seconds: Double(serving.pace.every))
            }
        }
        await hints?.close()
    }

    /// Does something; while our own machine is in a trouble that may pass, or the recipient's
    /// certificate is over and a person must take the next one, it pauses instead.
    ///
    /// - Parameter troubles: how often that was so in a row.
    private func patiently(
        _ site: Site, until turn: StopSignal, _ troubles: inout Int,
        _ work: () async throws -> Void
    ) async throws {
        do {
            try await work()
            troubles = 0
        } catch let error
            where (error as? StorageFailure)?.mayPass ?? (error is RecipientFailure)
        {
            troubles += 1
            serving.log.error(.failed, Explanation(error).entry)
            let pause = try site.retryPolicy.rules.localPause(after: troubles)
            await turn.wait(seconds: Double(pause))
        } catch let error where error.deviceFault != nil {
            // What was to be signed waits for the next round; `DeviceWatch` raises the alarm.
            let failure = Explanation(error)
            serving.log.error(.failed, failure.entry, place: failure.place)
        }
    }

    private func note(_ outcome: Exchange.Outcome) {
        guard outcome.sent + outcome.asked + outcome.receipts > 0 else { return }
        serving.log.info(
            .delivered,
            [
                "sent": .init(outcome.sent), "asked": .init(outcome.asked),
                "receipts": .init(outcome.receipts),
                "due": .init(outcome.states[DeliveryState.due.rawValue] ?? 0),
                "lane": .init(outcome.laneReason ?? "open"),
            ])
    }

    /// What the calendar says, when it says it.
    private func byCalendar(_ round: WorkingRound, until turn: StopSignal) async throws {
        let scheduled = ScheduledRunning(round, until: turn)
        var troubles = 0
        while !turn.isRaised, !Task.isCancelled {
            serving.state.tick(.calendar, at: round.site.clock())
            try await patiently(round.site, until: turn, &troubles) {
                _ = try await scheduled.step()
            }
            serving.state.note(clockJumped: await scheduled.runner.hasJumped)
            await turn.wait(seconds: Double(min(serving.pace.every, 30)))
        }
    }
}
