import Delivery
import Foundation
import Simulation

/// `Simulate [--first] COUNT [SEED]`: that many runs from that seed on; with `--first` only until
/// one fails, and that one as it is. `Simulate SCENARIO`: one run again.
///
/// Ends with 1 where a promise was broken, and with a line that repeats the smallest such run.
@main
enum Simulate {
    /// With so many seeds every legal move and every fail point must have been seen.
    private static let wholeCoverage: UInt64 = 10_000

    static func main() async {
        var words = Array(CommandLine.arguments.dropFirst())
        let isFirst = words.first == "--first"
        if isFirst { words.removeFirst() }
        if let scenario = words.first.flatMap(Scenario.init(text:)) {
            exit(replay(scenario) ? 0 : 1)
        }
        guard let count = words.first.map(UInt64.init) ?? wholeCoverage,
            let first = words.dropFirst().first.map(UInt64.init) ?? 1
        else {
            print("用法 usage: scripts/simulate [COUNT [SEED]] | SCENARIO")
            exit(2)
        }
        let campaign = Campaign(first: first, count: count, mostFailures: isFirst ? 1 : 5)
        let begun = ContinuousClock.now
        await campaign.run(threads: ProcessInfo.processInfo.activeProcessorCount)
        let (coverage, failures) = campaign.result
        print(report(coverage, of: count, in: begun.duration(to: .now)))
        for failure in failures { tell(failure, smaller: !isFirst) }
        let missing = count >= wholeCoverage ? coverage.missing : []
        if !missing.isEmpty { print("没有走到 not reached: \(missing.joined(separator: ", "))") }
        exit(failures.isEmpty && missing.isEmpty ? 0 : 1)
    }

    private static func replay(_ scenario: Scenario) -> Bool {
        let outcome = Run.play(scenario)
        print(outcome.objections.isEmpty ? "守住了 all kept" : lines(outcome))
        return outcome.objections.isEmpty
    }

    private static func tell(_ failure: Outcome, smaller: Bool) {
        guard smaller else {
            print("seed \(failure.scenario.seed) failed\n\(lines(failure))")
            return
        }
        let small = Shrinking.smallest(failure.scenario) { !Run.play($0).objections.isEmpty }
        print(
            "第 \(failure.scenario.seed) 号没有守住，缩小后 seed \(failure.scenario.seed) failed, "
                + "made smaller:\n  scripts/simulate '\(small.text)'")
        print(lines(Run.play(small)))
    }

    private static func lines(_ outcome: Outcome) -> String {
        outcome.objections.prefix(5).map { "  " + $0 }.joined(separator: "\n")
    }

    private static func report(
        _ coverage: Coverage, of count: UInt64, in duration: Duration
    ) -> String {
        let pairs = Coverage.legalPairs.map { "\($0) \(coverage.pairs[$0] ?? 0)" }
        let points = FailPoint.allCases.map {
            "\($0.rawValue) \(coverage.passed[$0] ?? 0)/\(coverage.deaths[$0] ?? 0)"
        }
        let faults = Fault.allCases.map { "\($0.rawValue) \(coverage.faults[$0] ?? 0)" }
        return """
            \(count) seeds, \(duration.components.seconds) s: \(coverage.rounds) rounds, \
            \(coverage.commits) commits, \(coverage.sends) sends, \
            \(coverage.seconds / 86_400) virtual days
            moves: \(pairs.joined(separator: ", "))
            fail points (passed/died at): \(points.joined(separator: ", "))
            faults: \(faults.joined(separator: ", "))
            """
    }
}
