import Foundation
import Synchronization

/// How far a long step is: a bar on a terminal, a line now and then elsewhere, on standard error.
final class Progress: Sendable {
    private struct State {
        var shownAt = Date.distantPast
        var isOpen = false
    }

    private let title: String
    private let unit: String
    /// About how much there is; 0 where nobody knows.
    private let total: Int
    private let began = Date()
    private let isTerminal: Bool
    private let isSilent: Bool
    private let state = Mutex(State())

    init(_ title: String, unit: String, total: Int, output: Output) {
        self.title = title
        self.unit = unit
        self.total = total
        isTerminal = isatty(STDERR_FILENO) == 1
        isSilent = output.isJSON
    }

    /// Shows the count, at most ten times a second on a terminal and every five seconds elsewhere.
    func show(_ count: Int) {
        guard !isSilent else { return }
        let now = Date()
        state.withLock { state in
            let pause = isTerminal ? 0.1 : 5
            guard now.timeIntervalSince(state.isOpen ? state.shownAt : began) >= pause else {
                return
            }
            state.shownAt = now
            state.isOpen = true
            Output.write(
                isTerminal ? "\r" + bar(count, now) + "\u{1B}[K" : plain(count, now) + "\n")
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            if isTerminal, state.isOpen, !isSilent { Output.write("\r\u{1B}[K") }
        }
    }

    private func plain(_ count: Int, _ now: Date) -> String {
        "\(title) \(Figure.grouped(count)) \(unit)"
    }

    private func bar(_ count: Int, _ now: Date) -> String {
        let cells = 24
        let share = total > 0 ? min(1, Double(count) / Double(total)) : 0
        let full = Int(share * Double(cells))
        let drawn =
            String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
        let speed = Int(Double(count) / max(0.001, now.timeIntervalSince(began)))
        return "\(title) \(drawn) \(Int(share * 100))% \(Figure.grouped(count)) \(unit)"
            + " · \(Figure.grouped(speed))/s"
    }
}
