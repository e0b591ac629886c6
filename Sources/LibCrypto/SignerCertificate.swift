import COpenSSL

extension SigningKey {
    /// A certificate of this key that the key itself signs (自签名证书, RFC 5280): what a county has
    /// until an authority issues one. Whoever trusts it compares its fingerprint.
    ///
    /// - Parameters:
    ///   - commonName: at most 64 characters.
    ///   - notBefore: Unix seconds, as `notAfter`.
    /// - Returns: PEM. Throws `internal`; `device` where one holds the key.
    package func selfSigned(
        commonName: String, notBefore: Int64, notAfter: Int64
    ) throws(CryptoFailure) -> String {
        let form = try CertificateForm(
            commonName: commonName, notBefore: notBefore, notAfter: notAfter, key: key)
        try form.sign(
            issuer: form, issuerKey: self,
            extensions: [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature,nonRepudiation"),
                (NID_subject_key_identifier, "hash"),
            ])
        return try form.pem()
    }

    /// Whether a certificate, PEM, is of this key. Throws `malformed` for what is none.
    package func isCertified(by certificatePEM: String) throws(CryptoFailure) -> Bool {
        let certificate = try X509Handle(pem: certificatePEM)
        return X509_check_private_key(certificate.pointer, key.pointer) == 1
    }
}

/// Owns one certificate of OpenSSL.
final class X509Handle {
    let pointer: OpaquePointer

    /// Reads the first certificate of a PEM text. Throws `malformed`.
    init(pem: String) throws(CryptoFailure) {
        let read = Array(pem.utf8).withUnsafeBytes { bytes in
            MemoryFile.reading(bytes) { PEM_read_bio_X509($0, nil, refusePassphrase, nil) }
        }
        guard let read else { throw .openSSL(.malformed, "certificate") }
        pointer = read
    }

    /// Reads DER of one certificate and nothing after it; `nil` for anything else.
    init?(der: [UInt8]) {
        let read = der.withUnsafeBytes { bytes -> OpaquePointer? in
            var next = bytes.octets
            guard let read = d2i_X509(nil, &next, bytes.count) else { return nil }
            guard next == bytes.octets?.advanced(by: bytes.count) else {
                X509_free(read)
                return nil
            }
            return read
        }
        guard let read else { return nil }
        pointer = read
    }

    deinit {
        X509_free(pointer)
    }

    /// Throws `internal`.
    func der() throws(CryptoFailure) -> [UInt8] {
        try MemoryFile.writing("certificate") { i2d_X509_bio($0, pointer) }
    }

    /// Throws `internal`.
    func pem() throws(CryptoFailure) -> String {
        String(
            decoding: try MemoryFile.writing("certificate") { PEM_write_bio_X509($0, pointer) },
            as: UTF8.self)
    }
}
