import CGcrypt

/// libgcrypt, which does the bulk of SM3 and SM4: OpenSSL 3.0 has only plain C for them, and takes
/// twice the time. Signatures, key wrapping, key derivation and the suite `intl` stay with OpenSSL.
enum Gcrypt {
    /// Whether the library is ready; asked before every first use, done once for the process.
    static let isReady = shangbao_gcrypt_start() == 1

    /// Throws `internal`, with the library's own words, unless `code` says that all went well.
    static func check(_ code: gcry_error_t, _ step: String) throws(CryptoFailure) {
        guard code == 0 else {
            throw CryptoFailure(.internal, step + ": " + String(cString: gcry_strerror(code)))
        }
    }

    /// Throws `internal` where the library could not start.
    static func require() throws(CryptoFailure) {
        guard isReady else { throw CryptoFailure(.internal, "libgcrypt did not start") }
    }
}

/// A keyed HMAC-SM3 context (GM/T 0042).
final class GcryptMAC {
    private let handle: gcry_mac_hd_t

    /// Absorbs `key`. Throws `internal`.
    init(key: SecretBytes) throws(CryptoFailure) {
        try Gcrypt.require()
        var handle: gcry_mac_hd_t?
        try Gcrypt.check(
            gcry_mac_open(&handle, Int32(GCRY_MAC_HMAC_SM3.rawValue), 0, nil), "HMAC-SM3")
        guard let handle else { throw CryptoFailure(.internal, "HMAC-SM3") }
        self.handle = handle
        try Gcrypt.check(
            key.withUnsafeBytes { gcry_mac_setkey(handle, $0.baseAddress, $0.count) }, "HMAC-SM3")
    }

    deinit {
        gcry_mac_close(handle)
    }

    /// Goes back to where the key was absorbed.
    func begin() throws(CryptoFailure) {
        try Gcrypt.check(shangbao_gcrypt_mac_restart(handle), "HMAC-SM3")
    }

    func absorb(_ bytes: UnsafeRawBufferPointer) throws(CryptoFailure) {
        guard bytes.count > 0 else { return }
        try Gcrypt.check(gcry_mac_write(handle, bytes.baseAddress, bytes.count), "HMAC-SM3")
    }

    /// Writes 32 bytes to `output`.
    func finish(into output: UnsafeMutableRawBufferPointer) throws(CryptoFailure) {
        var count = CipherSuite.digestByteCount
        guard output.count >= count else { throw CryptoFailure(.internal, "HMAC-SM3") }
        try Gcrypt.check(gcry_mac_read(handle, output.baseAddress, &count), "HMAC-SM3")
    }
}

/// SM4-CTR under one kept key (GB/T 17964).
final class GcryptSM4 {
    private let handle: gcry_cipher_hd_t

    /// Throws `internal`.
    init(key: SecretBytes) throws(CryptoFailure) {
        try Gcrypt.require()
        var handle: gcry_cipher_hd_t?
        try Gcrypt.check(
            gcry_cipher_open(
                &handle, Int32(GCRY_CIPHER_SM4.rawValue), Int32(GCRY_CIPHER_MODE_CTR.rawValue), 0),
            "SM4-CTR")
        guard let handle else { throw CryptoFailure(.internal, "SM4-CTR") }
        self.handle = handle
        try Gcrypt.check(
            key.withUnsafeBytes { gcry_cipher_setkey(handle, $0.baseAddress, $0.count) }, "SM4-CTR")
    }

    deinit {
        gcry_cipher_close(handle)
    }

    /// Encrypts or decrypts `bytes` in place, the counter starting at `iv` (16 bytes).
    func apply(
        iv: UnsafeRawBufferPointer, to bytes: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        try Gcrypt.check(gcry_cipher_setctr(handle, iv.baseAddress, iv.count), "SM4-CTR")
        try Gcrypt.check(
            gcry_cipher_encrypt(handle, bytes.baseAddress, bytes.count, nil, 0), "SM4-CTR")
    }
}
