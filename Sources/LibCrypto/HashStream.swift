import CGcrypt
import COpenSSL

/// A hash fed piece by piece. Reusable: after `finish` it begins anew. One thread at a time.
///
/// Stops the process if the library lacks the algorithm or is out of memory, as `Hash.digest`
/// does: no caller could go on with a wrong digest.
package final class HashStream {
    private enum Engine {
        case sm3(gcry_md_hd_t)
        case sha256(OpaquePointer)
    }

    private let engine: Engine

    /// A stream that has seen no bytes yet.
    package init(_ hash: Hash) {
        switch hash {
        case .sm3:
            var handle: gcry_md_hd_t?
            let isOpen =
                Gcrypt.isReady && gcry_md_open(&handle, Int32(GCRY_MD_SM3.rawValue), 0) == 0
            guard isOpen, let handle else { preconditionFailure("libgcrypt lacks SM3") }
            engine = .sm3(handle)
        case .sha256:
            guard let context = EVP_MD_CTX_new() else {
                preconditionFailure("libcrypto is out of memory")
            }
            engine = .sha256(context)
            begin(context)
        }
    }

    deinit {
        switch engine {
        case .sm3(let handle): gcry_md_close(handle)
        case .sha256(let context): EVP_MD_CTX_free(context)
        }
    }

    /// Adds `bytes` to what is hashed.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        switch engine {
        case .sm3(let handle): gcry_md_write(handle, bytes.baseAddress, bytes.count)
        case .sha256(let context):
            let done = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
            precondition(done == 1, "libcrypto could not compute a digest")
        }
    }

    /// Adds `bytes` to what is hashed.
    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all bytes since the beginning or the last `finish`, 32 bytes.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: CipherSuite.digestByteCount) { room, count in
            switch engine {
            case .sm3(let handle):
                guard let digest = gcry_md_read(handle, Int32(GCRY_MD_SM3.rawValue)) else {
                    preconditionFailure("libgcrypt could not compute a digest")
                }
                room.baseAddress?.update(from: digest, count: CipherSuite.digestByteCount)
                gcry_md_reset(handle)
            case .sha256(let context):
                let done = EVP_DigestFinal_ex(context, room.baseAddress, nil)
                precondition(done == 1, "libcrypto could not compute a digest")
                begin(context)
            }
            count = CipherSuite.digestByteCount
        }
    }

    private func begin(_ context: OpaquePointer) {
        let done = EVP_DigestInit_ex2(context, Algorithms.sha256, nil)
        precondition(done == 1, "libcrypto lacks a digest algorithm")
    }
}
