import Definitions
import Delivery
import Evidence
import Flow
import Foundation
import Intake
import Mappings
import Operations
import Privacy
import Programmes
import Records
import Storage
import Submissions
import Validation

/// One round of `shangbao run`: every source's new files, then what is due, then what follows.
struct WorkingRound: Sendable {
    let site: Site
    let exchange: Exchange
    let database: any SteadyDatabase
    let arrivals: Arrivals
    let settleSeconds: Int64
    let output: Output

    /// What one round did, for programs: one object a round.
    struct Result: Encodable {
        let at: String
        /// The schedule that asked for it; absent where none did.
        var schedule: String?
        var taken: [Taking.Result] = []
        var refusedFiles: [String] = []
        /// Files and folders that could not be read: they are tried again in the next round.
        var unreadable: [String] = []
        var sent = 0
        var receipts = 0
        var followUps = 0
        var states: [String: Int] = [:]
        var laneReason: String?

        /// How the taking of files went.
        var status: ExitStatus {
            let hasFaults =
                !refusedFiles.isEmpty
                || taken.contains { $0.fates[Fate.quarantined.rawValue] ?? 0 > 0 }
            return !unreadable.isEmpty ? .storage : hasFaults ? .toCorrect : .done
        }
    }

    /// A round without a schedule: it takes files at any time, and sends while `limits` let it.
    func work(until stop: StopSignal, _ limits: RoundLimits = RoundLimits()) async throws
        -> ExitStatus
    {
        var result = Result(at: site.clock().dateTime)
        try await take(from: site.configuration.sources, stop, &result)
        var delivered = ExitStatus.done
        let limits = limits.until(stop)
        if limits.mayGoOn() { delivered = try await deliver(limits, &result) }
        try output.give(result, isLine: true)
        return delivered != .done ? delivered : result.status
    }

    /// Takes the new files of these sources.
    func take(
        from sources: [Configuration.Source], _ stop: StopSignal, _ result: inout Result
    ) async throws {
        for source in sources where !stop.isRaised {
            do {
                try await take(from: source, stop, &result)
            } catch let error
                where
                !(error is StorageFailure || error is KeyFailure || error is CancellationError)
                || error.deviceFault != nil
            {
                // One clinic's folder does not stop the others, nor what is to be sent. A file that
                // a device did not sign for stays where it is until the next round.
                output.fail(Explanation(error).located(at: source.folder))
                result.unreadable.append(source.folder)
            }
        }
    }

    /// Sends what is due and fetches what has come; then what follows from it.
    func deliver(_ limits: RoundLimits, _ result: inout Result) async throws -> ExitStatus {
        let delivering = Delivering(exchange: exchange, database: database, output: output)
        let delivered = try await delivering.deliver(limits)
        try await followUp(&result)
        result.sent = delivered.sent
        result.receipts = delivered.receipts
        result.states = delivered.states
        result.laneReason = delivered.laneReason
        let isToBeTyped = delivered.waitsForTyping ?? 0 > 0
        if delivered.sent + delivered.receipts > 0 || delivered.status != .done || isToBeTyped {
            output.line(Figure.minute(site.clock()))
            delivering.show(delivered)
        }
        return delivered.status
    }

    /// Queues what may go on by what was answered.
    func followUp(_ result: inout Result) async throws {
        do {
            result.followUps =
                try await arrivals.reconsider() + (try await arrivals.repack())
        } catch let failure as ApprovalFailure {
            // What was sent and answered stands; the rest waits until somebody approved.
            output.fail(Explanation(failure))
        }
    }

    private func take(
        from source: Configuration.Source, _ stop: StopSignal, _ result: inout Result
    ) async throws {
        let (name, mapping) = try site.mapping(for: source.name)
        let channel = FolderChannel(
            folder: source.folder, endings: mapping.mapping.readerType.fileEndings,
            settleSeconds: settleSeconds, clock: site.clock)
        let taking = Taking(
            site: site, arrival: arrivals.arrival(for: mapping), output: output)
        for file in try channel.listing().offered where !stop.isRaised {
            var taken: Taking.Result?
            var isRefused = false
            do {
                try await channel.offer(file) { file in
                    do {
                        taken = try await taking.take(file.path, source: name, by: mapping)
                        return .taken
                    } catch let error as any ExplainedFailure
                        where Explanation(error).status == .toCorrect
                    {
                        output.fail(Explanation(error).located(at: file.path))
                        try await note(file.path, refusedFor: error.entry.code)
                        isRefused = true
                        output.log?.warning(
                            .fileRefused, ["source": .init(name), "code": .init(error.entry.code)])
                        return .refused
                    }
                }
            } catch let error
                where error is AnotherWorker
                || (Taking.concernsFileAlone(error) && !file.isThere)
            {
                // Nothing is the matter: the other one has it, or has moved it away.
                output.log?.info(.fileElsewhere, ["source": .init(name)])
            } catch let error where Taking.concernsFileAlone(error) {
                output.fail(Explanation(error).located(at: file.path))
                result.unreadable.append(file.path)
            }
            if let taken {
                result.taken.append(taken)
                output.log?.info(
                    .fileTaken,
                    [
                        "source": .init(name), "rows": .init(taken.rows),
                        "submissions": .init(taken.submissions),
                        "quarantined": .init(taken.fates[Fate.quarantined.rawValue] ?? 0),
                        "takenBefore": .init(taken.takenBefore ? 1 : 0),
                    ])
            }
            if isRefused { result.refusedFiles.append(PersonalSigns.masked(file.name)) }
        }
    }

    /// The ledger remembers that a file was refused.
    private func note(_ path: String, refusedFor code: String) async throws {
        let digest = try Arrival.digest(ofFileAt: path)
        let name = Arrival.ledgerName((path as NSString).lastPathComponent, digest)
        let moment = site.clock()
        try await database.write { transaction in
            try Ledger().append(
                [.refused(.init(name: name, digest: digest, code: code))], at: moment,
                in: transaction)
        }
    }
}
