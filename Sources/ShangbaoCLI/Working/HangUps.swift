import Foundation
import Synchronization

/// How often this process was told to look at its configuration again (SIGHUP).
final class HangUps: Sendable {
    private let waiting = Mutex(0)
    /// Set once, and touched again by nobody; dispatch sources are safe from any thread.
    private nonisolated(unsafe) var source: any DispatchSourceSignal

    init() {
        signal(SIGHUP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { [weak self] in self?.waiting.withLock { $0 += 1 } }
        source.resume()
    }

    /// Waits for the next one, or for the end; several that came together are one.
    func wait(or stop: StopSignal) async {
        while !stop.isRaised, !Task.isCancelled {
            let hasCome = waiting.withLock { count in
                defer { count = 0 }
                return count > 0
            }
            if hasCome { return }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}
