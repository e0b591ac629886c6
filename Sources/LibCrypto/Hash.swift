import CGcrypt
import COpenSSL

/// An unkeyed hash of 32 bytes: SHA-256 (FIPS 180-4) or SM3 (GB/T 32905).
///
/// Never hash an identity number with it: the numbers can all be tried in seconds.
package enum Hash: Sendable, CaseIterable {
    case sha256
    case sm3

    /// The digest of `bytes`, 32 bytes. Stops the process if the library lacks the algorithm or is
    /// out of memory, since no caller could go on with a wrong digest.
    package func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: CipherSuite.digestByteCount) { room, count in
            switch self {
            case .sm3:
                precondition(Gcrypt.isReady, "libgcrypt did not start")
                gcry_md_hash_buffer(
                    Int32(GCRY_MD_SM3.rawValue), room.baseAddress, bytes.baseAddress, bytes.count)
            case .sha256:
                let done = EVP_Digest(
                    bytes.baseAddress, bytes.count, room.baseAddress, nil, Algorithms.sha256, nil)
                precondition(done == 1, "libcrypto could not compute a digest")
            }
            count = CipherSuite.digestByteCount
        }
    }

    /// The digest of `bytes`, 32 bytes.
    package func digest(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { digest($0) }
    }

    /// OpenSSL's name of the hash.
    var name: StaticString {
        switch self {
        case .sha256: "SHA256"
        case .sm3: "SM3"
        }
    }
}
