import Foundation
import Glibc
import LibCrypto
import Privacy

/// A person's own private key in a file that only he can read.
struct PersonalKey {
    let key: SigningKey

    /// - Throws: `CommandFailure` for a file that others may read, or that holds no such key.
    init(_ path: String) throws {
        do {
            key = try SigningKey(pem: PersonalKey.content(path))
        } catch is CryptoFailure {
            throw CommandFailure(.personalKey, place: Places.shown(path))
        }
    }

    /// The same for those who open the identity vault, whose keys sign and unwrap: SM2 alone.
    static func custody(_ path: String) throws -> CustodyKey {
        do {
            return try CustodyKey(pem: content(path))
        } catch is CryptoFailure {
            throw CommandFailure(.personalKey, place: Places.shown(path))
        }
    }

    private static func content(_ path: String) throws -> SecretBytes {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o077 == 0, status.st_size <= 65_536,
            let bytes = FileManager.default.contents(atPath: path)
        else { throw CommandFailure(.personalKey, place: Places.shown(path)) }
        var copy = [UInt8](bytes)
        return try SecretBytes(consuming: &copy)
    }
}
