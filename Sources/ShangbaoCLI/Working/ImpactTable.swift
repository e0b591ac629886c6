import Definitions
import Flow
import Privacy
import Records
import Validation

/// Shows what another version of a mapping would do: counts, and rows by what happens to them.
struct ImpactTable {
    /// Lines of rows that are shown.
    private static let shownGroups = 30

    let impact: Impact
    let dictionary: ElementDictionary
    /// Whether two versions of the mapping are compared, and not the present one with then.
    let isAgainstMapping: Bool

    private var was: String { isAgainstMapping ? said("现在", "now") : said("当时", "then") }
    private var next: String { isAgainstMapping ? said("新映射", "new") : said("现在", "now") }

    /// Writes all of it.
    func show(_ output: Output) {
        held(output)
        sides(output)
        output.line(
            "不一样的 \(Figure.grouped(impact.changed)) 例：新失败 "
                + "\(Figure.grouped(impact.newlyFailing))，新通过 \(Figure.grouped(impact.newlyPassing))",
            "Records that differ \(Figure.grouped(impact.changed)): newly failing "
                + "\(Figure.grouped(impact.newlyFailing)), newly passing "
                + "\(Figure.grouped(impact.newlyPassing))")
        if impact.otherContent > 0 {
            output.line(
                "  内容与当时报出的不同 \(Figure.grouped(impact.otherContent)) 例（报出的内容不在本地，"
                    + "说不出是哪个字段；要看字段，用 --mapping 与旧映射比）",
                "  content is another than what left: \(Figure.grouped(impact.otherContent)) (what left "
                    + "is not kept here; to see fields compare with the old version by --mapping)")
        }
        fields(output)
        groups(output)
        output.line("没有写入任何数据。", "Nothing was written.")
    }

    private func held(_ output: Output) {
        let held = impact.held
        output.line(
            "\(impact.mapping)，自 \(impact.since)：\(held.items) 个文件，\(Figure.grouped(held.rows)) 行",
            "\(impact.mapping) since \(impact.since): \(held.items) files, "
                + "\(Figure.grouped(held.rows)) rows")
        output.line(
            "  看了 \(Figure.grouped(held.rowsRead)) 行：文件还在的 \(held.files) 个，只剩密封行的 "
                + "\(held.sealedOnly) 个；列对不上的 \(held.unread) 个",
            "  looked at \(Figure.grouped(held.rowsRead)) rows: \(held.files) files still there, "
                + "\(held.sealedOnly) sealed rows only; \(held.unread) whose columns do not fit")
        if held.repeats > 0 {
            output.line(
                "  其中 \(Figure.grouped(held.repeats)) 行是同一例的另一行：每例算一次，按最后的结果",
                "  \(Figure.grouped(held.repeats)) of them are other rows of the same record: each "
                    + "counts once, by what became of it last")
        }
        if held.rowsGone > 0 {
            output.line(
                "  ⚠ \(Figure.grouped(held.rowsGone)) 行已上报而文件不在，看不到",
                "  ⚠ \(Figure.grouped(held.rowsGone)) rows left and their file is gone: not seen")
        }
        output.line()
    }

    private func sides(_ output: Output) {
        var table = Columns([
            ("", .left), (was, .right), (next, .right), (said("增减", "change"), .right),
        ])
        for fate in Fate.allCases {
            let (was, next) = (
                impact.before.fates[fate.rawValue] ?? 0, impact.after.fates[fate.rawValue] ?? 0
            )
            if was + next > 0 {
                table.add([
                    fate.title.said, Figure.grouped(was), Figure.grouped(next),
                    ImpactTable.signed(Int64(next - was)) { Figure.grouped(Int($0)) },
                ])
            }
        }
        for payer in impact.payers {
            table.add(
                money(
                    said("\(payer.title.zh)（元）", "\(payer.title.en), yuan"),
                    impact.before.fen[payer.name] ?? 0, impact.after.fen[payer.name] ?? 0))
        }
        table.add(
            money(
                said("合计（元）", "total, yuan"), impact.before.totalFen, impact.after.totalFen))
        output.table(table)
        output.line(
            "  钱：看过的行里入队上报的，按全部被接收算",
            "  Money: of what was looked at and is queued, as if all of it were accepted")
        output.line()
    }

    private func money(_ title: String, _ was: Int64, _ next: Int64) -> [String] {
        [
            title, Figure.yuan(Money(fen: was)), Figure.yuan(Money(fen: next)),
            ImpactTable.signed(next - was) { Figure.yuan(Money(fen: $0)) },
        ]
    }

    private func fields(_ output: Output) {
        guard !impact.fields.isEmpty else { return }
        var table = Columns([
            (said("报出不同的字段", "fields that leave otherwise"), .left), (said("处理", "how"), .left),
            (said("多出", "gained"), .right), (said("没了", "lost"), .right),
            (said("改变", "changed"), .right),
        ])
        for field in impact.fields {
            table.add(
                [dictionary.titled(field.name), field.technique.title.said]
                    + [field.gained, field.lost, field.changed].map {
                        $0 == 0 ? "" : Figure.grouped($0)
                    })
        }
        output.table(table)
        output.line()
    }

    private func groups(_ output: Output) {
        guard !impact.groups.isEmpty else { return }
        var table = Columns([
            (said("例数", "records"), .right), (was, .left), (next, .left),
            (said("字段与代码", "fields, codes"), .left), (said("来源", "source"), .left),
            (said("收到", "came"), .left), (said("行号", "rows"), .left),
        ])
        for group in impact.groups.prefix(ImpactTable.shownGroups) {
            let more = group.rows > group.examples.count ? " …" : ""
            table.add([
                Figure.grouped(group.rows), group.before.title.said, group.after.title.said,
                what(group), group.item.source, came(group.item),
                group.examples.map(String.init).joined(separator: " ") + more,
            ])
        }
        output.table(table)
        let more =
            impact.changed
            - impact.groups.prefix(ImpactTable.shownGroups).reduce(0) { $0 + $1.rows }
        if more > 0 {
            output.line("  …… 另有 \(more) 例", "  … and \(more) more")
        }
    }

    private func what(_ group: Impact.Group) -> String {
        let names = dictionary.elements.map(\.name).filter { group.fields[$0] != nil }
        let fields = names.prefix(2).map { name in
            let change =
                switch group.fields[name] {
                case .gained: "+"
                case .lost: "−"
                default: "≠"
                }
            return change + dictionary.titled(name)
        }
        let parts =
            fields + (names.count > 2 ? ["…"] : [])
            + (group.isOtherContent ? [said("内容不同", "other content")] : [])
            + group.newCodes.map { "+\($0)" } + group.goneCodes.map { "−\($0)" }
        return parts.joined(separator: " ")
    }

    /// The day on which an item came; its short code too where another came from there that day.
    private func came(_ item: Impact.Item) -> String {
        let isAlone = impact.groups.allSatisfy {
            $0.item == item || $0.item.source != item.source || $0.item.arrived != item.arrived
        }
        return item.arrived.description
            + (isAlone ? "" : " " + item.name.dropFirst("file-".count).prefix(6))
    }

    private static func signed(_ value: Int64, _ text: (Int64) -> String) -> String {
        value == 0 ? "" : (value > 0 ? "+" : "−") + text(abs(value))
    }
}
