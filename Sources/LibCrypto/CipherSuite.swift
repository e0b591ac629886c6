/// One of the two families of algorithms. A suite is a property of a key, never of a ciphertext.
///
/// `gm` is SM2, SM3 and SM4 (GB/T 32918, 32905, 32907); `intl` is P-256 or RSA-3072, SHA-256 and
/// AES-256. The raw value stands in sealed fields and in the exchange documents.
package enum CipherSuite: String, Sendable, CaseIterable, Codable {
    case gm
    case intl

    /// Bytes in a data key, from which the two keys of a field are derived.
    package static let dataKeyByteCount = 32
    /// Bytes in the starting counter of a sealed field.
    package static let ivByteCount = 16
    /// Bytes in a digest, a keyed digest and the tag of a sealed field.
    package static let digestByteCount = 32

    /// The hash of the suite: SM3 or SHA-256.
    package var hash: Hash {
        switch self {
        case .gm: .sm3
        case .intl: .sha256
        }
    }

    /// Bytes in the key of the field cipher: 16 for SM4, 32 for AES-256.
    package var cipherKeyByteCount: Int {
        switch self {
        case .gm: 16
        case .intl: 32
        }
    }
}
