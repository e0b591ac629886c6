import ArgumentParser
import Flow
import Foundation
import Intake
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
                "一行一人或一对的 CSV（UTF-8 或 GB18030，首行为列名，没有注释行）。--quasi 写明别处可能知道的列（出生年、乡镇……），"
                    + "--sensitive 写明敏感列；没有写明的列按准标识符一起算。规则在站点（或 --mappings）的 "
                    + "privacy/release.yaml。只报数，不显示任何值。",
                "A CSV of a row for each person or couple, UTF-8 or GB 18030, names first, and no "
                    + "remarks. --quasi: what somebody may know from elsewhere; --sensitive: what he "
                    + "must not learn; every other column counts as --quasi. The rule is "
                    + "privacy/release.yaml of the site's mappings, or of --mappings. It says "
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
        let rule = try ReleaseRule(mappings: try rulesFolder())
        let table = try ReleaseTable(
            path: Places.absolute(file),
            shownAs: PersonalSigns.masked(path: URL(fileURLWithPath: file).lastPathComponent))
        let risk = ReleaseRisk(
            table.rows, quasi: try quasi.map { try table.place(of: $0) },
            sensitive: try sensitive.map { try table.place(of: $0) },
            names: table.header, rule: rule)
        try output.give(ReleasePage(risk: risk, rule: rule, encoding: table.encoding.rawValue))
        output.line(
            "规则：k ≥ \(rule.smallest)，平均风险 ≤ \(mostRisk(rule))，l ≥ \(rule.diversity)，"
                + "汇总表的格子 ≥ \(rule.smallest)；编码 \(table.encoding.rawValue)",
            "The rule: k ≥ \(rule.smallest), mean risk ≤ \(mostRisk(rule)), l ≥ \(rule.diversity), "
                + "cells of counts ≥ \(rule.smallest); read as \(table.encoding.rawValue)")
        guard risk.rows > 0 || !risk.passes else {
            output.line(
                "没有可检查的行；已遮掉的 \(risk.suppressed) 行。",
                "There are no rows to look at; \(risk.suppressed) are suppressed.")
            return .done
        }
        show(risk, rule, output)
        showColumns(risk, rule, output)
        end(risk, output)
        return risk.passes ? .done : .toCorrect
    }

    /// The mappings that are named, else those of the site, else the usual ones.
    private func rulesFolder() throws -> String {
        let folder = common.siteFolder
        let isSite = FileManager.default.fileExists(atPath: folder + "/" + Configuration.fileName)
        guard mappings == nil, isSite else { return try Places.mappings(mappings) }
        return try Configuration(folder: folder).mappings
    }

    private func mostRisk(_ rule: ReleaseRule) -> String {
        "\(rule.meanRisk.part)/\(rule.meanRisk.whole)"
    }

    private func say(_ output: Output, _ holds: Bool, _ zh: String, _ en: String) {
        output.line((holds ? "✓ " : "✗ ") + zh, (holds ? "✓ " : "✗ ") + en)
    }

    /// What the rows come to.
    private func show(_ risk: ReleaseRisk, _ rule: ReleaseRule, _ output: Output) {
        output.line(
            "\(risk.rows) 行，\(risk.groups) 组；另有 \(risk.suppressed) 行已全部遮掉",
            "\(risk.rows) rows in \(risk.groups) groups; \(risk.suppressed) more are suppressed")
        if !risk.joined.isEmpty {
            let names = risk.joined.joined(separator: ", ")
            output.line(
                "没有写明、按准标识符一起算的列：\(names)",
                "not declared, and so counted as quasi-identifiers too: \(names)")
        }
        say(
            output, risk.rowsBelow == 0,
            "最小的组 \(risk.smallest) 行，应不少于 \(rule.smallest)；不足的 \(risk.rowsBelow) 行，独一无二的 \(risk.unique) 行",
            "the smallest group has \(risk.smallest), \(rule.smallest) are asked for; "
                + "\(risk.rowsBelow) rows below, \(risk.unique) unique")
        let mean = risk.meanInTenThousandths
        let figure = "\(mean / 100).\(String(format: "%02d", mean % 100))"
        say(
            output, risk.isMeanWithin,
            "平均风险 \(figure)%，应不超过 \(mostRisk(rule))",
            "the mean risk is \(figure) %, at most \(mostRisk(rule))")
        for column in risk.uniform {
            say(
                output, false,
                "\(column.name)：有的组只有 \(column.fewest) 种值，应有 \(rule.diversity)（\(column.rows) 行）",
                "\(column.name): a group has \(column.fewest) values, \(rule.diversity) are asked "
                    + "for (\(column.rows) rows)")
        }
        if !risk.isDiversityChecked {
            output.line(
                "⚠ 未检查 l：没有写 --sensitive，一组人的结果是否都一样，没有看",
                "⚠ l was not checked: without --sensitive nobody looked whether a group has all one "
                    + "result")
        }
    }

    /// Columns that must not leave as they are.
    private func showColumns(_ risk: ReleaseRisk, _ rule: ReleaseRule, _ output: Output) {
        for name in risk.named {
            say(
                output, false, "\(name)：列名指名道姓，或本身就有个人信息：去掉这一列",
                "\(name): the column's name names persons, or is one's number itself: drop the "
                    + "column")
        }
        for column in risk.direct {
            say(
                output, false, "\(column.name)：\(column.rows) 行有证件号、电话或出生日期：去掉这一列",
                "\(column.name): \(column.rows) rows hold an ID or telephone number or a birth date: "
                    + "drop the column")
        }
        for column in risk.identifying {
            say(
                output, false,
                "\(column.name)：几乎每行不同，或是日期（\(column.rows) 行），不能当敏感列：分档、去掉，或写进 --quasi",
                "\(column.name): differs in most rows, or holds days (\(column.rows) rows), and is no "
                    + "sensitive column: use classes, drop it, or name it as --quasi")
        }
        for column in risk.telling where !risk.direct.contains(where: { $0.name == column.name }) {
            say(
                output, false,
                "\(column.name)：没有写明是哪一种列，而有的值只在 \(column.fewest) 行里"
                    + "（\(column.rows) 行）：去掉，或写进 --quasi、--sensitive",
                "\(column.name): not declared, and a value stands in \(column.fewest) rows "
                    + "(\(column.rows) rows): drop it, or name it as --quasi or --sensitive")
        }
    }

    private func end(_ risk: ReleaseRisk, _ output: Output) {
        guard risk.passes else {
            return output.line(
                "不可出县：合并年龄段、去掉日期或乡镇，或遮掉不足的行（准标识符和敏感列都写 *）后再查。",
                "It must not leave: use wider bands, drop dates or townships, or suppress the rows "
                    + "below (* in every quasi-identifier and sensitive cell), and check again.")
        }
        output.line(
            risk.isDiversityChecked ? "可以出县。" : "可以出县（未检查 l）。",
            risk.isDiversityChecked ? "It may leave." : "It may leave (l was not checked).")
    }
}

/// What a check found and by which figures, for programs.
private struct ReleasePage: Encodable {
    let risk: ReleaseRisk
    let rule: ReleaseRule
    let encoding: String

    private enum Key: String, CodingKey {
        case passes, encoding, k, l, meanRisk
    }

    func encode(to encoder: any Encoder) throws {
        try risk.encode(to: encoder)
        var page = encoder.container(keyedBy: Key.self)
        try page.encode(risk.passes, forKey: .passes)
        try page.encode(encoding, forKey: .encoding)
        try page.encode(rule.smallest, forKey: .k)
        try page.encode(rule.diversity, forKey: .l)
        try page.encode("\(rule.meanRisk.part)/\(rule.meanRisk.whole)", forKey: .meanRisk)
    }
}
