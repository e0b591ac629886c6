import Evidence
import Records
import Settlements
import Testing

/// Every way in which a case can stand here and there, and random mixtures of them.
@Suite struct ListScenarioTests {
    /// How our side has a case.
    enum Ours: CaseIterable {
        case accepted, rejected, reversed, unanswered, queued, withdrawn, leaving, frozen, home

        func write(_ name: String, to sample: inout SampleBook) {
            let record = SubmittedRecord.sample(name)
            let leaving = SubmittedRecord.sample(name, version: 2, action: .withdraw)
            if self == .home {
                sample.take(rows: 1, kept: [.sample(name, "quarantined")])
                return
            }
            let submission = sample.enqueue([record])
            switch self {
            case .queued, .home: break
            case .unanswered: sample.send(submission)
            case .rejected: sample.answer(submission, [RecordVerdict(record, .rejected)])
            case .accepted: sample.answer(submission, [RecordVerdict(record, .accepted)])
            case .reversed:
                sample.answer(submission, [RecordVerdict(record, .accepted)])
                sample.reverse(submission, record)
            case .withdrawn:
                sample.answer(submission, [RecordVerdict(record, .accepted)])
                sample.accept([leaving])
            case .leaving:
                sample.answer(submission, [RecordVerdict(record, .accepted)])
                sample.send(sample.enqueue([leaving]))
            case .frozen:
                sample.answer(submission, [RecordVerdict(record, .accepted)])
                sample.dispute(submission, record)
            }
        }

        /// Whether we count it.
        var counts: Bool { self == .accepted || self == .leaving }
    }

    /// What must be said where they list it so, or not at all (`nil`).
    static func expected(_ ours: Ours, _ theirs: ListedRow.State?) -> DifferenceReason? {
        let rows: [Ours: [DifferenceReason?]] = [
            // absent, accepted, rejected, pending, withdrawn
            .accepted: [.notListed, nil, .theyRejected, .theyPending, .theyDeleted],
            .leaving: [.notListed, nil, .theyRejected, .theyPending, .noReceiptDeleted],
            .rejected: [nil, .weRejected, nil, .weRejectedPending, nil],
            .reversed: [nil, .weReversed, nil, .weReversed, nil],
            .withdrawn: [nil, .weWithdrew, nil, .weWithdrew, nil],
            .unanswered: [nil, .noReceipt, .noReceiptRejected, nil, .noReceiptDeleted],
            .queued: [nil, .notSent, nil, nil, nil],
            .frozen: [.frozenNotListed, .weFroze, .weFroze, .weFroze, .weFroze],
            .home: [nil, .notSent, nil, .notSent, nil],
        ]
        let states: [ListedRow.State?] = [nil, .accepted, .rejected, .pending, .withdrawn]
        guard let place = states.firstIndex(of: theirs) else { return nil }
        return rows[ours]?[place]
    }

    @Test(arguments: Ours.allCases)
    func `each pair of standings has its class and reason, or none`(ours: Ours) {
        for theirs in [nil] + ListedRow.State.allCases.map(Optional.some) {
            var sample = SampleBook()
            ours.write("a", to: &sample)
            let rows = theirs.map {
                [ListedRow(number: 2, record: RecordID("a"), version: 1, state: $0)]
            }
            let found = ListReconciliation(
                rows ?? [], .init(), CaseBook(sample.facts), scope: .init(year: 2012))
            let wanted = ListScenarioTests.expected(ours, theirs)
            #expect(
                found.differences.map(\.reason) == [wanted].compactMap { $0 },
                "\(ours), \(String(describing: theirs))")
            let isLocal = wanted == .notListed || wanted == .frozenNotListed
            #expect(
                found.differences.allSatisfy {
                    $0.kind == (isLocal ? .localOnly : .stateDiffers) && $0.record?.text == "a"
                })
        }
    }

    @Test(arguments: 1...UInt64(30))
    func `in any mixture all differences are found, and they explain every total`(seed: UInt64) {
        var random = ListRandom(state: seed)
        var sample = SampleBook()
        var rows: [ListedRow] = []
        var wanted: [String: DifferenceReason] = [:]
        /// How much more we count by a case.
        var moves: [String: Int] = [:]
        for number in 0..<120 {
            let name = "case-\(number)"
            let theirs = ([nil] + ListedRow.State.allCases.map(Optional.some))[random.below(5)]
            if random.below(8) == 0 {
                // A case of theirs alone.
                guard let theirs else { continue }
                rows.append(
                    ListedRow(
                        number: 0, serial: name, institution: SampleBook.clinic,
                        month: CalendarMonth(year: 2012, month: 3), state: theirs))
                if theirs == .accepted { (moves[name], wanted[name]) = (-1, .notOurs) }
                if theirs == .pending { wanted[name] = .notOursPending }
                continue
            }
            let ours = Ours.allCases[random.below(Ours.allCases.count)]
            ours.write(name, to: &sample)
            moves[name] = (ours.counts ? 1 : 0) - (theirs == .accepted ? 1 : 0)
            wanted[name] = ListScenarioTests.expected(ours, theirs)
            guard let theirs else { continue }
            for _ in 0...random.below(2) {
                rows.append(
                    ListedRow(number: 0, record: RecordID(name), version: 1, state: theirs))
            }
        }
        let balance = moves.values.reduce(0, +)
        rows = random.shuffled(rows).enumerated().map { place, row in
            ListedRow(
                number: place + 2, record: row.record, version: row.version, serial: row.serial,
                institution: row.institution, month: row.month, state: row.state)
        }
        let found = ListReconciliation(
            rows, .init(), CaseBook(sample.facts), scope: .init(year: 2012))
        let named = Dictionary(
            uniqueKeysWithValues: found.differences.map {
                ($0.record?.text ?? $0.serial ?? "", $0.reason)
            })
        #expect(named == wanted, "seed \(seed)")
        let (local, national) = (
            found.lines.reduce(0) { $0 + $1.local }, found.lines.reduce(0) { $0 + $1.national }
        )
        #expect(local - national == balance, "seed \(seed)")
        // What each difference moves accounts for the whole distance of the two sums.
        #expect(named.keys.reduce(0) { $0 + (moves[$1] ?? 0) } == balance, "seed \(seed)")
    }
}

/// Small numbers by a seed (SplitMix64).
struct ListRandom {
    var state: UInt64

    mutating func below(_ end: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(end))
    }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var list = list
        for place in list.indices.dropFirst().reversed() {
            list.swapAt(place, below(place + 1))
        }
        return list
    }
}
