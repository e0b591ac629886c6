extension FaultScript {
    /// Reads a script: one fault a line; empty lines and what follows a `#` are passed over.
    ///
    /// ```
    /// post 2: drop-after-storing
    /// post 3-5: status-503 30
    /// post * record 2: reject E2104
    /// ```
    ///
    /// Throws `RehearsalFailure` with `faultScript`, the line's number from 1 and what was
    /// expected.
    package init(parsing text: String) throws(RehearsalFailure) {
        var lines: [Line] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.prefix { $0 != "#" }
            if words.allSatisfy(\.isWhitespace) { continue }
            do throws(Misunderstood) {
                lines.append(try Self.line(words))
            } catch {
                throw RehearsalFailure(
                    .faultScript, place: "\(index + 1)", detail: "expected \(error.expected)")
            }
        }
        self.init(lines)
    }

    /// What should have stood in a line.
    private struct Misunderstood: Error {
        let expected: String
    }

    private static func line(_ text: Substring) throws(Misunderstood) -> Line {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2 else { throw Misunderstood(expected: "one colon") }
        let place = halves[0].split(whereSeparator: \.isWhitespace)
        let words = halves[1].split(whereSeparator: \.isWhitespace).map(String.init)
        guard place.count == 2 || place.count == 4, place[0] == "post" else {
            throw Misunderstood(expected: "`post N` or `post N record N`")
        }
        let posts = try selection(place[1])
        guard place.count == 4 else { return .post(posts, try fault(words)) }
        guard place[2] == "record" else { throw Misunderstood(expected: "`post N record N`") }
        return .record(
            posts: posts, records: try selection(place[3]), try recordFault(words))
    }

    /// `*`, a number from 1, or two with a hyphen.
    private static func selection(_ word: Substring) throws(Misunderstood) -> Selection {
        if word == "*" { return .every }
        let ends = word.split(separator: "-", omittingEmptySubsequences: false)
            .map { Int($0) ?? 0 }
        guard (1...2).contains(ends.count), let first = ends.first, let last = ends.last,
            first >= 1, first <= last
        else { throw Misunderstood(expected: "`*`, a number from 1, or `2-5`") }
        return .range(first...last)
    }

    /// Faults that are one word.
    private static let plainFaults: [String: Fault] = [
        "drop-before-storing": .dropBeforeStoring, "drop-after-storing": .dropAfterStoring,
        "answer-twice": .answerTwice, "conflict": .conflict, "partial": .partial,
        "reversal": .reversal,
        "pending-first": .pendingFirst, "forged-receipt": .forgedReceipt,
        "unsigned-receipt": .unsignedReceipt, "wrong-digest-receipt": .wrongDigestReceipt,
        "wrong-sender-receipt": .wrongSenderReceipt, "rubbish-200": .rubbish200,
    ]

    private static func fault(_ words: [String]) throws(Misunderstood) -> Fault {
        if words.count == 1, let fault = plainFaults[words[0]] { return fault }
        guard words.count == 2 else { throw Misunderstood(expected: knownFaults) }
        switch words[0] {
        case "refuse": return .refuse(code: try code(words[1], "E12345"))
        case "delay": return .delay(milliseconds: try milliseconds(words[1]))
        case "status-429": return .status429(retryAfterSeconds: try number(words[1], "seconds"))
        case "status-503": return .status503(retryAfterSeconds: try number(words[1], "seconds"))
        default: throw Misunderstood(expected: knownFaults)
        }
    }

    private static var knownFaults: String {
        "one of " + plainFaults.keys.sorted().joined(separator: ", ")
            + ", `refuse CODE`, `delay 500ms`, `status-429 SECONDS`, `status-503 SECONDS`"
    }

    private static func recordFault(_ words: [String]) throws(Misunderstood) -> RecordFault {
        guard words.count == 2 else { throw Misunderstood(expected: knownRecordFaults) }
        switch words[0] {
        case "reject": return .reject(code: try code(words[1], "E1234"))
        case "transient": return .transient(code: try code(words[1], "E5"))
        case "warn": return .warn(code: try code(words[1], "0"))
        default: throw Misunderstood(expected: knownRecordFaults)
        }
    }

    private static let knownRecordFaults = "`reject CODE`, `transient E5…` or `warn 0…`"

    /// An acknowledgement code: `E` with one of the classes and three digits, or a `0` with three.
    private static func code(_ word: String, _ classes: String) throws(Misunderstood) -> String {
        var rest = word[...]
        var isCode = true
        if classes.hasPrefix("E") {
            isCode = rest.popFirst() == "E"
            isCode = isCode && rest.popFirst().map { classes.dropFirst().contains($0) } ?? false
        } else {
            isCode = rest.popFirst() == "0"
        }
        guard isCode, rest.count == 3, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Misunderstood(expected: "an acknowledgement code of class \(classes)")
        }
        return word
    }

    private static func number(_ word: String, _ unit: String) throws(Misunderstood) -> Int {
        guard let number = Int(word), (0...86_400_000).contains(number), !word.hasPrefix("+")
        else { throw Misunderstood(expected: "a number of \(unit)") }
        return number
    }

    /// `500ms` or `2s`.
    private static func milliseconds(_ word: String) throws(Misunderstood) -> Int {
        let unit = "`500ms` or `2s`"
        if word.hasSuffix("ms") { return try number(String(word.dropLast(2)), unit) }
        guard word.hasSuffix("s") else { throw Misunderstood(expected: unit) }
        return try number(String(word.dropLast()), unit) * 1_000
    }
}
