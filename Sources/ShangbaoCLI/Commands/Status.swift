import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import LibCrypto
import Programmes
import Records
import Settlements
import Storage

/// Where everything stands.
struct Status: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("现在怎样：收了多少、在哪里、等什么。", "Where everything stands."))
    }

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let environment: String
        let items: Int
        let openItems: Int
        let cases: Balance.Line
        let balances: Bool
        let submissions: [String: Int]
        let laneReason: String?
        let laneOpensAt: String?
        /// Receipts that a person must look at, by what was made of them.
        let alarms: [String: Int]
        let ledgerLines: Int64
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let book = try await Closing(site: site, database: database, exchange: exchange).book()
            let balance = Balance(book)
            let (outbox, name) = (exchange.outbox, site.profile.name)
            let found = try await database.read { transaction in
                (
                    items: try Register().items(in: transaction),
                    states: try outbox.counts(in: transaction),
                    lane: try outbox.lane(name, in: transaction),
                    alarms: try outbox.alarms(in: transaction),
                    head: try Ledger().head(in: transaction)
                )
            }
            let isOpen = found.lane.isOpen(at: site.clock())
            let result = Result(
                environment: site.configuration.environment.rawValue, items: found.items.closed,
                openItems: found.items.open, cases: Balance.sum(balance.lines),
                balances: balance.balances,
                submissions: Dictionary(
                    uniqueKeysWithValues: found.states.map { ($0.key.rawValue, $0.value) }),
                laneReason: found.lane.reason,
                laneOpensAt: isOpen ? nil : found.lane.openFrom.dateTime,
                alarms: Dictionary(
                    uniqueKeysWithValues: found.alarms.map { ($0.key.rawValue, $0.value) }),
                ledgerLines: found.head.seq)
            try output.give(result)
            show(result, site, Delivering(exchange: exchange, database: database, output: output))
            return balance.balances ? .done : .unbalanced
        }
    }

    private func show(_ result: Result, _ site: Site, _ delivering: Delivering) {
        let output = delivering.output
        let county = site.configuration.county
        output.line(
            "\(county.name.said) \(county.region)　\(result.environment)　"
                + "\(site.configuration.suite.rawValue)　\(site.configuration.national.address)",
            "\(county.name.said) \(county.region), \(result.environment), "
                + "\(site.configuration.suite.rawValue), \(site.configuration.national.address)")
        guard result.items + result.openItems > 0 else {
            output.line()
            output.line(
                "还没有收过文件。下一步：shangbao take 文件.csv",
                "No file was taken yet. Next: shangbao take FILE.csv")
            return
        }
        output.line()
        output.line(
            "文件 \(result.items) 份"
                + (result.openItems > 0 ? "，另有 \(result.openItems) 份没收完：再 take 一次会接着收" : ""),
            "\(result.items) files"
                + (result.openItems > 0
                    ? ", \(result.openItems) half-way: take them again and they go on" : ""))
        output.line()
        output.line("病例（每一版本恰在一类）：", "Cases (each version in exactly one class):")
        var cases = Columns(sides: [.left, .right])
        for each in BookClass.all where each.count(result.cases) > 0 {
            cases.add([each.title.said, Figure.grouped(each.count(result.cases))])
        }
        cases.add([said("合计", "total"), Figure.grouped(result.cases.taken)])
        output.table(cases)
        output.line()
        output.line("报文：", "Submissions:")
        delivering.show(states: result.submissions)
        delivering.show(lane: result.laneReason)
        if let moment = result.laneOpensAt {
            output.line("  \(moment) 之前不再发送", "  nothing goes before \(moment)")
        }
        delivering.show(alarms: result.alarms)
        output.line()
        output.line(
            "账本 \(Figure.grouped(result.ledgerLines)) 条",
            "\(Figure.grouped(result.ledgerLines)) lines in the ledger")
    }
}
