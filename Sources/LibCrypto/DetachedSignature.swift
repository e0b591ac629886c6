import COpenSSL

extension SigningKey {
    /// A detached CMS signature with the signer's certificate named in it (CAdES-BES, ETSI EN 319
    /// 122-1), over SHA-256: what `openssl cms -verify -cades -binary` checks.
    ///
    /// - Parameters:
    ///   - bytes: what is signed, as it is.
    ///   - certificatePEM: of this key, which is of the suite `intl`.
    ///   - chain: certificates that lead to its root, PEM; the root may be left out.
    /// - Returns: DER. Throws `malformed` for what is no certificate, `badKey` for one of another
    ///   key, `internal`, and `device` where one holds the key.
    package func cades(
        over bytes: [UInt8], certificatePEM: String, chain: [String] = []
    ) throws(CryptoFailure) -> [UInt8] {
        let signer = try X509Handle(pem: certificatePEM)
        guard suite == .intl, X509_check_private_key(signer.pointer, key.pointer) == 1 else {
            throw .openSSL(.badKey, "the certificate is of another key")
        }
        // Partial: OpenSSL fills in all but the signature, for which it may lack the private half.
        let flags = UInt32(
            CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_CADES | CMS_NOSMIMECAP)
        guard let message = CMS_sign(nil, nil, nil, nil, flags) else {
            throw .openSSL(.internal, "CMS")
        }
        defer { CMS_ContentInfo_free(message) }
        guard
            let info = CMS_add1_signer(message, signer.pointer, key.pointer, EVP_sha256(), flags)
        else { throw .openSSL(.internal, "CMS") }
        for pem in chain {
            let link = try X509Handle(pem: pem)
            guard CMS_add1_cert(message, link.pointer) == 1 else {
                throw .openSSL(.internal, "CMS")
            }
        }
        try addAttributes(to: info, digest: Hash.sha256.digest(bytes))
        let signature = try sign(SigningKey.signedAttributes(of: info))
        guard
            ASN1_STRING_set(
                CMS_SignerInfo_get0_signature(info), signature, Int32(signature.count)) == 1
        else { throw .openSSL(.internal, "CMS") }
        return try MemoryFile.writing("CMS") { i2d_CMS_bio($0, message) }
    }

    /// What is signed beside the certificate's name: of what kind the content is, its digest, and
    /// when (RFC 5652, 11).
    private func addAttributes(to info: OpaquePointer, digest: [UInt8]) throws(CryptoFailure) {
        guard let now = X509_gmtime_adj(nil, 0) else { throw .openSSL(.internal, "CMS") }
        defer { ASN1_STRING_free(now) }
        guard
            CMS_signed_add1_attr_by_NID(
                info, NID_pkcs9_contentType, V_ASN1_OBJECT,
                UnsafeRawPointer(OBJ_nid2obj(NID_pkcs7_data)), -1) == 1,
            CMS_signed_add1_attr_by_NID(
                info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, Int32(digest.count))
                == 1,
            CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, now.pointee.type, now, -1) == 1
        else { throw .openSSL(.internal, "CMS") }
    }

    /// The attributes as they are signed: a SET in DER, so in the order of their bytes (RFC 5652,
    /// 5.4).
    private static func signedAttributes(of info: OpaquePointer) throws(CryptoFailure) -> [UInt8] {
        var attributes: [[UInt8]] = []
        for index in 0..<CMS_signed_get_attr_count(info) {
            var start: UnsafeMutablePointer<UInt8>?
            let count = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(info, index), &start)
            guard count > 0, let start else { throw .openSSL(.internal, "CMS") }
            attributes.append(Array(UnsafeBufferPointer(start: start, count: Int(count))))
            CRYPTO_free(start, #fileID, #line)
        }
        attributes.sort { $0.lexicographicallyPrecedes($1) }
        let body = attributes.flatMap(\.self)
        guard body.count < 1 << 16 else { throw CryptoFailure(.internal, "CMS attributes") }
        let length: [UInt8] =
            body.count < 0x80
            ? [UInt8(body.count)]
            : body.count < 0x100
                ? [0x81, UInt8(body.count)]
                : [0x82, UInt8(body.count >> 8), UInt8(body.count & 0xFF)]
        return [0x31] + length + body
    }
}
