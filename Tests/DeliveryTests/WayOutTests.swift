import Delivery
import Foundation
import Testing

/// The documented way out of each state is one of the moves, and no state is without one.
struct WayOutTests {
    private struct WayOut {
        let state: DeliveryState
        let event: DeliveryEvent
        let commands: [String]
    }

    private func documented() throws -> [WayOut] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/development/delivery-states.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.firstRange(of: "## The way out by hand"))
        let rest = text[start.upperBound...]
        let section = rest[..<(rest.firstRange(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        return section.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { cell in
                cell.matches(of: /`([^`]+)`/).map { String($0.1) }
            }
            guard cells.count == 3, let state = cells[0].first.flatMap(DeliveryState.init),
                let event = cells[1].first.flatMap(DeliveryEvent.init)
            else { return nil }
            return WayOut(state: state, event: event, commands: cells[2])
        }
    }

    @Test func `every state that is no end has a way out by hand, and it is a move`() throws {
        let ways = try documented()
        #expect(ways.count >= 9)
        for way in ways {
            #expect(way.state.after(way.event) != nil, "\(way.state) \(way.event)")
            #expect(way.commands.allSatisfy { $0.hasPrefix("shangbao ") } && !way.commands.isEmpty)
        }
        let ends: Set<DeliveryState> = [.final, .cancelled]
        #expect(Set(ways.map(\.state)) == Set(DeliveryState.allCases).subtracting(ends))
        // A hold leads on: every state reaches one that a person can end.
        for way in ways where way.event == .stopped {
            #expect(way.state.after(.stopped) == .held)
        }
        for state in ends { #expect(DeliveryEvent.allCases.allSatisfy { state.after($0) == nil }) }
    }
}
