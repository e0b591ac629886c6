package import Records

/// Judges cases one after the other (资格与重复享受): what each is worth, and whose claim came first.
package struct FundingClaims {
    /// One free check a person and child order, one subsidy a pregnancy.
    private struct Claim: Hashable {
        let claimant: String
        let thing: String
        /// The child order, or the place of the pregnancy among the claimant's.
        let number: Int
    }

    /// Whose claims are compared.
    private struct Claimant: Hashable {
        let name: String
        let thing: String
    }

    /// What becomes of one case.
    package enum Verdict: Sendable {
        case paid(FundedItem)
        /// By itself, whatever else there is.
        case worthNothing(UnpaidReason)
        /// Who it is, or which child, is not known.
        case claimUnknown
        /// The case that has the claim, where one has.
        case claimed(UnpaidReason, by: RecordID?)
    }

    private let rule: FundingScheme
    private var claims: [Claim: RecordID] = [:]
    private var failures = FailedTests<Claim>()
    /// The pregnancies of each claimant: the numbers and due dates under which they came.
    private var pregnancies: [Claimant: [[(number: Int, dueOn: CalendarDate?)]]] = [:]

    package init(rule: FundingScheme) {
        self.rule = rule
    }

    /// Judges the next case, by service day and then by the order of acceptance; a paid one has its
    /// claim from now on.
    package mutating func judge(_ record: SubmittedRecord) -> Verdict {
        let limit = rule.limit(of: record)
        switch rule.entitlement(of: record) {
        case .unpaid(let reason): return .worthNothing(reason)
        case .paid(let item):
            guard let claim = claim(of: record, to: limit.thing) else {
                return .claimUnknown
            }
            if let reason = refusal(of: record, claim, limit) {
                return .claimed(reason, by: claims[claim])
            }
            claims[claim] = record.record
            return .paid(item)
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
