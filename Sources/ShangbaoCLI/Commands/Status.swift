import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import LibCrypto
import Programmes
import Records
import Schedules
import Settlements
import Storage

/// Where everything stands.
struct Status: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("现在怎样：收了多少、在哪里、等什么。", "Where everything stands."))
    }

    @Option(
        help: ArgumentHelp(
            said(
                "告警已处理：其编号，或代码（该代码的全部告警）；要写 --because。",
                "An alarm that was seen to: its number, or a code for all of that code; with "
                    + "--because."), valueName: "number"))
    var acknowledge: String?

    @Option(
        help: ArgumentHelp(said("怎样处理的，记入账本。", "How it was seen to; the ledger keeps it.")))
    var because: String?

    @OptionGroup var common: SharedOptions

    func validate() throws {
        let says = because.map { !$0.allSatisfy(\.isWhitespace) }
        guard (acknowledge != nil) == (says == true), says != false else {
            throw ValidationError(
                said("--acknowledge 和 --because 要一起写。", "--acknowledge goes with --because."))
        }
    }

    private struct Alarming: Encodable {
        let number: Int64
        let kind: String
        let at: String
        let receipt: String
        /// Records that the receipt says it of.
        let count: Int
    }

    private struct RowWithoutCase: Encodable {
        let mapping: String
        let file: String
        let row: Int
    }

    private struct Result: Encodable {
        let environment: String
        let items: Int
        let openItems: Int
        let abandonedItems: Int
        let halfTaken: [HalfTakenLine]
        let cases: Balance.Line
        let balances: Bool
        let submissions: [String: Int]
        let laneReason: String?
        let laneOpensAt: String?
        let lanePhase: String
        /// What a person stopped.
        let laneStopped: LanePage.Stop?
        /// When the pace lets the next one go.
        let paceOpensAt: String?
        /// Nothing is sent until a person opens the lanes.
        let reconciling: ReconcilingLine?
        /// What a person must look at and nobody has seen to, oldest first.
        let alarms: [Alarming]
        let alarmsAcknowledged: Int
        let ledgerLines: Int64
        /// By mapping, persons or files of whom a part came and no case.
        let partsWithoutCase: [String: Int]
        /// By list and year, whom the lists count and who of them was checked.
        let coverages: [Coverage]
        /// The first of them, each by its file and row.
        let rowsWithoutCase: [RowWithoutCase]
        let deadlines: [DeadlineLine]
        /// Differences between books that wait for people.
        let differences: StandingDifferences
        /// What the service told people of, and what it could not tell.
        let incidents: IncidentLines
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        if let acknowledge, let because {
            return try await attend(to: acknowledge, because, site, output)
        }
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let (lines, balances, coverages) = try await books(of: site, database, exchange)
            let (outbox, name, now) = (exchange.outbox, site.profile.name, site.clock())
            let found = try await database.read { transaction in
                (
                    items: try Register().items(in: transaction),
                    halfTaken: try Register().halfTaken(in: transaction),
                    states: try outbox.counts(in: transaction),
                    lane: try LanePage(
                        name, outbox, inFlight: site.configuration.national.inFlight, now: now,
                        in: transaction),
                    alarms: try outbox.alarms(in: transaction),
                    head: try Ledger().head(in: transaction),
                    reconciling: try Reconciling.load(in: transaction),
                    incidents: try IncidentLines(of: site, in: transaction),
                    differences: try StandingDifferences(on: now.day, in: transaction),
                    parts: try Register().partsWithoutCase(in: transaction),
                    rows: try Register().rowsWithoutCase(
                        limit: Status.rowsShown, in: transaction)
                )
            }
            let deadlines = try await deadlines(of: site, database, exchange)
            let result = Result(
                environment: site.configuration.environment.rawValue, items: found.items.closed,
                openItems: found.halfTaken.count, abandonedItems: found.items.abandoned,
                halfTaken: found.halfTaken.map { HalfTakenLine($0, site.standing(of: $0)) },
                cases: Balance.sum(lines), balances: balances,
                submissions: Dictionary(
                    uniqueKeysWithValues: found.states.map { ($0.key.rawValue, $0.value) }),
                laneReason: found.lane.reason, laneOpensAt: found.lane.opensAt,
                lanePhase: found.lane.phase, laneStopped: found.lane.stopped,
                paceOpensAt: found.lane.paceOpensAt,
                reconciling: found.reconciling.map(ReconcilingLine.init),
                alarms: found.alarms.open.map {
                    Alarming(
                        number: $0.seq, kind: $0.kind.rawValue, at: $0.at.dateTime,
                        receipt: $0.receipt, count: $0.count)
                }, alarmsAcknowledged: found.alarms.attended, ledgerLines: found.head.seq,
                partsWithoutCase: Dictionary(
                    uniqueKeysWithValues: found.parts.map { ($0.mapping, $0.keys) }),
                coverages: coverages,
                rowsWithoutCase: found.rows.map {
                    RowWithoutCase(mapping: $0.mapping, file: $0.file, row: $0.row)
                },
                deadlines: deadlines.map(DeadlineLine.init), differences: found.differences,
                incidents: found.incidents)
            try output.give(result)
            show(result, site, Delivering(exchange: exchange, database: database, output: output))
            DeadlineLine.show(deadlines, output)
            return balances ? .done : .unbalanced
        }
    }

    /// The lines of all programmes' books, whether they balance, and whom the lists count.
    private func books(of site: Site, _ database: any Database, _ exchange: Exchange)
        async throws -> ([Balance.Line], Bool, [Coverage])
    {
        var (lines, balances) = ([Balance.Line](), true)
        var coverages: [Coverage] = []
        for part in site.programmes {
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            let book = try await closing.book()
            coverages += try await closing.coverages(book)
            let balance = Balance(book)
            lines += balance.lines
            balances = balances && balance.balances
        }
        return (lines, balances, coverages)
    }

    /// Where a year's working days are unknown there is nothing to say; `lint` says so.
    private func deadlines(of site: Site, _ database: any Database, _ exchange: Exchange)
        async throws -> [DeadlineDesk.Line]
    {
        do {
            return try await DeadlineDesk(site: site, database: database, exchange: exchange)
                .lines(at: site.clock())
        } catch is CalendarGap { return [] }
    }

    private func attend(to name: String, _ because: String, _ site: Site, _ output: Output)
        async throws -> ExitStatus
    {
        let decision = Decision(by: NSUserName(), because: because)
        let now = site.clock()
        let kind = Alarm.Kind.allCases.first { $0.entry.code == name.uppercased() }
        let count = try await site.withDatabase(.guest) { database in
            if name.uppercased() == AuditAnchors.cut.code {
                let count = try await site.acceptAuditLoss(
                    by: decision.by, because: because, in: database)
                guard count > 0 else { throw AlarmFailure(name: name) }
                return count
            }
            let outbox = try Exchange(site: site, database: database).outbox
            return try await database.write { transaction in
                if let kind {
                    let count = try outbox.attend(
                        toAll: kind, decision, now: now, in: transaction)
                    guard count > 0 else { throw AlarmFailure(name: name) }
                    return count
                }
                guard let seq = Int64(name) else { throw AlarmFailure(name: name) }
                try outbox.attend(to: seq, decision, now: now, in: transaction)
                return 1
            }
        }
        try output.give([
            "alarm": name, "count": "\(count)", "by": decision.by, "because": because,
        ])
        output.line(
            "✓ 告警 \(name) 已记为处理完毕" + (count > 1 ? "（\(count) 条）" : ""),
            "✓ alarm \(name) is noted as seen to" + (count > 1 ? " (\(count) of them)" : ""))
        return .done
    }

    private static let alarmsShown = 10
    /// So many rows of parts without a case are named.
    private static let rowsShown = 20

    private func show(alarms: [Alarming], acknowledged: Int, _ delivering: Delivering) {
        let output = delivering.output
        delivering.show(
            alarms: Dictionary(grouping: alarms, by: \.kind).mapValues(\.count))
        var table = Columns(sides: [.right, .left, .left, .left, .left])
        for alarm in alarms.prefix(Status.alarmsShown) {
            let code = Alarm.Kind(rawValue: alarm.kind)?.entry.code ?? alarm.kind
            table.add([
                "\(alarm.number)", code, alarm.at, String(alarm.receipt.prefix(16)),
                alarm.count > 1 ? said("\(alarm.count) 条记录", "\(alarm.count) records") : "",
            ])
        }
        output.table(table)
        if alarms.count > Status.alarmsShown {
            output.line(
                "  另有 \(alarms.count - Status.alarmsShown) 条，见 --json",
                "  and \(alarms.count - Status.alarmsShown) more: see --json")
        }
        if !alarms.isEmpty {
            output.line(
                "  处理之后：shangbao status --acknowledge 编号或代码 --because 怎样处理的",
                "  Once seen to: shangbao status --acknowledge NUMBER-OR-CODE --because HOW")
        }
        if acknowledged > 0 {
            output.line("  已处理的告警 \(acknowledged) 条", "  \(acknowledged) alarms were seen to")
        }
    }

    private func show(cases result: Result, _ output: Output) {
        output.line()
        output.line(
            "病例，业务状态（每一版本恰在一类）：",
            "Cases, by what was decided (each version in exactly one class):")
        var cases = Columns(sides: [.left, .right])
        for each in BookClass.all where each.count(result.cases) > 0 {
            cases.add([each.title.said, Figure.grouped(each.count(result.cases))])
        }
        cases.add([said("合计", "total"), Figure.grouped(result.cases.taken)])
        output.table(cases)
    }

    /// Rows of parts that no case asked for.
    private func show(parts result: Result, _ output: Output) {
        for (mapping, count) in result.partsWithoutCase.sorted(by: { $0.key < $1.key }) {
            output.line(
                "\(mapping)：\(Figure.grouped(count)) 份还没有对应的病例",
                "\(mapping): \(Figure.grouped(count)) still without their case")
            for row in result.rowsWithoutCase where row.mapping == mapping {
                output.line(
                    "  \(row.file) 第 \(row.row) 行", "  \(row.file), row \(row.row)")
            }
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
        result.reconciling?.show(output)
        result.incidents.show(output, site)
        guard result.items + result.openItems + result.abandonedItems > 0 else {
            output.line()
            output.line(
                "还没有收过文件。下一步：shangbao take 文件.csv",
                "No file was taken yet. Next: shangbao take FILE.csv")
            return
        }
        output.line()
        output.line(
            "文件 \(result.items) 份"
                + (result.openItems > 0 ? "，另有 \(result.openItems) 份没收完" : "")
                + (result.abandonedItems > 0 ? "，\(result.abandonedItems) 份中途放弃" : ""),
            "\(result.items) files"
                + (result.openItems > 0 ? ", \(result.openItems) half-way" : "")
                + (result.abandonedItems > 0 ? ", \(result.abandonedItems) given up" : ""))
        for item in result.halfTaken { item.show(output) }
        show(parts: result, output)
        CoverageLines(coverages: result.coverages, output: output).show()
        show(cases: result, output)
        output.line()
        output.line("报文，传输状态：", "Submissions, by how they went:")
        delivering.show(states: result.submissions)
        delivering.show(lane: result.laneReason)
        if let moment = result.laneOpensAt {
            output.line("  \(moment) 之前不再发送", "  nothing goes before \(moment)")
        }
        result.laneStopped?.show(output)
        if let moment = result.paceOpensAt {
            output.line("  限速：下一份 \(moment)", "  the pace lets the next go \(moment)")
        }
        show(alarms: result.alarms, acknowledged: result.alarmsAcknowledged, delivering)
        result.differences.show(output)
        output.line()
        output.line(
            "账本 \(Figure.grouped(result.ledgerLines)) 条",
            "\(Figure.grouped(result.ledgerLines)) lines in the ledger")
    }
}
