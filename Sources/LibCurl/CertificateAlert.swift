/// What the other side's TLS said about our certificate (RFC 8446 section 6.2).
package enum CertificateAlert: Int, Sendable, CaseIterable {
    case bad = 42
    case unsupported = 43
    case revoked = 44
    case expired = 45
    case unknown = 46
    case unknownAuthority = 48
    case accessDenied = 49
    /// It asked for one and got none.
    case required = 116

    /// A stable short word, e.g. `unknown-authority`.
    package var word: String {
        switch self {
        case .bad: "bad"
        case .unsupported: "unsupported"
        case .revoked: "revoked"
        case .expired: "expired"
        case .unknown: "unknown"
        case .unknownAuthority: "unknown-authority"
        case .accessDenied: "access-denied"
        case .required: "required"
        }
    }

    /// Reads a TLS alert: its level, which TLS 1.3 ignores, and its number.
    ///
    /// - Returns: `nil` for what is no alert, or one about something else.
    package init?(message: UnsafeRawBufferPointer) {
        guard message.count == 2, message[0] == 1 || message[0] == 2 else { return nil }
        self.init(rawValue: Int(message[1]))
    }
}
