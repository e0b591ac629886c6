import Evidence
import Flow
import Foundation
import Records
import Settlements

/// The tie-out of a year: our books by institution and month, beside the national counts.
struct BookTable {
    private let comparison: Closing.Comparison
    private let output: Output

    init(_ comparison: Closing.Comparison, output: Output) {
        self.comparison = comparison
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
        let parts = BalanceClass.allCases.filter { sum[$0] > 0 }
            .map { "\($0.title.said) \(Figure.grouped(sum[$0]))" }
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
        guard comparison.national != nil else {
            let code = comparison.missing ?? ""
            output.paragraph(
                said("✗ 没有取得国家平台的计数（\(code)），未能对账", "✗ no national counts (\(code)): not compared"),
                indent: 2)
            return
        }
        guard !comparison.discrepancies.isEmpty else {
            output.line("  ✓ 与国家平台的计数一致", "  ✓ the national counts agree")
            return
        }
        for discrepancy in comparison.discrepancies {
            output.paragraph("✗ \(discrepancy.kind.rawValue) \(discrepancy.wording.said)", indent: 2)
        }
    }

    /// Classes in which there is nothing have no column.
    private func table() {
        let sum = Balance.sum(comparison.lines)
        let shown = BalanceClass.allCases.filter { sum[$0] > 0 || $0 == .accepted }
        var columns = Columns(
            [
                (said("机构", "institution"), .left), (said("月份", "month"), .left),
                (said("收到", "taken"), .right),
            ] + shown.map { ($0.shortTitle.said, .right) } + [(said("国家", "nation"), .right)])
        for line in comparison.lines {
            columns.add(
                [line.institution ?? said("未知", "unknown"), line.month?.description ?? "", "\(line.taken)"]
                    + shown.map { line[$0] == 0 ? "·" : "\(line[$0])" } + [national(line)])
        }
        let total = comparison.national?.reduce(0) { $0 + $1.accepted }
        columns.add(
            [said("合计", "total"), "", "\(sum.taken)"] + shown.map { "\(sum[$0])" }
                + [total.map { "\($0)" } ?? "?"])
        output.table(columns)
    }

    private func national(_ line: Balance.Line) -> String {
        guard let counts = comparison.national else { return "?" }
        guard line.month != nil else { return "·" }
        let found = counts.filter { $0.institution == line.institution && $0.month == line.month }
        return "\(found.reduce(0) { $0 + $1.accepted })"
    }
}

extension BalanceClass {
    /// A word that fits over a column of numbers.
    var shortTitle: Wording {
        switch self {
        case .excluded: Wording(zh: "不符", en: "excl")
        case .quarantined: Wording(zh: "待更正", en: "quar")
        case .queued: Wording(zh: "待报", en: "queue")
        case .unanswered: Wording(zh: "未回", en: "unans")
        case .held: Wording(zh: "暂缓", en: "held")
        case .accepted: Wording(zh: "接收", en: "acc")
        case .rejected: Wording(zh: "退回", en: "rej")
        case .withdrawn: Wording(zh: "撤回", en: "withd")
        case .superseded: Wording(zh: "替代", en: "sup")
        }
    }
}
