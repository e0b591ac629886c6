import Foundation
import Synchronization

/// Many runs, on as many threads as there are cores.
package final class Campaign: Sendable {
    private struct State {
        var next: UInt64
        let end: UInt64
        let mostFailures: Int
        var coverage = Coverage()
        var failures: [Outcome] = []
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - first: the first seed.
    ///   - count: how many.
    ///   - mostFailures: after so many the others are not run.
    package init(first: UInt64, count: UInt64, mostFailures: Int = 5) {
        state = Mutex(State(next: first, end: first + count, mostFailures: mostFailures))
    }

    /// What all runs came by, and the first few that broke a promise.
    package var result: (coverage: Coverage, failures: [Outcome]) {
        state.withLock { ($0.coverage, $0.failures) }
    }

    /// Runs all seeds; returns when the last one is done.
    package func run(threads: Int) async {
        await withCheckedContinuation { done in
            let left = Counter(left: threads)
            for _ in 0..<threads {
                let thread = Thread {
                    while let seed = self.take() { self.add(Run.play(Scenario(seed: seed))) }
                    if left.oneLess() { done.resume() }
                }
                thread.stackSize = 8 << 20
                thread.start()
            }
        }
    }

    private func take() -> UInt64? {
        state.withLock { state in
            guard state.next < state.end, state.failures.count < state.mostFailures else {
                return nil
            }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func add(_ outcome: Outcome) {
        state.withLock { state in
            state.coverage.add(outcome.coverage)
            if !outcome.objections.isEmpty { state.failures.append(outcome) }
        }
    }
}

/// Counts down over threads.
private final class Counter: Sendable {
    private let left: Mutex<Int>

    init(left: Int) { self.left = Mutex(left) }

    /// Whether this was the last one.
    func oneLess() -> Bool {
        left.withLock { left in
            left -= 1
            return left == 0
        }
    }
}
