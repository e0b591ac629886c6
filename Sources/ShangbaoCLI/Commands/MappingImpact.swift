import ArgumentParser
import Definitions
import Flow
import Foundation
import Mappings
import Privacy
import Programmes
import Records
import Storage
import Validation

/// Shows what a new version of a mapping would change, before anybody signs it.
struct MappingImpact: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "impact",
            abstract: said(
                "影响预览：新映射会改变哪些行、例数和钱。", "What a new mapping would change: rows and money."),
            discussion: said(
                "对一段时间收到的、仍在的文件和留在本地的密封行，用现在的映射和新的映射各走一遍；只出字段名和数字，不写任何数据。已上报且文件不在的行看不到，报告写明有多少。",
                "Both versions run over the files of the period that still lie there and over the sealed "
                    + "rows that stayed here; names of fields and numbers alone, nothing is written. Rows "
                    + "that left and whose file is gone cannot be seen: how many, is said."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称。", "A source's or a mapping's name.")))
    var name: String

    @Option(
        help: ArgumentHelp(said("从哪一天收到的算起，yyyy-MM-dd。", "What came since this day, yyyy-MM-dd.")))
    var since: CalendarDate

    @Option(
        help: ArgumentHelp(
            said(
                "新的映射文件；不写则用现在的映射，与当时的去向相比。",
                "The new version; if absent, the present one against what became of the rows then."),
            valueName: "file"))
    var mapping: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let present = try site.mapping(for: name).file
        let other = try mapping.map {
            try site.programme(of: present).programme.version(of: present, at: Places.absolute($0))
        }
        let keyring = try await common.openKeyring(of: site)
        let impact = try await site.withView { view in
            try await ImpactReading(
                of: other ?? present, against: other == nil ? nil : present, at: site, view,
                keyring: keyring
            ).impact(since: since)
        }
        try output.give(impact)
        show(impact, of: present.mapping.dictionary, output)
        return impact.newlyFailing > 0 ? .toCorrect : .done
    }

    private func show(_ impact: Impact, of dictionary: ElementDictionary, _ output: Output) {
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
        if held.rowsGone > 0 {
            output.line(
                "  ⚠ \(Figure.grouped(held.rowsGone)) 行已上报而文件不在，看不到",
                "  ⚠ \(Figure.grouped(held.rowsGone)) rows left and their file is gone: not seen")
        }
        output.line()
        let was = mapping == nil ? said("当时", "then") : said("现在", "now")
        let next = mapping == nil ? said("现在", "now") : said("新映射", "new")
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
                    MappingImpact.signed(Int64(next - was)) { Figure.grouped(Int($0)) },
                ])
            }
        }
        // What was paid for at the time, the statements say.
        for payer in Set(impact.before.fen.keys).union(impact.after.fen.keys).sorted() {
            let (was, next) = (impact.before.fen[payer] ?? 0, impact.after.fen[payer] ?? 0)
            table.add(money(payer, mapping == nil ? nil : was, next))
        }
        table.add(
            money(
                said("合计（元）", "total, yuan"), mapping == nil ? nil : impact.before.totalFen,
                impact.after.totalFen))
        output.table(table)
        output.line()
        output.line(
            "不一样的行 \(Figure.grouped(impact.changed))：新失败 \(impact.newlyFailing)，新通过 "
                + "\(impact.newlyPassing)",
            "Rows that differ \(Figure.grouped(impact.changed)): newly failing "
                + "\(impact.newlyFailing), newly passing \(impact.newlyPassing)")
        for (field, rows) in impact.fields.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            output.line("  \(dictionary.titled(field)) \(Figure.grouped(rows))")
        }
        list(impact, of: dictionary, was, next, output)
        output.line("没有写入任何数据。", "Nothing was written.")
    }

    private func money(_ title: String, _ was: Int64?, _ next: Int64) -> [String] {
        [
            title, was.map { Figure.yuan(Money(fen: $0)) } ?? "—", Figure.yuan(Money(fen: next)),
            was.map { old in MappingImpact.signed(next - old) { Figure.yuan(Money(fen: $0)) } }
                ?? "",
        ]
    }

    private func list(
        _ impact: Impact, of dictionary: ElementDictionary, _ was: String, _ next: String,
        _ output: Output
    ) {
        guard !impact.rows.isEmpty else { return }
        var table = Columns([
            (said("文件", "file"), .left), (said("行", "row"), .right),
            (was, .left), (next, .left), (said("字段与代码", "fields, codes"), .left),
        ])
        for row in impact.rows.prefix(40) {
            let what =
                row.fields.prefix(2).map(dictionary.titled).joined(separator: " ")
                + (row.fields.count > 2 ? " …" : "")
                + row.newCodes.map { " +\($0)" }.joined()
                + row.goneCodes.map { " −\($0)" }.joined()
            table.add([
                String(row.item.prefix(12)), "\(row.row)", row.before.title.said,
                row.after.title.said, what,
            ])
        }
        output.table(table)
        if impact.changed > 40 {
            output.line("  …… 另有 \(impact.changed - 40) 行", "  … and \(impact.changed - 40) more")
        }
    }

    private static func signed(_ value: Int64, _ text: (Int64) -> String) -> String {
        value == 0 ? "" : (value > 0 ? "+" : "−") + text(abs(value))
    }
}
