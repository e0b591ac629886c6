internal import Foundation

/// A server's key as people compare it.
package enum HostKey {
    /// `SHA256:` and the digest of the key in base64 without padding, as OpenSSH prints it.
    static func fingerprint(_ digest: UnsafeRawBufferPointer) -> String {
        let text = Data(digest).base64EncodedString()
        return "SHA256:" + text.prefix { $0 != "=" }
    }

    /// Whether a text has the form of such a fingerprint.
    package static func isFingerprint(_ text: String) -> Bool {
        let prefix = "SHA256:"
        guard text.hasPrefix(prefix) else { return false }
        let rest = text.dropFirst(prefix.count)
        return rest.count == 43 && Data(base64Encoded: rest + "=")?.count == 32
    }
}
