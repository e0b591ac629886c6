import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// Writes the list of what is missing.
struct ResendPlanCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "plan",
            abstract: said("列出国家平台缺的，写成清单。", "List what the national side lacks."),
            discussion: said(
                "--filter 键=值，可写多个：record、programme、institution、month=2026-01..2026-03、state、"
                    + "accepted=2026-03-01..2026-03-05、code。国家平台持有的一律减去：按回执；加 --ask 则先比计数，"
                    + "不等的再逐份询问。清单没有个人信息。",
                "--filter KEY=VALUE, as often as you like: record, programme, institution, "
                    + "month=2026-01..2026-03, state, accepted=2026-03-01..2026-03-05, code. What they "
                    + "hold is taken off: by their receipts; with --ask by equal counts, and else by a "
                    + "question for each submission. The list holds nothing personal."))
    }

    @Option(help: ArgumentHelp(said("键=值。", "KEY=VALUE."), valueName: "key=value"))
    var filter: [String] = []

    @Flag(help: ArgumentHelp(said("向国家平台核实已接收的。", "Ask them about what is accepted.")))
    var ask = false

    @Option(help: ArgumentHelp(said("清单写到哪里。", "Where the list is written."), valueName: "file"))
    var out: String

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let plan: String?
        let file: String?
        let records: Int
        let steps: [String: Int]
        let matched: Int
        let heldByReceipt: Int
        let heldByCounts: Int
        let heldByAnswer: Int
        let onTheWay: Int
        let toCorrect: Int
        let forAPerson: Int
        let unanswered: Int
        let cause: String?
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let wanted = try ResendFilter(words: filter, of: site)
        let path = Places.absolute(out)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.exists, place: out)
        }
        let found = try await site.withView { database in
            let exchange = try Exchange(site: site, database: database)
            return try await ResendPlanning(site: site, database: database, exchange: exchange)
                .outcome(wanted, asks: ask)
        }
        if let record = wanted.record, found.matched == 0 {
            throw CommandFailure(.unknownRecord, place: record.text)
        }
        let bytes = found.plan.csv
        let digest = found.lines.isEmpty ? nil : ResendPlan.digest(of: bytes)
        if let digest {
            // Noted first: a list that lies there can be begun.
            try await note(digest, found.lines.count, site)
            try Places.write(bytes, to: path, mode: 0o640)
        }
        try output.give(
            Result(
                plan: digest, file: digest.map { _ in Places.shown(path) },
                records: found.lines.count,
                steps: Dictionary(grouping: found.lines, by: \.step.rawValue).mapValues(\.count),
                matched: found.matched, heldByReceipt: found.heldByReceipt,
                heldByCounts: found.heldByCounts, heldByAnswer: found.heldByAnswer,
                onTheWay: found.onTheWay, toCorrect: found.toCorrect,
                forAPerson: found.forAPerson, unanswered: found.unanswered,
                cause: found.cause?.rawValue))
        show(found, digest, path, output)
        return found.unanswered > 0 ? .undelivered : .done
    }

    /// The ledger knows the list by its digest: `start` begins no other.
    private func note(_ digest: String, _ records: Int, _ site: Site) async throws {
        let now = site.clock()
        try await site.withDatabase(.guest) { database in
            let outbox = try Exchange(site: site, database: database).outbox
            try await database.write {
                try outbox.notePlanned(
                    digest, records: records, by: NSUserName(), now: now, in: $0)
            }
        }
    }

    private func show(
        _ found: ResendPlanning.Outcome, _ digest: String?, _ path: String, _ output: Output
    ) {
        var table = Columns(sides: [.left, .right])
        table.add([said("符合条件的记录", "records that the filter names"), "\(found.matched)"])
        let parts: [(Wording, Int)] = [
            (Wording(zh: "减：对方持有（回执）", en: "less: they hold it, by receipt"), found.heldByReceipt),
            (
                Wording(zh: "减：对方持有（计数相等）", en: "less: they hold it, counts equal"),
                found.heldByCounts
            ),
            (Wording(zh: "减：对方持有（询问）", en: "less: they hold it, as they say"), found.heldByAnswer),
            (Wording(zh: "减：在途，会自己走完", en: "less: on its way"), found.onTheWay),
            (Wording(zh: "减：被退回，须更正", en: "less: rejected, to be corrected"), found.toCorrect),
            (Wording(zh: "减：要人先决定", en: "less: a person decides first"), found.forAPerson),
            (Wording(zh: "减：问不到答复", en: "less: no answer could be had"), found.unanswered),
        ]
        for (title, count) in parts where count > 0 { table.add([title.said, "\(count)"]) }
        for step in ResendStep.allCases {
            let count = found.lines.count { $0.step == step }
            if count > 0 { table.add([step.title.said, "\(count)"]) }
        }
        output.table(table, indent: 0)
        if let cause = found.cause {
            let entry = DeliveryCodes.entry(cause)
            output.paragraph("✗ \(entry.code) \(entry.what.said)")
        }
        guard found.matched > 0 else {
            output.line(
                "没有记录符合这些条件：核对 --filter。",
                "No record fits these conditions: look at --filter again.")
            return
        }
        guard let digest else {
            output.line("✓ 没有要重发的，没有写清单", "✓ nothing is missing; no list was written")
            return
        }
        output.line(
            "清单 \(Places.shown(path))　SHA-256 \(digest)",
            "The list \(Places.shown(path)), SHA-256 \(digest)")
        output.line(
            "核对之后：shangbao resend start \(Places.shown(path)) --because 理由",
            "Once it is agreed on: shangbao resend start \(Places.shown(path)) --because WHY")
    }
}

