import COpenSSL

/// The first step of an SM2 signature (GB/T 32918.2, 5.5 and 6.1): `e = SM3(ZA || bytes)`, where
/// `ZA = SM3(ENTL || ID || a || b || xG || yG || xA || yA)` says who signs.
///
/// OpenSSL would take this step too; ours hashes megabytes by the faster SM3, and hands `e` over.
struct SM2Signer: Sendable {
    /// The signer's id of GB/T 35276, which both sides must mix in; OpenSSL's default is none.
    static let distinguishingID: StaticString = "1234567812345678"
    /// a, b, xG, yG of the recommended curve (GB/T 32918.5), 32 bytes each.
    private static let curve: [UInt8] =
        hex("fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc")
        + hex("28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93")
        + hex("32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7")
        + hex("bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0")

    private let za: [UInt8]

    /// Throws `badKey` where the key shows no point.
    init(of key: AsymmetricKey) throws(CryptoFailure) {
        var point = [UInt8](repeating: 0, count: 65)
        var count = 0
        guard
            EVP_PKEY_get_octet_string_param(
                key.pointer, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1,
            count == 65, point[0] == 4
        else { throw .openSSL(.badKey, "SM2 point") }
        let id = Array(
            UnsafeBufferPointer(
                start: Self.distinguishingID.utf8Start,
                count: Self.distinguishingID.utf8CodeUnitCount))
        let bits = UInt16(id.count * 8)
        za = Hash.sm3.digest(
            [UInt8(bits >> 8), UInt8(bits & 255)] + id + Self.curve + point.dropFirst())
    }

    /// The DER signature over `bytes`. Throws `internal`.
    func sign(_ bytes: UnsafeRawBufferPointer, with key: AsymmetricKey) throws(CryptoFailure)
        -> [UInt8]
    {
        let stream = HashStream(.sm3)
        stream.update(za)
        stream.update(bytes)
        let digest = stream.finish()
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            throw .openSSL(.internal, "signing")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key.pointer)))
        var count = signature.count
        guard EVP_PKEY_sign_init(context) == 1,
            EVP_PKEY_sign(context, &signature, &count, digest, digest.count) == 1, count > 0
        else { throw .openSSL(.internal, "signing") }
        return Array(signature[..<count])
    }

    private static func hex(_ text: StaticString) -> [UInt8] {
        (0..<text.utf8CodeUnitCount / 2).map { place in
            func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x57 }
            return digit(text.utf8Start[2 * place]) << 4 | digit(text.utf8Start[2 * place + 1])
        }
    }
}
