/// How easily somebody can be found again in a table of people (重识别风险): a pure function of the
/// table, the rule and the columns that are declared. It changes nothing, and names no value.
package struct ReleaseRisk: Sendable, Hashable, Codable {
    /// A column in which some groups have too few values.
    package struct Column: Sendable, Hashable, Codable {
        package let name: String
        /// The fewest values that a group has.
        package let fewest: Int
        /// Rows of groups that have too few.
        package let rows: Int
    }

    /// Rows that were judged; those with a suppressed quasi-identifier are none of them.
    package let rows: Int
    /// Rows with a suppressed quasi-identifier: no group of their own, by their own rule.
    package let suppressed: Int
    /// Groups of rows that are alike in all quasi-identifiers.
    package let groups: Int
    /// Rows of the smallest group (k); 0 where there is none.
    package let smallest: Int
    /// Rows that are alone in their group.
    package let unique: Int
    /// Rows of groups below the rule.
    package let rowsBelow: Int
    /// Sensitive columns that give a group away.
    package let uniform: [Column]
    /// Whether the mean of 1/k is within the rule.
    package let isMeanWithin: Bool

    package var passes: Bool { rowsBelow == 0 && uniform.isEmpty && isMeanWithin }

    /// The mean of 1/k over all rows in ten-thousandths, rounded up: one for each group.
    package var meanInTenThousandths: Int {
        rows == 0 ? 0 : (groups * 10_000 + rows - 1) / rows
    }

    /// - Parameters:
    ///   - table: rows of as many cells each.
    ///   - quasi: places of the columns by which somebody may be known from elsewhere.
    ///   - sensitive: places and names of what nobody must learn about a known person.
    package init(
        _ table: [[String]], quasi: [Int], sensitive: [(place: Int, name: String)],
        rule: ReleaseRule
    ) {
        var groups: [[String]: [Int]] = [:]
        var suppressed = 0
        for (row, cells) in table.enumerated() {
            let key = quasi.map { cells[$0] }
            if key.contains(rule.suppressed) {
                suppressed += 1
            } else {
                groups[key, default: []].append(row)
            }
        }
        let sizes = groups.values.map(\.count)
        rows = table.count - suppressed
        self.suppressed = suppressed
        self.groups = groups.count
        smallest = sizes.min() ?? 0
        unique = sizes.count { $0 == 1 }
        rowsBelow = sizes.filter { $0 < rule.smallest }.reduce(0, +)
        isMeanWithin = groups.count * rule.meanRisk.whole <= rows * rule.meanRisk.part
        uniform = sensitive.compactMap { column in
            var (fewest, rows) = (Int.max, 0)
            for members in groups.values {
                // What is suppressed tells nothing, and is no value of its own.
                let values = Set(members.map { table[$0][column.place] })
                    .subtracting([rule.suppressed])
                guard !values.isEmpty else { continue }
                fewest = min(fewest, values.count)
                if values.count < rule.diversity { rows += members.count }
            }
            return rows > 0 ? Column(name: column.name, fewest: fewest, rows: rows) : nil
        }
    }
}
