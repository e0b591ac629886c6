import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Privacy
import Programmes
import Records
import Storage

/// Fetches receipts, and queues what follows from them.
struct Collect: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("取回回执，处理因此可以继续的记录。", "Fetch receipts; queue what may go on."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase { database in
            let exchange = try Exchange(site: site, database: database)
            try await exchange.courier.start()
            let result = try await collect(site, exchange, database)
            try output.give(result)
            show(result, Delivering(exchange: exchange, database: database, output: output))
            if result.refused > 0 || !result.alarms.isEmpty { return .refused }
            return result.laneReason == nil ? .done : .undelivered
        }
    }

    private struct Result: Encodable {
        /// Receipts by what was made of them.
        var receipts: [String: Int] = [:]
        /// Rows that waited for an answer and are queued now; submissions packed again.
        var released = 0
        var repacked = 0
        var refused = 0
        /// What a person must look at, by its kind.
        var alarms: [String: Int] = [:]
        var states: [String: Int] = [:]
        var laneReason: String?
    }

    private func collect(_ site: Site, _ exchange: Exchange, _ database: any SteadyDatabase)
        async throws -> Result
    {
        let outbox = exchange.outbox
        let (before, ledger) = try await database.read { transaction in
            (
                try outbox.refusedCount(in: transaction),
                try Ledger().head(in: transaction).seq
            )
        }
        let round = try await exchange.courier.round(limit: 0)
        var result = Result()
        for (disposition, count) in round.collected {
            result.receipts[disposition.rawValue] = count
        }
        for alarm in try await database.read({ try outbox.alarms(in: $0).open })
        where alarm.seq > ledger { result.alarms[alarm.kind.rawValue, default: 0] += 1 }
        let free = try await SetFree(site, outbox, database) {
            try await common.openKeyring(of: site)
        }
        (result.released, result.repacked) = (free.released, free.repacked)
        let name = site.profile.name
        (result.refused, result.states, result.laneReason) = try await database.read {
            transaction in
            var states: [String: Int] = [:]
            for (state, count) in try outbox.counts(in: transaction) where count > 0 {
                states[state.rawValue] = count
            }
            return (
                try outbox.refusedCount(in: transaction) - before, states,
                try outbox.lane(name, in: transaction).reason
            )
        }
        return result
    }

    private func show(_ result: Result, _ delivering: Delivering) {
        let output = delivering.output
        let count = result.receipts.values.reduce(0, +)
        if delivering.exchange.isAssisted {
            let due = result.states[DeliveryState.due.rawValue] ?? 0
            delivering.show(waitingForTyping: due)
        }
        output.line(
            count == 0 ? "没有新回执。" : "取回回执 \(count) 份",
            count == 0 ? "No new receipts." : "\(count) receipts fetched")
        for (disposition, count) in result.receipts.sorted(by: { $0.key < $1.key })
        where disposition != Disposition.applied.rawValue
            && Alarm.Kind(rawValue: disposition) == nil
        {
            let entry = Disposition(rawValue: disposition).map { DeliveryCodes.entry($0) }
            output.paragraph("\(entry?.code ?? "") \(count)：\(entry?.what.said ?? "")", indent: 2)
        }
        delivering.show(alarms: result.alarms)
        if result.released + result.repacked > 0 {
            output.line(
                "新入队：等到回执的 \(result.released) 行，重新组包 \(result.repacked) 份；下一步 shangbao deliver",
                "Queued: \(result.released) rows that waited, \(result.repacked) repacked; next: "
                    + "shangbao deliver")
        }
        delivering.show(states: result.states)
        delivering.show(lane: result.laneReason)
    }
}
