import COpenSSL

/// SM4-CTR or AES-256-CTR under one kept key (GB/T 17964, NIST SP 800-38A).
///
/// It hides and does not authenticate: only `FieldSealer` may put it to use. The key schedule is
/// made once; each call only sets the counter. One thread at a time.
package final class CounterCipher {
    private let context: OpaquePointer

    /// Takes a key of the suite's size. Throws `badKey` for another size, `internal` when
    /// libcrypto lacks the algorithm.
    package init(suite: CipherSuite, key: SecretBytes) throws(CryptoFailure) {
        guard key.count == suite.cipherKeyByteCount else {
            throw CryptoFailure(.badKey, "cipher key of \(key.count) bytes")
        }
        let algorithm =
            switch suite {
            case .gm: Algorithms.sm4Counter
            case .intl: Algorithms.aes256Counter
            }
        guard let algorithm, let context = EVP_CIPHER_CTX_new() else {
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

    /// Encrypts or decrypts `bytes` in place, the counter starting at `iv` (16 bytes, big-endian).
    package func apply(
        iv: UnsafeRawBufferPointer, to bytes: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        guard let octets = bytes.octets, bytes.count > 0 else { return }
        var written: Int32 = 0
        guard iv.count == CipherSuite.ivByteCount, let length = Int32(exactly: bytes.count),
            EVP_EncryptInit_ex2(context, nil, nil, iv.octets, nil) == 1,
            EVP_EncryptUpdate(context, octets, &written, octets, length) == 1,
            written == length
        else { throw .openSSL(.internal, "counter cipher") }
    }
}
