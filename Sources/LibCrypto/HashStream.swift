import COpenSSL

/// A hash fed piece by piece. Reusable: after `finish` it begins anew. One thread at a time.
package final class HashStream {
    private let hash: Hash
    private let context: OpaquePointer

    /// A stream that has seen no bytes yet. Stops the process if libcrypto lacks the algorithm or
    /// is out of memory, as `Hash.digest` does.
    package init(_ hash: Hash) {
        guard let context = EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto is out of memory")
        }
        self.hash = hash
        self.context = context
        begin()
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds `bytes` to what is hashed.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        let done = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(done == 1, "libcrypto could not compute a digest")
    }

    /// Adds `bytes` to what is hashed.
    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all bytes since the beginning or the last `finish`, 32 bytes.
    package func finish() -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: CipherSuite.digestByteCount) {
            let done = EVP_DigestFinal_ex(context, $0.baseAddress, nil)
            precondition(done == 1, "libcrypto could not compute a digest")
            $1 = CipherSuite.digestByteCount
        }
        begin()
        return digest
    }

    private func begin() {
        let done = EVP_DigestInit_ex2(context, hash.algorithm, nil)
        precondition(done == 1, "libcrypto lacks a digest algorithm")
    }
}
