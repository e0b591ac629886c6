import COpenSSL

/// HMAC-SM3 (GM/T 0042) or HMAC-SHA256 (RFC 2104) under one kept key, 32 bytes.
///
/// The key is absorbed once; each digest only restarts the context. One thread at a time.
package final class KeyedDigest {
    private let context: OpaquePointer

    /// Absorbs `key`, of any length but zero. Throws `badKey`, or `internal` when libcrypto lacks
    /// the algorithm.
    package init(suite: CipherSuite, key: SecretBytes) throws(CryptoFailure) {
        guard key.count > 0 else { throw CryptoFailure(.badKey, "keyed digest: empty key") }
        guard let hmac = Algorithms.hmac, let context = EVP_MAC_CTX_new(hmac) else {
            throw .openSSL(.internal, "HMAC")
        }
        self.context = context
        var parameters = ParameterList()
        parameters.add("digest", text: suite.hash.name)
        let list = parameters.ended
        let done = key.withUnsafeBytes { EVP_MAC_init(context, $0.octets, $0.count, list) }
        guard done == 1 else { throw .openSSL(.internal, "HMAC") }
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    /// Writes the digest of `bytes` to the first 32 bytes of `output`, without allocating.
    package func digest(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        try begin()
        try absorb(bytes)
        try finish(into: output)
    }

    /// Writes the digest of all `parts`, one after the other, to the first 32 bytes of `output`.
    /// Nothing marks where a part ends: separate or count them where that matters.
    package func digest(
        of parts: UnsafeRawBufferPointer..., into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        try begin()
        for part in parts { try absorb(part) }
        try finish(into: output)
    }

    /// The digest of `bytes`, 32 bytes.
    package func digest(_ bytes: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: CipherSuite.digestByteCount)
        try output.withUnsafeMutableBufferPointer { (room) throws(CryptoFailure) in
            try bytes.withRawBytes { (source) throws(CryptoFailure) in
                try digest(source, into: UnsafeMutableRawBufferPointer(room))
            }
        }
        return output
    }

    private func begin() throws(CryptoFailure) {
        // No key and no parameters: the context goes back to where the key was absorbed.
        guard EVP_MAC_init(context, nil, 0, nil) == 1 else { throw .openSSL(.internal, "HMAC") }
    }

    private func absorb(_ bytes: UnsafeRawBufferPointer) throws(CryptoFailure) {
        guard EVP_MAC_update(context, bytes.octets, bytes.count) == 1 else {
            throw .openSSL(.internal, "HMAC")
        }
    }

    private func finish(into output: UnsafeMutableRawBufferPointer) throws(CryptoFailure) {
        var written = 0
        guard EVP_MAC_final(context, output.octets, &written, output.count) == 1,
            written == CipherSuite.digestByteCount
        else { throw .openSSL(.internal, "HMAC") }
    }
}
