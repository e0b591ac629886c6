/// What holds for every request of one `HTTPSExchange`.
///
/// That certificates and host names are checked, that only https is spoken, TLS 1.2 at least, and
/// that redirects are not followed, is not a setting.
package struct HTTPSSettings: Sendable {
    /// Our certificate and whom we believe.
    package var identity: TLSIdentity
    /// The host names requests may go to, in lower case. No addresses.
    package var allowedHosts: Set<String>
    /// A proxy as `http://host:port`; none unless given, whatever the environment says.
    package var proxy: String?
    /// How long a connection and its handshake may take, in milliseconds.
    package var connectTimeoutMilliseconds: Int
    /// How long a request may take altogether, in milliseconds.
    package var totalTimeoutMilliseconds: Int
    /// The most bytes of an answer's body.
    package var answerByteLimit: Int
    /// Whether a name may lead to this machine or its link (a rehearsal does).
    package var allowsLocalAddresses: Bool

    package init(
        identity: TLSIdentity, allowedHosts: Set<String>, proxy: String? = nil,
        connectTimeoutMilliseconds: Int = 10_000, totalTimeoutMilliseconds: Int = 300_000,
        answerByteLimit: Int = 20_000_000, allowsLocalAddresses: Bool = false
    ) {
        self.identity = identity
        self.allowedHosts = allowedHosts
        self.proxy = proxy
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.totalTimeoutMilliseconds = totalTimeoutMilliseconds
        self.answerByteLimit = answerByteLimit
        self.allowsLocalAddresses = allowsLocalAddresses
    }
}
