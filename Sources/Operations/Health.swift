import Foundation
package import Records
package import Storage

/// Whether the service is alive and whether it is ready, with the reasons (存活与就绪).
package struct Health: Sendable {
    /// Why it is not ready: stable words, listed in docs/operations/monitoring.md.
    package enum Reason: String, Sendable, CaseIterable, Codable {
        case starting, stopping
        case database
        case reconciling
        case clockJump = "clock-jump"
        /// The clock is behind the ledger.
        case clockBehind = "clock-behind"
        case invariant
        /// The last reload was refused: the configuration that is on disk is not the one that runs.
        case configuration
    }

    private let state: ServiceState
    private let clock: Clock

    package init(state: ServiceState, clock: @escaping Clock) {
        self.state = state
        self.clock = clock
    }

    private struct Live: Encodable {
        let live: Bool
        let hanging: [String]
    }

    private struct Ready: Encodable {
        let ready: Bool
        let reasons: [String]
    }

    /// Alive as long as every part that runs goes round.
    package func live() -> HealthServer.Answer {
        let oldest = clock().adding(seconds: -ServiceState.hangSeconds)
        let hanging = state.now.ticks.filter { $0.value < oldest }.map(\.key.rawValue).sorted()
        return answer(Live(live: hanging.isEmpty, hanging: hanging), hanging.isEmpty)
    }

    /// Ready when it takes, sends and collects with nothing against it. That the other side is away
    /// is no reason: what is taken waits in the queue.
    package func ready(_ database: any Database) async -> HealthServer.Answer {
        let reasons = await reasons(database)
        return answer(
            Ready(ready: reasons.isEmpty, reasons: reasons.map(\.rawValue)), reasons.isEmpty)
    }

    /// Why it is not ready; empty where it is.
    package func reasons(_ database: any Database) async -> [Reason] {
        let now = state.now
        var reasons: [Reason] = []
        if !now.isStarted { reasons.append(.starting) }
        if now.isStopping { reasons.append(.stopping) }
        do {
            let isReconciling = try await database.read {
                try !$0.run("SELECT 1 FROM reconciling WHERE one = 1").isEmpty
            }
            if isReconciling { reasons.append(.reconciling) }
        } catch { reasons.append(.database) }
        if now.hasClockJumped { reasons.append(.clockJump) }
        if now.clock?.isBehindLedger == true { reasons.append(.clockBehind) }
        if now.violations.contains(where: { $0.value > 0 }) { reasons.append(.invariant) }
        if now.wasReloaded == false { reasons.append(.configuration) }
        return reasons
    }

    private func answer(_ body: some Encodable, _ isWell: Bool) -> HealthServer.Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return HealthServer.Answer(
            status: isWell ? 200 : 503, type: "application/json", body: text + "\n")
    }
}
