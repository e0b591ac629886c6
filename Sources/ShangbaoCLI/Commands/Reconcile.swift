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
            abstract: said("对账：本地账目与国家平台的计数。", "Compare our books with the national counts."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")))
    var year: Int

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

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
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: exchange)
            let comparison = try await closing.compare(year: year)
            let chainHolds = comparison.chain.fault == nil
            try output.give(
                Result(
                    year: year, balances: comparison.balance.balances, chainHolds: chainHolds,
                    lines: comparison.lines, national: comparison.national,
                    nationalMissing: comparison.missing,
                    discrepancies: comparison.discrepancies, coverages: comparison.coverages,
                    unsigned: comparison.unsigned > 0 ? comparison.unsigned : nil))
            BookTable(comparison, output: output).show()
            if comparison.unsigned > 0 {
                output.line(
                    "其中依据无签名结果清单的：\(comparison.unsigned) 例",
                    "Of these in force by lists without a signature: \(comparison.unsigned)")
            }
            CoverageLines(coverages: comparison.coverages, output: output).showPlaces()
            guard comparison.balance.balances, chainHolds, comparison.discrepancies.isEmpty else {
                return .unbalanced
            }
            return comparison.national == nil ? .undelivered : .done
        }
    }
}
