import COpenSSL

/// A certificate with its private key, as a program is given them.
package struct IssuedCertificate: Sendable {
    /// The certificate alone, PEM.
    package let certificatePEM: String
    /// The P-256 private key, PKCS#8 PEM.
    package let privateKeyPEM: SecretBytes
}

/// A throw-away authority for rehearsals on one machine: P-256 keys, SHA-256, no revocation, and
/// a private key that never leaves it. Real certificates come from the other side's authority.
package final class CertificateAuthority {
    /// Its own certificate, PEM: what both sides of a rehearsal pin.
    package let certificatePEM: String

    private let key: SigningKey
    private let certificate: CertificateForm

    /// Makes a key and signs its certificate. Times are Unix seconds. Throws `internal`, also for
    /// a common name over 64 characters.
    package init(
        commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(CryptoFailure) {
        key = try SigningKey(generating: .intl)
        certificate = try CertificateForm(
            commonName: commonName, notBefore: notBefore, notAfter: notAfter, key: key.key)
        try certificate.sign(
            issuer: certificate, issuerKey: key,
            extensions: [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
            ])
        certificatePEM = try certificate.pem()
    }

    /// A server certificate for `localhost` and `127.0.0.1`. Times are Unix seconds.
    package func issueServer(
        notBefore: Int64, notAfter: Int64
    ) throws(CryptoFailure) -> IssuedCertificate {
        try issue(
            commonName: "localhost", notBefore: notBefore, notAfter: notAfter,
            extensions: [
                (NID_ext_key_usage, "serverAuth"),
                (NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"),
            ])
    }

    /// A client certificate whose common name is the sender's credit code. Times are Unix seconds.
    package func issueClient(
        commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(CryptoFailure) -> IssuedCertificate {
        try issue(
            commonName: commonName, notBefore: notBefore, notAfter: notAfter,
            extensions: [(NID_ext_key_usage, "clientAuth")])
    }

    private func issue(
        commonName: String, notBefore: Int64, notAfter: Int64, extensions: [(Int32, String)]
    ) throws(CryptoFailure) -> IssuedCertificate {
        let leafKey = try AsymmetricKey.generate(.p256)
        let leaf = try CertificateForm(
            commonName: commonName, notBefore: notBefore, notAfter: notAfter, key: leafKey)
        try leaf.sign(
            issuer: certificate, issuerKey: key,
            extensions: [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature"),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid:always"),
            ] + extensions)
        return try IssuedCertificate(
            certificatePEM: leaf.pem(), privateKeyPEM: leafKey.privatePEM())
    }
}
