import Evidence
import Flow
import Foundation
import Records
import Settlements

/// The tie-out of a year: our books by institution and month, beside the national counts.
struct BookTable {
    private let comparison: Closing.Comparison
    private let output: Output
    /// Whether the months of an institution stand in one line.
    private let isBrief: Bool

    init(_ comparison: Closing.Comparison, isBrief: Bool = false, output: Output) {
        self.comparison = comparison
        self.isBrief = isBrief
        self.output = output
    }

    func show() {
        guard !comparison.lines.isEmpty else {
            output.line(
                "账本中还没有这一年的记录：先用 shangbao take 接收文件。",
                "The ledger has nothing of this year yet: take a file in with shangbao take.")
            return
        }
        table()
        let sum = Balance.sum(comparison.lines)
        let parts = BookClass.all.filter { $0.count(sum) > 0 }
            .map { "\($0.title.said) \(Figure.grouped($0.count(sum)))" }
        output.paragraph(
            said("收到 ", "taken ") + Figure.grouped(sum.taken) + " = "
                + parts.joined(separator: " + "), indent: 2)
        output.line(
            comparison.balance.balances ? "  ✓ 账目平衡" : "  ✗ 账目不平",
            comparison.balance.balances ? "  ✓ the books balance" : "  ✗ the books do not balance")
        if let fault = comparison.chain.fault {
            output.line("  ✗ 账本哈希链断开：\(fault)", "  ✗ the ledger's chain is broken: \(fault)")
        } else {
            output.line(
                "  ✓ 账本 \(Figure.grouped(comparison.chain.lines)) 条，哈希链完整",
                "  ✓ the ledger's \(Figure.grouped(comparison.chain.lines)) lines are chained")
        }
        showDifferences()
    }

    private func showDifferences() {
        for discrepancy in comparison.discrepancies {
            output.paragraph(
                "✗ \(discrepancy.kind.rawValue) \(discrepancy.wording.said)", indent: 2)
        }
        guard comparison.national != nil else {
            let code = comparison.missing ?? ""
            output.paragraph(
                said("✗ 没有取得国家平台的计数（\(code)），未能对账", "✗ no national counts (\(code)): not compared"),
                indent: 2)
            return
        }
        guard !comparison.discrepancies.contains(where: \.kind.isAboutCounts) else { return }
        output.line("  ✓ 与国家平台的计数一致", "  ✓ the national counts agree")
    }

    /// Classes in which there is nothing have no column.
    private func table() {
        let sum = Balance.sum(comparison.lines)
        let shown = BookClass.all.filter {
            $0.count(sum) > 0 || $0.short == BookClass.accepted.short
        }
        var heads: [(title: String, side: Columns.Side)] = [(said("机构", "institution"), .left)]
        if !isBrief { heads.append((said("月份", "month"), .left)) }
        heads.append((said("收到", "taken"), .right))
        for each in shown { heads.append((each.short.said, .right)) }
        heads.append((said("国家", "nation"), .right))
        var columns = Columns(heads)
        for group in groups {
            guard let first = group.first else { continue }
            let line = Balance.sum(group)
            columns.add(
                [first.institution ?? said("未知", "unknown")]
                    + (isBrief ? [] : [first.month?.description ?? ""]) + ["\(line.taken)"]
                    + shown.map { $0.count(line) == 0 ? "·" : "\($0.count(line))" }
                    + [national(group)])
            addItems(of: first, shown, to: &columns)
        }
        let total = comparison.national?.reduce(0) { $0 + $1.accepted }
        columns.add(
            [said("合计", "total")] + (isBrief ? [] : [""]) + ["\(sum.taken)"]
                + shown.map { "\($0.count(sum))" }
                + [total.map { "\($0)" } ?? "?"])
        output.table(columns)
    }

    /// The items of a month, below it; the nation does not count them apart.
    private func addItems(of cell: Balance.Line, _ shown: [BookClass], to columns: inout Columns) {
        guard !isBrief else { return }
        for item in comparison.items
        where item.institution == cell.institution && item.month == cell.month {
            let title = item.service.map { comparison.serviceTitles[$0]?.said ?? $0 }
            columns.add(
                ["", "└ " + (title ?? said("不分项目", "no item")), "\(item.taken)"]
                    + shown.map { $0.count(item) == 0 ? "·" : "\($0.count(item))" } + [""])
        }
    }

    /// What makes one line: a month of an institution, or all its months.
    private var groups: [[Balance.Line]] {
        guard isBrief else { return comparison.lines.map { [$0] } }
        return Dictionary(grouping: comparison.lines, by: { $0.institution ?? "\u{10FFFF}" })
            .sorted { $0.key < $1.key }.map(\.value)
    }

    private func national(_ group: [Balance.Line]) -> String {
        guard let counts = comparison.national else { return "?" }
        guard group.contains(where: { $0.month != nil }) else { return "·" }
        let found = counts.filter { count in
            group.contains { count.institution == $0.institution && count.month == $0.month }
        }
        return "\(found.reduce(0) { $0 + $1.accepted })"
    }
}

/// One class of the tie-out, as tables show it.
struct BookClass: Sendable {
    let title: Wording
    /// A word that fits over a column of numbers.
    let short: Wording
    let count: @Sendable (Balance.Line) -> Int

    /// All classes in the order of the tie-out.
    static let all: [BookClass] = [
        BookClass("不符合条件", "not eligible", "不符", "excl") { $0.excluded },
        BookClass("待更正", "to be corrected", "待更正", "quar") { $0.quarantined },
        BookClass("待报送", "queued", "待报", "queue") { $0.queued },
        BookClass("未回执", "unanswered", "未回", "unans") { $0.unanswered },
        BookClass("暂缓", "held", "暂缓", "held") { $0.held },
        accepted,
        BookClass("被退回", "rejected", "退回", "rej") { $0.rejected },
        BookClass("已撤回", "withdrawn", "撤回", "withd") { $0.withdrawn },
        BookClass("已被替代", "superseded", "替代", "sup") { $0.superseded },
    ]

    static let accepted = BookClass("已接收", "accepted", "接收", "acc") { $0.accepted }

    private init(
        _ zh: String, _ en: String, _ shortZH: String, _ shortEN: String,
        _ count: @escaping @Sendable (Balance.Line) -> Int
    ) {
        title = Wording(zh: zh, en: en)
        short = Wording(zh: shortZH, en: shortEN)
        self.count = count
    }
}
