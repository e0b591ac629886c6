import COpenSSL

/// A private key that signs: SM2 with SM3 (GB/T 32918.2), or ECDSA P-256 with SHA-256 (FIPS 186).
/// It is in this process, or in a device that signs for us.
///
/// May be shared between threads.
package final class SigningKey: Sendable {
    /// A pair; of a key in a device its public half.
    let key: AsymmetricKey
    /// `gm` for SM2, `intl` for P-256.
    package let suite: CipherSuite
    /// What SM2 hashes before the bytes: who signs.
    private let signer: SM2Signer?
    private let device: (any SigningDevice)?
    /// Which of the device's keys it is; empty for one in this process.
    package let place: String

    private init(
        _ key: AsymmetricKey, in device: (any SigningDevice)? = nil, at place: String = ""
    ) throws(CryptoFailure) {
        self.key = key
        suite = try signingSuite(of: key)
        signer = suite == .gm ? try SM2Signer(of: key) : nil
        self.device = device
        self.place = place
    }

    /// Makes a new pair of the suite. Throws `internal`.
    package convenience init(generating suite: CipherSuite) throws(CryptoFailure) {
        try self.init(AsymmetricKey.generate(suite == .gm ? .sm2 : .p256))
    }

    /// Reads an unencrypted private key from PEM. Throws `badKey` for anything but SM2 or P-256.
    package convenience init(pem: SecretBytes) throws(CryptoFailure) {
        try self.init(AsymmetricKey.privateKey(pem: pem))
    }

    /// Reads an unencrypted private key from PKCS#8 DER. Throws `badKey` as above.
    package convenience init(pkcs8: SecretBytes) throws(CryptoFailure) {
        try self.init(AsymmetricKey.privateKey(pkcs8: pkcs8))
    }

    /// A key that a device holds. The device is not asked for anything yet.
    ///
    /// - Parameter publicPEM: its public half, as it was when the key was taken up.
    /// - Throws: `badKey` for a public half that is none.
    package convenience init(
        in device: any SigningDevice, at place: String, publicPEM: String
    ) throws(CryptoFailure) {
        try self.init(AsymmetricKey.publicKey(pem: publicPEM), in: device, at: place)
    }

    /// The private key as PKCS#8 PEM. Throws `internal`; `badKey` for one in a device.
    package func pem() throws(CryptoFailure) -> SecretBytes {
        try requireHere()
        return try key.privatePEM()
    }

    /// The private key as PKCS#8 DER. Throws `internal`; `badKey` for one in a device.
    package func pkcs8() throws(CryptoFailure) -> SecretBytes {
        try requireHere()
        return try key.pkcs8()
    }

    private func requireHere() throws(CryptoFailure) {
        guard device == nil else { throw CryptoFailure(.badKey, "the key is in a device") }
    }

    /// The public half. Throws `internal`.
    package func verifyingKey() throws(CryptoFailure) -> VerifyingKey {
        try VerifyingKey(pem: key.publicPEM())
    }

    /// The DER signature over exactly `bytes`. Throws `internal`; `device` where one holds the key.
    package func sign(_ bytes: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        try bytes.withRawBytes { (bytes) throws(CryptoFailure) in try sign(bytes) }
    }

    /// The DER signature over exactly `bytes`. Throws as above.
    package func sign(_ bytes: UnsafeRawBufferPointer) throws(CryptoFailure) -> [UInt8] {
        let digest = signer?.digest(bytes) ?? Hash.sha256.digest(bytes)
        guard let device else { return try key.sign(digest) }
        let signature: [UInt8]
        do throws(DeviceFault) {
            signature = try CurveSignature.der(device.sign(digest, with: place), of: device)
        } catch { throw CryptoFailure(error) }
        // A machine may fail silently, and what leaves here is final: half a millisecond.
        guard key.verifies(signature, of: digest) else {
            throw CryptoFailure(DeviceFault(.wrongSignature, device.name, place))
        }
        return signature
    }

    /// Whether a device holds the very key that it held when it was taken up, and signs well: it
    /// signs 32 random bytes. Does nothing for a key in this process.
    ///
    /// - Throws: `device`, and `randomUnavailable`.
    package func prove() throws(CryptoFailure) {
        guard let device else { return }
        let found: [UInt8]
        do throws(DeviceFault) { found = try device.point(of: place) } catch {
            throw CryptoFailure(error)
        }
        guard try found == key.point() else {
            throw CryptoFailure(DeviceFault(.changed, device.name, place))
        }
        let drawn = try SecretBytes.random(count: 32)
        _ = try drawn.withUnsafeBytes { (bytes) throws(CryptoFailure) in try sign(bytes) }
    }
}

