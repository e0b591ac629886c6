import Glibc

/// The right to work on one database file: one process at a time, and one opener in it.
///
/// The operating system gives it back when the last reference goes or the process ends, however it
/// ends. The lock file stays and is empty; it is never removed, since another process may be about
/// to lock it.
package final class ProcessLock: Sendable {
    private let descriptor: Int32

    /// Locks `path`, making the file if there is none. Throws `lockedByAnotherProcess`.
    package init(_ path: String) throws(StorageFailure) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StorageFailure(systemError: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            Glibc.close(descriptor)
            throw StorageFailure(isHeld ? .lockedByAnotherProcess : .cannotOpen)
        }
    }

    deinit { Glibc.close(descriptor) }
}
