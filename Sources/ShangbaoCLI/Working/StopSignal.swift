import Flow
import Foundation
import Synchronization

/// Whether somebody asked this process to stop (SIGTERM, SIGINT): it ends after what is under way.
final class StopSignal: Sendable {
    private let raised = Mutex(false)
    /// Set once, and touched again by nobody; dispatch sources are safe from any thread.
    private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

    /// - Parameter signals: none where somebody else listens for them, and raises it.
    init(for signals: [Int32] = [SIGTERM, SIGINT]) {
        for number in signals {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.raised.withLock { $0 = true } }
            source.resume()
            sources.append(source)
        }
    }

    func raise() { raised.withLock { $0 = true } }

    var isRaised: Bool { raised.withLock { $0 } }

    /// Waits so many seconds, or until it is raised; without a number, only for that.
    func wait(seconds: Double = .infinity) async {
        let began = Date()
        while !isRaised, Date().timeIntervalSince(began) < seconds {
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}

extension RoundLimits {
    /// These limits, and the end once somebody asks for it.
    func until(_ stop: StopSignal) -> RoundLimits {
        var limits = self
        let isOpen = mayGoOn
        limits.mayGoOn = { !stop.isRaised && isOpen() }
        return limits
    }
}
