import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Privacy
import Records

/// The trail of who did and looked at what.
struct AuditCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "audit",
            abstract: said("审计记录：谁在什么时候做了、看了什么。", "Who did and looked at what, and when."),
            subcommands: [AuditSearch.self, AuditExport.self, AuditVerify.self])
    }
}

/// Which rows are asked for.
struct AuditOptions: ParsableArguments {
    @Option(help: ArgumentHelp(said("账户或人。", "An account or a person."), valueName: "name"))
    var who: String?

    @Option(help: ArgumentHelp(said("命令，如 queue 或 receipts show。", "A command, as queue.")))
    var action: String?

    @Option(
        help: ArgumentHelp(
            said("对象：记录、报文等的编号或其开头。", "A record, submission …, or its beginning."),
            valueName: "id"))
    var object: String?

    @Option(
        help: ArgumentHelp(said("从这一天起，如 2026-11-29。", "From this day on."), valueName: "day"))
    var from: CalendarDate?

    @Option(help: ArgumentHelp(said("到这一天止。", "Up to this day."), valueName: "day"))
    var to: CalendarDate?

    var question: AuditQuestion {
        AuditQuestion(
            account: who, action: action, object: object, from: from?.description,
            to: to?.description)
    }
}

extension AuditOptions {
    /// What the trail says of who looks something up: whom, and in what.
    var audited: AuditSubject {
        let words = [
            ("--action", action), ("--from", from?.description), ("--to", to?.description),
        ]
        .compactMap { name, value in value.map { "\(name) \($0)" } }
        return AuditSubject(
            object: object, reason: words.isEmpty ? nil : words.joined(separator: " "), roll: .any,
            concerning: who)
    }
}

extension Site {
    /// The heads that the ledger knows; `nil`, which is said, where it cannot be looked into: the
    /// trail is shown all the same.
    fileprivate func toldAnchors(_ output: Output) async -> AuditAnchors? {
        do { return try await withView { try await auditAnchors(in: $0) } } catch {
            output.note(
                said(
                    "！账本读不出（\(Explanation(error).entry.code)）：没有与锚点核对",
                    "! the ledger cannot be read (\(Explanation(error).entry.code)): not held to its heads"
                ))
            return nil
        }
    }

    /// Says what the ledger knows of the trail. Throws `AuditFailure` where that does not hold.
    fileprivate func tell(
        _ report: AuditReport, _ anchors: AuditAnchors?, _ output: Output
    ) throws(AuditFailure) {
        for head in report.missing {
            output.line(
                "✗ 账本记着第 \(head.seq) 行，这里没有或不同：记录被截断或重写",
                "✗ the ledger knows row \(head.seq), which is gone or other: cut off, or made anew")
        }
        guard report.holds else {
            throw AuditFailure(.broken, place: shown(auditTrail.path), detail: report.words)
        }
        guard let anchors else { return }
        for each in anchors.accepted {
            let rows = each.rows.map { "\($0)" }.joined(separator: " ")
            output.line(
                "！缺过账本记着的第 \(rows) 行，\(each.at.day) \(each.by) 已处理：\(each.because)",
                "! row \(rows) that the ledger knew is gone; seen to by \(each.by) on "
                    + "\(each.at.day): \(each.because)")
        }
        if !anchors.others.isEmpty {
            let names = anchors.others.sorted().joined(separator: " ")
            output.line(
                "！账本里还有别的机器的锚点，要在那里核验：\(names)",
                "! the ledger has heads of other machines, to be verified there: \(names)")
        }
        if anchors.heads.isEmpty {
            output.line(
                "！账本里还没有锚点：末尾被截断，这里看不出来。服务运行时每小时记一个，出具证据包时也记",
                "! the ledger has no head yet: a tail that was cut off would not show. A running "
                    + "service notes one each hour, and so does each pack")
        } else {
            output.line(
                "✓ 账本中的 \(anchors.heads.count) 个锚点都在",
                "✓ all \(anchors.heads.count) heads in the ledger are there")
        }
    }

    /// Refuses whoever is none of the auditors.
    fileprivate func checkAuditor() throws(AuditFailure) {
        let readers = configuration.audit.readers
        guard readers.isEmpty || readers.contains(NSUserName()) else {
            throw AuditFailure(.reader, detail: NSUserName())
        }
    }
}

