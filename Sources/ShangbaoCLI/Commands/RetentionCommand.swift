import ArgumentParser
import Evidence
import Flow
import Foundation
import Records
import Storage

/// What is kept sealed, how long, and its erasure.
struct RetentionCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "retention",
            abstract: said(
                "留存：密封保存的个人信息留多久，到期清除。", "How long sealed data is kept, and its erasure."),
            subcommands: [RetentionShow.self, RetentionApply.self])
    }
}

extension RetentionClass {
    fileprivate var title: Wording {
        switch self {
        case .correctedRow: Wording(zh: "已更正并报出的行", en: "corrected rows")
        case .closedRow: Wording(zh: "不符合条件、重复、无主的行", en: "closed rows")
        case .ownCopy: Wording(zh: "已答复报文的密钥副本", en: "copies of keys")
        }
    }
}

extension Site {
    fileprivate func retention(_ database: any SteadyDatabase) throws -> RetentionDesk {
        RetentionDesk(
            try RetentionRule(mappings: configuration.mappings), database: database, clock: clock)
    }
}

/// Shows what is kept and what is due.
struct RetentionShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: said("各类留了多少、到期多少；什么也不改变。", "What is kept and what is due; changes nothing."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let standings = try await site.withView { try await site.retention($0).standings() }
        try output.give(standings)
        var table = Columns([
            (said("类别", "class"), .left), (said("期限（天）", "days"), .right),
            (said("现有", "kept"), .right), (said("到期", "due"), .right),
        ])
        for each in standings {
            table.add([
                each.kind.title.said, each.days.map { "\($0)" } ?? said("不清除", "for ever"),
                Figure.grouped(each.kept), Figure.grouped(each.due),
            ])
        }
        output.table(table, indent: 0)
        if standings.contains(where: { $0.due > 0 }) {
            output.line(
                "到期的：shangbao retention apply 清除。", "shangbao retention apply erases what is due.")
        }
        return .done
    }
}

/// Erases what is due.
struct RetentionApply: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "apply",
            abstract: said("清除到期的，账本记下清除了什么。", "Erase what is due; the ledger says what it was."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let erased = try await site.withDatabase {
            try await site.retention($0).erase(by: NSUserName())
        }
        try output.give(erased)
        guard !erased.isEmpty else {
            output.line("没有到期的。", "Nothing is due.")
            return .done
        }
        for fact in erased {
            let title = RetentionClass(rawValue: fact.kind)?.title.said ?? fact.kind
            output.line(
                "✓ \(title)：清除 \(fact.count) 项，SHA-256 \(fact.digest.prefix(16))",
                "✓ \(title): \(fact.count) erased, SHA-256 \(fact.digest.prefix(16))")
        }
        return .done
    }
}
