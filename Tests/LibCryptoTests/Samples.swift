import LibCrypto

/// Secret bytes for a test, from bytes that are no secret.
func secret(_ bytes: [UInt8]) throws -> SecretBytes {
    var copy = bytes
    return try SecretBytes(consuming: &copy)
}

/// What a secret holds, for comparing with a published vector.
func revealed(_ secret: SecretBytes) -> [UInt8] {
    secret.withUnsafeBytes { Array($0) }
}

/// Whether `body` fails for this reason; false when it does not fail at all.
func fails(_ reason: CryptoFailure.Reason, _ body: () throws -> Void) -> Bool {
    do {
        try body()
        return false
    } catch let failure as CryptoFailure {
        return failure.reason == reason
    } catch {
        return false
    }
}

/// A dozen lines of DER (X.690), to build the forms in which published numbers are read.
enum DER {
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        precondition(content.count < 256)
        let length = content.count < 128 ? [UInt8(content.count)] : [0x81, UInt8(content.count)]
        return [tag] + length + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        element(0x30, parts.flatMap { $0 })
    }

    /// An unsigned number, given as bytes.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return element(0x02, (digits.first ?? 0x80) >= 0x80 ? [0] + digits : digits)
    }

    /// id-ecPublicKey with the curve SM2 (GM/T 0006).
    static let sm2Algorithm = sequence(
        [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01],
        [0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D])
}

extension SM2Vector {
    static func point() throws -> [UInt8] {
        try DER.element(0x03, [0, 4] + Hex.decode(publicX) + Hex.decode(publicY))
    }

    /// SubjectPublicKeyInfo in PEM.
    static func publicPEM() throws -> String {
        let text = Base64.standard.encode(DER.sequence(DER.sm2Algorithm, try point()))
        return "-----BEGIN PUBLIC KEY-----\n\(text.prefix(64))\n\(text.dropFirst(64))\n"
            + "-----END PUBLIC KEY-----\n"
    }

    /// PKCS#8 DER.
    static func pkcs8() throws -> SecretBytes {
        let key = DER.sequence(
            DER.integer([1]), DER.element(0x04, try Hex.decode(privateKey)),
            DER.element(0xA1, try point()))
        return try secret(
            DER.sequence([0x02, 1, 0], DER.sm2Algorithm, DER.element(0x04, key)))
    }

    static func signature() throws -> [UInt8] {
        try DER.sequence(DER.integer(Hex.decode(r)), DER.integer(Hex.decode(s)))
    }

    static func ciphertext() throws -> [UInt8] {
        try DER.sequence(
            DER.integer(Hex.decode(c1x)), DER.integer(Hex.decode(c1y)),
            DER.element(0x04, Hex.decode(c3)), DER.element(0x04, Hex.decode(c2)))
    }
}
