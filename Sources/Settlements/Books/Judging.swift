import Records

/// What is paid and what is not, and what a person must look at.
struct Judging {
    private(set) var paid: Settlement.PaidCases
    private(set) var unpaid: Settlement.UnpaidCases
    private(set) var discrepancies: [Discrepancy] = []
    /// Who has which claim.
    private(set) var claims: FundingClaims

    /// What cases are worth that were sent alike.
    private struct Worth {
        let isConcerned: Bool
        let limit: ClaimLimit
        let attempt: TestAttempt?
        /// The number of the item that they are paid as, or why they are not.
        let item: UInt32
        let reason: UnpaidReason?
    }

    private let shelf: BookShelf
    private let starts: CalendarDate

    /// Judges all cases of a book, of all years.
    ///
    /// - Parameter rule: as the place reads it whose cases these are.
    init(_ book: CaseBook, rule: FundingScheme) {
        shelf = book.shelf
        starts = rule.starts
        claims = FundingClaims(rule: rule, names: shelf.claimants, records: shelf.records)
        paid = Settlement.PaidCases(book: book)
        unpaid = Settlement.UnpaidCases(book: book)
        var items = Distinct<FundedItem>()
        let worths = shelf.sentAs.values.map { Judging.worth(of: $0.traits, rule, &items) }
        paid.items = items.values
        for candidate in Settlement.candidates(in: book) {
            let worth = worths[Int(shelf.versions[candidate.sent].sentAs)]
            if worth.isConcerned { judge(candidate, worth) }
        }
    }

    private static func worth(
        of traits: SettlementTraits, _ rule: FundingScheme, _ items: inout Distinct<FundedItem>
    ) -> Worth {
        var (item, reason): (UInt32, UnpaidReason?) = (noNumber, nil)
        switch rule.entitlement(of: traits) {
        case .paid(let paid): item = items.number(of: paid)
        case .unpaid(let why): reason = why
        }
        return Worth(
            isConcerned: rule.concerns(traits), limit: rule.limit(of: traits),
            attempt: traits.attempt, item: item, reason: reason)
    }

    private mutating func judge(_ candidate: Settlement.Candidate, _ worth: Worth) {
        let isFrozen = candidate.isFrozen
        let isEarly = candidate.servedOn < starts.daysSince1970
        if let reason = isEarly ? .beforeStart : worth.reason {
            if isFrozen {
                leave(candidate, .disputed, .disputed)
            } else {
                leave(candidate, reason)
            }
            return
        }
        switch claims.judge(claiming(candidate, worth), limit: worth.limit) {
        case .unknown: leave(candidate, .claimUnknown, .claimUnknown)
        case .refused(let reason, let earlier):
            leave(
                candidate, reason, reason == .secondClaim ? .secondClaim : nil,
                earlier: earlier.map { RecordID(shelf.records[$0]) })
        case .met:
            // A frozen case keeps its claim: it may yet be the one that is paid.
            guard !isFrozen else { return leave(candidate, .disputed, .disputed) }
            if candidate.isSaidLater {
                discrepancies.append(Discrepancy(.saidLater, record(candidate)))
            }
            paid.notes.append(candidate.note(outcome: worth.item))
        }
    }

    private func claiming(_ candidate: Settlement.Candidate, _ worth: Worth) -> ClaimingCase {
        let note = shelf.versions[candidate.sent]
        let pregnancy = note.pregnancy == noNumber ? nil : shelf.pregnancies[note.pregnancy]
        return ClaimingCase(
            record: candidate.record, claimant: note.claimant,
            before: pregnancy?.before ?? noNumber,
            order: note.childOrder == VersionNote.noOrder ? nil : note.childOrder,
            dueOn: pregnancy?.dueOn?.daysSince1970, attempt: worth.attempt)
    }

    private func record(_ candidate: Settlement.Candidate) -> SubmittedRecord {
        shelf.sentRecord(candidate.sent, of: candidate.record)
    }

    private mutating func leave(
        _ candidate: Settlement.Candidate, _ reason: UnpaidReason,
        _ kind: Discrepancy.Kind? = nil, earlier: RecordID? = nil
    ) {
        unpaid.notes.append(candidate.note(outcome: reason.number))
        if let kind {
            discrepancies.append(Discrepancy(kind, record(candidate), earlier: earlier))
        }
    }
}

extension Settlement.Candidate {
    fileprivate func note(outcome: UInt32) -> JudgedNote {
        JudgedNote(record: record, sent: sent, version: version, outcome: outcome)
    }
}

extension UnpaidReason {
    /// Its place among all reasons.
    fileprivate var number: UInt32 {
        UInt32(UnpaidReason.allCases.firstIndex(of: self) ?? 0)
    }
}
