import Glibc
import LibCrypto

/// A folder of key and certificate files: what is private is readable by its owner alone, and no
/// file is ever seen half written.
struct IdentityFolder {
    let path: String

    /// Larger than any key or certificate.
    private static let largestFileByteCount = 65_536

    /// Makes the folder, and those above it, if it is missing. Throws `unreadable`.
    func make() throws(RehearsalFailure) {
        if access(path, F_OK) == 0 { return }
        if let cut = path.lastIndex(of: "/"), cut != path.startIndex {
            try IdentityFolder(path: String(path[..<cut])).make()
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(nil) }
    }

    /// Whether there is such a file.
    func holds(_ name: String) -> Bool {
        access("\(path)/\(name)", F_OK) == 0
    }

    /// Writes text that may be shown. Throws `unreadable`.
    func write(_ text: String, to name: String) throws(RehearsalFailure) {
        try Array(text.utf8).span.withUnsafeBytes { (bytes) throws(RehearsalFailure) in
            try write(bytes, to: name, mode: 0o644)
        }
    }

    /// Writes a secret that only the owner may read. Throws `unreadable`.
    func write(_ secret: SecretBytes, to name: String) throws(RehearsalFailure) {
        try secret.withUnsafeBytes { (bytes) throws(RehearsalFailure) in
            try write(bytes, to: name, mode: 0o600)
        }
    }

    /// The UTF-8 text of a file. Throws `unreadable`.
    func text(_ name: String) throws(RehearsalFailure) -> String {
        try secret(name).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a file, straight into secure memory. Throws `unreadable`.
    func secret(_ name: String) throws(RehearsalFailure) -> SecretBytes {
        let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw failure(name) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size <= Self.largestFileByteCount else {
            throw failure(name)
        }
        let size = Int(status.st_size)
        do throws(CryptoFailure) {
            return try SecretBytes(count: size) { (room) throws(CryptoFailure) in
                guard read(file, room.baseAddress, size) == size else {
                    throw CryptoFailure(.malformed, "file")
                }
            }
        } catch {
            throw failure(name)
        }
    }

    private func write(
        _ bytes: UnsafeRawBufferPointer, to name: String, mode: mode_t
    ) throws(RehearsalFailure) {
        let whole = "\(path)/\(name)"
        let part = whole + ".part"
        unlink(part)
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw failure(name) }
        defer { close(file) }
        guard Glibc.write(file, bytes.baseAddress, bytes.count) == bytes.count, fsync(file) == 0,
            rename(part, whole) == 0
        else { throw failure(name) }
    }

    private func failure(_ name: String?) -> RehearsalFailure {
        let code = errno
        return RehearsalFailure(
            .unreadable, place: name.map { "\(path)/\($0)" } ?? path, detail: "errno \(code)")
    }
}
