import COpenSSL

/// OpenSSL's heap for secrets: locked in memory, kept out of core dumps, guarded at both ends.
enum SecureHeap {
    /// One megabyte holds some thousands of keys and stays below the usual limit of locked memory.
    private static let byteCount = 1 << 20

    /// Touching this once makes the heap. Where the system refuses it OpenSSL falls back to its
    /// ordinary heap, and memory is still overwritten before it is given back.
    private static let made: Int32 = CRYPTO_secure_malloc_init(byteCount, 64)

    /// To be called before OpenSSL makes or reads any private key.
    static func prepare() {
        _ = made
    }
}
