import ArgumentParser
import Flow
import Foundation
import Records
import Storage

/// Gives up an item that is half-way and cannot go on.
struct Abandon: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("放弃一份没收完的文件。", "Give up a file that is half-way."),
            discussion: said(
                "已入账的行保留。原文件若再出现，仍会接着收。",
                "Its rows in the books stay. Should the very file come again, it goes on."))
    }

    @Argument(help: ArgumentHelp(said("编号或其开头，见 status。", "Its id or how it begins; see status.")))
    var item: String

    @Option(help: ArgumentHelp(said("理由，记入账本。", "Why; the ledger keeps it.")))
    var because: String

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: item, reason: because) }

    func validate() throws {
        guard !because.allSatisfy(\.isWhitespace) else {
            throw ValidationError(said("--because 不能为空。", "--because must say something."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withDatabase { database in
            let person = NSUserName()
            let given = try await database.write { [item, because] transaction in
                let found = try Register().halfTaken(in: transaction).filter {
                    item.count >= 4 && $0.intake.text.hasPrefix(item.lowercased())
                }
                guard let only = found.first, found.count == 1 else {
                    throw CommandFailure(.unknownItem, place: item)
                }
                try site.abandon(only, by: person, because: because, in: transaction)
                return only
            }
            try output.give([
                "item": given.intake.text, "file": given.name, "by": person, "because": because,
            ])
            output.line(
                "✓ \(given.name)：已放弃，已入账的 \(given.rows) 行保留",
                "✓ \(given.name): given up; its \(given.rows) rows in the books stay")
            return .done
        }
    }
}
