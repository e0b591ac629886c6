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

    private let key: AsymmetricKey
    private let certificate: CertificateForm

    /// Makes a key and signs its certificate. Times are Unix seconds. Throws `internal`, also for
    /// a common name over 64 characters.
    package init(
        commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(CryptoFailure) {
        key = try AsymmetricKey.generate(.p256)
        certificate = try CertificateForm(
            commonName: commonName, notBefore: notBefore, notAfter: notAfter, key: key)
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

/// One certificate being filled in and signed.
private final class CertificateForm {
    private let pointer: OpaquePointer

    init(
        commonName: String, notBefore: Int64, notAfter: Int64, key: AsymmetricKey
    ) throws(CryptoFailure) {
        guard let pointer = X509_new() else { throw .openSSL(.internal, "certificate") }
        self.pointer = pointer
        let name = Array(commonName.utf8)
        guard X509_set_version(pointer, 2) == 1,  // 2 means version 3
            X509_NAME_add_entry_by_NID(
                X509_get_subject_name(pointer), NID_commonName, MBSTRING_UTF8, name,
                Int32(name.count), -1, 0) == 1,
            ASN1_TIME_set(X509_getm_notBefore(pointer), Int(notBefore)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), Int(notAfter)) != nil,
            X509_set_pubkey(pointer, key.pointer) == 1
        else { throw .openSSL(.internal, "certificate") }
        try setSerialNumber()
    }

    deinit {
        X509_free(pointer)
    }

    /// Names the issuer, adds `extensions` as OpenSSL's configuration writes them, and signs.
    func sign(
        issuer: CertificateForm, issuerKey: AsymmetricKey, extensions: [(Int32, String)]
    ) throws(CryptoFailure) {
        guard X509_set_issuer_name(pointer, X509_get_subject_name(issuer.pointer)) == 1 else {
            throw .openSSL(.internal, "certificate")
        }
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.pointer, pointer, nil, nil, 0)
        for (identifier, value) in extensions {
            guard let added = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
                throw .openSSL(.internal, "certificate extension")
            }
            defer { X509_EXTENSION_free(added) }
            guard X509_add_ext(pointer, added, -1) == 1 else {
                throw .openSSL(.internal, "certificate extension")
            }
        }
        // The answer is the signature's size.
        guard X509_sign(pointer, issuerKey.pointer, Algorithms.sha256) > 0 else {
            throw .openSSL(.internal, "certificate")
        }
    }

    func pem() throws(CryptoFailure) -> String {
        let bytes = try MemoryFile.writing("certificate") { PEM_write_bio_X509($0, pointer) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sixteen random bytes, the first one neither zero nor negative (RFC 5280, 4.1.2.2).
    private func setSerialNumber() throws(CryptoFailure) {
        var bytes = [UInt8](repeating: 0, count: 16)
        let drawn = RAND_bytes(&bytes, Int32(bytes.count))
        bytes[0] = bytes[0] & 0x3F | 0x40
        let number = BN_bin2bn(bytes, Int32(bytes.count), nil)
        defer { BN_free(number) }
        guard drawn == 1, number != nil,
            BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil
        else { throw .openSSL(.internal, "certificate serial number") }
    }
}
