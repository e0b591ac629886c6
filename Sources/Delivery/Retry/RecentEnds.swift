import Records

/// How the sends of the last minute ended, in six slots that pass by: enough to see that half of
/// them fail, in a line of text that survives a restart.
struct RecentEnds: Sendable, Hashable {
    private struct Slot: Sendable, Hashable {
        let number: Int64
        var tries: Int
        var failures: Int
    }

    private static let slotsKept: Int64 = 6
    private var slots: [Slot] = []

    init() {}

    /// Reads `number:tries:failures …`; what cannot be read is forgotten.
    init(text: String) {
        slots = text.split(separator: " ").compactMap { part in
            let numbers = part.split(separator: ":").compactMap { Int64($0) }
            guard numbers.count == 3 else { return nil }
            return Slot(number: numbers[0], tries: Int(numbers[1]), failures: Int(numbers[2]))
        }
    }

    var text: String {
        slots.map { "\($0.number):\($0.tries):\($0.failures)" }.joined(separator: " ")
    }

    mutating func note(failed: Bool, now: Timestamp, withinSeconds: Int64) {
        let length = max(1, withinSeconds / RecentEnds.slotsKept) * 1_000_000
        let number = now.microseconds / length
        // A clock that was set back starts anew.
        slots.removeAll { $0.number <= number - RecentEnds.slotsKept || $0.number > number }
        if slots.last?.number != number {
            slots.append(Slot(number: number, tries: 0, failures: 0))
        }
        slots[slots.count - 1].tries += 1
        if failed { slots[slots.count - 1].failures += 1 }
    }

    /// Whether so many per cent of at least so many ended badly.
    func failed(percent: Int, outOf: Int) -> Bool {
        let tries = slots.reduce(0) { $0 + $1.tries }
        let failures = slots.reduce(0) { $0 + $1.failures }
        return tries >= outOf && failures * 100 >= tries * percent
    }
}
