import COpenSSL

/// HMAC-SM3 (GM/T 0042) or HMAC-SHA256 (RFC 2104) under one kept key, 32 bytes.
///
/// The key is absorbed once; each digest only restarts the context. One thread at a time.
package final class KeyedDigest {
    private enum Engine {
        case sm3(GcryptMAC)
        case sha256(OpenSSLMAC)
    }

    private let engine: Engine

    /// Absorbs `key`, of any length but zero. Throws `badKey`, or `internal` when the library lacks
    /// the algorithm.
    package init(suite: CipherSuite, key: SecretBytes) throws(CryptoFailure) {
        guard key.count > 0 else { throw CryptoFailure(.badKey, "keyed digest: empty key") }
        switch suite {
        case .gm: engine = .sm3(try GcryptMAC(key: key))
        case .intl: engine = .sha256(try OpenSSLMAC(key: key))
        }
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
        switch engine {
        case .sm3(let mac): try mac.begin()
        case .sha256(let mac): try mac.begin()
        }
    }

    private func absorb(_ bytes: UnsafeRawBufferPointer) throws(CryptoFailure) {
        switch engine {
        case .sm3(let mac): try mac.absorb(bytes)
        case .sha256(let mac): try mac.absorb(bytes)
        }
    }

    private func finish(into output: UnsafeMutableRawBufferPointer) throws(CryptoFailure) {
        switch engine {
        case .sm3(let mac): try mac.finish(into: output)
        case .sha256(let mac): try mac.finish(into: output)
        }
    }
}

/// A keyed HMAC-SHA256 context.
private final class OpenSSLMAC {
    private let context: OpaquePointer

    /// Absorbs `key`. Throws `internal`.
    init(key: SecretBytes) throws(CryptoFailure) {
        guard let hmac = Algorithms.hmac, let context = EVP_MAC_CTX_new(hmac) else {
            throw .openSSL(.internal, "HMAC")
        }
        self.context = context
        var parameters = ParameterList()
        parameters.add("digest", text: Hash.sha256.name)
        let list = parameters.ended
        let done = key.withUnsafeBytes { EVP_MAC_init(context, $0.octets, $0.count, list) }
        guard done == 1 else { throw .openSSL(.internal, "HMAC") }
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    func begin() throws(CryptoFailure) {
        // No key and no parameters: the context goes back to where the key was absorbed.
        guard EVP_MAC_init(context, nil, 0, nil) == 1 else { throw .openSSL(.internal, "HMAC") }
    }

    func absorb(_ bytes: UnsafeRawBufferPointer) throws(CryptoFailure) {
        guard EVP_MAC_update(context, bytes.octets, bytes.count) == 1 else {
            throw .openSSL(.internal, "HMAC")
        }
    }

    func finish(into output: UnsafeMutableRawBufferPointer) throws(CryptoFailure) {
        var written = 0
        guard EVP_MAC_final(context, output.octets, &written, output.count) == 1,
            written == CipherSuite.digestByteCount
        else { throw .openSSL(.internal, "HMAC") }
    }
}
