import Foundation
import Glibc
import LibCrypto

/// A person's own private key in a file that only he can read.
struct PersonalKey {
    let key: SigningKey

    /// - Throws: `CommandFailure` for a file that others may read, or that holds no such key.
    init(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o077 == 0, status.st_size <= 65_536,
            let bytes = FileManager.default.contents(atPath: path)
        else { throw CommandFailure(.personalKey, place: Places.shown(path)) }
        var copy = [UInt8](bytes)
        do {
            key = try SigningKey(pem: SecretBytes(consuming: &copy))
        } catch {
            throw CommandFailure(.personalKey, place: Places.shown(path))
        }
    }
}
