import COpenSSL

/// Keys made of other keys and of passphrases.
package enum KeyDerivation {
    /// HKDF, extract and expand (RFC 5869), with the suite's hash.
    ///
    /// `salt` and `info` are plain bytes and may be empty; `count` is at most 255 x 32 bytes.
    /// Throws `badKey` for an empty key, `internal` when libcrypto refuses.
    package static func hkdf(
        suite: CipherSuite, key: SecretBytes, salt: [UInt8], info: [UInt8], count: Int
    ) throws(CryptoFailure) -> SecretBytes {
        guard key.count > 0 else { throw CryptoFailure(.badKey, "HKDF: empty key") }
        guard let hkdf = Algorithms.hkdf, let context = EVP_KDF_CTX_new(hkdf) else {
            throw .openSSL(.internal, "HKDF")
        }
        defer { EVP_KDF_CTX_free(context) }
        return try SecretBytes(count: count) { (room) throws(CryptoFailure) in
            let done = key.withUnsafeBytes { key in
                salt.withUnsafeBytes { salt in
                    info.withUnsafeBytes { info in
                        var parameters = ParameterList()
                        parameters.add("digest", text: suite.hash.name)
                        parameters.add("key", bytes: key)
                        parameters.add("salt", bytes: salt)
                        parameters.add("info", bytes: info)
                        return EVP_KDF_derive(context, room.octets, count, parameters.ended)
                    }
                }
            }
            guard done == 1 else { throw .openSSL(.internal, "HKDF") }
        }
    }

    /// scrypt (RFC 7914) with cost `n` (a power of two), block size `r` and parallelism `p`.
    ///
    /// Takes about 128 * n * r bytes of memory, for 2^17, 8, 1 thus 128 MiB, and up to a second.
    /// Throws `malformed` for parameters that are not allowed or would take over 2 GiB.
    package static func scrypt(
        passphrase: SecretBytes, salt: [UInt8], n: UInt64, r: UInt64, p: UInt64, count: Int
    ) throws(CryptoFailure) -> SecretBytes {
        let largest: UInt64 = 1 << 31
        guard (2...largest).contains(n), (1...1024).contains(r), (1...1024).contains(p),
            n.nonzeroBitCount == 1, 128 * n * r <= largest, count > 0
        else { throw CryptoFailure(.malformed, "scrypt parameters") }
        // OpenSSL's own limit is 32 MiB; this is what the parameters need, and a little more.
        let memory = 128 * r * (n + p + 2) + (1 << 20)
        return try SecretBytes(count: count) { (room) throws(CryptoFailure) in
            let done = passphrase.withUnsafeBytes { passphrase in
                salt.withUnsafeBytes { salt in
                    EVP_PBE_scrypt(
                        passphrase.baseAddress?.assumingMemoryBound(to: CChar.self),
                        passphrase.count, salt.octets, salt.count, n, r, p, memory,
                        room.octets, count)
                }
            }
            guard done == 1 else { throw .openSSL(.internal, "scrypt") }
        }
    }
}
