import COpenSSL

/// OpenSSL's algorithm objects, fetched once for the process because a fetch costs as much as a
/// short digest. They are immutable and counted by reference, so threads may share them; nil
/// where the installed library lacks the algorithm.
enum Algorithms {
    nonisolated(unsafe) static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
    nonisolated(unsafe) static let aes256Counter = EVP_CIPHER_fetch(nil, "AES-256-CTR", nil)
    nonisolated(unsafe) static let hmac = EVP_MAC_fetch(nil, "HMAC", nil)
    nonisolated(unsafe) static let hkdf = EVP_KDF_fetch(nil, "HKDF", nil)
}
