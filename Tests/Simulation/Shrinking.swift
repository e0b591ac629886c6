/// Makes a failing scenario as small as it can be and still fail.
package enum Shrinking {
    /// Takes away faults, then submissions, then steps, as long as something is still wrong.
    package static func smallest(
        _ failing: Scenario, fails: (Scenario) -> Bool
    ) -> Scenario {
        var best = failing
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in candidates(below: best) where fails(candidate) {
                best = candidate
                isSmaller = true
                break
            }
        }
        return best
    }

    private static func candidates(below scenario: Scenario) -> [Scenario] {
        var found: [Scenario] = []
        for fault in scenario.faults.sorted(by: { $0.rawValue < $1.rawValue }) {
            var fewer = scenario
            fewer.faults.remove(fault)
            found.append(fewer)
        }
        for count in Set([1, scenario.submissions - 1]).sorted()
        where count > 0 && count < scenario.submissions {
            var fewer = scenario
            fewer.submissions = count
            found.append(fewer)
        }
        for count in Set([scenario.steps / 2, scenario.steps - 1]).sorted()
        where count > 0 && count < scenario.steps {
            var shorter = scenario
            shorter.steps = count
            found.append(shorter)
        }
        return found
    }
}
