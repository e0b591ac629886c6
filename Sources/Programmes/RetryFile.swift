package import Definitions
package import Delivery
import Foundation
import Records

/// Reads a file of retry rules such as `exchange/retry.yaml` (重试规则文件): every number stands in it,
/// and nothing has a default here.
package enum RetryFile {
    /// Reads the file that a profile names, below the folder of all mappings.
    ///
    /// - Parameter name: e.g. `exchange/retry`.
    package static func policy(named name: String, below root: String) throws(DefinitionError)
        -> RetryPolicy
    {
        try policy(try Section(path: "\(root)/\(name).yaml", shownAs: "\(name).yaml"))
    }

    static func policy(_ given: Section) throws(DefinitionError) -> RetryPolicy {
        var file = given
        let name = try file.text("policy")
        let classes = try classes(&file)
        let lifetime = try file.seconds("lifetime")
        var wait = try file.section("wait")
        let waits = (doubling: try wait.doubling(), least: try wait.seconds("least"))
        try wait.finish()
        guard waits.least <= waits.doubling.firstSeconds else {
            throw wait.error(at: "least", "least 不能大于 first。", "least is at most first.")
        }
        let (question, answer) = (try questions(&file), try answers(&file))
        let rules = RetryRules(
            classes: classes, lifetimeSeconds: lifetime, wait: waits.doubling,
            leastWaitSeconds: waits.least, addedPercent: try file.number("addedPercent", 0...100),
            nonsenseFailures: try file.within("retryAfter") { (part) throws(DefinitionError) in
                try part.number("nonsenseCountsAs", 1...20)
            },
            question: question.wait, doubtLimit: question.times, memory: try memory(&file),
            closing: try closing(&file), answerSeconds: answer.after,
            askAgainSeconds: answer.again, probe: try probe(&file), crash: try crash(&file),
            local: try file.within("local") { (part) throws(DefinitionError) in
                try part.doubling()
            },
            repacking: try file.within("repacking") { (part) throws(DefinitionError) in
                try part.doubling()
            },
            split: try split(&file), breaker: try breaker(&file), budget: try budget(&file),
            slowStart: try slowStart(&file), pace: try pace(&file, "pace"),
            mixing: try mixing(&file))
        try file.finish()
        do { return try RetryPolicy(name: name, rules) } catch {
            throw file.error("重试规则无法写成 JSON。", "The rules cannot be written as JSON.")
        }
    }

    /// `400 per 10 min`, `nil` where the key is absent.
    package static func pace(
        _ section: inout Section, _ key: String
    ) throws(DefinitionError) -> SendPace? {
        guard let text = try section.optionalText(key) else { return nil }
        guard let pace = SendPace(text) else {
            throw section.error(
                at: key, "“\(key)” 应如 400 per 10 min（不超过一天）。",
                "\(key) is like 400 per 10 min, a day at most.")
        }
        return pace
    }

    /// The codes of each class; every code in exactly one, and none where it would be sent again
    /// unasked.
    private static func classes(
        _ file: inout Section
    ) throws(DefinitionError) -> [String: [TransportCode]] {
        var section = try file.section("classes")
        var classes: [String: [TransportCode]] = [:]
        var seen: [TransportCode: String] = [:]
        let letters = Set(TransportCode.allCases.flatMap(\.possibleClasses)).map(\.rawValue)
            .sorted()
        for letter in letters {
            for text in try section.texts(letter) {
                guard let code = TransportCode(rawValue: text) else {
                    throw section.error(
                        at: letter, "不认识的代码 \(text)。", "\(letter): there is no code \(text).")
                }
                guard code.possibleClasses.contains(where: { $0.rawValue == letter }) else {
                    let known = code.possibleClasses.map(\.rawValue).joined(separator: ", ")
                    throw section.error(
                        at: letter, "\(text) 只能在 \(known) 类：否则可能重复发出，或该停不停。",
                        "\(text) may only be in \(known): it could go twice, or not stop.")
                }
                if let other = seen.updateValue(letter, forKey: code) {
                    throw section.error(
                        at: letter, "\(text) 已在 \(other) 类。", "\(text) is in \(other) already.")
                }
                classes[letter, default: []].append(code)
            }
        }
        for code in TransportCode.allCases where seen[code] == nil {
            throw section.error(
                "\(code.rawValue) 不在任何一类。", "\(code.rawValue) is in no class.")
        }
        try section.finish()
        return classes
    }

    private static func questions(
        _ file: inout Section
    ) throws(DefinitionError) -> (wait: RetryRules.Doubling, times: Int) {
        let wait = try file.within("question") { (part) throws(DefinitionError) in
            try part.doubling()
        }
        let times = try file.within("doubt") { (part) throws(DefinitionError) in
            try part.number("times", 0...100)
        }
        return (wait, times)
    }

    private static func memory(_ file: inout Section) throws(DefinitionError) -> RetryRules.Memory {
        try file.within("memory") { (part) throws(DefinitionError) in
            RetryRules.Memory(
                keepsSeconds: try part.seconds("keeps"),
                percent: try part.number("percent", 1...100))
        }
    }

    private static func closing(
        _ file: inout Section
    ) throws(DefinitionError) -> RetryRules.Closing {
        try file.within("closing") { (part) throws(DefinitionError) in
            RetryRules.Closing(
                withinSeconds: try part.seconds("within"), mostSeconds: try part.seconds("most"))
        }
    }

    private static func answers(
        _ file: inout Section
    ) throws(DefinitionError) -> (after: Int64, again: Int64) {
        try file.within("answer") { (part) throws(DefinitionError) in
            (try part.seconds("after"), try part.seconds("again"))
        }
    }

    private static func probe(_ file: inout Section) throws(DefinitionError) -> RetryRules.Probe {
        try file.within("probe") { (part) throws(DefinitionError) in
            RetryRules.Probe(
                everySeconds: try part.seconds("every"),
                spreadPercent: try part.number("spreadPercent", 0...90))
        }
    }

    private static func crash(_ file: inout Section) throws(DefinitionError) -> RetryRules.Crash {
        try file.within("crash") { (part) throws(DefinitionError) in
            RetryRules.Crash(
                limit: try part.number("times", 1...100),
                memorySeconds: try part.seconds("within"), waitSeconds: try part.seconds("wait"))
        }
    }

    private static func split(_ file: inout Section) throws(DefinitionError) -> RetryRules.Split {
        try file.within("split") { (part) throws(DefinitionError) in
            RetryRules.Split(
                growSeconds: try part.seconds("growEvery"),
                growRecords: try part.number("growBy", 1...1000))
        }
    }

    private static func breaker(
        _ file: inout Section
    ) throws(DefinitionError) -> RetryRules.Breaker {
        try file.within("breaker") { (part) throws(DefinitionError) in
            RetryRules.Breaker(
                inARow: try part.number("inARow", 1...1000),
                percent: try part.number("percent", 1...100),
                outOf: try part.number("outOf", 1...100_000),
                withinSeconds: try part.seconds("within"), rest: try part.doubling(),
                successes: try part.number("successes", 1...100))
        }
    }

    private static func budget(_ file: inout Section) throws(DefinitionError) -> RetryRules.Budget {
        try file.within("budget") { (part) throws(DefinitionError) in
            let retry = try part.number("retry", 1...1000)
            return RetryRules.Budget(
                tokens: try part.number("tokens", retry...100_000),
                success: try part.number("success", 1...retry), retry: retry,
                timeout: try part.number("timeout", retry...10_000))
        }
    }

    private static func slowStart(
        _ file: inout Section
    ) throws(DefinitionError) -> RetryRules.SlowStart {
        try file.within("slowStart") { (part) throws(DefinitionError) in
            let most = try part.number("most", 1...64)
            return RetryRules.SlowStart(
                from: try part.number("from", 1...most),
                every: try part.number("every", 1...10_000),
                most: most)
        }
    }

    private static func mixing(_ file: inout Section) throws(DefinitionError) -> RetryRules.Mixing {
        try file.within("mixing") { (part) throws(DefinitionError) in
            RetryRules.Mixing(
                new: try part.number("new", 1...100), backlog: try part.number("backlog", 1...100),
                newSeconds: try part.seconds("newFor"))
        }
    }
}

