import Records
import Settlements

/// What is not paid yet, the dearest first, on a terminal.
struct OpenWorthTable {
    private let open: OpenWorth
    private let codes: CodeBook
    private let output: Output

    init(_ open: OpenWorth, _ codes: CodeBook, output: Output) {
        self.open = open
        self.codes = codes
        self.output = output
    }

    func show(_ year: Int) {
        guard !open.groups.isEmpty else {
            output.line(
                "✓ \(year) 年没有等待解决的病例。", "✓ No case of \(year) waits for anything.")
            return
        }
        var table = Columns([
            (said("现状", "standing"), .left), (said("代码", "code"), .left),
            (said("例", "cases"), .right), (said("最多值（元）", "at most, yuan"), .right),
            (said("是什么", "what it is"), .left),
        ])
        for group in open.groups {
            table.add([
                standing(of: group), UnpaidReason(rawValue: group.code) == nil ? group.code : "",
                Figure.grouped(group.cases), Figure.yuan(group.fen), words(of: group),
            ])
        }
        table.add([
            said("合计", "total"), "", Figure.grouped(open.groups.reduce(0) { $0 + $1.cases }),
            Figure.yuan(open.totalFen), said("每人只算一次", "each person once"),
        ])
        output.table(table, indent: 0)
        output.paragraph(
            said(
                "是上限：解决之后国家平台还可能退回。怎么办：shangbao explain 代码。",
                "An upper bound: the nation may refuse them yet. What to do: shangbao explain CODE."
            ))
    }

    private func standing(of group: OpenWorth.Group) -> String {
        BalanceClass(rawValue: group.standing)?.title.said ?? said("不结算", "unpaid")
    }

    private func words(of group: OpenWorth.Group) -> String {
        var words = [UnpaidReason(rawValue: group.code)?.title.said ?? codes[group.code]?.what.said]
        if group.claimed > 0 {
            words.append(
                said("其中 \(group.claimed) 例已付过本人", "\(group.claimed) paid for already"))
        }
        if group.unknown > 0 {
            words.append(said("其中 \(group.unknown) 例不知值多少", "\(group.unknown) unknown"))
        }
        return words.compactMap { $0 }.joined(separator: said("；", "; "))
    }
}
