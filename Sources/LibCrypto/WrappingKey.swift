import COpenSSL

/// A recipient's public key, under which data keys travel: SM2 encryption with SM3, DER
/// {x, y, C3, C2} (GB/T 32918.4, GM/T 0009), or RSA-3072-OAEP with SHA-256 and MGF1-SHA-256
/// (RFC 8017). May be shared between threads.
package final class WrappingKey: Sendable {
    private let key: AsymmetricKey
    /// `gm` for SM2, `intl` for RSA.
    package let suite: CipherSuite

    /// Reads a public key from PEM. Throws `badKey` for anything but SM2 or RSA of 3072 bits.
    package init(pem: String) throws(CryptoFailure) {
        key = try AsymmetricKey.publicKey(pem: pem)
        suite = try wrappingSuite(of: key)
    }

    /// The public key as PEM. Throws `internal`.
    package func pem() throws(CryptoFailure) -> String {
        try key.publicPEM()
    }

    /// SHA-256 of the public key's DER, 64 lower-case hex digits. Throws `internal`.
    package func fingerprint() throws(CryptoFailure) -> String {
        try key.fingerprint()
    }

    /// Wraps `secret`, such as a data key; at most 318 bytes with RSA-3072. Throws `internal`.
    package func wrap(_ secret: SecretBytes) throws(CryptoFailure) -> [UInt8] {
        let context = try WrappingContext(key, suite, EVP_PKEY_encrypt_init_ex)
        return try secret.withUnsafeBytes { (plain) throws(CryptoFailure) in
            var count = 0
            guard EVP_PKEY_encrypt(context.pointer, nil, &count, plain.octets, plain.count) == 1
            else { throw .openSSL(.internal, "wrapping") }
            var wrapped = [UInt8](repeating: 0, count: count)
            guard
                EVP_PKEY_encrypt(context.pointer, &wrapped, &count, plain.octets, plain.count) == 1,
                count > 0
            else { throw .openSSL(.internal, "wrapping") }
            return Array(wrapped[..<count])
        }
    }
}

/// The recipient's private key. May be shared between threads.
package final class UnwrappingKey: Sendable {
    private let key: AsymmetricKey
    /// `gm` for SM2, `intl` for RSA.
    package let suite: CipherSuite

    private init(_ key: AsymmetricKey) throws(CryptoFailure) {
        self.key = key
        suite = try wrappingSuite(of: key)
    }

    /// Makes a new pair of the suite; RSA takes up to a second. Throws `internal`.
    package convenience init(generating suite: CipherSuite) throws(CryptoFailure) {
        try self.init(AsymmetricKey.generate(suite == .gm ? .sm2 : .rsa))
    }

    /// Reads an unencrypted private key from PEM. Throws `badKey` for anything but SM2 or RSA of
    /// 3072 bits.
    package convenience init(pem: SecretBytes) throws(CryptoFailure) {
        try self.init(AsymmetricKey.privateKey(pem: pem))
    }

    /// Reads an unencrypted private key from PKCS#8 DER. Throws `badKey` as above.
    package convenience init(pkcs8: SecretBytes) throws(CryptoFailure) {
        try self.init(AsymmetricKey.privateKey(pkcs8: pkcs8))
    }

    /// The private key as PKCS#8 PEM. Throws `internal`.
    package func pem() throws(CryptoFailure) -> SecretBytes {
        try key.privatePEM()
    }

    /// The private key as PKCS#8 DER. Throws `internal`.
    package func pkcs8() throws(CryptoFailure) -> SecretBytes {
        try key.pkcs8()
    }

    /// The public half. Throws `internal`.
    package func wrappingKey() throws(CryptoFailure) -> WrappingKey {
        try WrappingKey(pem: key.publicPEM())
    }

    /// What was wrapped. Throws `authenticationFailed` when `wrapped` was changed or was made for
    /// another key; which of the two, and at which step, is not told.
    package func unwrap(_ wrapped: [UInt8]) throws(CryptoFailure) -> SecretBytes {
        let context = try WrappingContext(key, suite, EVP_PKEY_decrypt_init_ex)
        defer { ERR_clear_error() }
        var count = 0
        guard EVP_PKEY_decrypt(context.pointer, nil, &count, wrapped, wrapped.count) == 1 else {
            throw CryptoFailure(.authenticationFailed, "wrapped key")
        }
        // OpenSSL tells a size that is large enough, and the true one only with the bytes.
        let room = try SecretBytes(count: count) { (bytes) throws(CryptoFailure) in
            guard
                EVP_PKEY_decrypt(
                    context.pointer, bytes.octets, &count, wrapped, wrapped.count) == 1,
                count > 0
            else { throw CryptoFailure(.authenticationFailed, "wrapped key") }
        }
        return try room.withUnsafeBytes { (bytes) throws(CryptoFailure) in
            try SecretBytes(count: count) { $0.copyBytes(from: bytes.prefix(count)) }
        }
    }
}

/// The suite in which a key wraps. Throws `badKey` for P-256.
private func wrappingSuite(of key: AsymmetricKey) throws(CryptoFailure) -> CipherSuite {
    switch key.kind {
    case .sm2: return .gm
    case .rsa: return .intl
    case .p256: throw CryptoFailure(.badKey, "a P-256 key does not wrap here")
    }
}

/// One wrapping or unwrapping, with every algorithm named: OpenSSL's defaults are OAEP with
/// SHA-1, and for SM2 whatever the caller says.
private final class WrappingContext {
    let pointer: OpaquePointer

    init(
        _ key: AsymmetricKey, _ suite: CipherSuite,
        _ begin: (OpaquePointer?, UnsafePointer<OSSL_PARAM>?) -> Int32
    ) throws(CryptoFailure) {
        guard let pointer = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            throw .openSSL(.internal, "wrapping")
        }
        self.pointer = pointer
        var parameters = ParameterList()
        switch suite {
        case .gm:
            parameters.add("digest", text: "SM3")
        case .intl:
            parameters.add("pad-mode", text: "oaep")
            parameters.add("digest", text: "SHA256")
            parameters.add("mgf1-digest", text: "SHA256")
        }
        guard begin(pointer, parameters.ended) == 1 else { throw .openSSL(.internal, "wrapping") }
    }

    deinit {
        EVP_PKEY_CTX_free(pointer)
    }
}
