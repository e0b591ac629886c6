import Records

/// Judges cases in the order of their days: what each is worth, and whose claim came first (先后).
///
/// Settlement and preview judge by this alone.
struct ClaimJudge {
    /// What becomes of a case.
    enum Judgement {
        case paid(FundedItem)
        /// Why it is paid nothing; what is to be told of it, and of which earlier case.
        case unpaid(UnpaidReason, told: Discrepancy.Kind?, earlier: RecordID?)
    }

    /// One free check a person and child order, one subsidy a pregnancy.
    private struct Claim: Hashable {
        let claimant: String
        let thing: String
        /// The child order, or the number of the first case of the pregnancy.
        let number: Int
    }

    /// Whose claims are compared.
    private struct Claimant: Hashable {
        let name: String
        let thing: String
    }

    private let rule: any FundingRule
    private var claims: [Claim: RecordID] = [:]
    private var failures = FailedTests<Claim>()
    /// The pregnancies of each claimant: the numbers and due dates under which they came.
    private var pregnancies: [Claimant: [[(number: Int, dueOn: CalendarDate?)]]] = [:]

    init(rule: any FundingRule) {
        self.rule = rule
    }

    /// - Parameter isFrozen: whether its answers contradict each other.
    mutating func judge(_ record: SubmittedRecord, isFrozen: Bool = false) -> Judgement {
        let limit = rule.limit(of: record)
        switch rule.entitlement(of: record) {
        case .unpaid(let reason):
            return isFrozen
                ? .unpaid(.disputed, told: .disputed, earlier: nil)
                : .unpaid(reason, told: nil, earlier: nil)
        case .paid(let item):
            guard let claim = claim(of: record, to: limit.thing) else {
                return .unpaid(.claimUnknown, told: .claimUnknown, earlier: nil)
            }
            if let reason = refusal(of: record, claim, limit) {
                return .unpaid(
                    reason, told: reason == .secondClaim ? .secondClaim : nil,
                    earlier: claims[claim])
            }
            // A frozen case keeps its claim: it may yet be the one that is paid.
            claims[claim] = record.record
            return isFrozen
                ? .unpaid(.disputed, told: .disputed, earlier: nil) : .paid(item)
        }
    }

    private mutating func claim(of record: SubmittedRecord, to thing: String) -> Claim? {
        guard let claimant = record.claimant, let number = record.childOrder else { return nil }
        guard let days = rule.samePregnancyDays else {
            return Claim(claimant: claimant, thing: thing, number: number)
        }
        // A pregnancy may have begun in the year before, under that year's pseudonym.
        for name in [record.claimantBefore, claimant].compactMap({ $0 }) {
            let who = Claimant(name: name, thing: thing)
            let same = pregnancies[who]?.firstIndex { pregnancy in
                pregnancy.contains {
                    $0.number == number || isNear($0.dueOn, record.dueOn, days)
                }
            }
            guard let same else { continue }
            pregnancies[who]?[same].append((number, record.dueOn))
            return Claim(claimant: name, thing: thing, number: same)
        }
        let who = Claimant(name: claimant, thing: thing)
        pregnancies[who, default: []].append([(number, record.dueOn)])
        return Claim(claimant: claimant, thing: thing, number: (pregnancies[who]?.count ?? 1) - 1)
    }

    private func isNear(_ one: CalendarDate?, _ other: CalendarDate?, _ days: Int) -> Bool {
        guard let one, let other else { return false }
        return abs(Int(one.daysSince1970) - Int(other.daysSince1970)) <= days
    }

    /// Why a claim is not met, or `nil` where it is.
    private mutating func refusal(
        of record: SubmittedRecord, _ claim: Claim, _ limit: ClaimLimit
    ) -> UnpaidReason? {
        switch limit {
        case .once(_, let further): claims[claim] == nil ? nil : further
        case .eachTest:
            failures.refusal(
                of: record.traits.attempt, claim, isPaidBefore: claims[claim] != nil)
        }
    }
}
