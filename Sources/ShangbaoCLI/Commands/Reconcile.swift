import ArgumentParser
import Delivery
import Evidence
import Flow
import Foundation
import Records
import Settlements
import Storage

/// Our books beside the national counts, or beside the national side's own list of cases.
struct Reconcile: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "对账：总账对计数，明细账对病例清单。", "Compare our books with the national counts or list."),
            discussion: said(
                "平台不给在线计数的，用 --counts 给出它的计数清单（机构、月份、接收）。--list 逐例对它的病例清单，"
                    + "列名和用语见规格的 case-list.yaml。只比较，什么也不改变；--open 把差异开成差异单。",
                "Where the platform gives none, name a list of its counts by --counts: institution, "
                    + "month, accepted. --list compares case by case with its own list, read by the "
                    + "profile's case-list.yaml. It only compares; --open writes the differences "
                    + "down as cases for people."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")), transform: programmeYear)
    var year: Int

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @Option(
        help: ArgumentHelp(
            said("国家平台的计数清单（XLSX 或 CSV）。", "A list of the national counts, XLSX or CSV."),
            valueName: "file"))
    var counts: String?

    @Option(
        help: ArgumentHelp(
            said("国家平台的病例清单（XLSX 或 CSV）。", "The national list of cases, XLSX or CSV."),
            valueName: "file"))
    var list: String?

    @Option(
        help: ArgumentHelp(
            said("清单只有一个月的：那个月，如 2012-03。", "The month that the list is of, as 2012-03.")))
    var month: String?

    @OptionGroup var opening: OpeningOptions
    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard let month else { return }
        guard list != nil, CalendarMonth(iso: month)?.year == year else {
            throw ValidationError(
                said("--month 与 --list 一起写，且在该年度内。", "--month goes with --list, within the year."))
        }
    }

    private struct Result: Encodable {
        let year: Int
        let balances: Bool
        let chainHolds: Bool
        let lines: [Balance.Line]
        /// The same by item; absent where the programme has one alone.
        let items: [Balance.Line]?
        let national: [NationalCounts]?
        let nationalMissing: String?
        let discrepancies: [Discrepancy]
        /// Whom the lists count for the year, and who of them was checked.
        let coverages: [Coverage]
        /// Cases in force by lists of results alone; absent where there are none.
        let unsigned: Int?
        /// What was written down; absent where nothing was to be.
        let opened: OpenedLine?
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let part = try site.programme(named: programme)
        let counted = try counts.map {
            try SourceCountList(
                path: Places.absolute($0), programme: part.name, services: [], by: NSUserName())
        }
        return try await site.withBooks(toWrite: opening.isAsked) { database in
            let exchange = try Exchange(site: site, database: database)
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            if let list {
                let cases = CaseReconciling(
                    scope: ListReconciliation.Scope(
                        year: year, month: month.flatMap { CalendarMonth(iso: $0) }),
                    programme: part.name, opening: opening)
                return try await cases.perform(
                    list, closing, counted, site, database, output)
            }
            return try await compare(closing, counted, of: part.name, site, database, output)
        }
    }

    /// The books beside counts (对总账).
    private func compare(
        _ closing: Closing, _ list: SourceCountList?, of name: String, _ site: Site,
        _ database: any Database, _ output: Output
    ) async throws -> ExitStatus {
        let comparison = try await closing.compare(
            year: year, by: list?.nationalCounts(of: year))
        let chainHolds = comparison.chain.fault == nil
        let scope = ListReconciliation.Scope(year: year)
        let opened = try await opening.open(
            comparison.differences,
            DifferenceOpening.Compared(
                programme: name, scope: scope,
                levels: comparison.national == nil ? [.source] : [.source, .counts]),
            at: site, database)
        try output.give(
            Result(
                year: year, balances: comparison.balance.balances, chainHolds: chainHolds,
                lines: comparison.lines,
                items: comparison.items.isEmpty ? nil : comparison.items,
                national: comparison.national, nationalMissing: comparison.missing,
                discrepancies: comparison.discrepancies, coverages: comparison.coverages,
                unsigned: comparison.unsigned > 0 ? comparison.unsigned : nil, opened: opened))
        BookTable(comparison, output: output).show()
        if let list, let counts { CountedRows(list).show(counts, output) }
        if comparison.unsigned > 0 {
            output.line(
                "其中依据无签名结果清单的：\(comparison.unsigned) 例",
                "Of these in force by lists without a signature: \(comparison.unsigned)")
        }
        CoverageLines(coverages: comparison.coverages, output: output).showPlaces()
        opened?.show(output)
        guard comparison.balance.balances, chainHolds, comparison.discrepancies.isEmpty else {
            return .unbalanced
        }
        if list?.problems.isEmpty == false { return .toCorrect }
        return comparison.national == nil ? .undelivered : .done
    }
}

/// Whether differences are written down, and for whom.
struct OpeningOptions: ParsableArguments {
    @Flag(help: ArgumentHelp(said("把差异开成差异单，记入账本。", "Write the differences down as cases.")))
    var open = false

    @Option(help: ArgumentHelp(said("谁开的（默认当前用户）。", "Who opens them; the user if absent.")))
    var by: String?

    @Option(help: ArgumentHelp(said("交给谁。", "Who is to clear them up.")))
    var owner: String?

    @Option(
        help: ArgumentHelp(
            said("期限（默认按工作日推算）。", "The last day; by working days if absent."), valueName: "date"))
    var due: String?

    var isAsked: Bool { open }

    func validate() throws {
        guard open || (by == nil && owner == nil && due == nil) else {
            throw ValidationError(
                said("--by、--owner、--due 与 --open 一起写。", "--by, --owner and --due go with --open."))
        }
        guard due.map({ CalendarDate(iso: $0) != nil }) ?? true else {
            throw ValidationError(said("--due 应如 2026-12-31。", "--due is like 2026-12-31."))
        }
    }

    /// Writes them down, where that is asked for.
    func open(
        _ found: [Difference], _ compared: DifferenceOpening.Compared, at site: Site,
        _ database: any Database
    ) async throws -> OpenedLine? {
        guard open else { return nil }
        let desk = try DifferenceDesk(site: site, database: database)
        return OpenedLine(
            try await desk.open(
                found, compared, by: by ?? NSUserName(), owner: owner,
                due: due.flatMap { CalendarDate(iso: $0) }))
    }
}

extension Site {
    /// Opens the books to look at them, or as a person's short step.
    fileprivate func withBooks(
        toWrite: Bool, _ work: (any SteadyDatabase) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        toWrite
            ? try await withDatabase(.guest) { try await work($0) }
            : try await withView(work)
    }
}
