import Evidence
import Flow
import Foundation
import Records
import Settlements
import Storage

/// Our cases beside the national side's list of them (对明细账), as `reconcile --list` does it.
struct CaseReconciling {
    let scope: ListReconciliation.Scope
    let programme: String
    let opening: OpeningOptions

    func perform(
        _ path: String, _ closing: Closing, _ counts: SourceCountList?, _ site: Site,
        _ database: any Database, _ output: Output
    ) async throws -> ExitStatus {
        let compared = try await closing.compare(
            listAt: Places.absolute(path), scope: scope,
            counts: counts?.nationalCounts(of: scope.year))
        var levels: Set<Difference.Level> = [.source, .list]
        if counts != nil { levels.insert(.listTotals) }
        let opened = try await opening.open(
            compared.list.differences,
            DifferenceOpening.Compared(
                programme: programme, scope: scope, levels: levels,
                doubted: compared.list.doubted, list: compared.digest),
            at: site, database)
        let book = try await database.read { try DifferenceDesk.book(in: $0) }
        let page = CasePage(compared, scope: scope, programme: programme, book, opened)
        try output.give(page)
        page.show(output)
        opened?.show(output)
        if let counts { CountedRows(counts).showProblems(output) }
        guard compared.balances, compared.chain.fault == nil, page.differences.isEmpty else {
            return .unbalanced
        }
        return page.problems.isEmpty && counts?.problems.isEmpty ?? true ? .done : .toCorrect
    }
}

/// What a comparison case by case came to, for people and programs. Cases by our name or their
/// number, rows by Excel's: no name of a person and no ID number is in it.
struct CasePage: Encodable {
    struct Line: Encodable {
        let kind: Discrepancy.Kind
        let reason: DifferenceReason
        let wording: Wording
        let institution: String?
        let month: CalendarMonth?
        let service: String?
        let record: RecordID?
        let serial: String?
        let rows: [Int]
        let local: Int?
        let national: Int?
        let source: Int?
        /// The number under which it is written down, where it is and nobody has closed it.
        let sheet: Int64?
    }

    struct Problem: Encodable {
        let row: Int
        let code: String
    }

    let year: Int
    let month: CalendarMonth?
    let list: String
    let balances: Bool
    let chainHolds: Bool
    let rows: Int
    let matched: Int
    let open: Int
    let outside: Int
    let withoutEffect: Int
    let lines: [ListReconciliation.Line]
    /// Cases to which more than one row belongs.
    let manyToOne: [ListReconciliation.Match]
    let differences: [Line]
    let problems: [Problem]
    let opened: OpenedLine?

    private static let shown = 20

    init(
        _ compared: Closing.CaseComparison, scope: ListReconciliation.Scope, programme: String,
        _ book: DifferenceBook, _ opened: OpenedLine?
    ) {
        let found = compared.list
        var sheets: [Difference.Key: Int64] = [:]
        for sheet in book.sheets
        where sheet.state != .closed && sheet.differed.programme == programme
            && sheet.differed.year == scope.year
        {
            sheets[sheet.key] = sheet.number
        }
        year = scope.year
        month = scope.month
        list = compared.digest
        balances = compared.balances
        chainHolds = compared.chain.fault == nil
        rows = found.rows
        matched = found.matched
        open = found.open
        outside = found.outside
        withoutEffect = found.withoutEffect
        lines = found.lines
        manyToOne = found.manyToOne
        differences = found.differences.map { one in
            Line(
                kind: one.kind, reason: one.reason, wording: one.reason.title,
                institution: one.institution, month: one.month, service: one.service,
                record: one.record, serial: one.serial, rows: one.rows, local: one.local,
                national: one.national, source: one.source, sheet: sheets[one.key])
        }
        problems = found.problems.sorted { $0.key < $1.key }.map {
            Problem(row: $0.key, code: $0.value.rawValue)
        }
        self.opened = opened
    }

    func show(_ output: Output) {
        output.line(
            "清单 \(list.prefix(16))：\(rows) 行，对上 \(matched) 例（其中一例几行的 \(manyToOne.count) 例）",
            "List \(list.prefix(16)): \(rows) rows, \(matched) cases matched, \(manyToOne.count) of "
                + "them by several rows")
        showCells(output)
        for (number, group) in grouped.enumerated() {
            if number == 0 { output.line() }
            show(group, output)
        }
        showRest(output)
        showProblems(output)
        if !balances { output.line("  ✗ 账目不平", "  ✗ the books do not balance") }
        if !chainHolds { output.line("  ✗ 账本哈希链断开", "  ✗ the ledger's chain is broken") }
        if differences.isEmpty {
            output.line("  ✓ 逐例一致", "  ✓ case by case the same")
        }
        output.paragraph(
            said(
                "清单没有签名；对账不改变任何数，结算仍以签名的回执和计数为准。",
                "Nobody signed the list. Nothing is changed by it, and a settlement goes by signed "
                    + "receipts and counts."), indent: 2)
    }

