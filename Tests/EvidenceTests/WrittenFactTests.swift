import Evidence
import Foundation
import Records
import Storage
import Testing

/// The quick way to read facts beside an ordinary JSON decoder.
struct WrittenFactTests {
    /// As an ordinary decoder reads a body, written again; `nil` where it is no fact.
    private static func plain(_ body: String) -> String? {
        (try? JSONDecoder().decode(Fact.self, from: Data(body.utf8))).flatMap { written($0) }
    }

    private static func written(_ fact: Fact) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(fact)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What the ledger reads of each line; `nil` for one that it cannot read.
    private static func read(_ desk: EvidenceDesk, lines: Int) async throws -> [String?] {
        try await desk.database.read { transaction in
            struct Enough: Error {}
            return (0..<Int64(lines)).map { line in
                var fact: Fact?
                try? desk.ledger.facts(after: line, in: transaction) { entry in
                    fact = entry.fact
                    throw Enough()
                }
                return fact.flatMap { written($0) }
            }
        }
    }

    @Test(arguments: 1...UInt64(4))
    func `Facts are read as they were written, whatever is in them`(seed: UInt64) async throws {
        var random = RandomFacts(seed: seed)
        let facts = (0..<150).map { _ in random.next() }
        let desk = try await EvidenceDesk()
        try await desk.append(facts)
        let lines = try await desk.lines()
        let found = try await WrittenFactTests.read(desk, lines: facts.count)
        for ((line, fact), found) in zip(zip(lines, facts), found) {
            #expect(found == WrittenFactTests.written(fact), "seed \(seed), line \(line.seq)")
            #expect(found == WrittenFactTests.plain(line.body))
        }
    }

    @Test(arguments: 1...UInt64(4))
    func `A line that was spoiled is read as an ordinary decoder reads it, or not at all`(
        seed: UInt64
    ) async throws {
        var random = RandomFacts(seed: seed &+ 100)
        let facts = (0..<150).map { _ in random.next() }
        let desk = try await EvidenceDesk()
        try await desk.append(facts)
        let bodies = try await desk.lines().map { random.spoiled($0.body) }
        try await desk.tamper("DELETE FROM ledger WHERE seq < 0")
        let changed = bodies.enumerated().map { (seq: Int64($0.offset + 1), body: $0.element) }
        try await desk.database.write { transaction in
            for (seq, body) in changed {
                try transaction.run("UPDATE ledger SET body = \(body) WHERE seq = \(seq)")
            }
        }
        let found = try await WrittenFactTests.read(desk, lines: facts.count)
        for (body, found) in zip(bodies, found) {
            #expect(found == WrittenFactTests.plain(body), "seed \(seed): \(body)")
        }
    }

    @Test(arguments: [
        #"{"onWire":{"_0":{"submission":"s","attempt":3}}}"#,
        #"{ "onWire" : { "_0" : { "attempt" : 3, "submission" : "s" } } }"#,
        #"{"onWire":{"_0":{"attempt":3.0,"submission":"s"}}}"#,
        #"{"onWire":{"_0":{"attempt":3,"submission":"s","later":1}}}"#,
        #"{"receiptKept":{"_0":{"disposition":"applied","grade":null,"receipt":"r"}}}"#,
        #"{"attempted":{"_0":{"attempt":1,"outcome":"\u0054","state":"due","submission":"s"}}}"#,
        #"{"onWire":{"_0":{"attempt":03,"submission":"s"}}}"#,
        #"{"onWire":{"_0":{"attempt":9223372036854775807,"submission":"s"}}}"#,
        #"{"onWire":{"_0":{"attempt":92233720368547758070,"submission":"s"}}}"#,
        #"{"onWire":{"_0":{"attempt":-4,"submission":"s"}}} "#,
        #"{"taken":{"_0":{"intake":"i","kept":[],"nextRow":2,"rows":0,"unchanged":0}}}x"#,
    ])
    func `What this program would not write is read by the ordinary decoder`(
        body: String
    ) async throws {
        let desk = try await EvidenceDesk()
        try await desk.append([onWire(1)])
        try await desk.tamper("UPDATE ledger SET body = \(body) WHERE seq = 1")
        let found = try await WrittenFactTests.read(desk, lines: 1)
        #expect(found == [WrittenFactTests.plain(body)])
    }
}

/// Facts of the kinds of which there are many, with all that may be in them.
private struct RandomFacts {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    private mutating func below(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }

    private mutating func maybe<Value>(_ value: Value) -> Value? { below(3) == 0 ? nil : value }

