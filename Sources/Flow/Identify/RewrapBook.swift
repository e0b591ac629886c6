import Evidence
import Privacy
package import Records
package import Storage

/// Wrapping the vault's keys for other people, as the ledger tells of it (重新封装登记).
package struct RewrapBook: Sendable {
    /// One that a first person began and no second one has ended.
    struct Open: Sendable {
        let id: String
        let by: String
        let since: Timestamp
        /// What the first one signed, a fact for each stretch of keys.
        fileprivate(set) var begun: [Fact.Rewrapped]

        var until: Timestamp { since.adding(seconds: IdentifyBook.approvalSeconds) }
    }

    /// Keys are wrapped for those who are named by then.
    package static let dueSeconds: Int64 = 7 * 86_400

    /// Since when keys are to be wrapped anew; `nil` where none is known of.
    package private(set) var due: Timestamp?
    private(set) var open: Open?

    /// Throws `StorageFailure`, `DecodingError`.
    package init(in transaction: any Transaction) throws {
        for entry in try Ledger().entries(of: "rewrapped", in: transaction) {
            guard case .rewrapped(let fact) = entry.fact else { continue }
            switch fact.step {
            case .due: due = due ?? entry.at
            case .begun where open?.id == fact.rewrap: open?.begun.append(fact)
            case .begun:
                // As it was signed: a line's own time bears no signature.
                let words = fact.text.flatMap(RewrapWords.init(canonical:))
                let since = words.flatMap { Timestamp(dateTime: $0.at) } ?? entry.at
                open = Open(id: fact.rewrap, by: fact.by, since: since, begun: [fact])
            case .wrapped: break
            case .finished where fact.rewrap.isEmpty: due = nil
            case .finished, .lapsed: if open?.id == fact.rewrap { open = nil }
            }
        }
    }

    /// Whether it should have been done by now.
    package func isLate(at now: Timestamp) -> Bool {
        due.map { $0.adding(seconds: RewrapBook.dueSeconds) < now } ?? false
    }

    /// The vault's keys are wrapped for others than those who are named.
    package static let toDo = CodeEntry(
        "N-VAULT-REWRAP",
        what: Wording(
            zh: "保管人变了：保管库的密钥还封给从前的人，7 天内要重新封装。",
            en: "The people of custody are others now: the vault's keys are still wrapped for the "
                + "earlier ones; they are wrapped anew within 7 days."),
        next: Wording(
            zh: "两个科室的两人先后：shangbao identify rewrap --by 姓名 --key 私钥。",
            en: "Two people of two departments, one after the other: shangbao identify rewrap --by "
                + "NAME --key FILE."))
    /// Not within seven days.
    package static let late = CodeEntry(
        "N-VAULT-REWRAP-LATE",
        what: Wording(
            zh: "保管人变了超过 7 天，保管库的密钥还没有重新封装。",
            en: "The people of custody changed over 7 days ago, and the vault's keys are not "
                + "wrapped anew."),
        next: toDo.next)
}
