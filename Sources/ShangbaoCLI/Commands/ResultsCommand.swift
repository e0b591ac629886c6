import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// Takes the platform's own list of results in.
struct ResultsCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "results",
            abstract: said(
                "收回平台的结果清单（辅助录入），作为无签名回执入账。",
                "Take in the platform's list of results, as unsigned receipts."),
            discussion: said(
                "清单原样加密留存。同一份再收一次不改变任何结论，只多读懂新补的用语和退回原因。",
                "The list is kept sealed as it came. Bringing it again changes nothing but what new "
                    + "words and reasons make clear."))
    }

    @Argument(help: ArgumentHelp(said("平台导出的 XLSX 或 CSV。", "XLSX or CSV of the platform.")))
    var file: String?

    @Option(
        help: ArgumentHelp(
            said("谁带回的，记入账本（默认当前用户）。", "Who brought it; the user if absent."),
            valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @Option(
        help: ArgumentHelp(
            said("改为取出留存的清单：SHA-256 或其开头。", "Instead, give a kept list out: its SHA-256."),
            valueName: "digest"))
    var kept: String?

    @Option(help: ArgumentHelp(said("留存的清单写到哪里。", "Where the kept list is written.")))
    var out: String?

    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard (file == nil) == (kept != nil), (kept == nil) == (out == nil) else {
            throw ValidationError(
                said("写一个文件，或 --kept 与 --out 一起写。", "Name a file, or both --kept and --out."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase(.guest) { database in
            let exchange = try Exchange(site: site, database: database)
            let keyring = try await common.openKeyring(of: site)
            let desk = try await AssistedDesk(
                site: site, try site.programme(named: programme), database: database,
                exchange: exchange, keyring: keyring)
            if let kept, let out { return try await give(kept, to: out, desk, output) }
            let outcome = try await desk.take(
                resultsAt: Places.absolute(file ?? ""), by: by ?? NSUserName())
            // What the answers set free is due then, for the next worklist.
            let free = try await SetFree(site, exchange.outbox, database) { keyring }
            let page = ResultsPage(outcome, released: free.released + free.repacked)
            try output.give(page)
            page.show(output)
            return page.status
        }
    }

    private func give(
        _ kept: String, to out: String, _ desk: AssistedDesk, _ output: Output
    ) async throws -> ExitStatus {
        let list = try await desk.keptList(kept)
        let file = try PrivateFile(at: Places.absolute(out), outside: common.siteFolder)
        let shown = Places.shown(file.path)
        guard file.write(list.bytes) else { throw CommandFailure(.unwritable, place: shown) }
        try output.give(["path": file.path, "list": list.digest])
        output.line("✓ \(shown)", "✓ \(shown)")
        return .done
    }
}

/// What a list of results came to, for people and programs. Rows by their numbers alone: what
/// stands in them may name a person.
struct ResultsPage: Encodable {
    private struct Problem: Encodable {
        let row: Int
        let code: String
    }

    private let list: String
    private let wasKept: Bool
    private let rows: Int
    private let accepted: Int
    private let rejected: Int
    private let pending: Int
    private let receipts: [String: Int]
    private let problems: [Problem]
    private let released: Int

    private static let rowsShown = 20

    init(_ outcome: AssistedDesk.Outcome, released: Int) {
        list = outcome.list
        wasKept = outcome.wasKept
        rows = outcome.rows
        accepted = outcome.accepted
        rejected = outcome.rejected
        pending = outcome.pending
        receipts = Dictionary(
            uniqueKeysWithValues: outcome.receipts.map { ($0.key.rawValue, $0.value) })
        problems = outcome.problems.sorted { $0.key < $1.key }.map {
            Problem(row: $0.key, code: $0.value.rawValue)
        }
        self.released = released
    }

    private var hasConflict: Bool { receipts[Disposition.conflict.rawValue] != nil }

    var status: ExitStatus { hasConflict ? .refused : problems.isEmpty ? .done : .toCorrect }

    func show(_ output: Output) {
        output.line(
            "结果清单 \(list.prefix(16))：\(rows) 行，接收 \(accepted) 例，退回 \(rejected) 例，未定 \(pending) 例",
            "List \(list.prefix(16)): \(rows) rows, accepted \(accepted), rejected \(rejected), "
                + "undecided \(pending)")
        if wasKept {
            output.line("这份清单以前收过。", "This very list was brought before.")
        }
        output.line(
            "无签名回执 \(receipts.values.reduce(0, +)) 份，有新结论的 "
                + "\(receipts[Disposition.applied.rawValue] ?? 0) 份",
            "\(receipts.values.reduce(0, +)) unsigned receipts, "
                + "\(receipts[Disposition.applied.rawValue] ?? 0) with something new")
        for problem in ResultProblem.allCases {
            let found = problems.filter { $0.code == problem.rawValue }.map(\.row)
            guard !found.isEmpty else { continue }
            let shown = found.prefix(ResultsPage.rowsShown).map(String.init)
                .joined(separator: said("、", ", "))
            let more = found.count > ResultsPage.rowsShown ? " …" : ""
            output.paragraph(
                said(
                    "✗ \(problem.rawValue) 第 \(shown)\(more) 行：",
                    "✗ \(problem.rawValue) rows \(shown)\(more): ") + problem.entry.what.said)
            output.paragraph(problem.entry.next.said, indent: 2)
        }
        if hasConflict {
            let entry = DeliveryCodes.entry(Disposition.conflict)
            output.paragraph("✗ \(entry.code) \(entry.what.said)")
            output.paragraph(entry.next.said, indent: 2)
        }
        if released > 0 {
            output.line(
                "因此可以继续的：\(released)；下一步 shangbao worklist",
                "Set free by it: \(released); next: shangbao worklist")
        }
    }
}
