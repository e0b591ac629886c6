import COpenSSL

/// SM4-CTR or AES-256-CTR under one kept key (GB/T 17964, NIST SP 800-38A).
///
/// It hides and does not authenticate: only `FieldSealer` may put it to use. The key schedule is
/// made once; each call only sets the counter. One thread at a time.
package final class CounterCipher {
    private enum Engine {
        case sm4(GcryptSM4)
        case aes(OpenSSLCipher)
    }

    private let engine: Engine

    /// Takes a key of the suite's size. Throws `badKey` for another size, `internal` when the
    /// library lacks the algorithm.
    package init(suite: CipherSuite, key: SecretBytes) throws(CryptoFailure) {
        guard key.count == suite.cipherKeyByteCount else {
            throw CryptoFailure(.badKey, "cipher key of \(key.count) bytes")
        }
        switch suite {
        case .gm: engine = .sm4(try GcryptSM4(key: key))
        case .intl: engine = .aes(try OpenSSLCipher(key: key))
        }
    }

    /// Encrypts or decrypts `bytes` in place, the counter starting at `iv` (16 bytes, big-endian).
    package func apply(
        iv: UnsafeRawBufferPointer, to bytes: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        guard bytes.count > 0 else { return }
        guard iv.count == CipherSuite.ivByteCount else {
            throw CryptoFailure(.internal, "counter cipher")
        }
        switch engine {
        case .sm4(let cipher): try cipher.apply(iv: iv, to: bytes)
        case .aes(let cipher): try cipher.apply(iv: iv, to: bytes)
        }
    }
}

/// AES-256-CTR under one kept key.
private final class OpenSSLCipher {
    private let context: OpaquePointer

    /// Throws `internal`.
    init(key: SecretBytes) throws(CryptoFailure) {
        guard let algorithm = Algorithms.aes256Counter, let context = EVP_CIPHER_CTX_new() else {
            throw .openSSL(.internal, "counter cipher")
        }
        self.context = context
        let done = key.withUnsafeBytes {
            EVP_EncryptInit_ex2(context, algorithm, $0.octets, nil, nil)
        }
        guard done == 1 else { throw .openSSL(.internal, "counter cipher") }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    func apply(
        iv: UnsafeRawBufferPointer, to bytes: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        var written: Int32 = 0
        guard let octets = bytes.octets, let length = Int32(exactly: bytes.count),
            EVP_EncryptInit_ex2(context, nil, nil, iv.octets, nil) == 1,
            EVP_EncryptUpdate(context, octets, &written, octets, length) == 1,
            written == length
        else { throw .openSSL(.internal, "counter cipher") }
    }
}
