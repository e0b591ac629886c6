/// One family of a metrics page: its name, what kind of number it is, and what it counts.
package struct Metric: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case gauge, counter, histogram
    }

    package let name: String
    package let kind: Kind
    package let help: String
    /// The labels that its samples may bear.
    package let labels: [String]

    init(_ name: String, _ kind: Kind, _ help: String, labels: String...) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }
}

/// A page in Prometheus' text format 0.0.4: families in the order in which they came, each with its
/// samples together.
package struct MetricsPage: Sendable {
    private var order: [Metric] = []
    private var samples: [String: [String]] = [:]

    package static let type = "text/plain; version=0.0.4; charset=utf-8"

    package init() {}

    /// Adds one sample. A label that the family does not declare is a fault of the program.
    mutating func add(_ metric: Metric, _ labels: KeyValuePairs<String, String>, _ value: Double) {
        precondition(metric.kind != .histogram, "a histogram has buckets")
        add(metric, "", labels.map { ($0.key, $0.value) }, value)
    }

    mutating func add(
        _ metric: Metric, _ labels: KeyValuePairs<String, String>, _ value: some BinaryInteger
    ) {
        add(metric, labels, Double(value))
    }

    mutating func add(_ metric: Metric, _ value: Double) { add(metric, [:], value) }

    mutating func add(_ metric: Metric, _ value: some BinaryInteger) { add(metric, [:], value) }

    /// Adds a histogram.
    ///
    /// - Parameters:
    ///   - buckets: upper bounds ascending, each with how many are at or below it.
    mutating func add(
        histogram metric: Metric, _ labels: KeyValuePairs<String, String>,
        buckets: [(bound: Double, count: Int)], count: Int, sum: Double
    ) {
        let own = labels.map { ($0.key, $0.value) }
        for bucket in buckets {
            add(
                metric, "_bucket", own + [("le", MetricsPage.number(bucket.bound))],
                Double(bucket.count))
        }
        add(metric, "_bucket", own + [("le", "+Inf")], Double(count))
        add(metric, "_sum", own, sum)
        add(metric, "_count", own, Double(count))
    }

    private mutating func add(
        _ metric: Metric, _ suffix: String, _ labels: [(String, String)], _ value: Double
    ) {
        precondition(labels.allSatisfy { $0.0 == "le" || metric.labels.contains($0.0) })
        if samples[metric.name] == nil {
            order.append(metric)
            samples[metric.name] = []
        }
        let marks = labels.map { "\($0.0)=\"\(MetricsPage.escaped($0.1))\"" }
        let shown = marks.isEmpty ? "" : "{\(marks.joined(separator: ","))}"
        samples[metric.name]?.append(
            "\(metric.name)\(suffix)\(shown) \(MetricsPage.number(value))")
    }

    /// The page as it is answered.
    package var text: String {
        order.map { metric in
            "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
                + (samples[metric.name] ?? []).map { $0 + "\n" }.joined()
        }.joined()
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
