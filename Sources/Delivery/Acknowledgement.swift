package import Evidence
package import Records

/// One record of a submission as the outbox keeps it.
package struct Item: Sendable, Hashable {
    package let position: Int
    package let record: RecordID
    package let version: Int
    package let action: RecordAction
    package let state: ItemState
    /// The national side's code, serial and element, and the receipt that gave them.
    package let code: String?
    package let serial: String?
    package let field: String?
    package let receipt: String?
    /// Of that receipt; `nil` for a signed one.
    package let grade: AnswerGrade?

    package init(
        position: Int, record: RecordID, version: Int, action: RecordAction, state: ItemState,
        code: String? = nil, serial: String? = nil, field: String? = nil, receipt: String? = nil,
        grade: AnswerGrade? = nil
    ) {
        self.grade = grade
        self.position = position
        self.record = record
        self.version = version
        self.action = action
        self.state = state
        self.code = code
        self.serial = serial
        self.field = field
        self.receipt = receipt
    }
}

/// What a receipt meant (回执含义): what it changes about the records it answers.
///
/// A pure function of the receipt and of what was known before. One verdict per record, never a
/// batch word over them.
package struct Acknowledgement: Sendable, Hashable {
    /// A record whose state the receipt raises.
    package struct Change: Sendable, Hashable {
        package let position: Int
        package let state: ItemState
        package let verdict: RecordVerdict
        /// The receipt by which the record was accepted before, if it was.
        package let accepted: String?
    }

    /// In the order of the records.
    package private(set) var changes: [Change]
    /// What it says is accepted, whether or not that is new.
    package let acceptances: [RecordVerdict]
    /// Whether a code was not understood: the receipt is looked at again once it may be.
    package let hasUnknownCode: Bool
    /// Of the receipt; `nil` for a signed one.
    package let grade: AnswerGrade?
    /// Whether it is unsigned and says otherwise than a signed one: then that one stands.
    package let isOverruled: Bool

    /// `nil` if the receipt cannot be about these records: entries for others, or two for one.
    package init?(
        of receipt: Receipt, on items: [Item], by codes: AcknowledgementCodes
    ) {
        guard let answers = Acknowledgement.answers(of: receipt, on: items, by: codes) else {
            return nil
        }
        var changes: [Change] = []
        var hasUnknownCode = false
        var isOverruled = false
        for (item, verdict) in zip(items, answers) {
            guard let verdict else { continue }
            if verdict.verdict == .unknown { hasUnknownCode = true }
            let standing = Graded(state: item.state, grade: item.grade)
            let after = standing.joined(with: verdict.verdict, receipt.grade)
            let state = after.state
            if standing.overrules(verdict.verdict, receipt.grade) { isOverruled = true }
            if after != standing {
                changes.append(
                    Change(
                        position: item.position, state: state, verdict: verdict,
                        accepted: item.state == .accepted ? item.receipt : nil))
            }
        }
        self.changes = changes
        acceptances = answers.compactMap { $0 }.filter { $0.verdict == .accepted }
        self.hasUnknownCode = hasUnknownCode
        self.isOverruled = isOverruled
        grade = receipt.grade
    }

    /// Freezes records whose answer contradicts that of another submission of the same version.
    mutating func dispute(_ positions: Set<Int>) {
        changes = changes.map { change in
            guard positions.contains(change.position) else { return change }
            return Change(
                position: change.position, state: .disputed, verdict: change.verdict,
                accepted: change.accepted)
        }
    }

    package var verdicts: [RecordVerdict] {
        changes.filter { ![.disputed, .reversed].contains($0.state) }.map(\.verdict)
    }

    package var reversals: [Change] { changes.filter { $0.state == .reversed } }

    package var disputes: [RecordVerdict] {
        changes.filter { $0.state == .disputed }.map(\.verdict)
    }

    /// For each item what the receipt says about it.
    private static func answers(
        of receipt: Receipt, on items: [Item], by codes: AcknowledgementCodes
    ) -> [RecordVerdict?]? {
        switch receipt.status {
        case .received: return items.map { _ in nil }
        case .refused:
            guard let code = receipt.code else { return nil }
            let verdict = codes.verdict(refusedWith: code)
            return items.map {
                RecordVerdict(
                    record: $0.record, version: $0.version,
                    verdict: verdict.said(receipt.grade), code: code)
            }
        case .processed:
            var entries: [RecordID: Receipt.Entry] = [:]
            for entry in receipt.entries {
                guard entries.updateValue(entry, forKey: entry.record) == nil else { return nil }
            }
            var matched = 0
            let answers = items.map { item -> RecordVerdict? in
                guard let entry = entries[item.record], entry.version == item.version else {
                    return nil
                }
                matched += 1
                return verdict(of: entry, by: codes, receipt.grade)
            }
            return matched == entries.count ? answers : nil
        }
    }

    /// `nil` while the record is pending.
    private static func verdict(
        of entry: Receipt.Entry, by codes: AcknowledgementCodes, _ grade: AnswerGrade?
    ) -> RecordVerdict? {
        let verdict: Verdict
        switch entry.status {
        case .pending: return nil
        case .accepted, .acceptedWithWarnings, .duplicate:
            // An unknown code is not guessed, whatever word stands beside it.
            verdict = entry.code.map { codes[$0] == nil } == true ? .unknown : .accepted
        case .rejected: verdict = codes.verdict(refusedWith: entry.code ?? "")
        }
        return RecordVerdict(
            record: entry.record, version: entry.version, verdict: verdict.said(grade),
            code: entry.code,
            serial: entry.serial, field: entry.field)
    }
}