    /// The months in which anything differs, and the sum of all.
    private func showCells(_ output: Output) {
        var table = Columns([
            (said("机构", "institution"), .left), (said("月份", "month"), .left),
            (said("自报", "their own"), .right), (said("我方", "ours"), .right),
            (said("清单", "list"), .right), (said("差异", "differ"), .right),
        ])
        for line in lines where line.differences > 0 || line.local != line.national {
            table.add([
                line.institution ?? said("未知", "unknown"), line.month?.description ?? "",
                line.source.map(String.init) ?? "·", "\(line.local)", "\(line.national)",
                "\(line.differences)",
            ])
        }
        let sources = lines.compactMap(\.source)
        table.add([
            said("合计", "total"), "", sources.isEmpty ? "·" : "\(sources.reduce(0, +))",
            "\(lines.reduce(0) { $0 + $1.local })", "\(lines.reduce(0) { $0 + $1.national })",
            "\(lines.reduce(0) { $0 + $1.differences })",
        ])
        output.table(table)
    }

    /// By class and reason, in their order.
    private var grouped: [[Line]] {
        var groups: [[Line]] = []
        for line in differences {
            if let last = groups.last?.first, last.kind == line.kind, last.reason == line.reason {
                groups[groups.count - 1].append(line)
            } else {
                groups.append([line])
            }
        }
        return groups
    }

    private func show(_ group: [Line], _ output: Output) {
        guard let first = group.first else { return }
        output.paragraph(
            "✗ \(first.kind.rawValue) \(first.wording.said)"
                + said("：\(group.count)", ": \(group.count)"), indent: 2)
        var table = Columns(sides: [.left, .left, .left, .left])
        for line in group.prefix(CasePage.shown) {
            let rows = line.rows.map(String.init).joined(separator: said("、", ", "))
            let figures = [
                line.source.map { said("自报 \($0)", "their count \($0)") },
                line.local.map { said("我方 \($0)", "ours \($0)") },
                line.national.map { said("对方 \($0)", "theirs \($0)") },
            ].compactMap { $0 }.joined(separator: " ")
            table.add([
                line.record?.text ?? line.serial ?? line.institution ?? "",
                line.month?.description ?? "",
                line.sheet.map { said("差异单 \($0)", "difference \($0)") } ?? "",
                rows.isEmpty ? figures : said("第 \(rows) 行 \(figures)", "rows \(rows) \(figures)"),
            ])
        }
        output.table(table, indent: 4)
        if group.count > CasePage.shown {
            output.line(
                "    另有 \(group.count - CasePage.shown) 个，见 --json",
                "    and \(group.count - CasePage.shown) more: see --json")
        }
    }

    /// What is no difference, and is not passed over in silence.
    private func showRest(_ output: Output) {
        if open > 0 {
            output.line(
                "  双方都还没有结论的 \(open) 例", "  \(open) cases wait on both sides")
        }
        if withoutEffect > 0 {
            output.line(
                "  对方已退回或删除、我方账上没有的 \(withoutEffect) 例，不计",
                "  \(withoutEffect) that we do not know and they do not count")
        }
        if outside > 0 {
            output.line(
                "  不在所对期间的 \(outside) 例，没有比较", "  \(outside) of other months, not compared")
        }
    }

    private func showProblems(_ output: Output) {
        for problem in ListedRowProblem.allCases {
            let found = problems.filter { $0.code == problem.rawValue }.map { "\($0.row)" }
            guard !found.isEmpty else { continue }
            let shown =
                found.prefix(CasePage.shown).joined(separator: said("、", ", "))
                + (found.count > CasePage.shown ? " …" : "")
            output.paragraph(
                said("✗ \(problem.rawValue) 第 \(shown) 行：", "✗ \(problem.rawValue) rows \(shown): ")
                    + problem.entry.what.said, indent: 2)
            output.paragraph(problem.entry.next.said, indent: 4)
        }
    }
}

/// What `--open` wrote down, for people and programs.
struct OpenedLine: Encodable {
    let opened: Int
    let again: Int
    let known: Int
    let settled: Int
    let gone: Int
    let back: Int

    init(_ opening: DifferenceOpening) {
        opened = opening.opened
        again = opening.again
        known = opening.known
        settled = opening.settled
        gone = opening.gone
        back = opening.back
    }

    func show(_ output: Output) {
        output.line()
        output.line(
            "差异单：新开 \(opened) 张" + (again > 0 ? "（其中 \(again) 张曾关闭）" : "")
                + "，原已开 \(known) 张，已消失 \(gone) 张",
            "Differences: \(opened) opened" + (again > 0 ? " (\(again) of them again)" : "")
                + ", \(known) open before, \(gone) gone")
        if settled > 0 {
            output.line(
                "  已按时差或确认不一致关闭、不另开的 \(settled) 个",
                "  \(settled) closed before as agreed or a matter of timing")
        }
        output.line(
            "下一步：shangbao differences list", "Next: shangbao differences list")
    }
}

/// On what list of counts a comparison rests, and which of its rows make no sense.
struct CountedRows {
    private let list: SourceCountList

    init(_ list: SourceCountList) {
        self.list = list
    }

    func show(_ path: String, _ output: Output) {
        output.paragraph(
            said(
                "国家的数出自清单 \(Places.shown(Places.absolute(path)))，没有签名；结算仍以签名的计数为准。",
                "The nation's figures are those of the list \(Places.shown(Places.absolute(path))), "
                    + "which nobody signed; a settlement still goes by signed counts."), indent: 2)
        showProblems(output)
    }

    func showProblems(_ output: Output) {
        for (row, problem) in list.problems {
            output.paragraph(
                "✗ " + said("第 \(row) 行", "row \(row)")
                    + " \(problem.rawValue) \(problem.entry.what.said)", indent: 2)
        }
    }
}
