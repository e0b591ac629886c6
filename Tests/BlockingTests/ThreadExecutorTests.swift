import Blocking
import Dispatch
import Glibc
import Testing

/// An actor on its own thread, as a C handle would have it.
private actor Worker {
    private let executor = ThreadExecutor()
    private(set) var order: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    nonisolated var weakExecutor: WeakExecutor { WeakExecutor(executor) }

    func thread() -> UInt { UInt(pthread_self()) }
    func note(_ number: Int) { order.append(number) }
    func block(until semaphore: DispatchSemaphore) { semaphore.wait() }

    /// Has `finished` signalled when this thread ends.
    func signalAtThreadEnd(_ finished: DispatchSemaphore) {
        var key = pthread_key_t()
        pthread_key_create(&key) { context in
            guard let context else { return }
            Unmanaged<DispatchSemaphore>.fromOpaque(context).takeRetainedValue().signal()
        }
        pthread_setspecific(key, Unmanaged.passRetained(finished).toOpaque())
    }
}

private struct WeakExecutor: Sendable {
    weak let executor: ThreadExecutor?
    init(_ executor: ThreadExecutor) { self.executor = executor }
}

/// Waits on a thread where waiting is allowed.
private func wait(for semaphore: DispatchSemaphore) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            semaphore.wait()
            continuation.resume()
        }
    }
}

@Suite(.timeLimit(.minutes(10)))
struct ThreadExecutorTests {
    @Test func `an actor keeps to one thread, and two actors have two`() async {
        let one = Worker()
        let other = Worker()
        let first = await one.thread()
        for _ in 0..<100 {
            #expect(await one.thread() == first)
            #expect(await other.thread() != first)
        }
    }

    @Test func `jobs run one at a time in the order they came`() async {
        let worker = Worker()
        let gate = DispatchSemaphore(value: 0)
        async let blocked: Void = worker.block(until: gate)
        let notes = Task { for number in 0..<1_000 { await worker.note(number) } }
        gate.signal()
        await blocked
        await notes.value
        #expect(await worker.order == Array(0..<1_000))
    }

    @Test func `actors that block do not hold up Swift's shared threads`() async {
        let gate = DispatchSemaphore(value: 0)
        let count = 64  // more than any machine's shared threads here
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                let worker = Worker()
                group.addTask { await worker.block(until: gate) }
            }
            // This runs on a shared thread; were those blocked, it would never run.
            group.addTask { for _ in 0..<count { gate.signal() } }
        }
    }

    @Test func `the thread ends when the last reference goes`() async {
        let finished = DispatchSemaphore(value: 0)
        var worker: Worker? = Worker()
        await worker?.signalAtThreadEnd(finished)
        let executor = worker?.weakExecutor
        #expect(executor?.executor != nil)
        worker = nil
        await wait(for: finished)
        #expect(executor?.executor == nil)
    }

    @Test func `a job that waits runs although its actor is no longer held elsewhere`() async {
        let gate = DispatchSemaphore(value: 0)
        let finished = DispatchSemaphore(value: 0)
        var worker: Worker? = Worker()
        let blocked = Task { [worker] in
            await worker?.block(until: gate)
            await worker?.signalAtThreadEnd(finished)
        }
        worker = nil
        gate.signal()
        await blocked.value
        await wait(for: finished)
    }
}