    private mutating func text() -> String {
        let texts = [
            "", "a", "0f00000000000000000000000000000a", "上报", "a/b", "quote \" and \\",
            "line\nfeed", "\u{1}", "😀", "tab\t", "E2104", "é",
        ]
        return texts[below(texts.count)] + (below(4) == 0 ? "" : "\(below(1000))")
    }

    private mutating func list<Element>(
        _ element: (inout RandomFacts) -> Element
    ) -> [Element] {
        (0..<below(4)).map { _ in element(&self) }
    }

    mutating func next() -> Fact {
        let submission = SubmissionID(text())
        switch below(6) {
        case 0: return .onWire(.init(submission: submission, attempt: below(9) - 3))
        case 1:
            return .attempted(
                .init(submission: submission, attempt: below(9), state: text(), outcome: text()))
        case 2:
            return .receiptKept(
                .init(
                    receipt: text(), submission: maybe(submission), disposition: text(),
                    grade: maybe(.unsigned)))
        case 3:
            return .acknowledged(
                .init(
                    submission: submission, receipt: text(), verdicts: list { $0.verdict() },
                    grade: maybe(.unsigned)))
        case 4:
            return .taken(
                .init(
                    intake: IntakeID(text()), nextRow: below(99_999), rows: below(500),
                    unchanged: below(5), kept: list { $0.keptRow() }))
        default: return .enqueued(enqueued(submission))
        }
    }

    private mutating func verdict() -> RecordVerdict {
        RecordVerdict(
            record: RecordID(text()), version: below(9),
            verdict: Verdict.allCases[below(Verdict.allCases.count)], code: maybe(text()),
            serial: maybe(text()), field: maybe(text()))
    }

    private mutating func keptRow() -> Fact.KeptRow {
        Fact.KeptRow(
            row: below(99_999), record: maybe(RecordID(text())), version: below(4), fate: text(),
            findings: list { $0.finding() }, institution: maybe(text()),
            month: maybe(CalendarMonth(year: 2000 + below(30), month: 1 + below(12))),
            traits: maybe(traits()))
    }

    private mutating func finding() -> Finding {
        Finding(
            code: text(), effect: FindingEffect.allCases[below(FindingEffect.allCases.count)],
            field: maybe(text()))
    }

    private mutating func traits() -> SettlementTraits {
        SettlementTraits(
            isFree: below(2) == 0, spouses: list { $0.below(2) == 0 }, isComplete: below(2) == 0,
            service: maybe(text()),
            attempt: maybe(TestAttempt.allCases[below(TestAttempt.allCases.count)]),
            isLocal: maybe(below(2) == 0), isRealName: maybe(below(2) == 0))
    }

    private mutating func enqueued(_ submission: SubmissionID) -> Fact.Enqueued {
        let records = list { $0.record() }
        var warnings: [Int: [Finding]] = [:]
        for place in 0..<below(3) { warnings[place * 7] = list { $0.finding() } }
        return Fact.Enqueued(
            submission: submission, programme: text(), profile: text(), suite: text(),
            digest: text(), digestSM3: text(), signingKey: text(), mappingDigest: text(),
            approval: maybe(text()), records: records, warnings: warnings,
            isWithoutRows: maybe(below(2) == 0),
            intake: maybe(IntakeID(text())), rows: maybe(records.map { _ in below(9) }))
    }

    private mutating func record() -> SubmittedRecord {
        SubmittedRecord(
            record: RecordID(text()), version: below(9),
            action: RecordAction.allCases[below(RecordAction.allCases.count)],
            institution: ["A", "B"][below(2)],
            servedOn: CalendarDate(daysSince1970: Int32(14_000 + below(3000))), traits: traits(),
            claimant: maybe(text()), childOrder: maybe(below(5)),
            dueOn: maybe(CalendarDate(daysSince1970: Int32(14_000 + below(3000)))),
            claimantBefore: maybe(text()))
    }

    /// With a character less, more or changed, or a piece written twice.
    mutating func spoiled(_ body: String) -> String {
        var characters = Array(body)
        let place = below(characters.count)
        switch below(5) {
        case 0: characters.remove(at: place)
        case 1: characters.insert(["\"", ",", " ", "0", "x", "}"][below(6)], at: place)
        case 2: characters[place] = ["\"", "\\", "0", "9", "{", "a"][below(6)]
        case 3: characters.swapAt(place, below(characters.count))
        default:
            let end = min(characters.count, place + 1 + below(12))
            characters.insert(contentsOf: characters[place..<end], at: place)
        }
        return String(characters)
    }
}
