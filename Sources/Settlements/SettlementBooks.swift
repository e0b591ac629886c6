import Synchronization

/// A settlement on its way into a pack, with the books behind it: 200 MB for a million cases, which
/// whoever wrote down what they say lets go of.
package final class SettlementBooks: Sendable {
    package let statement: Statement
    private let held: Mutex<Settlement?>

    package init(_ settlement: Settlement) {
        statement = settlement.statement
        held = Mutex(settlement)
    }

    /// The settlement, which is not held here any longer; `nil` the second time.
    func take() -> Settlement? {
        held.withLock { settlement in
            defer { settlement = nil }
            return settlement
        }
    }
}
