/// Why there is no answer to work with. Three cases, because there are three different things to
/// do next.
package enum TransportFailure: Error, Sendable, Hashable {
    /// Nothing left the house, or it is proved that nothing was taken: safe to try again.
    case notSent(Cause)
    /// The other side said no to the request itself: a person must look.
    case refused(Cause)
    /// Bytes left and no answer came that can be believed: ask before sending again.
    case uncertain(Cause)

    /// What it was, for the schedule and for people.
    package struct Cause: Sendable, Hashable {
        package let code: TransportCode
        /// What the other side asked us to wait.
        package let retryAfter: RetryAfter

        package init(_ code: TransportCode, retryAfter: RetryAfter = .absent) {
            self.code = code
            self.retryAfter = retryAfter
        }
    }

    package var cause: Cause {
        switch self {
        case .notSent(let cause), .refused(let cause), .uncertain(let cause): cause
        }
    }
}

/// The stable codes of what can go wrong on the way.
package enum TransportCode: String, Sendable, Hashable, CaseIterable {
    /// No name, no route, nobody listening, no connection in time.
    case unreachable = "T-UNREACHABLE"
    /// TLS itself, or their certificate is not trusted.
    case untrusted = "T-TRUST"
    /// Their TLS does not take our certificate: not of their authority, expired, revoked.
    case certificate = "T-CERTIFICATE"
    /// Our certificate names another sender than our submissions do.
    case sender = "T-SENDER"
    /// A setting of ours cannot work.
    case configuration = "T-CONFIGURATION"
    /// 429 or 503.
    case busy = "T-BUSY"
    /// 401 or 403.
    case denied = "T-DENIED"
    /// 404, 410 or a redirect where the protocol knows none.
    case address = "T-ADDRESS"
    /// 409: the id was sent before with other bytes.
    case conflict = "T-CONFLICT"
    /// 413.
    case tooLarge = "T-TOO-LARGE"
    /// 400 or another 4xx.
    case rejected = "T-REJECTED"
    /// No whole answer in time.
    case timeout = "T-TIMEOUT"
    /// The connection broke, or the process ended, on the wire.
    case broken = "T-BROKEN"
    /// Another 5xx.
    case server = "T-SERVER"
    /// An answer that is no valid, signed receipt.
    case noReceipt = "T-NO-RECEIPT"
}
