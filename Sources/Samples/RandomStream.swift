/// A reproducible stream of chance (SplitMix64), one for each couple and purpose.
///
/// Couple *n* comes out the same alone, in a short file and in a long one. Only sums and shifts:
/// no library function whose last digit differs between machines.
struct RandomStream {
    /// What a stream is drawn for; each purpose has its own, so that one does not shift another.
    enum Purpose: UInt64 {
        case damage = 0
        case facts = 1
        case spelling = 2
        case defects = 3
    }

    private var state: UInt64

    init(seed: UInt64, couple: Int, _ purpose: Purpose) {
        let place = UInt64(truncatingIfNeeded: couple) &* 4 &+ purpose.rawValue
        state = RandomStream.mixed(RandomStream.mixed(seed) &+ place &* 0x9E37_79B9_7F4A_7C15)
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return RandomStream.mixed(state)
    }

    /// A whole number from 0 up to, not including, `limit`.
    mutating func below(_ limit: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(limit)).high)
    }

    /// A whole number of a range, both ends included.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// From 0 up to, not including, 1.
    mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func chance(_ probability: Double) -> Bool {
        fraction() < probability
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// An index, each as likely as its weight.
    mutating func index(weights: [Int]) -> Int {
        var left = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if left < weight { return index }
            left -= weight
        }
        return 0
    }

    /// An index, each as likely as its weight; the weights are parts of a thousand.
    mutating func index(thousandths: [Int]) -> Int {
        var left = below(1000)
        for index in thousandths.indices {
            if left < thousandths[index] { return index }
            left -= thousandths[index]
        }
        return 0
    }

    /// Near enough to normal: the sum of twelve even draws, so never beyond six deviations.
    mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
        var sum = 0
        for _ in 0..<3 {
            let bits = next()
            sum += Int(bits & 0xFFFF) + Int(bits >> 16 & 0xFFFF)
            sum += Int(bits >> 32 & 0xFFFF) + Int(bits >> 48)
        }
        return mean + deviation * (Double(sum) / 65_536 - 6)
    }
}
