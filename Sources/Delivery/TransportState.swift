/// What is known of the way of a submission's bytes (传输状态).
///
/// It says nothing of what was decided on the records in it: that is their own state (业务状态), and
/// what was delivered may well be rejected.
package enum TransportState: String, Sendable, Hashable, CaseIterable {
    /// Not a byte ever left.
    case notSent
    /// Being sent just now.
    case underWay
    /// It was tried, and the other side proved that it took nothing.
    case notTaken
    /// It may have arrived; no clear answer came.
    case unclear
    /// A person has it to type; whether that was done nobody knows yet.
    case handedOut
    /// It lies in the other side's folder; whether they took it from there nobody knows yet.
    case laidDown
    /// The other side has shown that it has it.
    case delivered
    /// Taken back before it was ever sent.
    case cancelled

    /// - Parameters:
    ///   - reason: why it is held.
    ///   - wasSent: whether a byte may have left.
    ///   - isTyped: whether it was handed out on a worklist.
    ///   - isLaidDown: whether all that is known is that its file has its name on their server.
    ///   - isAnswered: whether a believed receipt speaks of it.
    package init(
        _ state: DeliveryState, reason: String?, wasSent: Bool, isTyped: Bool,
        isLaidDown: Bool, isAnswered: Bool
    ) {
        self =
            switch state {
            case .due, .leased: wasSent ? .notTaken : .notSent
            case .onWire: .underWay
            case .inDoubt: .unclear
            case .awaiting where isAnswered: .delivered
            case .awaiting: isTyped ? .handedOut : isLaidDown ? .laidDown : .delivered
            case .held where isAnswered: .delivered
            case .held where reason == QueueReason.refused.rawValue: .notTaken
            case .held: !wasSent ? .notSent : isTyped ? .handedOut : .unclear
            case .final: isAnswered ? .delivered : .notTaken
            case .cancelled: .cancelled
            }
    }
}
