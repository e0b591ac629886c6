import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// Texts of the national side that nobody has given a code yet.
struct ReceiptsTexts: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "texts",
            abstract: said(
                "回执里不认得的文字，等人对照成代码。", "Texts in receipts that no code is known for."),
            discussion: said(
                "文字里可能有姓名，平时只显示代称；--show-text 在终端上显示原文，不写入文件和日志。",
                "A text may hold a name: only a name made under a key of the county is "
                    + "shown. --show-text shows it, at a terminal alone."))
    }

    @Flag(help: ArgumentHelp(said("在终端上显示原文。", "Show the texts, at a terminal.")))
    var showText = false

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let name: String
        let records: Int
        let since: String
        let receipt: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        guard !showText || (isatty(STDOUT_FILENO) == 1 && !output.isJSON) else {
            throw CommandFailure(
                .usage,
                detail: said("--show-text 只在终端上显示", "--show-text works at a terminal only"))
        }
        return try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            let (outbox, endpoint) = (exchange.outbox, exchange.endpoint)
            let found = try await database.read { [showText] transaction in
                try outbox.unknownTexts(in: transaction).map { unknown in
                    (
                        unknown,
                        showText
                            ? try outbox.text(of: unknown, by: endpoint, in: transaction) : nil
                    )
                }
            }
            try output.give(
                found.map {
                    Line(
                        name: $0.0.name, records: $0.0.records, since: $0.0.since.dateTime,
                        receipt: $0.0.receipt)
                })
            show(found, isAssisted: exchange.isAssisted, output)
            return found.isEmpty ? .done : .toCorrect
        }
    }

    private func show(
        _ found: [(UnknownText, String?)], isAssisted: Bool, _ output: Output
    ) {
        guard !found.isEmpty else {
            output.line("✓ 没有不认得的文字", "✓ no text without a code")
            return
        }
        var table = Columns([
            (said("文字（代称）", "text (by name)"), .left),
            (said("记录", "records"), .right), (said("最早", "since"), .left),
            (said("回执", "receipt"), .left),
        ])
        for (unknown, _) in found {
            table.add([
                unknown.name, Figure.grouped(unknown.records), Figure.minute(unknown.since),
                String(unknown.receipt.prefix(16)),
            ])
        }
        output.table(table, indent: 0)
        for case (let unknown, let text?) in found {
            output.paragraph("\(unknown.name)：\(text)", indent: 2)
        }
        if isAssisted {
            output.paragraph(
                said(
                    "在国家规格的 answer-texts.csv 加一行 match,text,code，shangbao lint，再把同一份结果清单"
                        + "用 shangbao results 收一次。",
                    "Add a line match,text,code to the profile's answer-texts.csv, run shangbao "
                        + "lint, then bring the same list again with shangbao results."))
            return
        }
        output.paragraph(
            said(
                "在国家规格的 answer-texts.csv 加一行 match,text,code，shangbao lint，再 shangbao collect："
                    + "这些回执自动重新解读。",
                "Add a line match,text,code to the profile's answer-texts.csv, run shangbao lint, then "
                    + "shangbao collect: these receipts are read again."))
    }
}