/// A public key that verifies what a `SigningKey` signed. May be shared between threads.
package final class VerifyingKey: Sendable {
    private let key: AsymmetricKey
    /// `gm` for SM2, `intl` for P-256.
    package let suite: CipherSuite

    /// Reads a public key from PEM. Throws `badKey` for anything but SM2 or P-256.
    package init(pem: String) throws(CryptoFailure) {
        key = try AsymmetricKey.publicKey(pem: pem)
        suite = try signingSuite(of: key)
    }

    /// The public key of a point, x‖y, 64 bytes. Throws `badKey` for what is no point.
    package init(_ suite: CipherSuite, point: [UInt8]) throws(CryptoFailure) {
        key = try AsymmetricKey.publicKey(suite, point: point)
        self.suite = suite
    }

    /// Its point, x‖y, 64 bytes. Throws `badKey`.
    package func point() throws(CryptoFailure) -> [UInt8] {
        try key.point()
    }

    /// The public key as PEM. Throws `internal`.
    package func pem() throws(CryptoFailure) -> String {
        try key.publicPEM()
    }

    /// SHA-256 of the public key's DER, 64 lower-case hex digits. Throws `internal`.
    package func fingerprint() throws(CryptoFailure) -> String {
        try key.fingerprint()
    }

    /// Whether `signature` is a DER signature by this key over exactly `bytes`. False, not an
    /// error, for whatever is no such signature.
    package func verify(signature: [UInt8], over bytes: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard let context = try? SignatureContext(), context.beginVerifying(key, suite) else {
            return false
        }
        return EVP_DigestVerify(
            context.pointer, signature, signature.count, bytes, bytes.count) == 1
    }
}

/// The suite in which a key signs. Throws `badKey` for RSA.
private func signingSuite(of key: AsymmetricKey) throws(CryptoFailure) -> CipherSuite {
    switch key.kind {
    case .sm2: return .gm
    case .p256: return .intl
    case .rsa: throw CryptoFailure(.badKey, "an RSA key does not sign here")
    }
}

/// One signature being checked.
final class SignatureContext {
    let pointer: OpaquePointer

    init() throws(CryptoFailure) {
        guard let pointer = EVP_MD_CTX_new() else { throw .openSSL(.internal, "signature") }
        self.pointer = pointer
    }

    deinit {
        EVP_MD_CTX_free(pointer)
    }

    func beginVerifying(_ key: AsymmetricKey, _ suite: CipherSuite) -> Bool {
        var inner: OpaquePointer?
        let name = suite == .gm ? "SM3" : "SHA256"
        return EVP_DigestVerifyInit_ex(pointer, &inner, name, nil, nil, key.pointer, nil) == 1
            && Self.setID(inner, suite)
    }

    /// Must come before the first byte is hashed: later, OpenSSL refuses it.
    private static func setID(_ inner: OpaquePointer?, _ suite: CipherSuite) -> Bool {
        suite == .intl
            || EVP_PKEY_CTX_set1_id(
                inner, SM2Signer.distinguishingID.utf8Start,
                Int32(SM2Signer.distinguishingID.utf8CodeUnitCount)) == 1
    }
}
