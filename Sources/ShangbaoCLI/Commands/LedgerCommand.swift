import ArgumentParser
import Evidence
import Flow
import Foundation
import LibCrypto
import Records
import Storage

/// The ledger as a whole.
struct LedgerCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "ledger",
            abstract: said("账本：导出，供人重算。", "The ledger: export it for others to reckon by."),
            subcommands: [LedgerExportCommand.self])
    }
}

/// Writes the whole ledger to a file.
struct LedgerExportCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export",
            abstract: said("导出整本账，逐条相链，没有个人信息。", "Write the whole ledger, each line linked."),
            discussion: said(
                "审计方用 recount.py 由它重算结算表：python3 recount.py 解开的证据包 --ledger 文件。",
                "An auditor reckons a statement anew by it: python3 recount.py UNPACKED-PACK "
                    + "--ledger FILE."))
    }

    @Option(help: ArgumentHelp(said("写到哪里。", "Where it is written."), valueName: "path"))
    var out: String

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let path: String
        let lines: Int64
        let head: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let path = Places.absolute(out)
        return try await site.withView { database in
            let head: LedgerHead
            do {
                head = try await database.read { try LedgerExport().write(to: path, in: $0) }
            } catch let failure as LedgerExport.Failure {
                throw LedgerExportCommand.refusal(of: failure, path)
            }
            let shown = Places.shown(path)
            try output.give(Result(path: path, lines: head.seq, head: Hex.encode(head.hash)))
            output.line("✓ \(shown)：\(head.seq) 条", "✓ \(shown): lines \(head.seq)")
            return .done
        }
    }

    private static func refusal(of failure: LedgerExport.Failure, _ path: String) -> CommandFailure
    {
        switch failure {
        case .exists: CommandFailure(.exists, place: Places.shown(path))
        case .unwritten: CommandFailure(.unwritable, place: Places.shown(path))
        }
    }
}
