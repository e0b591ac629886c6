import ArgumentParser
import Evidence
import Flow
import Foundation
import Notices
import Privacy
import Records
import Schedules
import Settlements
import Storage

/// Closes a year: the statement, and the pack that proves it.
struct Settle: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("结算：出结算表和证据包。", "Settle a year: statement and evidence pack."),
            discussion: said(
                "按年结算，或用 --month 结算到某月为止：以后的一份先列原来的行。有未决事项时只显示草稿，不出证据包。--what-if 和 --explain 只看，什么也不改变。",
                "A year, or by --month a year up to a month; a later one begins with the earlier "
                    + "lines. While something is open it shows a draft and writes no pack. --what-if and --explain "
                    + "only look."))
    }

    @Option(help: ArgumentHelp(said("年度。", "The year.")), transform: programmeYear)
    var year: Int?

    @Option(
        help: ArgumentHelp(
            said("结算到这一月为止，如 2012-03。", "Settle the year up to this month, as 2012-03."),
            valueName: "month"))
    var month: String?

    @Option(
        help: ArgumentHelp(
            said("编制人；签署的是另外两人。", "Who makes the statement; two others sign it.")))
    var by: String?

    @Flag(
        help: ArgumentHelp(
            said("未决的病例结转下期，不挡关账。", "Carry open cases over; they block nothing.")))
    var carryOver = false

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @Flag(
        help: ArgumentHelp(
            said("没有付的各值多少钱，贵的在前。", "What is not paid yet, and what it is worth.")))
    var whatIf = false

    @Option(
        help: ArgumentHelp(
            said("一个病例怎样变成钱：从机构的行到分。", "How a case became money, from row to fen."),
            valueName: "record"))
    var explain: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: explain ?? "\(theYear)", person: by) }

    func validate() throws {
        guard (year == nil) != (month == nil) else {
            throw ValidationError(
                said("--year 与 --month 用其一。", "Use either --year or --month."))
        }
        guard month == nil || CalendarMonth(iso: month ?? "") != nil else {
            throw ValidationError(said("--month 应如 2012-03。", "--month: as 2012-03."))
        }
        guard whatIf, explain != nil else { return }
        throw ValidationError(
            said("--what-if 与 --explain 只用其一。", "Use either --what-if or --explain."))
    }

    private var through: CalendarMonth? { month.flatMap { CalendarMonth(iso: $0) } }
    private var theYear: Int { year ?? through?.year ?? 0 }

    private struct Result: Encodable {
        let statement: Statement
        let pack: String?
        let isNew: Bool
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        if whatIf || explain != nil { return try await look(at: site, output) }
        return try await site.withDatabase(.guest) { database in
            // A command is too short to see a jump: the service tells of it.
            let open = try await database.read { try IncidentBook().open(in: $0) }
            guard !open.contains(where: { $0.code == ScheduleCodes.clockJump.code }) else {
                throw CommandFailure(.clockJumped)
            }
            let exchange = try Exchange(site: site, database: database)
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: exchange)
            let draft = try await closing.draft(
                SettlementRequest(
                    year: theYear, through: through, carriesOver: carryOver, maker: by))
            let statement = draft.statement
            StatementTable(statement, output: output).show()
            guard statement.isClosed else {
                try output.give(Result(statement: statement, pack: nil, isNew: false))
                output.line()
                output.line(
                    "草稿：以上各项解决后再结算，没有出证据包。",
                    "A draft: settle again once these are solved; no pack was written.")
                if statement.blocked.allSatisfy({ $0.parameter != nil }) { return .configuration }
                let isUnreached = statement.blocked.allSatisfy { $0.code == "E-COUNTS-MISSING" }
                return isUnreached ? .undelivered : .unbalanced
            }
            let keyring = try await common.openKeyring(of: site)
            try await site.check(keyring, in: database)
            output.line()
            switch try await closing.issue(draft, keyring: keyring) {
            case .written(let path, let lost):
                try output.give(Result(statement: statement, pack: path, isNew: true))
                output.line("✓ 证据包：\(Places.shown(path))", "✓ The pack: \(Places.shown(path))")
                for path in lost { warn(of: path, output) }
                output.line(
                    "下一步：shangbao verify \(Places.shown(path))",
                    "Next: shangbao verify \(Places.shown(path))")
                let head = try PackReader(path).file("ledger/tree-head.txt")
                output.line("锚点，请寄给财政局留存：", "The anchor, for the finance bureau to keep:")
                output.line("  " + PackAnchor(head: String(decoding: head, as: UTF8.self)).line)
                if by != nil {
                    output.line(
                        "签署：shangbao sign \(Places.shown(path)) --by 签署人 --key 私钥",
                        "Sign: shangbao sign \(Places.shown(path)) --by WHO --key FILE")
                }
            case .unchanged(let path):
                try output.give(Result(statement: statement, pack: path, isNew: false))
                output.line(
                    "没有变化：与 \(Places.shown(path)) 相同，没有另出。",
                    "Unchanged: it says what \(Places.shown(path)) says; nothing was written.")
            }
            return .done
        }
    }

    /// What was issued before is the county's word: whoever holds a copy can ask for it.
    private func warn(of lost: String, _ output: Output) {
        output.paragraph(
            said(
                "! 以前的证据包 \(Places.shown(lost)) 已不在原处，或不是当时的内容：请从备份找回，审计还要用它。这一份照样列出以前的行。",
                "! An earlier pack, \(Places.shown(lost)), is no longer there, or not as it was "
                    + "issued: find it in a backup, auditors will ask for it. This one has the "
                    + "earlier lines all the same."
            ),
            indent: 0)
    }

    /// Shows what is open or how one case stands, and changes nothing.
    private func look(at site: Site, _ output: Output) async throws -> ExitStatus {
        try await site.withView { database in
            let closing = Closing(
                site: site, try site.programme(named: programme), database: database,
                exchange: try Exchange(site: site, database: database))
            guard let explain else {
                let open = try await closing.openWorth(year: theYear)
                try output.give(open)
                OpenWorthTable(open, CodeBook(site.catalogue), output: output).show(theYear)
                return .done
            }
            guard let found = try await closing.chain(of: RecordID(explain), year: theYear) else {
                throw CommandFailure(.unknownRecord, place: explain)
            }
            let page = CaseChainPage(found.chain, found.lines)
            try output.give(page)
            page.show(output)
            return .done
        }
    }
}
