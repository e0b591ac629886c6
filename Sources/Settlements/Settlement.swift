package import Records

/// The closing of one programme's year in one county: a function of the book, the rule's
/// parameters and the national counts alone (结算).
package struct Settlement: Sendable {
    /// A case that is paid.
    package struct PaidCase: Sendable {
        package let record: SubmittedRecord
        package let version: CaseVersion
        package let item: FundedItem
    }

    /// A case in force that is paid nothing.
    package struct UnpaidCase: Sendable {
        package let record: SubmittedRecord
        package let version: CaseVersion
        package let reason: UnpaidReason
    }

    /// What was issued for the year before.
    package enum Earlier: Sendable {
        case none
        case issued(EarlierStatement)
        /// The ledger tells of one, and its lines are gone or changed.
        case missing

        var isMissing: Bool { if case .missing = self { true } else { false } }
    }

    package let statement: Statement
    /// The paid cases of the year, by service day, then by the order of acceptance.
    package let paid: [PaidCase]
    package let unpaid: [UnpaidCase]
    /// Of the paid cases those that the statement before did not pay.
    let added: [PaidCase]

    /// Closes a year.
    ///
    /// Nothing is thrown: what stands in the way is in the statement's `blocked`, with its reason,
    /// and whatever can be computed without it still is.
    ///
    /// - Parameters:
    ///   - book: the fold over all facts up to now, of all years, since claims reach across years.
    ///   - division: the county's code, six digits.
    ///   - national: the national counts of the year, `nil` where they could not be had.
    ///   - earlier: the statement that was issued last for the year; the ledger may know of one
    ///     that cannot be had, and then nothing is closed.
    ///   - ledgerEnd: when the ledger's last line was written: a clock that is behind it closes
    ///     nothing.
    ///   - hasCounts: whether the national side gives counts at all. Where it has none the
    ///     statement says so and can be closed.
    ///   - terms: how it is closed, and by whom.
    ///   - moment: when the statement is made.
    package static func closing(
        _ book: CaseBook, rule: FundingScheme, year: Int, division: String,
        national: [NationalCounts]?, hasCounts: Bool = true, since earlier: Earlier = .none,
        ledgerEnd: Timestamp? = nil, terms: ClosingTerms = ClosingTerms(), at moment: Timestamp
    ) -> Settlement {
        let period = terms.through.map { SettlementPeriod(through: $0) }
            ?? SettlementPeriod(year: year)
        let rule = rule.local(to: division)
        var worth = Judging(rule: rule)
        for candidate in candidates(in: book) where rule.concerns(candidate.record) {
            worth.judge(candidate)
        }
        let paid = worth.paid.filter { period.contains($0.record.servedOn.month) }
        let unpaid = worth.unpaid.filter { period.contains($0.record.servedOn.month) }
        let lines = settledLines(paid)
        let account = rule.account(year: year, division: division, lines: lines)
        let balance = Balance(book)
        let tieOut = balance.lines(of: year).filter { period.contains($0.month) }
        let counts = national?.filter { period.contains($0.month) }
            .sorted { ($0.institution, $0.month) < ($1.institution, $1.month) }
        let differences = counts.map { Reconciliation.discrepancies(tieOut, national: $0) } ?? []
        let discrepancies =
            book.sourceCounts.discrepancies(book, year: year).filter { period.contains($0.month) }
            + differences + worth.discrepancies.filter { period.contains($0.month) }
        let blocked =
            account.blocked
            + blockers(
                balance, tieOut: tieOut, counts: hasCounts ? counts : counts ?? [],
                differences: differences, carriesOver: terms.carriesOver)
            + (terms.isTooEarly(for: period, at: moment)
                ? [Blocker(SettlementCode.periodRuns)] : [])
            + (earlier.isMissing ? [Blocker(SettlementCode.earlierLines)] : [])
            + (ledgerEnd.map { moment < $0 } ?? false ? [Blocker(SettlementCode.clock)] : [])
        var statement = Statement(
            rule: rule, year: year, division: division, made: moment.dateTime,
            lines: lines, unpaid: unpaidLines(unpaid), account: account, blocked: blocked,
            intake: Statement.Intake(book), balance: tieOut, national: counts,
            discrepancies: discrepancies, unsigned: Statement.Unsigned(paid),
            hasCounts: hasCounts)
        statement.through = period.through
        statement.maker = terms.maker
        let open = Balance.sum(tieOut)
        if terms.carriesOver, open.queued + open.unanswered > 0 {
            statement.carriedOver = open.queued + open.unanswered
        }
        var added = paid
        if case .issued(let issued) = earlier {
            let change = StatementChange(since: issued, paid: paid, book: book)
            statement.correction = change.correction
            added = change.added
        }
        return Settlement(statement: statement, paid: paid, unpaid: unpaid, added: added)
    }

    /// One case in force, or frozen in a dispute.
    struct Candidate {
        let record: SubmittedRecord
        let version: CaseVersion
        let isFrozen: Bool
        /// A later version was kept here, and not only to wait for an answer.
        var isSaidLater = false
    }

    /// In the order in which claims are judged: the earlier free check is the one that is paid.
    static func candidates(in book: CaseBook) -> [Candidate] {
        var candidates: [Candidate] = []
        for versions in book.cases.values {
            let said = versions.filter { $0.isAccepted || $0.isDisputed || $0.isReversed }
            guard let top = said.last, top.isDisputed || !top.isReversed, let record = top.sent
            else { continue }
            if top.isDisputed {
                // What was in force before the dispute is what may be paid once it is decided.
                let held = said.reversed().prefix { !$0.isReversed }
                let before = held.first { $0.isAccepted && !$0.isDisputed && !$0.isWithdrawal }
                candidates.append(
                    Candidate(
                        record: before?.sent ?? record, version: before ?? top, isFrozen: true))
            } else if !top.isWithdrawal {
                candidates.append(
                    Candidate(
                        record: record, version: top, isFrozen: false,
                        isSaidLater: versions.last.map { $0.isKept(after: top) } ?? false))
            }
        }
        return candidates.sorted { left, right in
            (left.record.servedOn, left.version.verdictSeq, left.record.record.text)
                < (right.record.servedOn, right.version.verdictSeq, right.record.record.text)
        }
    }

    private static func settledLines(_ paid: [PaidCase]) -> [SettledLine] {
        Dictionary(grouping: paid, by: \.item).map { item, cases in
            SettledLine(
                item: item.name, title: item.title, rule: item.rule, cases: cases.count,
                persons: cases.reduce(0) { $0 + $1.record.persons }, priceFen: item.price,
                fen: item.price * Int64(cases.count))
        }.sorted { $0.item < $1.item }
    }

    private static func unpaidLines(_ unpaid: [UnpaidCase]) -> [Statement.UnpaidLine] {
        UnpaidReason.allCases.compactMap { reason in
            let cases = unpaid.filter { $0.reason == reason }
            guard !cases.isEmpty else { return nil }
            return Statement.UnpaidLine(
                reason: reason, title: reason.title, rule: reason.rule, cases: cases.count,
                persons: cases.reduce(0) { $0 + $1.record.persons })
        }
    }

    private static func blockers(
        _ balance: Balance, tieOut: [Balance.Line], counts: [NationalCounts]?,
        differences: [Discrepancy], carriesOver: Bool
    ) -> [Blocker] {
        var blocked: [Blocker] = []
        let total = Balance.sum(tieOut)
        let open = total.queued + total.unanswered
        if open > 0, !carriesOver {
            blocked.append(
                Blocker(
                    SettlementCode.openCases,
                    why: Wording(
                        zh: "本年还有 \(total.queued) 例待报送、\(total.unanswered) 例未回执。",
                        en: "Still open in this year: queued \(total.queued), unanswered "
                            + "\(total.unanswered).")))
        }
        if counts == nil { blocked.append(Blocker(SettlementCode.countsMissing)) }
        if !differences.isEmpty { blocked.append(Blocker(SettlementCode.countsDiffer)) }
        if !balance.balances { blocked.append(Blocker(SettlementCode.unbalanced)) }
        return blocked
    }
}

