import Evidence
import Records
import Settlements

/// Numbers that a seed decides (SplitMix64), so that a failing history can be run again.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A legal history that grows step by step, with a model that is changed at each step by the words
/// of the rules, while the book derives everything from the end.
struct RandomHistory {
    /// One version in the model.
    struct Version {
        let record: SubmittedRecord
        var standing: BalanceClass
        var submission: SubmissionID?
        var isInFlight = false
        var isKept = false
        var isDisputed = false
        /// Kept, rejected or undecided: a later version takes its place.
        var isReplaceable = false
    }

    private(set) var sample = SampleBook()
    private(set) var cases: [String: [Version]] = [:]
    private(set) var loose: [BalanceClass: Int] = [:]
    private var held: Set<SubmissionID> = []
    private var sent: Set<SubmissionID> = []
    private var numbers: SeededNumbers

    init(seed: UInt64) {
        numbers = SeededNumbers(state: seed)
    }

    mutating func step() {
        switch Int.random(in: 0..<21, using: &numbers) {
        case 0..<3: keepRow()
        case 3: keepLooseRow()
        case 4..<9: enqueue()
        case 9..<12: send()
        case 12..<17: acknowledge()
        case 17: holdOrRelease()
        case 18: dispute()
        case 19: reverse()
        default: repeatAnswer()
        }
    }

    /// Counts of the model by class.
    var counts: [BalanceClass: Int] {
        cases.values.joined().reduce(into: loose) { $0[$1.standing, default: 0] += 1 }
    }

    private mutating func anyName() -> String { "case-\(Int.random(in: 0..<12, using: &numbers))" }

    /// A new row of a case that was not sent.
    private mutating func keepRow() {
        let name = anyName()
        let fate = [BalanceClass.quarantined, .excluded, .held].randomElement(using: &numbers)
        guard let fate else { return }
        let number =
            (cases[name]?.last?.record.version ?? 0) + Int.random(in: 1...2, using: &numbers)
        supersedeEarlier(name)
        cases[name, default: []].append(
            Version(
                record: .sample(name, version: number), standing: fate, isKept: true,
                isReplaceable: true))
        sample.take(rows: 1, kept: [.sample(name, version: number, fate.rawValue)])
    }

    private mutating func keepLooseRow() {
        if Bool.random(using: &numbers) {
            sample.take(rows: 1, kept: [.sample(nil, "quarantined", at: nil)])
            loose[.quarantined, default: 0] += 1
        } else {
            // An older copy repeats a version that may be there already.
            sample.take(rows: 1, kept: [.sample(anyName(), "superseded")])
            loose[.superseded, default: 0] += 1
        }
    }

    /// Queues new, waiting or transient versions of cases that have nothing in flight.
    private mutating func enqueue() {
        var records: [SubmittedRecord] = []
        let names = Set((0..<Int.random(in: 1...4, using: &numbers)).map { _ in anyName() })
            .sorted()
        for name in names {
            let versions = cases[name] ?? []
            guard !versions.contains(where: \.isInFlight) else { continue }
            let inForce = versions.contains { $0.standing == .accepted }
            let again = versions.last.flatMap { last in
                let isWaiting = last.isKept && !last.isDisputed && last.standing == .held
                return last.standing == .queued || isWaiting ? last : nil
            }
            let action: RecordAction =
                inForce ? (Bool.random(using: &numbers) ? .amend : .withdraw) : .submit
            let record =
                again?.record
                ?? .sample(name, version: (versions.last?.record.version ?? 0) + 1, action: action)
            if again == nil {
                supersedeEarlier(name, alsoTransient: true)
                cases[name, default: []].append(Version(record: record, standing: .queued))
            } else {
                // It was the last version already, so only an older transient one can be left.
                replaceTransient(name)
            }
            records.append(record)
        }
        guard !records.isEmpty else { return }
        let submission = sample.enqueue(records)
        for record in records {
            change(record) { version in
                version.submission = submission
                version.isInFlight = true
                version.isReplaceable = false
                version.standing = .queued
            }
        }
    }

    private mutating func send() {
        guard let submission = anyOpen(), !held.contains(submission) else { return }
        sample.send(submission)
        sent.insert(submission)
        forEachOpen(of: submission) { $0.standing = .unanswered }
    }

    private mutating func holdOrRelease() {
        guard let submission = anyOpen() else { return }
        if held.remove(submission) != nil {
            sample.intervene(submission, "released")
            let standing: BalanceClass = sent.contains(submission) ? .unanswered : .queued
            forEachOpen(of: submission) { $0.standing = standing }
        } else {
            held.insert(submission)
            sample.intervene(submission, "held")
            forEachOpen(of: submission) { $0.standing = .held }
        }
    }

