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
        case .waitingPart: Wording(zh: "没有病例认领的部分行", en: "parts without a case")
        case .resultList: Wording(zh: "收回的结果清单（段）", en: "lists of results (pieces)")
        case .strangeAnswer: Wording(zh: "签名密钥不认识的应答", en: "answers by unknown keys")
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
            (said("现有", "kept"), .right), (said("将到期", "soon"), .right),
            (said("到期", "due"), .right),
        ])
        for each in standings {
            table.add([
                each.kind.title.said, each.days.map { "\($0)" } ?? said("不清除", "for ever"),
                Figure.grouped(each.kept), Figure.grouped(each.soon), Figure.grouped(each.due),
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

/// The list for the clinics of rows that wait for their case in vain: no value, and no key.
private struct EndingList {
    private let warning: RetentionDesk.Warning

    init(_ warning: RetentionDesk.Warning) { self.warning = warning }

    /// Writes it; returns where it lies. Throws `CommandFailure`.
    func write(below site: Site) throws -> String {
        var text = "\u{FEFF}file,row,mapping,arrived,erased from\r\n"
        for row in warning.rows {
            let cells = [
                row.file, "\(row.row)", row.mapping, "\(row.arrived)", "\(warning.from)",
            ]
            text += SheetCell.row(cells)
        }
        let folder = site.configuration.folder + "/out"
        let path = "\(folder)/ending-\(warning.from).csv"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw CommandFailure(.unwritable, place: Places.shown(path)) }
        return path
    }
}

/// Erases what is due.
struct RetentionApply: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "apply",
            abstract: said("清除到期的，账本记下清除了什么。", "Erase what is due; the ledger says what it was."),
            discussion: said(
                "等不到病例的行先列名单给机构，过了告知期才清除。账本停顿超过 mostPause 天，时钟可疑，"
                    + "没有 --because 不清除。",
                "Rows that wait for a case in vain are listed for the clinics first, and erased "
                    + "after the time that they are given. Where the ledger had no line for "
                    + "longer than mostPause says, the clock may be wrong, and nothing is erased "
                    + "without --because."))
    }

    private struct Result: Encodable {
        let erased: [Fact.Erased]
        let warned: [RetentionDesk.Ending]
        let from: CalendarDate?
        /// Where the list for the clinics lies.
        let list: String?
    }

    @Option(
        help: ArgumentHelp(
            said(
                "账本停顿过、时钟没错时的理由，记入账本。",
                "Why the clock is right though the ledger stood still; it keeps it.")))
    var because: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(reason: because) }

    func validate() throws {
        guard because.map({ $0.allSatisfy(\.isWhitespace) }) != true else {
            throw ValidationError(said("--because 不能为空。", "--because must say something."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (warning, list, erased) = try await site.withDatabase { database in
            let desk = try site.retention(database)
            if because == nil { try await desk.checkClock() }
            // Before anything is erased: what is named now has its time from now on.
            let warning = try await desk.warning(by: NSUserName())
            let list = try warning.map { try EndingList($0).write(below: site) }
            if let warning { try await desk.note(warning) }
            return (warning, list, try await desk.erase(by: NSUserName(), because: because))
        }
        try output.give(
            Result(erased: erased, warned: warning?.rows ?? [], from: warning?.from, list: list))
        if let warning, let list {
            output.paragraph(
                said(
                    "! \(warning.rows.count) 行等不到病例，\(warning.from) 起清除；名单交机构："
                        + Places.shown(list),
                    "! \(warning.rows.count) rows wait for a case in vain and are erased from "
                        + "\(warning.from) on; for the clinics: " + Places.shown(list)))
        }
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
