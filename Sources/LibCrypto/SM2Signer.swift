import COpenSSL

/// The first step of an SM2 signature (GB/T 32918.2, 5.5 and 6.1): `e = SM3(ZA || bytes)`, where
/// `ZA = SM3(ENTL || ID || a || b || xG || yG || xA || yA)` says who signs.
///
/// OpenSSL would take this step too; ours hashes megabytes by the faster SM3, and hands `e` over:
/// to OpenSSL, or to the machine that holds the key.
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
        let point = try key.point()
        let id = Array(
            UnsafeBufferPointer(
                start: Self.distinguishingID.utf8Start,
                count: Self.distinguishingID.utf8CodeUnitCount))
        let bits = UInt16(id.count * 8)
        za = Hash.sm3.digest(
            [UInt8(bits >> 8), UInt8(bits & 255)] + id + Self.curve + point)
    }

    /// `e`, 32 bytes: what is signed in place of `bytes`.
    func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let stream = HashStream(.sm3)
        stream.update(za)
        stream.update(bytes)
        return stream.finish()
    }

    private static func hex(_ text: StaticString) -> [UInt8] {
        (0..<text.utf8CodeUnitCount / 2).map { place in
            func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x57 }
            return digit(text.utf8Start[2 * place]) << 4 | digit(text.utf8Start[2 * place + 1])
        }
    }
}
