import ArgumentParser
import Delivery
import Flow
import Foundation
import Records
import Storage

/// Hands what is due to the person who types it into the platform's forms.
struct WorklistCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "worklist",
            abstract: said(
                "录入清单：把待报病例写成工作簿，交人录入平台网页。",
                "A workbook of what is due, for who types it into the platform."),
            discussion: said(
                "清单含有个人信息：写到站点目录之外，只有本人可读，已有文件不覆盖；"
                    + "用完请销毁。病例随即记为已交出。",
                "It holds people's data: it lies outside the site, readable by its owner alone, never "
                    + "over another file; destroy it after use. Its cases count as handed out."))
    }

    @Option(
        help: ArgumentHelp(said("写到哪里（.xlsx）。", "Where it is written (.xlsx)."), valueName: "path"))
    var out: String

    @Flag(
        help: ArgumentHelp(
            said("把上一份清单再写一次，不交出新的。", "The last worklist once more; nothing new.")))
    var again = false

    @Option(
        help: ArgumentHelp(
            said(
                "与 --again 同用：更早的一份，写它 SHA-256 的开头（至少 8 位）。",
                "With --again: an earlier one, by how its SHA-256 begins (8 digits at least)."),
            valueName: "sha256"))
    var of: String?

    @Option(
        help: ArgumentHelp(
            said("交给谁，记入账本（默认当前用户）。", "Who gets it; the user if absent."), valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp(said("项目（默认第一个）。", "The programme; the first if absent.")))
    var programme: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: of, person: by) }

    func validate() throws {
        guard of == nil || again else {
            throw ValidationError(said("--of 要与 --again 同用。", "--of goes with --again."))
        }
    }

    private struct Result: Encodable {
        var path: String?
        /// SHA-256 of the workbook.
        var workbook: String?
        var cases = 0
        var submissions: [String] = []
        var by: String?
        /// Of `--again`: whether the bytes are those that were written first.
        var isSame: Bool?
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase(.guest) { database in
            let exchange = try Exchange(site: site, database: database)
            let desk = try await AssistedDesk(
                site: site, try site.programme(named: programme), database: database,
                exchange: exchange, keyring: try await common.openKeyring(of: site))
            return again ? try await repeated(desk, output) : try await handOut(desk, output)
        }
    }

    private func handOut(_ desk: AssistedDesk, _ output: Output) async throws -> ExitStatus {
        guard let (worklist, handouts) = try await desk.due() else {
            try output.give(Result())
            output.line("没有待录入的病例。", "Nothing is due.")
            return .done
        }
        let person = by ?? NSUserName()
        let file = try PrivateFile(at: Places.absolute(out), outside: common.siteFolder)
        do {
            // First the books, then the content: a crash in between leaves an empty file, and
            // nothing that is typed twice.
            try await desk.handOut(worklist, handouts, by: person)
        } catch {
            file.discard()
            throw error
        }
        try write(worklist, to: file, by: person, isSame: nil, output)
        output.line(
            "录入后从平台导出结果清单，用 shangbao results 收回。",
            "After typing, export the platform's list of results and bring it with shangbao results."
        )
        return .done
    }

    private func repeated(_ desk: AssistedDesk, _ output: Output) async throws -> ExitStatus {
        let (worklist, workbook) = try await desk.handedOut(of)
        let file = try PrivateFile(at: Places.absolute(out), outside: common.siteFolder)
        let isSame = worklist.digest == workbook
        try write(worklist, to: file, by: nil, isSame: isSame, output)
        if !isSame {
            output.line(
                "注意：内容与上次写出的不同（平台编号或定义文件已变）。",
                "Note: it differs from what was written (serials or definitions have changed).")
        }
        return .done
    }

    private func write(
        _ worklist: Worklist, to file: PrivateFile, by person: String?, isSame: Bool?,
        _ output: Output
    ) throws {
        let shown = Places.shown(file.path)
        guard file.write(worklist.bytes) else { throw AssistedFailure(.notWritten, place: shown) }
        try output.give(
            Result(
                path: file.path, workbook: worklist.digest, cases: worklist.cases,
                submissions: worklist.submissions.map(\.text), by: person, isSame: isSame))
        output.line(
            "✓ \(shown)：\(worklist.cases) 例，SHA-256 \(worklist.digest.prefix(16))",
            "✓ \(shown): \(worklist.cases) cases, SHA-256 \(worklist.digest.prefix(16))")
    }
}
