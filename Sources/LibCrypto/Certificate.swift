import COpenSSL
import Glibc

/// What an X.509 certificate (RFC 5280) says of its subject. Reading it trusts nothing: whether
/// it is genuine is for the TLS handshake or the caller's list of fingerprints.
package struct Certificate: Sendable, Equatable {
    /// The whole subject as RFC 2253 writes it, letters beyond ASCII in UTF-8.
    package let subject: String
    /// The subject's common name; nil when it has none, or more than one.
    package let commonName: String?
    /// The subject's `serialNumber` attribute (not the certificate's serial number).
    package let subjectSerialNumber: String?
    /// The subject's `organizationIdentifier` (ETSI EN 319 412-1).
    package let organizationIdentifier: String?
    /// When it begins to be valid, in Unix seconds.
    package let notBefore: Int64
    /// The last second in which it is valid, in Unix seconds.
    package let notAfter: Int64
    /// SHA-256 of its DER, 64 lower-case hex digits.
    package let fingerprint: String

    /// Reads the first certificate of a PEM text. Throws `malformed`.
    package init(pem: String) throws(CryptoFailure) {
        try self.init(
            taking: Array(pem.utf8).withUnsafeBytes { bytes in
                MemoryFile.reading(bytes) { PEM_read_bio_X509($0, nil, refusePassphrase, nil) }
            })
    }

    /// Reads DER, as a TLS library hands it over. Throws `malformed`.
    package init(der: [UInt8]) throws(CryptoFailure) {
        try self.init(
            taking: der.withUnsafeBytes { bytes in
                var next = bytes.octets
                return d2i_X509(nil, &next, bytes.count)
            })
    }

    private init(taking pointer: OpaquePointer?) throws(CryptoFailure) {
        guard let pointer else { throw .openSSL(.malformed, "certificate") }
        defer { X509_free(pointer) }
        let name = X509_get_subject_name(pointer)
        subject = try Self.text(of: name)
        commonName = Self.attribute(NID_commonName, of: name)
        subjectSerialNumber = Self.attribute(NID_serialNumber, of: name)
        organizationIdentifier = Self.attribute(NID_organizationIdentifier, of: name)
        notBefore = try Self.unixSeconds(X509_get0_notBefore(pointer))
        notAfter = try Self.unixSeconds(X509_get0_notAfter(pointer))
        let der = try MemoryFile.writing("certificate") { i2d_X509_bio($0, pointer) }
        fingerprint = Hex.encode(Hash.sha256.digest(der))
    }

    /// A server's subject may be empty, its names being in an extension.
    private static func text(of name: OpaquePointer?) throws(CryptoFailure) -> String {
        if X509_NAME_entry_count(name) == 0 { return "" }
        let bytes = try MemoryFile.writing("subject") {
            X509_NAME_print_ex($0, name, 0, shangbao_name_format()) > 0 ? 1 : 0
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The attribute as UTF-8. One that stands twice is as good as none: which one counts would
    /// be a guess.
    private static func attribute(_ identifier: Int32, of name: OpaquePointer?) -> String? {
        let index = X509_NAME_get_index_by_NID(name, identifier, -1)
        guard index >= 0, X509_NAME_get_index_by_NID(name, identifier, index) < 0 else {
            return nil
        }
        var text: UnsafeMutablePointer<UInt8>?
        let value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index))
        let count = ASN1_STRING_to_UTF8(&text, value)
        defer { CRYPTO_free(text, #fileID, #line) }
        guard count >= 0 else {
            ERR_clear_error()
            return nil
        }
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }

    private static func unixSeconds(
        _ time: UnsafePointer<ASN1_TIME>?
    ) throws(CryptoFailure) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else {
            throw .openSSL(.malformed, "certificate time")
        }
        return Int64(timegm(&parts))
    }
}
