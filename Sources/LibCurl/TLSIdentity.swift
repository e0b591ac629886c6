/// Who we are to the other side, and whom we believe. Files are PEM and named by absolute paths.
package struct TLSIdentity: Sendable {
    /// Our certificate, followed by those between it and its authority.
    package let certificateFile: String
    /// The certificate's private key.
    package let keyFile: String
    /// The only authorities the other side's certificate may come from: the system's are not asked.
    package let authorityFile: String
    /// Gives the UTF-8 bytes of the key file's passphrase, when a connection is set up.
    package let keyPassphrase: (@Sendable () -> [UInt8])?
    /// Base64 of the SHA-256 of the public keys (SubjectPublicKeyInfo, DER) that are accepted; with
    /// none, every certificate of the authorities is. Pin two: the present one and the next.
    package let pinnedPublicKeys: [String]

    package init(
        certificateFile: String, keyFile: String, authorityFile: String,
        keyPassphrase: (@Sendable () -> [UInt8])? = nil, pinnedPublicKeys: [String] = []
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.authorityFile = authorityFile
        self.keyPassphrase = keyPassphrase
        self.pinnedPublicKeys = pinnedPublicKeys
    }
}
