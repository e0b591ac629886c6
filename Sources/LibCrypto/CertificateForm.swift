import COpenSSL

/// One certificate being filled in and signed.
final class CertificateForm {
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
        issuer: CertificateForm, issuerKey: SigningKey, extensions: [(Int32, String)]
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
        try sign(with: issuerKey)
    }

    /// SM2 with SM3 and the id of GB/T 35276, P-256 with SHA-256. The signature is put in by hand,
    /// since the key may be one that OpenSSL has only the public half of.
    private func sign(with key: SigningKey) throws(CryptoFailure) {
        let algorithm = OBJ_nid2obj(key.suite == .gm ? NID_SM2_with_SM3 : NID_ecdsa_with_SHA256)
        var signature: UnsafePointer<ASN1_BIT_STRING>?
        var outer: UnsafePointer<X509_ALGOR>?
        X509_get0_signature(&signature, &outer, pointer)
        for place in [X509_get0_tbs_sigalg(pointer), outer] {
            guard
                X509_ALGOR_set0(UnsafeMutablePointer(mutating: place), algorithm, V_ASN1_UNDEF, nil)
                    == 1
            else { throw .openSSL(.internal, "certificate") }
        }
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_re_X509_tbs(pointer, &start)
        guard count > 0, let start else { throw .openSSL(.internal, "certificate") }
        defer { CRYPTO_free(start, #fileID, #line) }
        let made = try key.sign(UnsafeRawBufferPointer(start: start, count: Int(count)))
        guard let room = UnsafeMutablePointer(mutating: signature),
            ASN1_STRING_set(room, made, Int32(made.count)) == 1
        else { throw .openSSL(.internal, "certificate") }
        // All bits count: without this mark zeros at the end would fall away.
        room.pointee.flags &= ~Int(ASN1_STRING_FLAG_BITS_LEFT | 0x07)
        room.pointee.flags |= Int(ASN1_STRING_FLAG_BITS_LEFT)
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
