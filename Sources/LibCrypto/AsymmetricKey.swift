import COpenSSL
import Glibc

/// Owns one OpenSSL key, of a pair or the public half. Never changed once made, so threads may
/// share it.
final class AsymmetricKey: @unchecked Sendable {
    /// What a key is, and so what it may do.
    enum Kind {
        /// SM2: signs and unwraps in the suite `gm`.
        case sm2
        /// P-256: signs in the suite `intl`.
        case p256
        /// RSA of 3072 bits or more: unwraps in the suite `intl`.
        case rsa
    }

    let pointer: OpaquePointer
    let kind: Kind

    /// Takes over `pointer`. Throws `badKey` when OpenSSL made none or its kind is not accepted.
    private init(owning pointer: OpaquePointer?, _ step: String) throws(CryptoFailure) {
        guard let pointer else { throw .openSSL(.badKey, step) }
        guard let kind = Self.kind(of: pointer) else {
            EVP_PKEY_free(pointer)
            throw CryptoFailure(.badKey, "not an SM2, P-256 or RSA-3072 key")
        }
        self.pointer = pointer
        self.kind = kind
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Makes a new pair. Throws `internal`.
    static func generate(_ kind: Kind) throws(CryptoFailure) -> AsymmetricKey {
        SecureHeap.prepare()
        let name =
            switch kind {
            case .sm2: "SM2"
            case .p256: "EC"
            case .rsa: "RSA"
            }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
            throw .openSSL(.internal, "key generation")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var pointer: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            kind != .p256 || EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            kind != .rsa || EVP_PKEY_CTX_set_rsa_keygen_bits(context, 3072) == 1,
            EVP_PKEY_generate(context, &pointer) == 1
        else { throw .openSSL(.internal, "key generation") }
        return try AsymmetricKey(owning: pointer, "key generation")
    }

    /// Reads an unencrypted private key from PEM. Throws `badKey`.
    static func privateKey(pem: SecretBytes) throws(CryptoFailure) -> AsymmetricKey {
        SecureHeap.prepare()
        return try AsymmetricKey(
            owning: pem.withUnsafeBytes { bytes in
                MemoryFile.reading(bytes) {
                    PEM_read_bio_PrivateKey($0, nil, refusePassphrase, nil)
                }
            }, "private key")
    }

    /// Reads an unencrypted private key from PKCS#8 DER (RFC 5208). Throws `badKey`.
    static func privateKey(pkcs8: SecretBytes) throws(CryptoFailure) -> AsymmetricKey {
        SecureHeap.prepare()
        return try AsymmetricKey(
            owning: pkcs8.withUnsafeBytes { bytes in
                var next = bytes.octets
                guard let wrapped = d2i_PKCS8_PRIV_KEY_INFO(nil, &next, bytes.count) else {
                    return nil
                }
                defer { PKCS8_PRIV_KEY_INFO_free(wrapped) }
                return EVP_PKCS82PKEY(wrapped)
            }, "private key")
    }

    /// Reads a public key (SubjectPublicKeyInfo) from PEM. Throws `badKey`.
    static func publicKey(pem: String) throws(CryptoFailure) -> AsymmetricKey {
        try AsymmetricKey(
            owning: Array(pem.utf8).withUnsafeBytes { bytes in
                MemoryFile.reading(bytes) { PEM_read_bio_PUBKEY($0, nil, refusePassphrase, nil) }
            }, "public key")
    }

    /// The public key of a suite's curve from its point, x‖y. Throws `badKey` for 64 bytes that are
    /// no point of the curve, and for another number of bytes.
    static func publicKey(_ suite: CipherSuite, point: [UInt8]) throws(CryptoFailure)
        -> AsymmetricKey
    {
        guard point.count == 64 else { throw CryptoFailure(.badKey, "a point has 64 bytes") }
        // SubjectPublicKeyInfo (RFC 5480) up to the point: id-ecPublicKey, the curve, BIT STRING.
        let curve: [UInt8] =
            suite == .gm
            ? [0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D]
            : [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        let start: [UInt8] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        ]
        let info = start + curve + [0x03, 0x42, 0x00, 0x04] + point
        let pointer = info.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_PUBKEY(nil, &next, bytes.count)
        }
        return try AsymmetricKey(owning: pointer, "public key")
    }

    /// The point of the public half, x‖y, 64 bytes. Throws `badKey` for RSA.
    func point() throws(CryptoFailure) -> [UInt8] {
        var point = [UInt8](repeating: 0, count: 65)
        var count = 0
        guard
            EVP_PKEY_get_octet_string_param(
                pointer, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1,
            count == 65, point[0] == 4
        else { throw .openSSL(.badKey, "point") }
        return Array(point.dropFirst())
    }

    /// The private key as PKCS#8 DER. Throws `internal`.
    func pkcs8() throws(CryptoFailure) -> SecretBytes {
        try MemoryFile.writingSecret("private key") {
            i2d_PKCS8PrivateKey_bio($0, pointer, nil, nil, 0, nil, nil)
        }
    }

    /// The private key as PKCS#8 PEM. Throws `internal`.
    func privatePEM() throws(CryptoFailure) -> SecretBytes {
        try MemoryFile.writingSecret("private key") {
            PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil)
        }
    }

    /// The public key as PEM. Throws `internal`.
    func publicPEM() throws(CryptoFailure) -> String {
        let bytes = try MemoryFile.writing("public key") { PEM_write_bio_PUBKEY($0, pointer) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// SHA-256 of the public key's DER, 64 lower-case hex digits. Throws `internal`.
    func fingerprint() throws(CryptoFailure) -> String {
        let bytes = try MemoryFile.writing("public key") { i2d_PUBKEY_bio($0, pointer) }
        return Hex.encode(Hash.sha256.digest(bytes))
    }

    private static func kind(of pointer: OpaquePointer) -> Kind? {
        if EVP_PKEY_is_a(pointer, "SM2") == 1 { return .sm2 }
        if EVP_PKEY_is_a(pointer, "RSA") == 1 {
            return EVP_PKEY_get_bits(pointer) >= 3072 ? .rsa : nil
        }
        var name = [CChar](repeating: 0, count: 64)
        guard EVP_PKEY_is_a(pointer, "EC") == 1,
            EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1,
            strcmp(name, SN_X9_62_prime256v1) == 0
        else { return nil }
        return .p256
    }
}
