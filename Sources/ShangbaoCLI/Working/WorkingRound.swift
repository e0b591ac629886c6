import Definitions
import Delivery
import Evidence
import Flow
import Foundation
import Intake
import Mappings
import Privacy
import Programmes
import Records
import Storage
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
    private struct Result: Encodable {
        let at: String
        var taken: [Taking.Result] = []
        var refusedFiles: [String] = []
        /// Files and folders that could not be read: they are tried again in the next round.
        var unreadable: [String] = []
        var sent = 0
        var receipts = 0
        var followUps = 0
        var states: [String: Int] = [:]
        var laneReason: String?
    }

    func work(until stop: StopSignal) async throws -> ExitStatus {
        var result = Result(at: site.clock().dateTime)
        for source in site.configuration.sources where !stop.isRaised {
            do {
                try await take(from: source, stop, &result)
            } catch let error where !(error is StorageFailure || error is KeyFailure) {
                // One clinic's folder does not stop the others, nor what is to be sent.
                output.fail(Explanation(error).located(at: source.folder))
                result.unreadable.append(source.folder)
            }
        }
        let delivering = Delivering(exchange: exchange, database: database, output: output)
        let delivered = try await delivering.deliver()
        result.followUps =
            try await arrivals.reconsider() + (try await arrivals.repack())
        result.sent = delivered.sent
        result.receipts = delivered.receipts
        result.states = delivered.states
        result.laneReason = delivered.laneReason
        try output.give(result, isLine: true)
        if delivered.sent + delivered.receipts > 0 || delivered.status != .done {
            output.line(Figure.minute(site.clock()))
            delivering.show(delivered)
        }
        let hasFaults =
            !result.refusedFiles.isEmpty
            || result.taken.contains { $0.fates[Fate.quarantined.rawValue] ?? 0 > 0 }
        if delivered.status != .done { return delivered.status }
        return !result.unreadable.isEmpty ? .storage : hasFaults ? .toCorrect : .done
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
                        return .refused
                    }
                }
            } catch let error where Taking.concernsFileAlone(error) {
                output.fail(Explanation(error).located(at: file.path))
                result.unreadable.append(file.path)
            }
            if let taken { result.taken.append(taken) }
            if isRefused { result.refusedFiles.append(file.name) }
        }
    }

    /// The ledger remembers that a file was refused.
    private func note(_ path: String, refusedFor code: String) async throws {
        let digest = try Arrival.digest(ofFileAt: path)
        let name = (path as NSString).lastPathComponent
        let moment = site.clock()
        try await database.write { transaction in
            try Ledger().append(
                [.refused(.init(name: name, digest: digest, code: code))], at: moment,
                in: transaction)
        }
    }
}
