import ArgumentParser
import Flow
import Foundation
import Privacy
import Programmes
import Records
import Storage
import Validation

/// Takes files in.
struct Take: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("接收文件：检查、密封、排入发件箱。", "Take files in: check, seal, queue."),
            discussion: said(
                "同一文件只收一次；重新导出的文件只收改过的行。",
                "A file is taken once; of a new export only what changed."))
    }

    @Argument(help: ArgumentHelp(said("文件（CSV、XLSX、HL7）。", "Files (CSV, XLSX, HL7).")))
    var files: [String]

    @Option(help: ArgumentHelp(said("来源名称（默认第一个）。", "The source; the first if absent.")))
    var source: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { .files(files.count, of: source) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (name, file) = try site.mapping(for: source)
        CommandAudit.current.found([name] + AuditSubject.digests(of: files))
        let keyring = try await common.openKeyring(of: site)
        try await site.demandApproval(of: file)
        return try await site.withDatabase { database in
            let exchange = try Exchange(site: site, database: database)
            let taking = Taking(
                site: site,
                arrival: try await site.arrivals(database, exchange.outbox, keyring)
                    .arrival(for: file), output: output)
            var taken: [Taking.Result] = []
            var worst = ExitStatus.done
            for path in files {
                do {
                    taken.append(try await taking.take(path, source: name, by: file))
                } catch let error where Taking.concernsFileAlone(error) {
                    // The other files go on.
                    let explanation = Explanation(error).located(at: Places.shown(path))
                    output.fail(explanation)
                    worst = max(worst, explanation.status)
                }
            }
            if !taken.isEmpty || worst == .done { try output.give(taken) }
            let isClean = taken.allSatisfy { $0.fates[Fate.quarantined.rawValue] ?? 0 == 0 }
            if taken.contains(where: { $0.submissions + $0.released > 0 }) {
                let next = exchange.isAssisted ? "shangbao worklist" : "shangbao deliver"
                output.line("下一步：\(next)", "Next: \(next)")
            }
            return max(worst, isClean ? .done : .toCorrect)
        }
    }
}
