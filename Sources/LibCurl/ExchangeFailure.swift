/// Why a request has no answer. What the other side answers, whatever its status, is no failure.
package enum ExchangeFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nothing of the request left this machine: it is safe to try again.
    case notSent(NotSentReason)
    /// The other side's TLS does not take our certificate, so it took no request on this connection
    /// either. With TLS 1.3 it says so only after the request has begun. Again would end the same.
    case refused(CertificateAlert)
    /// Something of the request may have left and no whole answer came: ask before sending again.
    case uncertain(UncertainReason)

    /// A stable short text such as `not-sent/timeout`, without addresses or contents.
    package var description: String {
        switch self {
        case .notSent(let reason): "not-sent/\(reason.rawValue)"
        case .refused(let alert): "refused/certificate-\(alert.word)"
        case .uncertain(let reason): "uncertain/\(reason.rawValue)"
        }
    }
}

/// Why nothing was sent.
package enum NotSentReason: String, Sendable, CaseIterable {
    /// A file, key, passphrase, pin, header or setting of ours is wrong.
    case configuration = "configuration"
    /// The URL is not https, names a host that is not allowed, an address, or a user.
    case urlRefused = "url-refused"
    /// The host's name has no address.
    case hostNotFound = "host-not-found"
    /// The name leads to an address of this machine or link, which is not allowed.
    case addressRefused = "address-refused"
    /// Nothing listens there, or the network does not reach it.
    case connectionRefused = "connection-refused"
    /// No connection in time.
    case timeout = "timeout"
    /// No common TLS, or the other side ended the handshake.
    case tls = "tls"
    /// The other side's certificate is not from our authority, not for this host, out of date, or
    /// not pinned.
    case certificateRefused = "certificate-refused"
    /// The proxy refused.
    case proxy = "proxy"
    /// libcurl gave another reason before the request.
    case other = "other"
}

/// Why it is not known what became of the request.
package enum UncertainReason: String, Sendable, CaseIterable {
    /// No whole answer in time.
    case timeout = "timeout"
    /// The connection ended or broke while sending or before the answer was whole.
    case connectionLost = "connection-lost"
    /// The connection broke before an answer, and a new one shows that our certificate is not
    /// taken (any more).
    case certificateRefused = "certificate-refused"
    /// The answer ended before its announced length, or announced none.
    case truncated = "truncated"
    /// The answer has more bytes than the limit.
    case tooLarge = "too-large"
    /// The answer is not HTTP/1.1.
    case malformedAnswer = "malformed-answer"
    /// libcurl gave another reason after the request had begun.
    case other = "other"
}
