import Glibc

/// The right to work on one database file: one process at a time, and one opener in it.
///
/// The operating system gives it back when the last reference goes or the process ends, however it
/// ends. The lock file stays and is empty; it is never removed, since another process may be about
/// to lock it.
package final class ProcessLock: Sendable {
    private let descriptor: Int32
    private static let mostTries = 20
    private static let pauseMicroseconds: UInt32 = 10_000

    /// Locks `path`, making the file if there is none. Throws `lockedByAnotherProcess`.
    package init(_ path: String) throws(StorageFailure) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StorageFailure(systemError: errno) }
        var tries = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let isHeld = errno == EWOULDBLOCK
            tries += 1
            // A child that is being started holds what its parent held until it is its program.
            if isHeld, tries < ProcessLock.mostTries {
                usleep(ProcessLock.pauseMicroseconds)
                continue
            }
            Glibc.close(descriptor)
            throw StorageFailure(isHeld ? .lockedByAnotherProcess : .cannotOpen)
        }
    }

    deinit { Glibc.close(descriptor) }
}
