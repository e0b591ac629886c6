import ArgumentParser
import Flow
import Foundation
import Privacy
import Records

/// What every command takes.
struct SharedOptions: ParsableArguments {
    @Option(help: ArgumentHelp(said("站点目录。", "The site's folder."), valueName: "dir"))
    var site = "."

    @Flag(help: ArgumentHelp(said("输出 JSON，供程序读取。", "Write JSON, for programs.")))
    var json = false

    @Option(
        help: ArgumentHelp(
            said("语言：zh 或 en（默认按系统）。", "zh or en; by the locale if absent."), valueName: "zh|en"))
    var language: Language?

    @Option(
        help: ArgumentHelp(
            said("从该文件描述符读取口令。", "Read the passphrase from this descriptor."), valueName: "n"))
    var passphraseFd: Int32?

    @Option(
        help: ArgumentHelp(
            said(
                "从文件描述符读取密码设备的口令，可多次。",
                "Read a device's PIN from a descriptor; may be repeated."),
            valueName: "name=n"))
    var pinFd: [DevicePINOption] = []

    /// The folder without `.` and `..`.
    var siteFolder: String { Places.absolute(site) }

    /// Where the passphrase comes from, if the command says it.
    var passphrase: Passphrase? { passphraseFd.map { .descriptor($0) } }

    /// Where devices' PINs come from, by their names.
    var pins: [String: Passphrase] {
        Dictionary(pinFd.map { ($0.device, .descriptor($0.descriptor)) }) { $1 }
    }
}

/// Where the PIN of a device comes from: `NAME=N`.
struct DevicePINOption: ExpressibleByArgument {
    let device: String
    let descriptor: Int32

    init?(argument: String) {
        guard let cut = argument.lastIndex(of: "="), cut != argument.startIndex,
            let descriptor = Int32(argument[argument.index(after: cut)...]), descriptor >= 0
        else { return nil }
        device = String(argument[..<cut])
        self.descriptor = descriptor
    }
}

extension Language: ExpressibleByArgument {}

/// A command of this program: it does its work and says how it ended.
protocol HouseCommand: AsyncParsableCommand {
    var common: SharedOptions { get }
    /// What the audit trail says of it, beside its name.
    var audited: AuditSubject { get }
    func perform(_ output: Output) async throws -> ExitStatus
}

extension HouseCommand {
    var audited: AuditSubject { AuditSubject() }

    mutating func run() async throws {
        let output = Output(language: Speech.language, isJSON: common.json)
        let status: ExitStatus
        CommandAudit.current.prepare(Self.calledAs, audited)
        do {
            do { try LedgerWords.check(CommandLine.arguments) } catch {
                // Refused before the site was opened; the attempt is written down all the same.
                _ = try? common.openSite()
                throw error
            }
            status = try await perform(output)
        } catch {
            let failure = Explanation(error)
            CommandAudit.current.end(failure.entry.code)
            output.fail(failure)
            throw Ending(status: failure.status)
        }
        guard Output.isWritten else {
            output.fail(Explanation(CommandCodes.output, .storage))
            throw Ending(status: .storage)
        }
        CommandAudit.current.end(status == .done ? "done" : "\(status)")
        if status != .done { throw Ending(status: status) }
    }
}
