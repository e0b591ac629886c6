import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Records
import Settlements
import Storage

/// Our books beside the national counts.
struct Reconcile: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("对账：本地账目与国家平台的计数。", "Compare our books with the national counts."),
            discussion: said(
                "平台不给在线计数的，用 --counts 给出它的计数清单（机构、月份、接收）。只比较，什么也不改变。",
                "Where the platform gives none, name a list of its counts by --counts: institution, "
                    + "month, accepted. It compares and changes nothing."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")))
    var year: Int

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @Option(
        help: ArgumentHelp(
            said("国家平台的计数清单（XLSX 或 CSV）。", "A list of the national counts, XLSX or CSV."),
            valueName: "file"))
    var counts: String?

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let year: Int
        let balances: Bool
        let chainHolds: Bool
        let lines: [Balance.Line]
        let national: [NationalCounts]?
        let nationalMissing: String?
        let discrepancies: [Discrepancy]
        /// Whom the lists count for the year, and who of them was checked.
        let coverages: [Coverage]
        /// Cases in force by lists of results alone; absent where there are none.
        let unsigned: Int?
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let part = try site.programme(named: programme)
        let list = try counts.map {
            try SourceCountList(
                path: Places.absolute($0), programme: part.name, services: [], by: NSUserName())
        }
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            let comparison = try await closing.compare(
                year: year, by: list?.nationalCounts(of: year))
            let chainHolds = comparison.chain.fault == nil
            try output.give(
                Result(
                    year: year, balances: comparison.balance.balances, chainHolds: chainHolds,
                    lines: comparison.lines, national: comparison.national,
                    nationalMissing: comparison.missing,
                    discrepancies: comparison.discrepancies, coverages: comparison.coverages,
                    unsigned: comparison.unsigned > 0 ? comparison.unsigned : nil))
            BookTable(comparison, output: output).show()
            if let list, let counts { show(list, counts, output) }
            if comparison.unsigned > 0 {
                output.line(
                    "其中依据无签名结果清单的：\(comparison.unsigned) 例",
                    "Of these in force by lists without a signature: \(comparison.unsigned)")
            }
            CoverageLines(coverages: comparison.coverages, output: output).showPlaces()
            guard comparison.balance.balances, chainHolds, comparison.discrepancies.isEmpty else {
                return .unbalanced
            }
            if list?.problems.isEmpty == false { return .toCorrect }
            return comparison.national == nil ? .undelivered : .done
        }
    }

    /// On what list the comparison rests, and which of its rows make no sense.
    private func show(_ list: SourceCountList, _ path: String, _ output: Output) {
        output.paragraph(
            said(
                "国家的数出自清单 \(Places.shown(Places.absolute(path)))，没有签名；结算仍以签名的计数为准。",
                "The nation's figures are those of the list \(Places.shown(Places.absolute(path))), "
                    + "which nobody signed; a settlement still goes by signed counts."), indent: 2)
        for (row, problem) in list.problems {
            output.paragraph(
                "✗ " + said("第 \(row) 行", "row \(row)")
                    + " \(problem.rawValue) \(problem.entry.what.said)", indent: 2)
        }
    }
}
