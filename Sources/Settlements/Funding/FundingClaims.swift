package import Records

/// Judges cases one after the other (资格与重复享受): what each is worth, and whose claim came first.
package struct FundingClaims {
    /// One free check a person and child order, one subsidy a pregnancy.
    private struct Claim: Hashable {
        let claimant: String
        let childOrder: Int
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

    private let rule: any FundingRule
    private var claims: [Claim: RecordID] = [:]
    private var failures = FailedTests<Claim>()

    package init(rule: any FundingRule) {
        self.rule = rule
    }

    /// Judges the next case, by service day and then by the order of acceptance; a paid one has its
    /// claim from now on.
    package mutating func judge(_ record: SubmittedRecord) -> Verdict {
        let limit = rule.limit(of: record)
        switch rule.entitlement(of: record) {
        case .unpaid(let reason): return .worthNothing(reason)
        case .paid(let item):
            guard let claim = FundingClaims.claim(of: record, to: limit.thing) else {
                return .claimUnknown
            }
            if let reason = refusal(of: record, claim, limit) {
                return .claimed(reason, by: claims[claim])
            }
            claims[claim] = record.record
            return .paid(item)
        }
    }

    private static func claim(of record: SubmittedRecord, to thing: String) -> Claim? {
        guard let claimant = record.claimant, let childOrder = record.childOrder else { return nil }
        return Claim(claimant: claimant, childOrder: childOrder, thing: thing)
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
