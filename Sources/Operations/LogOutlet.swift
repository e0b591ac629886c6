import Glibc
import Synchronization

/// Where the log's lines go (日志出口). A line that cannot be written is dropped and counted: a full
/// disk or a reader that went away ends no service.
package final class LogOutlet: Sendable {
    /// Why a line was dropped.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// No room: on the disk, in the quota or in a pipe that nobody empties.
        case full
        /// Nobody reads any more.
        case closed
        case failed

        init(systemError: Int32) {
            switch systemError {
            case ENOSPC, EDQUOT, EFBIG, EAGAIN: self = .full
            case EPIPE, EBADF, ECONNRESET, ENOTCONN: self = .closed
            default: self = .failed
            }
        }
    }

    private let descriptor: Int32
    private let dropped: @Sendable (Reason) -> Void
    /// Whether half a line was written last.
    private let isTorn = Mutex(false)

    /// - Parameters:
    ///   - descriptor: open for as long as this is in use. The process must not end by `SIGPIPE`.
    ///   - dropped: told of each line that was not written.
    package init(descriptor: Int32, dropped: @escaping @Sendable (Reason) -> Void) {
        self.descriptor = descriptor
        self.dropped = dropped
    }

    /// Writes a line with its line feed, or counts it.
    package func write(_ line: String) {
        let reason = isTorn.withLock { isTorn in
            // What was cut short stays a line of its own.
            let bytes = Array(((isTorn ? "\n" : "") + line).utf8)
            let (count, reason) = written(bytes)
            if count > 0 { isTorn = count < bytes.count }
            return reason
        }
        if let reason { dropped(reason) }
    }

    /// How many bytes went, and why not all of them.
    private func written(_ bytes: [UInt8]) -> (count: Int, reason: Reason?) {
        var count = 0
        while count < bytes.count {
            let step = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if step >= 0 {
                count += step
            } else if errno != EINTR {
                return (count, Reason(systemError: errno))
            }
        }
        return (count, nil)
    }
}
