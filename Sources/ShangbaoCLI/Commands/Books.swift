import ArgumentParser
import Flow
import Records
import Settlements
import Storage

/// The tie-out, step by step down to the clinic's row.
struct Books: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("账目下钻：从年度到机构、月、日、文件和行。", "The books, down to file and row."),
            discussion: said(
                "先不写机构，看各机构；写机构看各月；再写月份看各日；加 --class 列出每一例的文件和行。只看，什么也不改变。",
                "Without an institution it shows institutions, with one its months, with a month too "
                    + "its days; --class lists each case with its file and row. It only looks."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")), transform: programmeYear)
    var year: Int

    @Option(help: ArgumentHelp(said("机构代码。", "The institution's code.")))
    var institution: String?

    @Option(help: ArgumentHelp(said("月份，如 2012-03。", "The month, as 2012-03.")))
    var month: String?

    @Option(
        help: ArgumentHelp(
            said("只看这一服务项目，如 serum。", "One item alone, as serum."), valueName: "name"))
    var item: String?

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp(
            said("列出这一类的每一例，如 accepted。", "List each case of this class, as accepted."),
            valueName: "name"))
    var standing: String?

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    func validate() throws {
        if let month, CalendarMonth(iso: month) == nil {
            throw ValidationError(said("--month 应如 2012-03。", "--month: as 2012-03."))
        }
        if let standing, BalanceClass(rawValue: standing) == nil {
            let known = BalanceClass.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--class: " + known)
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let scope = BookDrill.Scope(
            year: year, institution: institution, month: month.flatMap { CalendarMonth(iso: $0) },
            service: item, standing: standing.flatMap { BalanceClass(rawValue: $0) })
        return try await site.withView { database in
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: try Exchange(site: site, database: database))
            let drill = try await closing.drill(scope)
            try output.give(drill)
            guard !drill.groups.isEmpty else {
                output.line("这里没有账目。", "There is nothing in the books here.")
                return .done
            }
            show(drill, output)
            return .done
        }
    }

    private func show(_ drill: BookDrill, _ output: Output) {
        if standing != nil {
            var table = Columns([
                (said("日", "day"), .left), (said("文件", "file"), .left),
                (said("行", "row"), .right), (said("记录", "record"), .left),
                (said("原因", "code"), .left),
            ])
            for row in drill.rows {
                table.add([
                    row.day ?? "–", row.file ?? "–", row.row.map { "\($0)" } ?? "–",
                    row.record.map { "\($0.text.prefix(12)) v\(row.version)" } ?? "–",
                    row.codes.joined(separator: " "),
                ])
            }
            output.table(table, indent: 0)
            return
        }
        let shown = BalanceClass.allCases.filter { name in drill.groups.contains { $0[name] > 0 } }
        var table = Columns(
            [("", .left), (said("收到", "taken"), .right)]
                + shown.map { ($0.title.said, .right) })
        for group in drill.groups {
            table.add(
                [group.name ?? said("日期不明", "unknown day"), Figure.grouped(group.taken)]
                    + shown.map { Figure.grouped(group[$0]) })
        }
        output.table(table, indent: 0)
    }
}
