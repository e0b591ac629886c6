import Glibc

/// A serial executor on a thread of its own.
///
/// An actor that holds one C handle (a database connection, a transfer) names it as its executor,
/// so that calls which block never occupy one of Swift's few shared threads. Jobs run one at a
/// time, in the order they came. Waiting jobs keep the executor alive; when the last reference
/// goes, the thread ends by itself.
///
/// ```swift
/// actor Connection {
///     private let executor = ThreadExecutor()
///     nonisolated var unownedExecutor: UnownedSerialExecutor {
///         executor.asUnownedSerialExecutor()
///     }
/// }
/// ```
package final class ThreadExecutor: SerialExecutor {
    private let jobs = JobQueue()

    /// Starts the thread. A process that cannot start one cannot do any of its work, so that is a
    /// precondition.
    package init() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(jobs).toOpaque()
        let status = pthread_create(&thread, nil, ThreadExecutor.body, context)
        precondition(status == 0, "the operating system gave no thread")
        pthread_detach(thread)
    }

    deinit { jobs.close() }

    /// Called by Swift when an actor has work.
    package func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(UnownedJob(job), for: self)
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
        { context in
            guard let context else { return nil }
            let jobs = Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue()
            while let batch = jobs.next() {
                for entry in batch {
                    entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
                }
            }
            return nil
        }
}
