import Foundation
import Records

let clock: Records.Clock = { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }
let arguments = BenchmarkArguments(CommandLine.arguments)

func complain(_ text: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(status)
}

do {
    switch arguments.stage {
    case "take": try await BenchmarkSite(arguments, clock: clock).take()
    case "stages": try await BenchmarkSite(arguments, clock: clock).stages()
    case "whole":
        let csv = try BenchmarkSite(arguments, clock: clock).csv
        try WholeWay(arguments: arguments, csv: csv).run()
    case "deliver": try await DeliveryRun(arguments: arguments).run()
    case "queue":
        try await DeliveryBacklog(
            bench: try BenchmarkSite(arguments, clock: clock),
            path: arguments.work + "/deliver.db"
        ).make()
    case "receive":
        try await QuickReceiver(
            try BenchmarkSite.nation(arguments), suite: arguments.suite, clock: clock
        ).serve()
    case "rotate": try await RotationRun(arguments: arguments).run()
    case "close": try ClosingRun(arguments: arguments).run()
    case "close-make": try await ClosingRun(arguments: arguments).make()
    case "close-tie-out": try await ClosingRun(arguments: arguments).tieOut()
    case "close-chain": try await ClosingRun(arguments: arguments).chain()
    case "close-statement": try await ClosingRun(arguments: arguments).statement()
    case "close-pack": try await ClosingRun(arguments: arguments).pack()
    case "close-verify": try ClosingRun(arguments: arguments).verify()

    default:
        complain(
            """
            usage: Benchmarks take|stages|whole [--couples N] [--suite gm|intl] [--work DIR] \
            [--mappings DIR]
                   Benchmarks deliver [--records N] [--batch N] [--in-flight N] … \
            (it starts `queue` and `receive` itself)
                   Benchmarks close [--cases N] [--work DIR] … \
            (it starts the stages `close-…` itself)
                   Benchmarks rotate [--cases N] [--suite gm|intl] [--work DIR]
            """, status: 64)
    }
} catch {
    complain("\(error)", status: 1)
}
