/// What kind of trouble it was (失败类别): each has one row in the table of retries.
package enum RetryClass: String, Sendable, Hashable, CaseIterable, Codable {
    /// No connection, so that nothing left the house.
    case notSent = "A"
    /// They are busy and say so: nothing was taken.
    case overload = "B"
    /// It may have been sent, and no answer can be believed.
    case unclear = "C"
    /// Our certificate, our address or our trust in them.
    case ours = "D"
    /// They refuse this one submission.
    case payload = "E"
    /// The process died while it was under way.
    case crash = "F"
    /// Our own disk or database.
    case local = "G"
}

extension TransportCode {
    /// The classes that a policy may put this code in; the first is the usual one.
    ///
    /// What may have been taken is never sent again unasked, and what was refused is never sent
    /// again by itself: no data file can say otherwise.
    package var possibleClasses: [RetryClass] {
        switch self {
        case .unreachable: [.notSent]
        case .busy: [.overload]
        case .timeout, .broken, .server, .noReceipt: [.unclear]
        case .denied, .address: [.ours, .payload]
        case .untrusted, .certificate, .sender, .configuration: [.ours]
        case .rejected: [.payload, .ours]
        case .conflict, .tooLarge: [.payload]
        }
    }
}
