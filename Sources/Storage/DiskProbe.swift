import Blocking
import Glibc

/// What it costs to write a little beside a database and have the disk confirm it (落盘探测): the
/// least that any commit there waits for.
///
/// On a thread of its own: a disk that hangs keeps nobody waiting who does not ask.
package actor DiskProbe {
    /// As much as one page of most disks.
    private static let byteCount = 4_096

    private let executor = ThreadExecutor()
    private let path: String
    private let steady: @Sendable () -> Int64

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - database: the file's path; the probe's own is removed after each trial.
    ///   - steady: microseconds of a clock that nobody sets.
    package init(beside database: String, steady: @escaping @Sendable () -> Int64) {
        path = database + ".probe"
        self.steady = steady
    }

    /// Microseconds of one trial; `nil` where nothing can be written there.
    package func measure() -> Int64? {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let descriptor = Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else { return nil }
        defer {
            Glibc.close(descriptor)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 0, count: DiskProbe.byteCount)
        let began = steady()
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { return nil }
        return steady() - began
    }
}
