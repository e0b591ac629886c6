import Evidence
package import Records

/// What a year's cases that are not paid would bring if what stands in their way were mended, so
/// that the dearest is mended first (待解决的金额). An upper bound: the nation may refuse them yet.
package struct OpenWorth: Sendable, Codable, Hashable {
    /// Cases that wait for the same.
    package struct Group: Sendable, Codable, Hashable {
        /// The class of the books, or `unpaid` for cases in force that are paid nothing.
        package let standing: String
        /// What decides it: a code, or the reason of `UnpaidReason`; empty where there is none.
        package let code: String
        package let cases: Int
        /// Of them those whose worth nobody can tell: their row could not be read that far, or it
        /// was taken by an earlier program.
        package let unknown: Int
        /// Of them those whose person has been paid for already: mending them brings nothing.
        package let claimed: Int
        /// The others' price, in fen.
        package let fen: Money
    }

    /// The dearest first.
    package let groups: [Group]
    /// All of them together: a person is paid for once.
    package let totalFen: Money

    /// Looks at every case of a year that is not paid.
    ///
    /// - Parameters:
    ///   - book: the fold over all facts up to now.
    ///   - division: the county's code, or its funding area's.
    package init(_ book: CaseBook, rule: FundingScheme, year: Int, division: String) {
        let rule = rule.local(to: division)
        let judging = Judging(book, rule: rule)
        var gathering = Gathering(rule: rule, claims: judging.claims, year: year)
        for unpaid in judging.unpaid { gathering.add(unpaid) }
        let paid = judging.paid.cases
        let waiting = book.shelf.waiting.filter { !paid[Int($0.record)] }
        for (record, standing) in waiting {
            guard let last = book.shelf.versions(of: record).last else { continue }
            gathering.add(last, standing)
        }
        for row in book.looseRows { gathering.add(row) }
        groups = gathering.groups
        totalFen = gathering.total
    }
}

extension BookShelf {
    /// Cases whose last version waits for something, by record id.
    fileprivate var waiting: [(record: UInt32, standing: BalanceClass)] {
        var waiting: [(record: UInt32, standing: BalanceClass)] = []
        for record in 0..<UInt32(newest.count) {
            var fold = StandingFold()
            let standing = fold.next(turn(of: versions[newest[record]]))
            if standing.isWaiting { waiting.append((record, standing)) }
        }
        waiting.sort { records.comesBefore($0.record, $1.record) }
        return waiting
    }
}

extension BalanceClass {
    /// Neither settled nor for good left out.
    fileprivate var isWaiting: Bool {
        switch self {
        case .accepted, .withdrawn, .superseded, .excluded: false
        case .queued, .unanswered, .held, .rejected, .quarantined: true
        }
    }
}

/// Gathers what waits, group by group.
private struct Gathering {
    private struct Key: Hashable {
        let standing: String
        let code: String
    }

    /// Cases of a group: those whose worth can be reckoned, and how many of the others.
    private struct Waiting {
        var records: [SubmittedRecord] = []
        var unknown = 0
    }

    private let rule: FundingScheme
    private let claims: FundingClaims
    private let year: Int
    private var waiting: [Key: Waiting] = [:]

    init(rule: FundingScheme, claims: FundingClaims, year: Int) {
        self.rule = rule
        self.claims = claims
        self.year = year
    }

    var total: Money { worth(of: waiting.values.flatMap(\.records)).fen }

    var groups: [OpenWorth.Group] {
        waiting.map { key, waiting in
            let (fen, claimed) = worth(of: waiting.records)
            return OpenWorth.Group(
                standing: key.standing, code: key.code,
                cases: waiting.records.count + waiting.unknown, unknown: waiting.unknown,
                claimed: claimed, fen: fen)
        }.sorted {
            ($1.fen, $1.cases, $0.standing, $0.code) < ($0.fen, $0.cases, $1.standing, $1.code)
        }
    }

    /// What cases come to beside those that are paid already, and how many of them are claimed.
    /// The claims are copied once a group, and not once a case.
    private func worth(of records: [SubmittedRecord]) -> (fen: Money, claimed: Int) {
        var claims = claims
        var (fen, claimed) = (Money.zero, 0)
        for record in records {
            guard record.claimant != nil, record.childOrder != nil else {
                // Whose it is stays sealed: as if nobody else had the claim.
                if case .paid(let item) = rule.entitlement(of: record) { fen = fen + item.price }
                continue
            }
            switch claims.judge(record) {
            case .paid(let item): fen = fen + item.price
            case .claimed: claimed += 1
            case .worthNothing, .claimUnknown: break
            }
        }
        return (fen, claimed)
    }

    /// A case in force that is paid nothing, where a clinic or a person could change that.
    mutating func add(_ unpaid: Settlement.UnpaidCase) {
        let traits = unpaid.record.traits
        let mended: SettlementTraits
        switch unpaid.reason {
        case .incomplete: mended = traits.with(isComplete: true)
        case .notRealName: mended = traits.with(isRealName: true)
        case .disputed, .claimUnknown: mended = traits
        case .beforeStart, .selfPaid, .oneSpouse, .secondClaim, .notLocal, .failedTest,
            .secondTest:
            return
        }
        guard unpaid.record.servedOn.parts.year == year else { return }
        // A frozen case has its own claim already.
        note(
            Key(standing: "unpaid", code: unpaid.reason.rawValue),
            unpaid.record.with(traits: mended, hasClaim: unpaid.reason != .disputed))
    }

    /// The last version of a case that waits.
    mutating func add(_ version: CaseVersion, _ standing: BalanceClass) {
        guard !version.isDisputed, !version.isWithdrawal else { return }
        guard let sent = version.sent else {
            if let kept = version.kept { add(kept) }
            return
        }
        guard sent.servedOn.parts.year == year, rule.concerns(sent) else { return }
        note(Key(standing: standing.rawValue, code: version.verdict?.code ?? ""), sent)
    }

    /// A row that stayed at home. One without a month may be of this year.
    mutating func add(_ kept: KeptEntry) {
        guard [.held, .quarantined].contains(kept.fate),
            (kept.cell.month?.year ?? year) == year
        else { return }
        let key = Key(standing: kept.fate.rawValue, code: kept.codes.first ?? "")
        guard let traits = kept.traits, let month = kept.cell.month,
            let first = month.firstDay
        else {
            waiting[key, default: Waiting()].unknown += 1
            return
        }
        note(
            key,
            SubmittedRecord(
                record: RecordID(""), version: 0, action: .submit,
                institution: kept.cell.institution ?? "", servedOn: first, traits: traits,
                claimant: nil, childOrder: nil))
    }

    private mutating func note(_ key: Key, _ record: SubmittedRecord) {
        waiting[key, default: Waiting()].records.append(record)
    }
}

extension SettlementTraits {
    fileprivate func with(isComplete: Bool? = nil, isRealName: Bool? = nil) -> SettlementTraits {
        SettlementTraits(
            isFree: isFree, spouses: spouses, isComplete: isComplete ?? self.isComplete,
            service: service, attempt: attempt, isLocal: isLocal,
            isRealName: isRealName ?? self.isRealName)
    }
}

extension SubmittedRecord {
    /// The same record with other facts about its money.
    fileprivate func with(traits: SettlementTraits, hasClaim: Bool) -> SubmittedRecord {
        SubmittedRecord(
            record: record, version: version, action: action, institution: institution,
            servedOn: servedOn, traits: traits, claimant: hasClaim ? claimant : nil,
            childOrder: childOrder, dueOn: dueOn, claimantBefore: claimantBefore)
    }
}
