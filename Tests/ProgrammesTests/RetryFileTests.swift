import Definitions
import Delivery
import Programmes
import Records
import TestKit
import Testing

struct RetryFileTests {
    private let file = "exchange/retry.yaml"

    private func failure(_ bench: Workbench) -> DefinitionError? {
        do {
            _ = try RetryFile.policy(named: "exchange/retry", below: bench.root)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("lifetime: 7 d", "lifetime: 7 days", "length of time"),
        ("lifetime: 7 d", "lifetime: 400 d", "length of time"),
        ("wait: { first: 10 s, most: 30 min", "wait: { first: 10 s, most: 9 s", "at least first"),
        ("least: 2 s }", "least: 20 s }", "at most first"),
        ("successes: 3", "successes: 0", "between 1 and"),
        ("inARow: 5", "inARow: five", "whole number"),
        ("tokens: 50, success: 1", "tokens: 4, success: 1", "between 5 and"),
        ("retry: 5, timeout: 10", "retry: 5, timeout: 4", "between 5 and"),
        ("from: 1, every: 10", "from: 9, every: 10", "between 1 and 4"),
        ("keeps: 30 d, percent: 80", "keeps: 30 d, percent: 101", "between 1 and 100"),
        ("keeps: 30 d", "keeps: long", "length of time"),
        ("within: 24 h, most: 5 min", "within: 24 h", "missing"),
        ("spreadPercent: 20", "spread: 20", "missing"),
        ("addedPercent: 20", "addedPercent: 20\nmore: 1", "Unknown key more"),
        ("A: [T-UNREACHABLE]", "A: [T-UNREACHABLE, T-TIMEOUT]", "may only be in C"),
        ("A: [T-UNREACHABLE]", "A: [T-NOTHING]", "there is no code"),
        ("E: [T-CONFLICT, ", "E: [T-DENIED, T-CONFLICT, ", "is in D already"),
        ("T-CONFLICT, ", "", "T-CONFLICT is in no class"),
        ("mixing: { new: 1", "pace: 400 in 10 min\nmixing: { new: 1", "400 per 10 min"),
    ])
    func `a wrong number is named with its line`(
        _ old: String, _ new: String, _ says: String
    ) throws {
        let bench = try Workbench()
        try bench.change(file, old, to: new)
        let problem = try #require(failure(bench))
        #expect(problem.file == file && problem.line > 0 && problem.column > 0)
        #expect(problem.problem.en.contains(says), "\(problem.problem.en)")
    }

    @Test func `lint names the file of retries, once for all who use it`() throws {
        let bench = try Workbench()
        try bench.change(file, "inARow: 5", to: "inARow: none")
        #expect(bench.problems.map(\.file) == [file])
    }

    @Test func `another number is another version, another remark is not`() throws {
        let bench = try Workbench()
        let before = try RetryFile.policy(named: "exchange/retry", below: bench.root)
        try bench.write("# remark\n" + bench.text(file), to: file)
        #expect(try RetryFile.policy(named: "exchange/retry", below: bench.root) == before)
        try bench.change(file, "inARow: 5", to: "inARow: 6")
        let after = try RetryFile.policy(named: "exchange/retry", below: bench.root)
        #expect(after.digest != before.digest && after.rules.breaker.inARow == 6)
        let paced = try before.with(pace: SendPace(count: 400, seconds: 600))
        #expect(paced.digest != before.digest && paced.rules.pace?.count == 400)
    }

    @Test(arguments: [
        ("400 per 10 min", SendPace(count: 400, seconds: 600)),
        ("30 per min", SendPace(count: 30, seconds: 60)),
        ("1 per 2 s", .init(count: 1, seconds: 2)),
        ("2000 per 24 h", .init(count: 2000, seconds: 86_400)), ("0 per min", nil),
        ("400", nil), ("400 per", nil), ("400 per 10", nil), ("-4 per min", nil),
        ("4 per 2 d", nil), ("4 each min", nil), ("4 per 1.5 h", nil), ("4 per 10 min now", nil),
    ])
    func `a pace is read or refused`(text: String, expected: SendPace?) {
        #expect(SendPace(text) == expected)
    }
}