/// Gathers what is paid and what is not, and what a person must look at.
struct Judging {
    private(set) var paid: [Settlement.PaidCase] = []
    private(set) var unpaid: [Settlement.UnpaidCase] = []
    private(set) var discrepancies: [Discrepancy] = []
    /// Who has which claim, as far as cases were judged.
    private(set) var claims: FundingClaims

    init(rule: FundingScheme) {
        claims = FundingClaims(rule: rule)
    }

    mutating func judge(_ candidate: Settlement.Candidate) {
        let isFrozen = candidate.isFrozen
        switch claims.judge(candidate.record) {
        case .worthNothing(let reason):
            if isFrozen { return leave(candidate, .disputed, .disputed) }
            leave(candidate, reason)
        case .claimUnknown: leave(candidate, .claimUnknown, .claimUnknown)
        case .claimed(let reason, let earlier):
            leave(
                candidate, reason, reason == .secondClaim ? .secondClaim : nil, earlier: earlier)
        case .paid(let item):
            // A frozen case keeps its claim: it may yet be the one that is paid.
            if isFrozen { return leave(candidate, .disputed, .disputed) }
            if candidate.isSaidLater {
                discrepancies.append(Discrepancy(.saidLater, candidate.record))
            }
            paid.append(
                Settlement.PaidCase(
                    record: candidate.record, version: candidate.version, item: item))
        }
    }

    private mutating func leave(
        _ candidate: Settlement.Candidate, _ reason: UnpaidReason,
        _ kind: Discrepancy.Kind? = nil, earlier: RecordID? = nil
    ) {
        unpaid.append(
            Settlement.UnpaidCase(
                record: candidate.record, version: candidate.version, reason: reason))
        if let kind {
            discrepancies.append(Discrepancy(kind, candidate.record, earlier: earlier))
        }
    }
}

extension CaseVersion {
    /// Whether this version stayed here after another was accepted, for a reason of its own.
    fileprivate func isKept(after accepted: CaseVersion) -> Bool {
        guard number > accepted.number, sent == nil, let kept else { return false }
        return kept.codes != [CaseVersion.waitingCode]
    }

    /// It only waits for the answer to the version before.
    private static let waitingCode = "H-WAITING"
}

extension SubmittedRecord {
    /// Persons that the record names.
    var persons: Int { traits.spouses.count { $0 } }
}
