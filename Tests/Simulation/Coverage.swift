package import Delivery

/// What a run, or many, came by.
package struct Coverage: Sendable {
    /// A state and what happened to it.
    package struct Pair: Hashable, Sendable, CustomStringConvertible {
        package let state: DeliveryState
        package let event: DeliveryEvent

        package init(_ state: DeliveryState, _ event: DeliveryEvent) {
            (self.state, self.event) = (state, event)
        }

        package var description: String { "\(state.rawValue)+\(event.rawValue)" }
    }

    package var pairs: [Pair: Int] = [:]
    /// How often a process came by, and how often it died there.
    package var passed: [FailPoint: Int] = [:]
    package var deaths: [FailPoint: Int] = [:]
    package var faults: [Fault: Int] = [:]
    package var sends = 0
    package var commits = 0
    package var rounds = 0
    package var seconds: Int64 = 0

    package init() {}

    package mutating func add(_ other: Coverage) {
        pairs.merge(other.pairs, uniquingKeysWith: +)
        passed.merge(other.passed, uniquingKeysWith: +)
        deaths.merge(other.deaths, uniquingKeysWith: +)
        faults.merge(other.faults, uniquingKeysWith: +)
        sends += other.sends
        commits += other.commits
        rounds += other.rounds
        seconds += other.seconds
    }

    /// Every legal pair by the program's own table.
    package static let legalPairs: [Pair] = DeliveryState.allCases.flatMap { state in
        DeliveryEvent.allCases.filter { state.after($0) != nil }.map { Pair(state, $0) }
    }

    /// What was never seen: legal moves, fail points at which nothing died, faults.
    package var missing: [String] {
        Coverage.legalPairs.filter { pairs[$0] == nil }.map(\.description)
            + FailPoint.allCases.filter { deaths[$0] == nil }.map(\.rawValue)
            + Fault.allCases.filter { faults[$0] == nil }.map(\.rawValue)
    }
}
