import Foundation
import Records
import Settlements

/// A settlement statement on a terminal.
struct StatementTable {
    private let statement: Statement
    private let output: Output

    init(_ statement: Statement, output: Output) {
        self.statement = statement
        self.output = output
    }

    func show() {
        output.line(
            "  \(statement.title.zh) \(statement.division) \(statement.year) 年"
                + (statement.through.map { "，截至 \($0.month) 月" } ?? "")
                + (statement.isClosed ? "" : "（草稿）"),
            "  \(statement.title.en) \(statement.division) \(statement.year)"
                + (statement.through.map { ", up to \($0)" } ?? "")
                + (statement.isClosed ? "" : " (draft)"))
        var lines = Columns([
            (said("项目", "item"), .left), (statement.unit.said, .right),
            (said("单价（元）", "price, yuan"), .right), (said("金额（元）", "amount, yuan"), .right),
            (said("依据", "rule"), .left),
        ])
        for line in statement.lines {
            lines.add([
                line.title.said, Figure.grouped(line.cases), Figure.yuan(line.priceFen),
                Figure.yuan(line.fen), line.rule,
            ])
        }
        for line in statement.unpaid {
            lines.add([
                said("不结算：", "unpaid: ") + line.title.said, Figure.grouped(line.cases), "", "0.00",
                line.rule,
            ])
        }
        lines.add([
            said("合计", "total"), Figure.grouped(statement.totalCases), "",
            Figure.yuan(statement.totalFen), "",
        ])
        if let unsigned = statement.unsigned {
            lines.add([
                said("其中依据无签名结果清单", "of which by unsigned lists"),
                Figure.grouped(unsigned.cases), "", Figure.yuan(unsigned.fen), "",
            ])
        }
        output.table(lines)
        payers()
        correction()
        for blocker in statement.blocked {
            output.paragraph(
                "✗ \(blocker.code) \(blocker.wording.said) \(blocker.parameter ?? "")", indent: 2)
        }
        if let carriedOver = statement.carriedOver {
            output.line(
                "  未决 \(carriedOver) 例结转下期", "  Still open and carried over: \(carriedOver)")
        }
        for warning in statement.warnings { output.paragraph("! " + warning.said, indent: 2) }
    }

    /// What is taken off the statement before, case by case.
    private func correction() {
        guard let correction = statement.correction else { return }
        output.line()
        output.line(
            "  对上次结算的更正：上次 \(Figure.yuan(correction.earlierFen))，冲减"
                + " \(Figure.yuan(correction.fen))，新增 \(Figure.yuan(correction.addedFen))",
            "  Against the statement before: it said \(Figure.yuan(correction.earlierFen)), taken "
                + "off \(Figure.yuan(correction.fen)), added \(Figure.yuan(correction.addedFen))")
        var table = Columns(sides: [.left, .left, .right, .left])
        for line in correction.lines {
            table.add([
                line.record.text, line.item, Figure.yuan(line.fen), line.title.said,
            ])
        }
        output.table(table)
    }

    private func payers() {
        guard !statement.payers.isEmpty else { return }
        var table = Columns([
            (said("出资方", "payer"), .left), (said("份额", "share"), .right),
            (said("应负担（元）", "due, yuan"), .right), (said("超标准", "excess"), .right),
            (said("合计（元）", "total, yuan"), .right), (said("已预拨", "prepaid"), .right),
            (said("结转", "carried"), .right),
        ])
        for payer in statement.payers {
            table.add([
                payer.title.said, payer.share, Figure.yuan(payer.dueFen),
                payer.rules.excess.map { _ in Figure.yuan(payer.excessFen) } ?? "",
                Figure.yuan(payer.totalFen),
                payer.prepayment.map { Figure.yuan($0.paidFen) } ?? "",
                payer.prepayment.map { Figure.yuan($0.carryOutFen) } ?? "",
            ])
        }
        output.line()
        output.table(table)
    }
}
