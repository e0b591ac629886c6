import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Records
import Settlements
import Storage

/// How many cases the clinics themselves say that they did.
struct Counts: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("机构自报数：登记，与收到的核对。", "What clinics count themselves."),
            subcommands: [CountsList.self, CountsSet.self, CountsImport.self])
    }
}

/// Notes one count.
struct CountsSet: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "set",
            abstract: said("登记一家机构一个月的自报数。", "Note a clinic's own count of a month."),
            discussion: said(
                "再登记一次即更正，账本两次都留着。", "Setting it again corrects it; the ledger keeps both."))
    }

    @Option(help: ArgumentHelp(said("机构代码。", "The institution's code.")))
    var institution: String

    @Option(help: ArgumentHelp(said("月份，如 2012-03。", "The month, as 2012-03.")))
    var month: String

    @Option(help: ArgumentHelp(said("例数。", "How many cases.")))
    var count: String

    @Option(help: ArgumentHelp(said("服务（如 serum），不写为全部。", "The service; all if absent.")))
    var service: String?

    @Option(help: ArgumentHelp(said("谁说的，记入账本（默认当前用户）。", "Who says so; the user if absent.")))
    var by: String?

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let part = try site.programme(named: programme)
        let services = try site.funding(of: part.programme).services
        let counted: Fact.Counted
        do throws(SourceCountProblem) {
            counted = try SourceCountList.count(
                institution: institution, month: month, count: count, service: service ?? "",
                of: part.name, services, list: nil, by: by ?? NSUserName())
        } catch {
            throw CommandFailure(.usage, detail: "\(error.entry.code) \(error.entry.what.said)")
        }
        try await site.note([counted])
        try output.give(counted)
        output.line(
            "✓ \(counted.institution) \(counted.month)：自报 \(counted.count) 例",
            "✓ \(counted.institution) \(counted.month): \(counted.count) by its own count")
        return .done
    }
}

/// Notes a list of counts.
struct CountsImport: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "import",
            abstract: said("收进一份自报数清单（XLSX 或 CSV）。", "Take in a list of counts, XLSX or CSV."),
            discussion: said(
                "首行：机构、月份、例数，可加 服务。读不懂的行列出，其余照收。",
                "Its first row: institution, month, count, and service if need be. Rows that make no "
                    + "sense are listed; the others count."))
    }

    @Argument(help: ArgumentHelp(said("清单。", "The list.")))
    var file: String

    @Option(help: ArgumentHelp(said("谁带来的（默认当前用户）。", "Who brought it; the user if absent.")))
    var by: String?

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        struct Problem: Encodable {
            let row: Int
            let code: String
        }
        let counts: Int
        let problems: [Problem]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let part = try site.programme(named: programme)
        let list = try SourceCountList(
            path: Places.absolute(file), programme: part.name,
            services: try site.funding(of: part.programme).services, by: by ?? NSUserName())
        try await site.note(list.counts)
        try output.give(
            Result(
                counts: list.counts.count,
                problems: list.problems.map { .init(row: $0.row, code: $0.problem.rawValue) }))
        output.line("✓ 登记 \(list.counts.count) 条", "✓ \(list.counts.count) counts noted")
        guard !list.problems.isEmpty else { return .done }
        var table = Columns(sides: [.right, .left, .left])
        for (row, problem) in list.problems {
            table.add([
                said("第 \(row) 行", "row \(row)"), problem.rawValue,
                problem.entry.what.said + said("", " ") + problem.entry.next.said,
            ])
        }
        output.table(table)
        return .toCorrect
    }
}

/// The clinics' own counts beside what came.
struct CountsList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: said("自报数与收到、接收的对照。", "Their counts beside what came."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")), transform: programmeYear)
    var year: Int

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let lines = try await site.withView { database in
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: try Exchange(site: site, database: database))
            let book = try await closing.book()
            return book.sourceCounts.lines(book, year: year)
        }
        try output.give(lines)
        guard !lines.isEmpty else {
            output.paragraph(
                said(
                    "还没有 \(year) 年的自报数。登记：shangbao counts set --institution 代码 --month "
                        + "\(year)-01 --count 例数",
                    "No clinic's count of \(year) yet. Note one: shangbao counts set --institution "
                        + "CODE --month \(year)-01 --count N"))
            return .done
        }
        var table = Columns([
            (said("机构", "institution"), .left), (said("月份", "month"), .left),
            (said("服务", "service"), .left), (said("自报", "its own"), .right),
            (said("收到", "here"), .right), (said("接收", "accepted"), .right),
            (said("相差", "difference"), .right),
        ])
        for line in lines {
            table.add([
                line.institution, line.month.description, line.service ?? "",
                line.source.map { "\($0)" } ?? said("未报", "none"), "\(line.here)",
                "\(line.accepted)", line.difference.map { $0 == 0 ? "·" : "\($0)" } ?? "?",
            ])
        }
        output.table(table)
        let open = lines.count { $0.difference != 0 }
        guard open > 0 else {
            output.line("  ✓ 与自报数一致", "  ✓ what came is what they count")
            return .done
        }
        output.paragraph(
            said(
                "✗ \(open) 处不一致或未报：少收的，请机构补送那个月的文件。",
                "✗ \(open) differ or are missing: where fewer came, ask the clinic for that month."),
            indent: 2)
        return .unbalanced
    }
}

extension Site {
    /// Writes counts into the ledger, all or none.
    fileprivate func note(_ counts: [Fact.Counted]) async throws {
        guard !counts.isEmpty else { return }
        let now = clock()
        try await withDatabase(.guest) { database in
            try await database.write { transaction in
                try Ledger().append(counts.map { .counted($0) }, at: now, in: transaction)
            }
        }
    }
}
