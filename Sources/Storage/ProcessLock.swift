import Glibc

/// A right that one process has at a time, and one opener in it: to work on a database file, say.
///
/// The operating system gives it back when the last reference goes or the process ends, however it
/// ends. The lock file stays and is empty; it is never removed, since another process may be about
/// to lock it.
package final class ProcessLock: Sendable {
    private let descriptor: Int32
    private static let mostTries = 20
    private static let pauseMicroseconds: UInt32 = 10_000

    /// Locks `path`, making the file if there is none. Throws `lockedByAnotherProcess`.
    ///
    /// - Parameter isShared: beside others that share it; it keeps out whoever wants it alone.
    package init(_ path: String, isShared: Bool = false) throws(StorageFailure) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StorageFailure(systemError: errno) }
        var tries = 0
        while flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            let isHeld = errno == EWOULDBLOCK
            tries += 1
            // A child that is being started holds what its parent held until it is its program.
            if isHeld, tries < ProcessLock.mostTries {
                usleep(ProcessLock.pauseMicroseconds)
                continue
            }
            // What is thrown here lets the half-made lock go, and with it the descriptor: closed
            // twice, it would be somebody else's by then.
            throw StorageFailure(isHeld ? .lockedByAnotherProcess : .cannotOpen)
        }
    }

    /// Whether somebody holds this lock, or shares it. Takes nothing.
    package static func isHeld(_ path: String) -> Bool {
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }
}
