import Testing

/// A place that breaks a rule of the house.
struct Violation: CustomStringConvertible {
    let file: String
    /// From 1; 0 for the whole file.
    let line: Int
    let problem: String

    init(_ file: String, _ line: Int = 0, _ problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    var description: String { line == 0 ? "\(file): \(problem)" : "\(file):\(line): \(problem)" }
}

/// Fails once for each place, so that all of them are seen in one run.
func expectNone(_ violations: [Violation], at place: SourceLocation = #_sourceLocation) {
    for violation in violations {
        Issue.record("\(violation.description)", sourceLocation: place)
    }
}
