import ArgumentParser
import Flow
import Foundation
import Records
import Storage

/// Rows of parts that no case can use as they are.
struct PartsCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "parts",
            abstract: said("有争议的样本：查看，撤下。", "Samples in dispute: look, take off."),
            subcommands: [PartsList.self, PartsDrop.self])
    }
}

/// Lists the rows whose sample's number stands with two people.
struct PartsList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: said("样本号在两个人名下的行。", "Rows whose sample's number is two people's."))
    }

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let item: String
        let file: String
        let mapping: String
        let row: Int
        let rows: Int
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let found = try await site.withView { view in
            try await view.read { try site.disputedRows(in: $0) }
        }
        try output.give(
            found.map {
                Line(
                    item: $0.intake.text, file: $0.file, mapping: $0.mapping, row: $0.row,
                    rows: $0.count)
            })
        guard !found.isEmpty else {
            output.line("✓ 没有有争议的样本", "✓ no sample is in dispute")
            return .done
        }
        var table = Columns([
            (said("编号", "item"), .left), (said("文件", "file"), .left),
            (said("首行", "first row"), .right), (said("行数", "rows"), .right),
        ])
        for rows in found {
            table.add([
                String(rows.intake.text.prefix(8)), rows.file, "\(rows.row)", "\(rows.count)",
            ])
        }
        output.table(table)
        output.line(
            "请检验科改正后重新导出；不能的，shangbao parts drop 编号 首行 --because 理由",
            "Have the laboratory correct and export it; else shangbao parts drop ITEM ROW --because …"
        )
        return .toCorrect
    }
}

/// Takes a person's sample of one file off the shelf.
struct PartsDrop: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "drop",
            abstract: said("撤下一个人一份样本的各行。", "Take off the rows of one person's sample."),
            discussion: said(
                "撤下的行不再并入病例；机构重新导出后照常收。",
                "They are joined to no case any more; a new export is taken as ever."))
    }

    @Argument(help: ArgumentHelp(said("编号的开头，或文件名。", "How its id begins, or the file's name.")))
    var item: String

    @Argument(help: ArgumentHelp(said("其中一行，按 Excel 行号。", "One of the rows, as Excel counts.")))
    var row: Int

    @Option(help: ArgumentHelp(said("理由，记入账本。", "Why; the ledger keeps it.")))
    var because: String

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: item, reason: because) }

    func validate() throws {
        guard !because.allSatisfy(\.isWhitespace) else {
            throw ValidationError(said("--because 不能为空。", "--because must say something."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase(.guest) { database in
            let person = NSUserName()
            let dropped = try await database.write { [item, row, because] transaction in
                var found: [Register.ShelvedRows] = []
                if item.count >= 4 {
                    found = try Register().shelved(item, row: row, in: transaction)
                }
                guard let only = found.first, found.count == 1 else {
                    throw CommandFailure(.unknownRows, place: "\(item): \(row)")
                }
                try site.drop(only, by: person, because: because, in: transaction)
                return only
            }
            try output.give([
                "item": dropped.intake.text, "file": dropped.file, "rows": "\(dropped.count)",
                "by": person, "because": because,
            ])
            output.line(
                "✓ \(dropped.file)：已撤下 \(dropped.count) 行；下一步 shangbao deliver",
                "✓ \(dropped.file): \(dropped.count) rows are off the shelf; next: shangbao deliver"
            )
            return .done
        }
    }
}
