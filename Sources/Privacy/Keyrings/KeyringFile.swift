import LibCrypto
import Records

/// How hard it is to try passphrases: scrypt's `n`; `r` is 8 and `p` is 1 (RFC 7914).
package struct PassphraseCost: Sendable, Equatable {
    package let n: UInt64

    /// 2^17: 128 MiB and up to a second a try.
    package static let standard = PassphraseCost(n: 1 << 17)

    /// 2^12, some milliseconds: of a rehearsal, whose passphrase lies beside its ring anyway.
    package static let rehearsal = PassphraseCost(n: 1 << 12)

    /// Another cost, a power of two.
    package init(n: UInt64) {
        self.n = n
    }

    /// No file may ask for more than a gibibyte.
    static let greatest: UInt64 = 1 << 20
}

/// The key ring as it stands on disk (PRIVACY 3.2): canonical JSON, every key wrapped, and a keyed
/// digest over all of it.
struct KeyringFile: Codable, Sendable {
    struct Derivation: Codable, Sendable {
        var alg = "scrypt"
        let n: UInt64
        var p: UInt64 = 1
        var r: UInt64 = 8
        /// 16 bytes, base64.
        let salt: String
    }

    struct Row: Codable, Sendable {
        /// Of a key of what leaves, the epoch of the link key whose pseudonyms its own are made of;
        /// absent for the first.
        var base: Int?
        let created: Timestamp
        let domain: String
        let epoch: Int
        let kid: String
        /// True for a link key that takes over without the ones before it; absent for others.
        var root: Bool?
        var state: KeyState
        let suite: CipherSuite
        let use: KeyUse
        /// When it became active, where that was not when it was made.
        var since: Timestamp?
        /// The key, sealed; absent once it is destroyed, and for one in a device.
        var wrap: String?
        /// Where a key is that is not in this file.
        var held: DeviceRow?

        /// Binds the key to all that the row says of it, so that no state can be edited silently.
        var binding: String {
            "GWK1|\(kid)|\(use.rawValue)|\(suite.rawValue)|\(domain)|\(epoch)|\(state.rawValue)"
        }

        /// When it became active; of one that never did, when it was made.
        var activated: Timestamp { since ?? created }

        func serves(_ use: KeyUse, _ suite: CipherSuite, _ domain: String) -> Bool {
            self.use == use && self.suite == suite && self.domain == domain
        }
    }

    /// A key that a device holds: the ring knows its public half alone.
    struct DeviceRow: Codable, Sendable {
        /// The device as the site's file calls it.
        let device: String
        /// Which of its keys.
        let place: String
        /// PEM.
        let publicKey: String

        /// Whether a place is this one; behind `@` stands which token, in early rows nothing.
        func isPlace(_ other: String) -> Bool {
            func key(_ place: String) -> Substring { place.prefix { $0 != "@" } }
            let isWhole = place.contains("@") && other.contains("@")
            return isWhole ? place == other : key(place) == key(other)
        }
    }

    /// Goes up by one with every change; an older copy is known by it.
    var counter: Int
    let kdf: Derivation
    var keys: [Row]
    /// HMAC-SM3 over the canonical file without this member, hexadecimal.
    var mac: String?
    var v = 1

    static let byteLimit = 1 << 20

    /// Reads and checks the form. Nothing is trusted yet: that takes the passphrase.
    init(bytes: [UInt8]) throws(KeyFailure) {
        guard let file = value(ofCanonical: bytes, as: KeyringFile.self), file.v == 1,
            file.isPlausible
        else { throw KeyFailure(.malformed) }
        self = file
    }

    init(kdf: Derivation) {
        counter = 0
        self.kdf = kdf
        keys = []
    }

    /// The bytes that the keyed digest covers.
    var authenticated: [UInt8] {
        var copy = self
        copy.mac = nil
        return canonicalJSON(copy)
    }

    private var isPlausible: Bool {
        guard kdf.alg == "scrypt", kdf.r == 8, kdf.p == 1, kdf.n <= PassphraseCost.greatest,
            counter > 0, mac != nil, Set(keys.map(\.kid)).count == keys.count
        else { return false }
        return keys.allSatisfy { row in
            KeyringFile.isDomain(row.domain) && row.epoch > 0
                && (row.wrap == nil && row.held == nil) == (row.state == .destroyed)
                && (row.held == nil || (row.wrap == nil && row.use == .sign))
                && (row.state != .active
                    || keys.count {
                        $0.state == .active && $0.serves(row.use, row.suite, row.domain)
                    } == 1)
        }
    }

    /// Whether a domain can stand in a binding: no separator can be forged.
    static func isDomain(_ domain: String) -> Bool {
        !domain.isEmpty
            && domain.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._/*-".utf8.contains(byte)
                }
            }
    }
}

/// What the passphrase opens: the keys under which the ring's keys and its digest are made.
struct KeyEncryption: Sendable {
    private let gm: SecretBytes
    private let intl: SecretBytes
    private let digestKey: SecretBytes

    /// Takes up to a second and 128 MiB at the standard cost.
    init(passphrase: SecretBytes, kdf: KeyringFile.Derivation) throws(CryptoFailure) {
        let stretched = try KeyDerivation.scrypt(
            passphrase: passphrase, salt: try Base64.standard.decode(kdf.salt), n: kdf.n, r: kdf.r,
            p: kdf.p, count: 32)
        func derived(_ suite: CipherSuite, _ purpose: String) throws(CryptoFailure) -> SecretBytes {
            try KeyDerivation.hkdf(
                suite: suite, key: stretched, salt: [], info: Array(purpose.utf8), count: 32)
        }
        gm = try derived(.gm, "gw/keyring/v1")
        intl = try derived(.intl, "gw/keyring/v1")
        digestKey = try derived(.gm, "gw/keyring/v1/mac")
    }

    private func sealer(_ suite: CipherSuite) throws(CryptoFailure) -> FieldSealer {
        try FieldSealer(suite: suite, keyID: "kek1", dataKey: suite == .gm ? gm : intl)
    }

    /// The key in `GWF1` form, bound to its row.
    func wrap(_ secret: SecretBytes, for row: KeyringFile.Row) throws(CryptoFailure) -> String {
        let sealer = try sealer(row.suite)
        var text: [UInt8] = []
        try secret.withUnsafeBytes { (secret) throws(CryptoFailure) in
            try Array(row.binding.utf8).withRawBytes { (binding) throws(CryptoFailure) in
                try sealer.seal(secret, additionalData: binding, appendingTo: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Throws `authenticationFailed` where the row or the key was changed.
    func unwrap(_ row: KeyringFile.Row) throws(CryptoFailure) -> SecretBytes {
        let sealer = try sealer(row.suite)
        return try Array((row.wrap ?? "").utf8).withRawBytes { (text) throws(CryptoFailure) in
            try Array(row.binding.utf8).withRawBytes { (binding) throws(CryptoFailure) in
                try sealer.openSecret(text, additionalData: binding)
            }
        }
    }

    func mac(of file: KeyringFile) throws(CryptoFailure) -> String {
        Hex.encode(try KeyedDigest(suite: .gm, key: digestKey).digest(file.authenticated))
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` with a typed error, which the standard one does not have.
    fileprivate func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (bytes) throws(Failure) in
            try body(UnsafeRawBufferPointer(bytes))
        }
    }
}
