import Synchronization

/// All chance of a run. Every use has a stream of its own, so that taking one fault away while a
/// failure is made smaller leaves the others as they were.
final class Dice: Sendable {
    /// What chance decides besides faults.
    enum Use: UInt64, CaseIterable {
        case intake = 100
        case timing, latency, verdicts, jitter, schedule
    }

    private struct State {
        var faults: [Fault: (numbers: SplitMix, strength: Double)] = [:]
        var uses: [Use: SplitMix] = [:]
        var isCalm = false
        var struck: [Fault: Int] = [:]
    }

    private let state: Mutex<State>

    init(_ scenario: Scenario) {
        var state = State()
        for (place, fault) in Fault.allCases.enumerated() where scenario.faults.contains(fault) {
            var numbers = Dice.stream(scenario.seed, UInt64(place))
            let strength = [0.15, 0.4, 1.0][numbers.below(3)]
            state.faults[fault] = (numbers, scenario.isMeeting ? 1 : strength)
        }
        for use in Use.allCases { state.uses[use] = Dice.stream(scenario.seed, use.rawValue) }
        self.state = Mutex(state)
    }

    private static func stream(_ seed: UInt64, _ name: UInt64) -> SplitMix {
        SplitMix(seed: SplitMix.mixed(seed &* 0x1_0000_01B3 &+ name &* 0x9E37_79B9_7F4A_7C15))
    }

    /// From here on nothing goes wrong any more.
    func calm() { state.withLock { $0.isCalm = true } }

    /// How often each fault has struck.
    var struck: [Fault: Int] { state.withLock { $0.struck } }

    var isCalm: Bool { state.withLock { $0.isCalm } }

    /// Whether the fault strikes here; never if this seed does not have it.
    ///
    /// - Parameter chance: at full strength.
    func strikes(_ fault: Fault, _ chance: Double) -> Bool {
        state.withLock { state in
            guard !state.isCalm, let strength = state.faults[fault]?.strength else { return false }
            let drawn = state.faults[fault]?.numbers.fraction() ?? 1
            guard drawn < chance * strength else { return false }
            state.struck[fault, default: 0] += 1
            return true
        }
    }

    /// A number from 0 up to `count` in a fault's own stream; 0 if this seed does not have it.
    func number(_ fault: Fault, below count: Int) -> Int {
        state.withLock { $0.faults[fault]?.numbers.below(count) ?? 0 }
    }

    func number(_ use: Use, below count: Int) -> Int {
        state.withLock { $0.uses[use]?.below(count) ?? 0 }
    }

    /// From 0 up to 1.
    func fraction(_ use: Use) -> Double {
        state.withLock { $0.uses[use]?.fraction() ?? 0 }
    }
}
