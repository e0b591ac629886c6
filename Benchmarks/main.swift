import Foundation
import Records

let clock: Records.Clock = { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }
let arguments = BenchmarkArguments(CommandLine.arguments)

func complain(_ text: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(status)
}

do {
    let bench = try BenchmarkSite(arguments, clock: clock)
    switch arguments.stage {
    case "take": try await bench.take()
    case "stages": try await bench.stages()
    case "whole": try WholeWay(arguments: arguments, csv: bench.csv).run()

    default:
        complain(
            """
            usage: Benchmarks take|stages|whole [--couples N] [--suite gm|intl] [--work DIR] \
            [--mappings DIR]
            """, status: 64)
    }
} catch {
    complain("\(error)", status: 1)
}
