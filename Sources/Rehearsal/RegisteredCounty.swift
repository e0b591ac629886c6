import LibCrypto

/// A county that the pretend national side knows, as it was agreed outside the exchange.
package struct RegisteredCounty: Sendable {
    /// Its unified social credit code: the common name of its certificate and `Submission@sender`.
    package let sender: String
    /// Its division code, 6 digits.
    package let region: String
    /// The programmes that are open to it.
    package let programmes: Set<String>
    let signingKeys: [String: VerifyingKey]

    /// - Parameters:
    ///   - signingKeys: the PEM text of its public signing keys by key id; a key's kind tells its
    ///     suite.
    /// - Throws: `RehearsalFailure` with `unusable` for a key that is neither SM2 nor P-256.
    package init(
        sender: String, region: String, programmes: Set<String>, signingKeys: [String: String]
    ) throws(RehearsalFailure) {
        self.sender = sender
        self.region = region
        self.programmes = programmes
        var keys: [String: VerifyingKey] = [:]
        for (id, pem) in signingKeys {
            keys[id] = try usable(id) { () throws(CryptoFailure) in try VerifyingKey(pem: pem) }
        }
        self.signingKeys = keys
    }

    /// The suite in which it is answered where no submission says one: that of its keys, `gm`
    /// when it has both.
    var usualSuite: CipherSuite {
        signingKeys.values.contains { $0.suite == .gm } ? .gm : .intl
    }
}
