import Glibc

/// Jobs on their way to one thread: any thread appends, one thread takes.
///
/// An entry holds its executor, so that the executor outlives every job that was given to it and
/// closing means that nothing is waiting. Not checked by the compiler: `waiting` and `isClosed`
/// are touched only while `mutex` is held.
final class JobQueue: @unchecked Sendable {
    struct Entry {
        let job: UnownedJob
        let executor: ThreadExecutor
    }

    // C locks must not move, so they live behind pointers.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [Entry] = []
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrival, nil)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    func append(_ job: UnownedJob, for executor: ThreadExecutor) {
        pthread_mutex_lock(mutex)
        waiting.append(Entry(job: job, executor: executor))
        pthread_cond_signal(arrival)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(arrival)
        pthread_mutex_unlock(mutex)
    }

    /// All jobs that wait, oldest first; blocks while there are none; `nil` once closed.
    func next() -> [Entry]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if isClosed { return nil }
            pthread_cond_wait(arrival, mutex)
        }
        defer { waiting = [] }
        return waiting
    }
}
