import COpenSSL

extension AsymmetricKey {
    /// The DER signature of a digest of 32 bytes: of SM2 `e`, of P-256 the SHA-256. Throws
    /// `internal`, as for a key that is only a public half.
    func sign(_ digest: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else {
            throw .openSSL(.internal, "signing")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(pointer)))
        var count = signature.count
        guard EVP_PKEY_sign_init(context) == 1,
            EVP_PKEY_sign(context, &signature, &count, digest, digest.count) == 1, count > 0
        else { throw .openSSL(.internal, "signing") }
        return Array(signature[..<count])
    }

    /// Whether `signature` is a DER signature of this digest by the key.
    func verifies(_ signature: [UInt8], of digest: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_verify_init(context) == 1
            && EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }
}

/// A signature on a curve, as devices give it and as it is written down.
enum CurveSignature {
    /// SEQUENCE { r INTEGER, s INTEGER } of r‖s, 64 bytes (GB/T 35276, RFC 3279).
    static func der(_ raw: [UInt8], of device: any SigningDevice) throws(DeviceFault) -> [UInt8] {
        guard raw.count == 64 else {
            throw DeviceFault(.wrongSignature, device.name, "\(raw.count) bytes")
        }
        let numbers = integer(raw[..<32]) + integer(raw[32...])
        return [0x30, UInt8(numbers.count)] + numbers
    }

    /// Without needless zeros, and with one where the first bit would make the number negative.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty || digits[0] >= 0x80 { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