extension Section {
    /// A part that must be there and holds nothing else than what is read.
    fileprivate mutating func within<Found>(
        _ key: String, _ read: (inout Section) throws(DefinitionError) -> Found
    ) throws(DefinitionError) -> Found {
        var part = try section(key)
        let found = try read(&part)
        try part.finish()
        return found
    }

    /// A length of time that must be there, in seconds.
    fileprivate mutating func seconds(_ key: String) throws(DefinitionError) -> Int64 {
        let text = try text(key)
        guard let seconds = SendPace.seconds(text), seconds <= 366 * 86_400 else {
            throw error(
                at: key, "“\(key)” 应为时长，如 30 s、10 min、24 h、7 d。",
                "\(key) is a length of time: 30 s, 10 min, 24 h, 7 d.")
        }
        return seconds
    }

    fileprivate mutating func number(
        _ key: String, _ range: ClosedRange<Int>
    ) throws(DefinitionError) -> Int {
        guard let number = try integer(key) else {
            throw error("缺少 “\(key)”。", "\(key) is missing.")
        }
        guard range.contains(number) else {
            throw error(
                at: key, "“\(key)” 应在 \(range.lowerBound) 与 \(range.upperBound) 之间。",
                "\(key) is between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }

    /// `first` and `most`.
    fileprivate mutating func doubling() throws(DefinitionError) -> RetryRules.Doubling {
        let wait = RetryRules.Doubling(
            firstSeconds: try seconds("first"), mostSeconds: try seconds("most"))
        guard wait.firstSeconds <= wait.mostSeconds else {
            throw error(at: "most", "most 不能小于 first。", "most is at least first.")
        }
        return wait
    }
}