/// Looks rows up.
struct AuditSearch: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "search",
            abstract: said("查找审计记录；查找本身也记下来。", "Look rows up; looking is written down, too."))
    }

    @OptionGroup var options: AuditOptions

    @Option(help: ArgumentHelp(said("最多显示几行，取最近的。", "At most so many, the latest.")))
    var limit = 50

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { options.audited }

    func validate() throws {
        guard limit > 0 else {
            throw ValidationError(said("--limit 至少为 1。", "--limit is 1 at least."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        try site.checkAuditor()
        let question = options.question
        let anchors = await site.toldAnchors(output)
        var found: [AuditRow] = []
        let report = try site.auditTrail.read(heldTo: anchors?.heads ?? []) { row in
            guard question.matches(row) else { return }
            found.append(row)
            if found.count > limit { found.removeFirst() }
        }
        try output.give(found)
        if found.isEmpty {
            output.line("没有这样的记录。", "There are no such rows.")
        } else {
            show(found, output)
        }
        try site.tell(report, anchors, output)
        return .done
    }

    private func show(_ found: [AuditRow], _ output: Output) {
        var table = Columns([
            (said("行", "row"), .right), (said("时间", "time"), .left), (said("谁", "who"), .left),
            (said("做了什么", "what"), .left), (said("对象", "object"), .left),
            (said("结果", "result"), .left), (said("理由", "why"), .left),
        ])
        for row in found {
            table.add([
                "\(row.seq)", String(row.at.prefix(19)).replacing("T", with: " "),
                row.person ?? row.account, row.action, String((row.object ?? "").prefix(14)),
                row.result, String((row.reason ?? "").prefix(40)),
            ])
        }
        output.table(table, indent: 0)
    }
}

/// Hands rows out to an auditor.
struct AuditExport: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export",
            abstract: said("把整份审计记录写成文件，交给审计。", "Write the whole trail to a file."),
            discussion: said(
                "每行是前一行起的 SM3 哈希、空格和一条 JSON；旁边的 .anchors 是账本里的锚点。不用本程序也能核验：见 "
                    + "docs/privacy/audit.md。",
                "Each line is a hash over all before it (SM3), a space and JSON; .anchors beside it has "
                    + "the heads in the ledger. Both are checked without us: docs/privacy/audit.md."
            ))
    }

    @Option(help: ArgumentHelp(said("写到哪里；不覆盖。", "Where to; nothing is written over.")))
    var out: String

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let rows: Int64
        let head: String
        let anchors: Int
        /// Rows that the ledger knows and the trail has not.
        let missing: [Int64]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        try site.checkAuditor()
        let path = Places.absolute(out)
        let anchors = await site.toldAnchors(output)
        let report = try site.auditTrail.export(to: path, anchors: anchors?.heads ?? [])
        let (head, text) = (report.head, Hex.encode(report.head.hash))
        try output.give(
            Result(
                rows: head.seq, head: text, anchors: anchors?.heads.count ?? 0,
                missing: report.missing.map(\.seq)))
        let mark = report.holds ? "✓" : "✗"
        output.line(
            "\(mark) \(head.seq) 行，末行哈希 \(text)",
            "\(mark) \(head.seq) rows, the last hash is \(text)")
        output.line(
            "  锚点：\(Places.shown(path)).anchors", "  the heads: \(Places.shown(path)).anchors")
        try site.tell(report, anchors, output)
        return .done
    }
}

/// Proves that no row was changed, put in or taken out.
struct AuditVerify: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: said(
                "核验审计记录：哈希链，和账本里的锚点。", "Check the trail: its chain, and the heads in the ledger."))
    }

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let rows: Int64
        let anchors: Int
        let brokenAt: Int64?
        let missing: [Int64]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let anchors = try await site.withView { try await site.auditAnchors(in: $0) }
        let report = try site.auditTrail.read(heldTo: anchors.heads)
        try output.give(
            Result(
                rows: report.head.seq, anchors: anchors.heads.count, brokenAt: report.brokenAt,
                missing: report.missing.map(\.seq)))
        if let line = report.brokenAt {
            output.line("✗ 第 \(line) 行被改动、插入或删去", "✗ line \(line) was changed, put in or taken out")
        } else {
            output.line(
                "✓ \(report.head.seq) 行，哈希链完整", "✓ \(report.head.seq) rows, the chain is whole")
        }
        try site.tell(report, anchors, output)
        return .done
    }
}
