import CSQLite
import Glibc

/// A database file on a disk of this machine: ours alone to write, locked and readable by no one
/// else; or there to be looked at, without the lock.
struct DatabaseFile: Sendable {
    /// Without symbolic links, so that two names of one file share one lock.
    let path: String
    /// None for one that is only looked at.
    let locks: [ProcessLock]

    /// Takes the locks, then makes the file if there is none.
    ///
    /// Throws `networkFileSystem` and `lockedByAnotherProcess` before anything is written.
    static func claim(
        _ path: String, _ place: SQLiteDatabase.Place, as claimant: Claimant = .alone
    ) throws(StorageFailure) -> DatabaseFile {
        let path = try local(path, place)
        var locks: [ProcessLock] = []
        switch claimant {
        case .alone: locks = [try ProcessLock(path + residence)]
        case .resident, .guest: break
        }
        locks.append(try ProcessLock(path + turn))
        try makePrivate(path)
        return DatabaseFile(path: path, locks: locks)
    }

    /// Who wants to write. `.lock` says whose database it is, `.turn` who writes in it now, and
    /// whoever shares `.wish` asks a resident for a turn (`LendingDatabase`).
    enum Claimant {
        /// Takes the file for itself.
        case alone
        /// Has its `.lock` already, and takes the turn back.
        case resident
        /// Takes a turn in a file that another process resides in.
        case guest
    }

    static let residence = ".lock"
    static let turn = ".turn"
    static let wish = ".wish"

    /// The file's own path, where it may be a database. Throws as `claim`.
    static func local(
        _ path: String, _ place: SQLiteDatabase.Place
    ) throws(StorageFailure) -> String {
        let path = try resolved(path)
        try refuseOtherThanFile(path)
        if place == .localOnly { try refuseNetwork(path) }
        return path
    }

    /// Finds the file without taking, making or changing anything; `nil` if there is none.
    ///
    /// Throws `networkFileSystem`: the log's index is memory shared with the writing process.
    static func look(
        _ path: String, _ place: SQLiteDatabase.Place
    ) throws(StorageFailure) -> DatabaseFile? {
        guard let path = realPath(path) else {
            guard errno == ENOENT else { throw StorageFailure(systemError: errno) }
            return nil
        }
        try refuseOtherThanFile(path)
        if place == .localOnly { try refuseNetwork(path) }
        return DatabaseFile(path: path, locks: [])
    }

    private static func resolved(_ path: String) throws(StorageFailure) -> String {
        if let whole = realPath(path) { return whole }
        let cut = path.lastIndex(of: "/")
        let folder = cut.map { String(path[...$0]) } ?? "."
        let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
        guard !name.isEmpty, let parent = realPath(folder) else {
            throw StorageFailure(systemError: errno)
        }
        return parent + "/" + name
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// A folder or a device is refused before a lock file is left beside it.
    private static func refuseOtherThanFile(_ path: String) throws(StorageFailure) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw StorageFailure(.cannotOpen)
        }
    }

    /// SQLite gives the log and its index the mode of the file.
    private static func makePrivate(_ path: String) throws(StorageFailure) {
        // Closing a descriptor of a file that is there would drop the locks that SQLite has on it
        // for a view of this process: only one that is new is opened here.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EEXIST || chmod(path, 0o600) != 0 {
            throw StorageFailure(systemError: errno)
        }
    }

    /// Refuses the file systems whose locks or shared memory reach over a network or through
    /// another process. Containers' overlay and tmpfs are of this machine and are taken; what is
    /// on a tmpfs does not outlive the machine, which is its owner's choice.
    private static func refuseNetwork(_ path: String) throws(StorageFailure) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
        var status = statfs()
        guard statfs(folder, &status) == 0 else { throw StorageFailure(systemError: errno) }
        if networkFileSystems.contains(UInt32(truncatingIfNeeded: status.f_type)) {
            throw StorageFailure(.networkFileSystem)
        }
    }

    /// `f_type` values, from statfs(2) and linux/magic.h.
    private static let networkFileSystems: Set<UInt32> = [
        0x0000_6969,  // NFS
        0x0000_517B, 0xFF53_4D42, 0xFE53_4D42,  // SMB, CIFS, SMB 2
        0x6573_5546,  // FUSE: sshfs, and the folders a desktop shares with its containers
        0x0102_1997,  // 9P
        0x00C3_6400,  // Ceph
        0x5346_414F, 0x6B41_4653,  // AFS
        0x7375_7245,  // Coda
        0x0BD0_0BD0,  // Lustre
        0x0116_1970, 0x7461_636F,  // GFS2, OCFS2
        0x4750_4653,  // GPFS
    ]
}
