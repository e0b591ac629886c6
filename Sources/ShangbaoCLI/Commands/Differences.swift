import ArgumentParser
import Evidence
import Flow
import Foundation
import Programmes
import Records
import Settlements
import Storage

/// Differences between books as cases for people.
struct Differences: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("差异单：谁负责、几时到期、怎样查清。", "Differences as cases: owner, deadline, outcome."),
            discussion: said(
                "由 shangbao reconcile --open 开单。关闭不改变任何数。",
                "They are opened by shangbao reconcile --open. Closing one changes no total."),
            subcommands: [
                DifferencesList.self, DifferencesShow.self, DifferencesAssign.self,
                DifferencesClose.self,
            ])
    }
}

/// Who does something with a difference.
struct DifferenceHand: ParsableArguments {
    @Option(help: ArgumentHelp(said("谁做的，记入账本（默认当前用户）。", "Who does it; the user if absent.")))
    var by: String?

    var person: String { by ?? NSUserName() }
}

struct DifferencesList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: said("未关闭的差异单；逾期的有标记。", "Those that are open; late ones are marked."))
    }

    @Option(help: ArgumentHelp(said("只看这个年度。", "Of this year alone.")), transform: programmeYear)
    var year: Int?

    @Option(help: ArgumentHelp(said("只看这个项目。", "Of this programme alone.")))
    var programme: String?

    @Option(help: ArgumentHelp(said("只看这个人负责的。", "Of this owner alone.")))
    var owner: String?

    @Flag(help: ArgumentHelp(said("只看逾期的。", "Late ones alone.")))
    var overdue = false

    @Flag(help: ArgumentHelp(said("已关闭的也看。", "Closed ones, too.")))
    var all = false

    @Option(help: ArgumentHelp(said("另写成 CSV，交给负责人。", "Write them as CSV, too, for their owners.")))
    var out: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let name = try programme.map { try site.programme(named: $0).name }
        let today = site.clock().day
        let (book, titles) = try await site.withView { database in
            let desk = try DifferenceDesk(site: site, database: database)
            return (
                try await database.read { try DifferenceDesk.book(in: $0) },
                SheetTitles(desk.file)
            )
        }
        let sheets = book.sheets.filter { sheet in
            (all || sheet.state != .closed) && (!overdue || sheet.isOverdue(on: today))
                && (year ?? sheet.differed.year) == sheet.differed.year
                && (name ?? sheet.differed.programme) == sheet.differed.programme
                && (owner == nil || owner == sheet.owner)
        }
        let lines = sheets.map { SheetLine($0, on: today, titles) }
        try output.give(lines)
        SheetTable(lines, output: output).show()
        if let out {
            let path = Places.absolute(out)
            try Places.write(SheetLine.table(lines), to: path)
            output.line("✓ \(Places.shown(path))", "✓ \(Places.shown(path))")
        }
        return lines.contains(where: \.isOverdue) ? .unbalanced : .done
    }
}

struct DifferencesShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: said("一张差异单和它的经过。", "One of them, and what became of it."))
    }

    @Argument(help: ArgumentHelp(said("编号，见 differences list。", "Its number; see list.")))
    var number: Int64

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: "\(number)") }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let today = site.clock().day
        let page = try await site.withView { database in
            let desk = try DifferenceDesk(site: site, database: database)
            let sheet = try await database.read { [number] in
                try DifferenceDesk.sheet(number, in: $0)
            }
            return SheetPage(sheet, on: today, SheetTitles(desk.file))
        }
        try output.give(page)
        page.show(output)
        return .done
    }
}

struct DifferencesAssign: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "assign",
            abstract: said("交给一个人，或改期限。", "Give them to somebody, or set another deadline."))
    }

    @Argument(help: ArgumentHelp(said("编号，可写几个。", "Numbers, one or more.")))
    var numbers: [Int64]

    @Option(help: ArgumentHelp(said("负责人，记入账本。", "The owner; the ledger keeps it.")))
    var owner: String?

    @Option(help: ArgumentHelp(said("期限，如 2026-12-31。", "The last day, as 2026-12-31.")))
    var due: String?

    @OptionGroup var hand: DifferenceHand
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        AuditSubject(object: numbers.map { "\($0)" }.joined(separator: " "), person: hand.by)
    }

    func validate() throws {
        guard owner.map({ !$0.allSatisfy(\.isWhitespace) }) ?? (due != nil) else {
            throw ValidationError(said("写 --owner 或 --due。", "Write --owner or --due."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let day = try due.map { try CalendarDate.typed($0, as: "--due") }
        let site = try common.openSite()
        try await site.withDatabase(.guest) { database in
            try await DifferenceDesk(site: site, database: database).assign(
                numbers, owner: owner, due: day, by: hand.person)
        }
        let words = [owner, day?.description].compactMap { $0 }.joined(separator: " ")
        try output.give(numbers)
        output.line(
            "✓ \(numbers.count) 张差异单：\(words)", "✓ \(numbers.count) differences: \(words)")
        return .done
    }
}

struct DifferencesClose: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "close",
            abstract: said("关闭：怎样查清的，为什么。", "Close them: how it was solved, and why."),
            discussion: said(
                "处理结果是 exchange/differences.yaml 中的词，如 已补报、属正常时差、确认不一致。不改变任何数。",
                "Outcomes are words of exchange/differences.yaml, such as reported, timing or "
                    + "agreed. No total changes."))
    }

    @Argument(help: ArgumentHelp(said("编号，可写几个。", "Numbers, one or more.")))
    var numbers: [Int64]

    @Option(help: ArgumentHelp(said("处理结果。", "How it was solved.")))
    var outcome: String

    @OptionGroup var reason: ReasonOption
    @OptionGroup var hand: DifferenceHand
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        AuditSubject(object: numbers.map { "\($0)" }.joined(separator: " "), person: hand.by)
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        try await site.withDatabase(.guest) { database in
            try await DifferenceDesk(site: site, database: database).close(
                numbers, outcome: outcome, because: reason.because, by: hand.person)
        }
        try output.give(numbers)
        output.line("✓ \(numbers.count) 张差异单已关闭", "✓ \(numbers.count) differences closed")
        return .done
    }
}

extension CalendarDate {
    /// A day as somebody typed it. Throws `CommandFailure`.
    static func typed(_ text: String, as option: String) throws(CommandFailure) -> CalendarDate {
        guard let day = CalendarDate(iso: text) else {
            throw CommandFailure(.usage, place: option, detail: "yyyy-MM-dd")
        }
        return day
    }
}
