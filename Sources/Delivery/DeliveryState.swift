/// Where a submission stands. All legal moves are here and nowhere else; the diagram is
/// `docs/development/delivery-states.md`.
package enum DeliveryState: String, Sendable, Hashable, CaseIterable {
    /// Waits for its turn; nothing is under way.
    case due
    /// A worker has it; not a byte was sent.
    case leased
    /// From here on it may have been sent.
    case onWire
    /// It may have been sent and no answer came: ask before sending again.
    case inDoubt
    /// The other side has it; verdicts are missing.
    case awaiting
    /// Stopped until a person decides.
    case held
    /// Every record in it has its verdict.
    case final
    /// A person took it back before it was ever sent.
    case cancelled

    /// The state after `event`; `nil` means that the event cannot happen to this state.
    package func after(_ event: DeliveryEvent) -> DeliveryState? {
        switch (self, event) {
        case (.due, .claimed): .leased
        case (.leased, .released): .due
        case (.leased, .sendingBegan): .onWire
        case (.onWire, .notTaken): .due
        case (.onWire, .lost): .inDoubt
        case (.awaiting, .overdue): .inDoubt
        case (.due, .remembered), (.leased, .remembered), (.onWire, .remembered): .inDoubt
        case (.inDoubt, .mayRepeat): .due
        case (.due, .stored), (.leased, .stored), (.onWire, .stored), (.inDoubt, .stored),
            (.awaiting, .stored):
            .awaiting
        case (.due, .answered), (.leased, .answered), (.onWire, .answered),
            (.inDoubt, .answered), (.awaiting, .answered), (.held, .answered):
            .final
        case (.due, .stopped), (.leased, .stopped), (.onWire, .stopped), (.inDoubt, .stopped),
            (.awaiting, .stopped):
            .held
        case (.held, .resumed): .due
        case (.held, .askedAgain): .inDoubt
        case (.due, .cancelled), (.held, .cancelled): .cancelled
        case (.due, _), (.leased, _), (.onWire, _), (.inDoubt, _), (.awaiting, _), (.held, _),
            (.final, _), (.cancelled, _):
            nil
        }
    }
}

/// What can happen to a submission.
package enum DeliveryEvent: String, Sendable, Hashable, CaseIterable {
    /// A worker takes it; the fence grows.
    case claimed
    /// The worker gives it back, or died, before anything was sent.
    case released
    /// The second commit, just before the first byte.
    case sendingBegan
    /// The other side proved that it took nothing.
    case notTaken
    /// No answer came, or the process died on the wire.
    case lost
    /// The other side says it never had it: the same bytes may go again.
    case mayRepeat
    /// The other side has it and decides later, or has decided a part.
    case stored
    /// The wire journal knows of a send that the database has lost.
    case remembered
    /// The last open record got its verdict.
    case answered
    /// They do not know what they once took.
    case overdue
    /// Deadline, poison, a refusal of the request, or a person.
    case stopped
    /// A person lets it go again.
    case resumed
    /// A person lets it go again, but it may have been sent: ask first.
    case askedAgain
    /// A person takes it back; only if it was never on the wire.
    case cancelled
}
