import Evidence
package import Records

/// What a statement changes about the one that was issued before it (更正): a negative line for each
/// case that was paid there and is not here, linked to its old line. Nothing is taken off silently.
package struct Correction: Sendable, Codable, Hashable {
    /// Why what was paid is paid no more.
    package enum Reason: String, Sendable, Codable, CaseIterable {
        /// The national side took its acceptance back.
        case reversed
        /// A person decided, by a receipt, that it is not accepted.
        case decided
        /// Its answers contradict each other: frozen.
        case disputed
        /// It was taken back by our own withdrawal.
        case withdrawn
        /// An amendment is worth something else.
        case amended
        /// The rules pay it no more: an earlier claim came to light, say.
        case unpaid

        /// The reason in both languages.
        package var title: Wording {
            switch self {
            case .reversed: Wording(zh: "国家撤销接收", en: "acceptance taken back")
            case .decided: Wording(zh: "裁定退回", en: "decided as rejected")
            case .disputed: Wording(zh: "回执矛盾，冻结", en: "answers contradict, frozen")
            case .withdrawn: Wording(zh: "已撤回", en: "withdrawn")
            case .amended: Wording(zh: "更正后另计", en: "amended, counted anew")
            case .unpaid: Wording(zh: "按规则不再结算", en: "no longer paid by the rules")
            }
        }
    }

    /// One negative line.
    package struct Line: Sendable, Codable, Hashable {
        /// The number in `ledger/leaves.jsonl` of the line that it takes off.
        package let seq: Int
        package let record: RecordID
        package let version: Int
        package let item: String
        /// Below zero.
        package let fen: Money
        package let reason: Reason
        package let title: Wording
        /// The receipt by which it was paid, SHA-256 hex, and the one that changed that, if any.
        package let paidBy: String
        package let changedBy: String?
    }

    /// SHA-256 of the earlier `settlement.json`, hex: the ledger has it too.
    package let statement: String
    package let earlierCases: Int
    package let earlierFen: Money
    package let lines: [Line]
    /// Cases that are paid here and were not there, and what they come to.
    package let addedCases: Int
    package let addedFen: Money

    /// The negative lines added up.
    package var fen: Money { lines.reduce(.zero) { $0 + $1.fen } }
}

/// What is paid now beside what was paid before.
struct StatementChange {
    /// `nil` where just what was paid there is paid here.
    let correction: Correction?
    /// What is paid here and was not there, in its order.
    let added: Settlement.PaidCases

    init(since earlier: EarlierStatement, paid: Settlement.PaidCases, book: CaseBook) {
        let now = paid.places
        var isSame = Array(repeating: false, count: paid.count)
        var lines: [Correction.Line] = []
        for leaf in earlier.leaves {
            if let place = now[leaf.record] {
                let item = paid.item(at: place)
                if item.name == leaf.item, item.price.fen == leaf.fen {
                    isSame[place] = true
                    continue
                }
            }
            let (reason, receipt) = Correction.reason(of: leaf, in: book.cases[leaf.record] ?? [])
            lines.append(
                Correction.Line(
                    seq: leaf.seq, record: leaf.record, version: leaf.version, item: leaf.item,
                    fen: Money(fen: -leaf.fen), reason: reason, title: reason.title,
                    paidBy: leaf.receipt, changedBy: receipt))
        }
        added = paid.filtered { !isSame[$0] }
        guard !lines.isEmpty || !added.isEmpty else {
            correction = nil
            return
        }
        correction = Correction(
            statement: earlier.digest, earlierCases: earlier.leaves.count,
            earlierFen: Money(fen: earlier.leaves.reduce(0) { $0 + $1.fen }), lines: lines,
            addedCases: added.count, addedFen: added.fen)
    }
}

extension Correction {
    fileprivate static func reason(
        of leaf: EarlierStatement.Leaf, in versions: [CaseVersion]
    ) -> (Reason, String?) {
        let top = versions.last { $0.isAccepted || $0.isDisputed || $0.isReversed }
        if let top, top.isDisputed { return (.disputed, nil) }
        if let top, top.isReversed { return (.reversed, top.receipt) }
        if let top, top.isWithdrawal { return (.withdrawn, top.receipt) }
        let paid = versions.first { $0.number == leaf.version }
        if let paid, paid.verdict?.verdict == .rejected { return (.decided, paid.receipt) }
        if let top, top.number != leaf.version { return (.amended, top.receipt) }
        return (.unpaid, nil)
    }
}
