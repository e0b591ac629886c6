import Records

/// How easily somebody can be found again in a table of people (重识别风险): a pure function of the
/// table, the rule and the columns that are declared. It changes nothing, and names no value.
package struct ReleaseRisk: Sendable, Hashable, Codable {
    /// A column in which some groups have too few values.
    package struct Column: Sendable, Hashable, Codable {
        package let name: String
        /// The fewest values that a group has; of a column that tells people apart, the fewest rows
        /// that a value has.
        package let fewest: Int
        /// Rows of which that is so.
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
    /// Columns that nobody declared and that tell people apart, as a name or a file's number does:
    /// a value in them stands in fewer rows than a group must have.
    package let telling: [Column]
    /// Columns with numbers that one person alone bears: ID and telephone numbers, birth dates.
    package let direct: [Column]
    /// Whether the mean of 1/k is within the rule.
    package let isMeanWithin: Bool

    package var passes: Bool {
        rowsBelow == 0 && uniform.isEmpty && telling.isEmpty && direct.isEmpty && isMeanWithin
    }

    /// The mean of 1/k over all rows in ten-thousandths, rounded up: one for each group.
    package var meanInTenThousandths: Int {
        rows == 0 ? 0 : (groups * 10_000 + rows - 1) / rows
    }

    /// - Parameters:
    ///   - table: rows of as many cells each.
    ///   - quasi: places of the columns by which somebody may be known from elsewhere.
    ///   - sensitive: places of what nobody must learn about a known person.
    ///   - names: of all columns.
    package init(
        _ table: [[String]], quasi: [Int], sensitive: [Int], names: [String], rule: ReleaseRule
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
        telling = names.indices.filter { !quasi.contains($0) && !sensitive.contains($0) }
            .compactMap { ReleaseRisk.telling(table, $0, names[$0], rule) }
        direct = names.indices.compactMap { place in
            let rows = table.count { PersonalSigns.arePersons(in: $0[place]) }
            return rows > 0 ? Column(name: names[place], fewest: 1, rows: rows) : nil
        }
        uniform = sensitive.compactMap { place in
            var (fewest, rows) = (Int.max, 0)
            for members in groups.values {
                // What is suppressed tells nothing, and is no value of its own.
                let values = Set(members.map { table[$0][place] })
                    .subtracting([rule.suppressed])
                guard !values.isEmpty else { continue }
                fewest = min(fewest, values.count)
                if values.count < rule.diversity { rows += members.count }
            }
            return rows > 0 ? Column(name: names[place], fewest: fewest, rows: rows) : nil
        }
    }

    /// The column, where some of its values stand in too few rows.
    private static func telling(
        _ table: [[String]], _ place: Int, _ name: String, _ rule: ReleaseRule
    ) -> Column? {
        let counts = Dictionary(table.map { ($0[place], 1) }, uniquingKeysWith: +)
            .filter { $0.key != rule.suppressed && !$0.key.isEmpty }.values
        let rows = counts.filter { $0 < rule.smallest }.reduce(0, +)
        return rows > 0 ? Column(name: name, fewest: counts.min() ?? 0, rows: rows) : nil
    }
}