extension ResendFilter {
    /// Reads `KEY=VALUE` words. Throws `CommandFailure`.
    init(words: [String], of site: Site) throws {
        self.init()
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw CommandFailure(.usage, place: word) }
            let ends = parts[1].components(separatedBy: "..")
            switch parts[0] {
            case "programme": programme = try site.programme(named: parts[1]).name
            case "record":
                guard parts[1].wholeMatch(of: /[0-9A-Fa-f]{32}/) != nil else {
                    throw CommandFailure(.unknownRecord, place: parts[1])
                }
                record = RecordID(parts[1].lowercased())
            case "institution": institution = parts[1]
            case "code": code = parts[1]
            case "state":
                guard let found = ItemState(rawValue: parts[1]) else {
                    throw CommandFailure(
                        .usage, place: word,
                        detail: ItemState.allCases.map(\.rawValue).joined(separator: ", "))
                }
                state = found
            case "month":
                guard let first = CalendarMonth(iso: ends[0]),
                    let last = CalendarMonth(iso: ends[ends.count - 1]), first <= last
                else { throw CommandFailure(.usage, place: word, detail: "2026-01..2026-03") }
                months = first...last
            case "accepted":
                guard let first = CalendarDate(iso: ends[0]),
                    let last = CalendarDate(iso: ends[ends.count - 1]), first <= last
                else { throw CommandFailure(.usage, place: word, detail: "2026-03-01..2026-03-05") }
                accepted = first...last
            default:
                throw CommandFailure(
                    .usage, place: word,
                    detail: "record, programme, institution, month, state, accepted, code")
            }
        }
    }
}

extension ResendStep {
    var title: Wording {
        switch self {
        case .again: Wording(zh: "重发：换一份报文，同一记录、版本和内容", en: "again, in another submission")
        case .renew: Wording(zh: "被撤销的：同样内容按新报再报", en: "taken back: reported anew")
        case .ask: Wording(zh: "先询问，对方没有才重发同样的字节", en: "asked for, then the same bytes")
        case .release: Wording(zh: "从未发出，放行", en: "never sent: let go")
        }
    }
}
