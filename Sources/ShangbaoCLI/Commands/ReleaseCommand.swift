import ArgumentParser
import Definitions
import Foundation
import Privacy
import Records

/// What may leave the county outside the statutory channel.
struct ReleaseCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "release",
            abstract: said("出县的表：去标识化检查。", "Tables that leave the county: how safe they are."),
            subcommands: [ReleaseCheck.self])
    }
}

/// Holds a table against the rule of de-identification; changes nothing.
struct ReleaseCheck: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: said(
                "检查一张表能否出县：k、l 与平均风险。", "Whether a table may leave: k, l and mean risk."),
            discussion: said(
                "一行一人或一对的 CSV（UTF-8，首行为列名）。--quasi 写明别处可能知道的列（出生年、乡镇……），--sensitive 写明敏感列；"
                    + "其余的列不得把人区分开。规则在 mappings/privacy/release.yaml。只报数，不显示任何值。",
                "A CSV of a row for each person or couple, UTF-8, names first. --quasi: what somebody "
                    + "may know from elsewhere; --sensitive: what he must not learn; no other column "
                    + "may tell people apart. The rule is mappings/privacy/release.yaml. It says "
                    + "numbers, and no value."))
    }

    @Argument(help: ArgumentHelp(said("要检查的 CSV。", "The CSV."), valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            said("准标识符列，可写多次。", "A quasi-identifier; once for each."), valueName: "name"))
    var quasi: [String]

    @Option(
        help: ArgumentHelp(
            said("敏感列，可写多次。", "A sensitive column; once for each."), valueName: "name"))
    var sensitive: [String] = []

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let rule = try ReleaseRule(mappings: try Places.mappings(mappings))
        let table = try CodeTable(
            path: Places.absolute(file),
            shownAs: PersonalSigns.masked(path: URL(fileURLWithPath: file).lastPathComponent))
        let risk = ReleaseRisk(
            table.rows.map(\.cells), quasi: try quasi.map { try place(of: $0, in: table) },
            sensitive: try sensitive.map { try place(of: $0, in: table) },
            names: table.header.map { PersonalSigns.masked($0) }, rule: rule)
        try output.give(risk)
        guard risk.rows > 0 || !risk.passes else {
            output.line("没有可检查的行。", "There are no rows to look at.")
            return .done
        }
        show(risk, rule, output)
        return risk.passes ? .done : .toCorrect
    }

    private func place(of column: String, in table: CodeTable) throws(DefinitionError) -> Int {
        guard let place = table.header.firstIndex(of: column) else {
            throw table.headerError(
                "没有这一列；请核对 --quasi 与 --sensitive。",
                "There is no such column: see --quasi and --sensitive.")
        }
        return place
    }

    private func show(_ risk: ReleaseRisk, _ rule: ReleaseRule, _ output: Output) {
        func say(_ holds: Bool, _ zh: String, _ en: String) {
            output.line((holds ? "✓ " : "✗ ") + zh, (holds ? "✓ " : "✗ ") + en)
        }
        output.line(
            "\(risk.rows) 行，\(risk.groups) 组；另有 \(risk.suppressed) 行已遮掉准标识符",
            "\(risk.rows) rows in \(risk.groups) groups; \(risk.suppressed) more are suppressed")
        say(
            risk.rowsBelow == 0,
            "最小的组 \(risk.smallest) 行，应不少于 \(rule.smallest)；不足的 \(risk.rowsBelow) 行，独一无二的 \(risk.unique) 行",
            "the smallest group has \(risk.smallest), \(rule.smallest) are asked for; "
                + "\(risk.rowsBelow) rows below, \(risk.unique) unique")
        let mean = risk.meanInTenThousandths
        let most = "\(rule.meanRisk.part)/\(rule.meanRisk.whole)"
        say(
            risk.isMeanWithin,
            "平均风险 \(mean / 100).\(String(format: "%02d", mean % 100))%，应不超过 \(most)",
            "the mean risk is \(mean / 100).\(String(format: "%02d", mean % 100)) %, at most \(most)"
        )
        for column in risk.uniform {
            say(
                false,
                "\(column.name)：有的组只有 \(column.fewest) 种值，应有 \(rule.diversity)（\(column.rows) 行）",
                "\(column.name): a group has \(column.fewest) values, \(rule.diversity) are asked "
                    + "for (\(column.rows) rows)")
        }
        for column in risk.direct {
            say(
                false, "\(column.name)：\(column.rows) 行有证件号、电话或出生日期：去掉这一列",
                "\(column.name): \(column.rows) rows hold an ID or telephone number or a birth date: "
                    + "drop the column")
        }
        for column in risk.telling where !risk.direct.contains(where: { $0.name == column.name }) {
            say(
                false,
                "\(column.name)：没有写明是哪一种列，而有的值只在 \(column.fewest) 行里"
                    + "（\(column.rows) 行）：去掉，或写进 --quasi、--sensitive",
                "\(column.name): not declared, and a value stands in \(column.fewest) rows "
                    + "(\(column.rows) rows): drop it, or name it as --quasi or --sensitive")
        }
        output.line(
            risk.passes ? "可以出县。" : "不可出县：合并年龄段、去掉日期或乡镇，或遮掉不足的行后再查。",
            risk.passes
                ? "It may leave."
                : "It must not leave: use wider bands, drop dates or townships, "
                    + "or suppress the rows below, and check again.")
    }
}
