import ArgumentParser
import Foundation
import LibCrypto

/// `shangbao`: one file a command, in `Commands/`.
@main
struct Shangbao: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "shangbao",
            abstract: said("县级卫生系统的国家上报网关。", "A county's gateway to the national health systems."),
            discussion: said(
                "第一次使用：shangbao demo。代码含义：shangbao explain 代码。",
                "First time: shangbao demo. What a code means: shangbao explain CODE."),
            groupedSubcommands: [
                CommandGroup(
                    name: said("开始", "Begin"),
                    subcommands: [Demo.self, Init.self, Doctor.self, Keys.self]),
                CommandGroup(
                    name: said("定义与样例", "Definitions and samples"),
                    subcommands: [Lint.self, MappingCommand.self, Codes.self, Sample.self]),
                CommandGroup(
                    name: said("接收与上报", "Take in and send"),
                    subcommands: [
                        PreviewCommand.self, Take.self, Abandon.self, Deliver.self, Collect.self,
                        WorklistCommand.self, ResultsCommand.self,
                        Run.self, Serve.self, ScheduleCommand.self, Status.self, Queue.self,
                        LaneCommand.self, Receipts.self, Resend.self, PartsCommand.self,
                        TraceCommand.self,
                    ]),
                CommandGroup(
                    name: said("对账与结算", "Books and money"),
                    subcommands: [
                        Counts.self, Books.self, Reconcile.self, Differences.self,
                        IndicatorsCommand.self, DisclosuresCommand.self,
                        Settle.self, Sign.self, Periods.self, StatementCommand.self,
                        InspectCommand.self, Combine.self, Verify.self, LedgerCommand.self,
                    ]),
                CommandGroup(
                    name: said("隐私与审计", "Privacy and oversight"),
                    subcommands: [
                        Identify.self, AuditCommand.self, ReleaseCommand.self,
                        RetentionCommand.self,
                    ]),
                CommandGroup(
                    name: said("演练与参考", "Rehearsal and reference"),
                    subcommands: [Rehearse.self, Explain.self, ReferenceCommand.self]),
            ])
    }

    /// Runs what the arguments say; ends the process with the command's own exit code.
    static func main() async {
        CrashSilence.begin()
        // Whatever the system's habit: nobody else changes what is made here.
        umask(umask(0) | 0o022)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        if let ending = error as? Ending { Foundation.exit(ending.status.rawValue) }
        let code = exitCode(for: error)
        guard code != .success else {
            print(fullMessage(for: error))
            Foundation.exit(0)
        }
        let output = Output(
            language: Speech.language, isJSON: CommandLine.arguments.contains("--json"))
        let words = message(for: error)
        let usage = CommandFailure(.usage, detail: words.isEmpty ? nil : words)
        output.fail(Explanation(usage))
        Foundation.exit(ExitStatus.usage.rawValue)
    }
}
