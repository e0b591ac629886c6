package import Records

/// Judges cases one after the other (资格与重复享受): what each is worth, and whose claim came first.
package struct FundingClaims {
    /// One free check a person and child order, one subsidy a pregnancy.
    private struct Claim: Hashable {
        let claimant: UInt32
        let thing: Int32
        /// The child order, or the place of the pregnancy among the claimant's.
        let number: Int32
    }

    /// A claim that was paid, and by which case; with the claimant's earlier one.
    private struct Paid {
        let thing: Int32
        let number: Int32
        var record: UInt32
        let earlier: UInt32
    }

    /// A number and a due date under which a pregnancy came; with the claimant's earlier entry.
    private struct Entry {
        let thing: Int32
        let pregnancy: Int32
        let number: Int32
        /// In days since 1970.
        let dueOn: Int32?
        let earlier: UInt32
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
    /// Claimants and cases by number, and what is claimed.
    private var names: TextIndex
    private var records: TextIndex
    private var things: [String] = []
    private var paid = LongList<Paid>()
    private var entries = LongList<Entry>()
    /// Of each claimant the last of these.
    private var lastPaid = LongList<UInt32>()
    private var lastEntry = LongList<UInt32>()
    private var failures = FailedTests<Claim>()

    package init(rule: FundingScheme) {
        self.init(rule: rule, names: TextIndex(), records: TextIndex())
    }

    /// - Parameters:
    ///   - names: claimants who are known, so that a book's need not be kept twice.
    ///   - records: cases that are known.
    init(rule: FundingScheme, names: TextIndex, records: TextIndex) {
        self.rule = rule
        self.names = names
        self.records = records
    }

    /// Judges the next case, by service day and then by the order of acceptance; a paid one has its
    /// claim from now on.
    package mutating func judge(_ record: SubmittedRecord) -> Verdict {
        switch rule.entitlement(of: record) {
        case .unpaid(let reason): return .worthNothing(reason)
        case .paid(let item):
            let claiming = ClaimingCase(
                record: records.number(of: record.record.text),
                claimant: record.claimant.map { names.number(of: $0) } ?? noNumber,
                before: record.claimantBefore.map { names.number(of: $0) } ?? noNumber,
                order: record.childOrder.map { Int32(clamping: $0) },
                dueOn: record.dueOn?.daysSince1970, attempt: record.traits.attempt)
            switch judge(claiming, limit: rule.limit(of: record)) {
            case .met: return .paid(item)
            case .unknown: return .claimUnknown
            case .refused(let reason, let by):
                return .claimed(reason, by: by.map { RecordID(records[$0]) })
            }
        }
    }

    /// What becomes of the claim of a case that is worth something.
    enum Outcome {
        case met
        case unknown
        /// With the case that has the claim, where one has.
        case refused(UnpaidReason, by: UInt32?)
    }

    /// The same of a case that is worth something, by the numbers that names and records have.
    mutating func judge(_ claiming: ClaimingCase, limit: ClaimLimit) -> Outcome {
        guard let claim = claim(of: claiming, to: number(ofThing: limit.thing)) else {
            return .unknown
        }
        let holder = place(of: claim)
        if let reason = refusal(of: claiming, claim, limit, isPaidBefore: holder != nil) {
            return .refused(reason, by: holder.map { paid[$0].record })
        }
        pay(claim, claiming.record, holder)
        return .met
    }

    private mutating func number(ofThing thing: String) -> Int32 {
        if let known = things.firstIndex(of: thing) { return Int32(known) }
        things.append(thing)
        return Int32(things.count - 1)
    }

    // MARK: - Which claim a case makes

    private mutating func claim(of claiming: ClaimingCase, to thing: Int32) -> Claim? {
        guard claiming.claimant != noNumber, let number = claiming.order else { return nil }
        makeRoom(for: claiming.claimant)
        guard let days = rule.samePregnancyDays else {
            return Claim(claimant: claiming.claimant, thing: thing, number: number)
        }
        // A pregnancy may have begun in the year before, under that year's pseudonym.
        for name in [claiming.before, claiming.claimant] where name != noNumber {
            makeRoom(for: name)
            let (same, _) = pregnancies(of: name, thing) {
                $0.number == number || isNear($0.dueOn, claiming.dueOn, days)
            }
            guard let same else { continue }
            note(Claim(claimant: name, thing: thing, number: same), number, claiming.dueOn)
            return Claim(claimant: name, thing: thing, number: same)
        }
        let (_, count) = pregnancies(of: claiming.claimant, thing) { _ in false }
        let claim = Claim(claimant: claiming.claimant, thing: thing, number: count)
        note(claim, number, claiming.dueOn)
        return claim
    }

    private mutating func makeRoom(for name: UInt32) {
        while lastPaid.count <= Int(name) { lastPaid.append(noNumber) }
        // Without due dates nobody looks for pregnancies.
        guard rule.samePregnancyDays != nil else { return }
        while lastEntry.count <= Int(name) { lastEntry.append(noNumber) }
    }

    /// The first pregnancy of a claimant that has such an entry, and how many there are.
    private func pregnancies(
        of name: UInt32, _ thing: Int32, where isSame: (Entry) -> Bool
    ) -> (same: Int32?, count: Int32) {
        var (same, count): (Int32?, Int32) = (nil, 0)
        var place = lastEntry[name]
        while place != noNumber {
            let entry = entries[place]
            if entry.thing == thing {
                count = max(count, entry.pregnancy + 1)
                if isSame(entry) { same = min(same ?? entry.pregnancy, entry.pregnancy) }
            }
            place = entry.earlier
        }
        return (same, count)
    }

    private mutating func note(_ claim: Claim, _ number: Int32, _ dueOn: Int32?) {
        entries.append(
            Entry(
                thing: claim.thing, pregnancy: claim.number, number: number, dueOn: dueOn,
                earlier: lastEntry[claim.claimant]))
        lastEntry[claim.claimant] = UInt32(entries.count - 1)
    }

    private func isNear(_ one: Int32?, _ other: Int32?, _ days: Int) -> Bool {
        guard let one, let other else { return false }
        return abs(Int(one) - Int(other)) <= days
    }

    // MARK: - Whose it is

    /// Where a claim that was paid is noted.
    private func place(of claim: Claim) -> UInt32? {
        var place = lastPaid[claim.claimant]
        while place != noNumber {
            let known = paid[place]
            if known.thing == claim.thing, known.number == claim.number { return place }
            place = known.earlier
        }
        return nil
    }

    private mutating func pay(_ claim: Claim, _ record: UInt32, _ place: UInt32?) {
        if let place {
            paid[place].record = record
            return
        }
        paid.append(
            Paid(
                thing: claim.thing, number: claim.number, record: record,
                earlier: lastPaid[claim.claimant]))
        lastPaid[claim.claimant] = UInt32(paid.count - 1)
    }

    /// Why a claim is not met, or `nil` where it is.
    private mutating func refusal(
        of claiming: ClaimingCase, _ claim: Claim, _ limit: ClaimLimit, isPaidBefore: Bool
    ) -> UnpaidReason? {
        switch limit {
        case .once(_, let further): isPaidBefore ? further : nil
        case .eachTest:
            failures.refusal(of: claiming.attempt, claim, isPaidBefore: isPaidBefore)
        }
    }
}

/// What of a case decides about its claim; names and the case by number, `noNumber` for no name.
struct ClaimingCase {
    let record: UInt32
    let claimant: UInt32
    /// The claimant's name of the year before.
    let before: UInt32
    /// The child order, or the number of the pregnancy.
    let order: Int32?
    /// In days since 1970.
    let dueOn: Int32?
    let attempt: TestAttempt?
}
