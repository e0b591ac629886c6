package import Definitions
import Mappings
package import Records

/// A rule that looks over the rows of one item in their order (批内规则): one phone on many couples,
/// one reading copied down the page. It remembers little of each row; of other items it knows what
/// it had `remembered`.
package protocol BatchRule: Sendable {
    /// What it must remember from row to row; small, since an item may have 200,000 rows.
    associatedtype Memory: Sendable

    /// The name that data files use.
    static var name: String { get }
    /// What it checks, in one sentence, for the generated reference.
    static var summary: Wording { get }
    /// Reads its options from its section; `code` names the finding it makes.
    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    /// What is looked for in the records of earlier items too; `nil` where its own item is enough.
    var remembered: RememberedKey? { get }
    /// What it remembers before the first row.
    func begin() -> Memory
    /// Looks at the next row and adds what it has to say about it.
    ///
    /// - Parameter day: on which the item arrived.
    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout Memory,
        into findings: inout [Finding])
}

/// Every kind of rule over the rows of an item: a new one is a file in `Rules/` and a line here.
package let batchRuleKinds: [any BatchRule.Type] = [
    AllAlike.self, MostlyOnArrival.self, OtherPartner.self, RepeatedKey.self, RunOfEqual.self,
]

/// What the rules over rows remember of one item between its batches (批内状态).
///
/// One for each item, made by `RuleSet.watch`, handed to `decide` batch after batch in the order of
/// the rows. It is not stored: an item that is taken up again after a crash begins with a new one,
/// so that a warning of the rows before is not said again.
package struct ItemWatch: Sendable {
    private var watchers: [any Watcher]

    init(_ rules: [any BatchRule]) {
        watchers = rules.map { $0.watcher() }
    }

    /// Looks at the next row of the item.
    mutating func look(
        at record: RecordRow, arrivedOn day: CalendarDate, into findings: inout [Finding]
    ) {
        for index in watchers.indices {
            watchers[index].look(at: record, arrivedOn: day, into: &findings)
        }
    }
}

/// A rule with what it remembers.
private protocol Watcher: Sendable {
    mutating func look(
        at record: RecordRow, arrivedOn day: CalendarDate, into findings: inout [Finding])
}

private struct RuleWatcher<Watched: BatchRule>: Watcher {
    let rule: Watched
    var memory: Watched.Memory

    mutating func look(
        at record: RecordRow, arrivedOn day: CalendarDate, into findings: inout [Finding]
    ) {
        rule.look(at: record, arrivedOn: day, &memory, into: &findings)
    }
}

extension BatchRule {
    package var remembered: RememberedKey? { nil }

    fileprivate func watcher() -> any Watcher { RuleWatcher(rule: self, memory: begin()) }
}
