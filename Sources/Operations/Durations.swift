/// How long something took each time, counted in buckets since the start (耗时分布).
package struct Durations: Sendable, Hashable {
    /// Upper bounds of a disk's confirmation, in seconds.
    package static let diskBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30]

    let bounds: [Double]
    private var counts: [Int]
    package private(set) var count = 0
    private(set) var sum = 0.0

    /// - Parameter bounds: upper bounds in seconds, ascending.
    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = bounds.map { _ in 0 }
    }

    package mutating func add(microseconds: Int64) {
        let seconds = Double(microseconds) / 1_000_000
        count += 1
        sum += seconds
        for index in bounds.indices where seconds <= bounds[index] { counts[index] += 1 }
    }

    /// Each bound with how many were at or below it.
    var buckets: [(bound: Double, count: Int)] {
        zip(bounds, counts).map { (bound: $0, count: $1) }
    }
}
