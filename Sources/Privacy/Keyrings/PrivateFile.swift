import Glibc
import LibCrypto

/// Small files that belong to one user: read only if nobody else can, replaced as a whole.
enum PrivateFile {
    /// Why the system refused, and its error number; what the callers' failures are made of.
    enum Refusal: Error {
        case absent
        case exposed
        case exists
        case system(Int32)
    }

    /// Who besides the owner may have access.
    enum Access {
        /// The file is ours, and nobody else may read or write it (0600).
        case ownerOnly
        /// Not the world; systemd hands out credentials with an access list that shows as group.
        case notWorld
        /// Anyone may read: the file is protected by signatures.
        case anyone
    }

    /// At most `limit` bytes of a regular file that is no symbolic link.
    static func read(_ path: String, access: Access, limit: Int) throws(Refusal) -> [UInt8] {
        let descriptor = try open(path, access)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(errno) }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw .system(EFBIG) }
        return Array(bytes[..<count])
    }

    /// Opens for reading after the checks that `access` asks for.
    static func open(_ path: String, _ access: Access) throws(Refusal) -> Int32 {
        let descriptor = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .absent : errno == ELOOP ? .exposed : .system(errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .exposed
        }
        let fits =
            switch access {
            case .ownerOnly: status.st_mode & 0o077 == 0 && status.st_uid == geteuid()
            case .notWorld: status.st_mode & 0o007 == 0
            case .anyone: true
            }
        guard fits else {
            close(descriptor)
            throw .exposed
        }
        return descriptor
    }

    /// Writes beside the old file, then takes its place: a crash leaves the one or the other.
    ///
    /// Runs `check` under a lock on the folder, before anything is written.
    static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t,
        check: () throws(Refusal) -> Void
    ) throws(Refusal) {
        let folder = folder(of: path)
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        let place = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { throw .system(errno) }
        // Closing gives the lock back too.
        defer { close(place) }
        guard flock(place, LOCK_EX) == 0 else { throw .system(errno) }
        try check()
        var status = stat()
        if fstatat(place, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
            status.st_mode & S_IFMT != S_IFREG
        {
            throw .exposed
        }
        let new = ".\(name).new"
        unlinkat(place, new, 0)
        let descriptor = openat(
            place, new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(errno) }
        let wrong = fill(descriptor, bytes, mode)
        close(descriptor)
        guard wrong == 0, renameat(place, new, place, name) == 0, fsync(place) == 0 else {
            let error = wrong == 0 ? errno : wrong
            unlinkat(place, new, 0)
            throw .system(error)
        }
    }

    /// The folder that a file lies in.
    static func folder(of path: String) -> String {
        guard let cut = path.lastIndex(of: "/") else { return "." }
        return cut == path.startIndex ? "/" : String(path[..<cut])
    }

    /// Whether nobody but its owner may write into a folder, and that is us or root. True where
    /// there is none.
    static func isOurs(folder: String) -> Bool {
        var status = stat()
        guard stat(folder, &status) == 0 else { return true }
        return status.st_mode & 0o022 == 0 && [0, geteuid()].contains(status.st_uid)
    }

    /// 0, or the error number.
    private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ mode: mode_t) -> Int32 {
        guard fchmod(descriptor, mode) == 0 else { return errno }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            written += count
        }
        return fsync(descriptor) == 0 ? 0 : errno
    }

    /// The system's name of an error, e.g. `No space left on device`.
    static func words(_ error: Int32) -> String { String(cString: strerror(error)) }
}
