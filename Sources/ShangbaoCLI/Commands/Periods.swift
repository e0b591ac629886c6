import ArgumentParser
import Flow
import Records
import Settlements
import Storage

/// Lists the statements that were issued, and how far a year is closed.
struct Periods: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("结算期：出了哪些结算表，谁签的，关到哪一月。", "Statements issued, and who signed."),
            discussion: said(
                "只看，什么也不改变。", "It only looks."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")), transform: programmeYear)
    var year: Int?

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: try Exchange(site: site, database: database))
            let periods = try await closing.periods(year: year)
            try output.give(periods)
            guard !periods.isEmpty else {
                output.line(
                    "还没有出过结算表。出一份：shangbao settle --month 2012-03 --by 编制人",
                    "No statement was issued yet: shangbao settle --month 2012-03 --by MAKER")
                return .done
            }
            var table = Columns([
                (said("年度", "year"), .left), (said("份", "no"), .right),
                (said("截至", "through"), .left), (said("状态", "state"), .left),
                (said("行", "lines"), .right), (said("编制", "made by"), .left),
                (said("签署", "signed by"), .left),
            ])
            for period in periods {
                let signers = period.signers.joined(separator: said("、", ", "))
                table.add([
                    "\(period.year)", "\(period.number)", "\(period.through)",
                    period.state == .closed ? said("已关账", "closed") : said("待签署", "closing"),
                    Figure.grouped(period.lines), period.maker ?? "–",
                    signers.isEmpty ? "–" : signers,
                ])
            }
            output.table(table, indent: 0)
            return .done
        }
    }
}
