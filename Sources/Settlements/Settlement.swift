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
    package let paid: PaidCases
    package let unpaid: UnpaidCases
    /// Of the paid cases those that the statement before did not pay.
    let added: PaidCases

    /// The books that it was reckoned from.
    var book: CaseBook { paid.book }

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
        let period = SettlementPeriod(year: year, through: terms.through)
        let rule = rule.local(to: division)
        let judging = Judging(book, rule: rule)
        let paid = judging.paid.of(period)
        let unpaid = judging.unpaid.of(period)
        let lines = settledLines(paid)
        let account = rule.account(year: year, division: division, lines: lines)
        let balance = Balance(book)
        let tieOut = balance.lines(of: year).filter { period.contains($0.month) }
        let counts = national?.filter { period.contains($0.month) }
            .sorted { ($0.institution, $0.month) < ($1.institution, $1.month) }
        let differences = counts.map { Reconciliation.discrepancies(tieOut, national: $0) } ?? []
        let discrepancies =
            book.sourceCounts.discrepancies(book, year: year).filter { period.contains($0.month) }
            + differences + judging.discrepancies.filter { period.contains($0.month) }
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
            institutions: paid.byInstitution, hasCounts: hasCounts)
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

    private static func settledLines(_ paid: PaidCases) -> [SettledLine] {
        let counts = paid.book.shelf.counts(paid.notes, outcomes: paid.items.count) { _ in true }
        return zip(paid.items, counts).filter { $0.1.cases > 0 }.map { item, count in
            SettledLine(
                item: item.name, title: item.title, rule: item.rule, cases: count.cases,
                persons: count.persons, priceFen: item.price,
                fen: item.price * Int64(count.cases))
        }.sorted { $0.item < $1.item }
    }

    private static func unpaidLines(_ unpaid: UnpaidCases) -> [Statement.UnpaidLine] {
        let reasons = UnpaidReason.allCases
        let counts = unpaid.book.shelf.counts(unpaid.notes, outcomes: reasons.count) { _ in true }
        return zip(reasons, counts).filter { $0.1.cases > 0 }.map { reason, count in
            Statement.UnpaidLine(
                reason: reason, title: reason.title, rule: reason.rule, cases: count.cases,
                persons: count.persons)
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

extension SubmittedRecord {
    /// Persons that the record names.
    var persons: Int { traits.persons }
}
