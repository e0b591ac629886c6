import Records
import Synchronization

/// One thread, one clock and a seed that says which of the waiting jobs runs next: the very actors
/// of the program run on it, and the same seed gives the same schedule.
///
/// Time moves only when nobody can run, and then to the next moment that somebody waits for.
final class VirtualThread: TaskExecutor {
    private struct Ready {
        let job: UnownedJob
        let queue: VirtualQueue?
    }

    private struct Sleeper {
        let until: Int64
        let order: Int
        let wake: UnsafeContinuation<Void, Never>
        /// A process that stands still: see `stir`.
        let isStill: Bool
    }

    private struct State {
        var ready: [Ready] = []
        var sleepers: [Sleeper] = []
        var now: Int64
        var order = 0
        var numbers: SplitMix
    }

    private let state: Mutex<State>

    init(seed: UInt64, from start: Timestamp) {
        state = Mutex(State(now: start.microseconds, numbers: SplitMix(seed: seed)))
    }

    /// The true time, which no machine's clock need agree with.
    var now: Timestamp { Timestamp(microseconds: state.withLock { $0.now }) }

    func enqueue(_ job: consuming ExecutorJob) { add(UnownedJob(job), nil) }

    fileprivate func add(_ job: UnownedJob, _ queue: VirtualQueue?) {
        state.withLock { $0.ready.append(Ready(job: job, queue: queue)) }
    }

    /// Waits until the clock stands there.
    ///
    /// - Parameter isStill: whether it is a process that stands still, and may go on before.
    func sleep(seconds: Double, isStill: Bool = false) async {
        await withUnsafeContinuation { wake in
            state.withLock { state in
                state.order += 1
                let until = state.now + Int64(max(0, seconds) * 1e6)
                state.sleepers.append(
                    Sleeper(until: until, order: state.order, wake: wake, isStill: isStill))
            }
        }
    }

    /// Whoever stands still goes on at once: together with what runs now, in any order.
    func stir() {
        let woken = state.withLock { state in
            let woken = state.sleepers.filter(\.isStill)
            state.sleepers.removeAll(where: \.isStill)
            return woken
        }
        for sleeper in woken { sleeper.wake.resume() }
    }

    /// Runs `work` and all that it starts to its end, on the calling thread. `nil` if everybody
    /// waits for something that will not come.
    func run<Outcome: Sendable>(
        _ work: @escaping @Sendable () async -> Outcome
    ) -> Outcome? {
        let box = Box<Outcome>()
        Task(executorPreference: self) { box.fill(await work()) }
        while true {
            if let outcome = box.value { return outcome }
            if let next = nextJob() {
                run(next)
            } else if let sleeper = nextSleeper() {
                sleeper.wake.resume()
            } else {
                return nil
            }
        }
    }

    private func run(_ ready: Ready) {
        if let queue = ready.queue {
            ready.job.runSynchronously(
                isolatedTo: queue.asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor())
        } else {
            ready.job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    private func nextJob() -> Ready? {
        state.withLock { state in
            guard !state.ready.isEmpty else { return nil }
            let place = state.ready.count == 1 ? 0 : state.numbers.below(state.ready.count)
            return state.ready.remove(at: place)
        }
    }

    private func nextSleeper() -> Sleeper? {
        state.withLock { state in
            let place = state.sleepers.indices.min { left, right in
                let (one, other) = (state.sleepers[left], state.sleepers[right])
                return (one.until, one.order) < (other.until, other.order)
            }
            guard let place else { return nil }
            let next = state.sleepers.remove(at: place)
            state.now = max(state.now, next.until)
            return next
        }
    }
}

/// Where one actor's calls wait for the virtual thread.
final class VirtualQueue: SerialExecutor {
    private let thread: VirtualThread

    init(_ thread: VirtualThread) { self.thread = thread }

    func enqueue(_ job: consuming ExecutorJob) { thread.add(UnownedJob(job), self) }
}

/// What a task leaves for the thread that runs it.
private final class Box<Outcome: Sendable>: Sendable {
    private let content = Mutex<Outcome?>(nil)

    var value: Outcome? { content.withLock { $0 } }
    func fill(_ outcome: Outcome) { content.withLock { $0 = outcome } }
}