    /// Answers some of a submission's records, however late.
    private mutating func acknowledge() {
        guard let submission = anyOpen() else { return }
        var verdicts: [RecordVerdict] = []
        for name in cases.keys.sorted() {
            for version in cases[name] ?? []
            where version.submission == submission && version.isInFlight {
                guard Int.random(in: 0..<4, using: &numbers) > 0 else { continue }
                let isAccepted = Int.random(in: 0..<3, using: &numbers) > 0
                let other = [Verdict.rejected, .transient, .unknown].randomElement(using: &numbers)
                let verdict = isAccepted ? Verdict.accepted : other ?? .rejected
                verdicts.append(RecordVerdict(version.record, verdict))
                apply(verdict, to: version.record)
            }
        }
        guard !verdicts.isEmpty else { return }
        sample.acknowledge(submission, verdicts)
        // What is left is known to have arrived; a stop stays a stop.
        if !held.contains(submission) { forEachOpen(of: submission) { $0.standing = .unanswered } }
    }

    private mutating func apply(_ verdict: Verdict, to record: SubmittedRecord) {
        let name = record.record.text
        let hasLater = cases[name]?.last?.record.version != record.version
        if verdict == .accepted {
            for index in (cases[name] ?? []).indices {
                guard let earlier = cases[name]?[index], earlier.record.version < record.version
                else { continue }
                let wasInForce = earlier.standing == .accepted || earlier.isDisputed
                guard wasInForce, earlier.standing != .superseded, earlier.standing != .withdrawn
                else { continue }
                cases[name]?[index].standing =
                    record.action == .withdraw ? .withdrawn : .superseded
            }
        }
        change(record) { version in
            version.isInFlight = false
            switch verdict {
            case .accepted:
                version.standing = record.action == .withdraw ? .withdrawn : .accepted
            case .rejected:
                version.standing = hasLater ? .superseded : .rejected
                version.isReplaceable = true
            case .unknown:
                version.standing = hasLater ? .superseded : .held
                version.isReplaceable = true
            case .transient:
                version.standing = .queued
            case .reversed: break
            }
        }
    }

    /// A second receipt contradicts what was final.
    private mutating func dispute() {
        let final = cases.values.joined().filter {
            !$0.isDisputed && !$0.isInFlight && $0.submission != nil
                && [.accepted, .rejected].contains($0.standing)
        }.sorted { $0.record.record.text < $1.record.record.text }
        guard let version = final.randomElement(using: &numbers),
            let submission = version.submission
        else { return }
        sample.dispute(submission, version.record)
        change(version.record) { version in
            version.isDisputed = true
            version.isReplaceable = false
            version.standing = .held
        }
    }

    /// The nation takes an acceptance back: what was in force before it does not come back.
    private mutating func reverse() {
        let accepted = cases.values.joined().filter { $0.standing == .accepted }
            .sorted { $0.record.record.text < $1.record.record.text }
        guard let version = accepted.randomElement(using: &numbers),
            let submission = version.submission
        else { return }
        sample.reverse(submission, version.record)
        // Whatever a stop said, a receipt shows that they have the rest of it.
        if !held.contains(submission) { forEachOpen(of: submission) { $0.standing = .unanswered } }
        let last = cases[version.record.record.text]?.last?.record.version
        change(version.record) { version in
            version.isReplaceable = true
            version.standing = last == version.record.version ? .rejected : .superseded
        }
    }

    /// The same answer again changes nothing, but shows that they have the submission.
    private mutating func repeatAnswer() {
        let accepted = cases.values.joined().filter { $0.standing == .accepted }
            .sorted { $0.record.record.text < $1.record.record.text }
        guard let version = accepted.randomElement(using: &numbers),
            let submission = version.submission
        else { return }
        sample.acknowledge(submission, [RecordVerdict(version.record, .accepted)])
        if !held.contains(submission) { forEachOpen(of: submission) { $0.standing = .unanswered } }
    }

    private mutating func supersedeEarlier(_ name: String, alsoTransient: Bool = false) {
        for index in (cases[name] ?? []).indices where cases[name]?[index].isReplaceable == true {
            cases[name]?[index].standing = .superseded
        }
        if alsoTransient { replaceTransient(name, alsoLast: true) }
    }

    private mutating func replaceTransient(_ name: String, alsoLast: Bool = false) {
        guard let versions = cases[name] else { return }
        for index in versions.indices.dropLast(alsoLast ? 0 : 1) {
            if versions[index].standing == .queued && !versions[index].isInFlight {
                cases[name]?[index].standing = .superseded
            }
        }
    }

    private mutating func anyOpen() -> SubmissionID? {
        let open = Set(cases.values.joined().filter(\.isInFlight).compactMap(\.submission))
        return open.sorted { $0.text < $1.text }.randomElement(using: &numbers)
    }

    private mutating func forEachOpen(
        of submission: SubmissionID, _ body: (inout Version) -> Void
    ) {
        for name in cases.keys {
            for index in (cases[name] ?? []).indices {
                guard var version = cases[name]?[index], version.isInFlight,
                    version.submission == submission
                else { continue }
                body(&version)
                cases[name]?[index] = version
            }
        }
    }

    private mutating func change(_ record: SubmittedRecord, _ body: (inout Version) -> Void) {
        let name = record.record.text
        guard
            let index = cases[name]?.firstIndex(where: { $0.record.version == record.version }),
            var version = cases[name]?[index]
        else { return }
        body(&version)
        cases[name]?[index] = version
    }
}
