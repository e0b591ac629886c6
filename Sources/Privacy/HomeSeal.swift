package import LibCrypto

/// Seals what stays at home (本地加密): kept rows, and our own copy of submissions' data keys. New
/// things are sealed under the newest key; what an earlier one sealed still opens, since every text
/// bears the id of its key.
///
/// One a thread: it keeps its cipher contexts.
package final class HomeSeal {
    private let sealer: FieldSealer
    private let earlier: [String: FieldSealer]

    /// - Parameter keys: those of `field` that may still be used, oldest first; never empty.
    package init(suite: CipherSuite, keys: [HeldKey]) throws(CryptoFailure) {
        guard let newest = keys.last else { throw CryptoFailure(.badKey, "no field key") }
        sealer = try FieldSealer(suite: suite, keyID: newest.kid, dataKey: newest.secret)
        var earlier: [String: FieldSealer] = [:]
        for key in keys.dropLast() {
            earlier[key.kid] = try FieldSealer(
                suite: suite, keyID: key.kid, dataKey: key.secret)
        }
        self.earlier = earlier
    }

    /// The text of some bytes. Throws what `FieldSealer.seal` does.
    package func seal(_ plaintext: [UInt8], additionalData: String) throws(CryptoFailure) -> String
    {
        try sealer.seal(plaintext, additionalData: additionalData)
    }

    /// The bytes of a text. Throws `badKey` where its key may be used no longer, and what
    /// `FieldSealer.open` does.
    package func open(_ text: String, additionalData: String) throws(CryptoFailure) -> [UInt8] {
        try opener(of: text).open(text, additionalData: additionalData)
    }

    /// Seals a key.
    package func seal(_ secret: SecretBytes, additionalData: String) throws(CryptoFailure)
        -> String
    {
        var text: [UInt8] = []
        let bound = Array(additionalData.utf8)
        try secret.withUnsafeBytes { (secret) throws(CryptoFailure) in
            try bound.span.withUnsafeBytes { (bound) throws(CryptoFailure) in
                try sealer.seal(secret, additionalData: bound, appendingTo: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A sealed key; it goes straight into secure memory.
    package func openSecret(_ text: String, additionalData: String) throws(CryptoFailure)
        -> SecretBytes
    {
        let opener = opener(of: text)
        let bound = Array(additionalData.utf8)
        return try Array(text.utf8).span.withUnsafeBytes { (text) throws(CryptoFailure) in
            try bound.span.withUnsafeBytes { (bound) throws(CryptoFailure) in
                try opener.openSecret(text, additionalData: bound)
            }
        }
    }

    /// Whether the newest key sealed a text.
    package func isCurrent(_ text: String) -> Bool { keyID(of: text) == sealer.keyID }

    private func opener(of text: String) -> FieldSealer { earlier[keyID(of: text)] ?? sealer }

    /// The third part of `GWF1.suite.kid.…`; empty where there is none.
    private func keyID(of text: String) -> String {
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? String(parts[2]) : ""
    }
}
