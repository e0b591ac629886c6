import Foundation
import Records

/// How easily somebody can be found again in a table of people (重识别风险): a pure function of the
/// table, the rule and the columns that are declared. It changes nothing, and names no value.
///
/// A column that nobody declared counts as a quasi-identifier: it can be known from elsewhere.
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

    /// Rows that were judged.
    package let rows: Int
    /// Rows of which every quasi-identifier and every sensitive cell is suppressed: no group of
    /// their own, by their own rule.
    package let suppressed: Int
    /// Columns that nobody declared and that are not the same in all rows: they count as
    /// quasi-identifiers together with the declared ones.
    package let joined: [String]
    /// Groups of rows that are alike in all quasi-identifiers.
    package let groups: Int
    /// Rows of the smallest group (k); 0 where there is none.
    package let smallest: Int
    /// Rows that are alone in their group.
    package let unique: Int
    /// Rows of groups below the rule.
    package let rowsBelow: Int
    /// Whether there is a sensitive column to hold against l at all.
    package let isDiversityChecked: Bool
    /// Sensitive columns that give a group away.
    package let uniform: [Column]
    /// Sensitive columns that are none: they differ in most rows, as numbers of files do, or hold
    /// days, by which somebody is found.
    package let identifying: [Column]
    /// Columns that nobody declared and that tell people apart, as a name or a file's number does:
    /// a value in them stands in fewer rows than a group must have.
    package let telling: [Column]
    /// Columns with numbers that one person alone bears: ID and telephone numbers, birth dates.
    package let direct: [Column]
    /// Columns whose own name is that of a person, or says that persons are named below it.
    package let named: [String]
    /// Whether the mean of 1/k is within the rule.
    package let isMeanWithin: Bool

    package var passes: Bool {
        rowsBelow == 0 && uniform.isEmpty && identifying.isEmpty && telling.isEmpty
            && direct.isEmpty && named.isEmpty && isMeanWithin
    }

    /// The mean of 1/k over all rows in ten-thousandths, rounded up: one for each group.
    package var meanInTenThousandths: Int {
        rows == 0 ? 0 : (groups * 10_000 + rows - 1) / rows
    }

    /// - Parameters:
    ///   - table: rows of as many cells each.
    ///   - quasi: places of the columns by which somebody may be known from elsewhere.
    ///   - sensitive: places of what nobody must learn about a known person.
    ///   - names: of all columns, as they stand.
    package init(
        _ table: [[String]], quasi: [Int], sensitive: [Int], names: [String], rule: ReleaseRule
    ) {
        let shown = names.map { PersonalSigns.masked($0) }
        let other = names.indices.filter { !quasi.contains($0) && !sensitive.contains($0) }
        let varying = other.filter { place in table.contains { $0[place] != table[0][place] } }
        joined = varying.map { shown[$0] }
        let key = quasi + varying
        var groups: [[String]: [Int]] = [:]
        var suppressed = 0
        for (row, cells) in table.enumerated() {
            if (key + sensitive).allSatisfy({ cells[$0] == rule.suppressed }) {
                suppressed += 1
            } else {
                // What is suppressed in part is a value of its own here.
                groups[key.map { cells[$0] }, default: []].append(row)
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
        telling = other.compactMap { ReleaseRisk.telling(table, $0, shown[$0], rule) }
        direct = names.indices.compactMap {
            ReleaseRisk.direct(table, $0, names[$0], shown[$0])
        }
        named = names.indices.filter { place in
            let name = names[place]
            if PersonalCell.isPersonal(name) { return true }
            return rule.identifying.contains { name.localizedCaseInsensitiveContains($0) }
                && table.contains { ReleaseRisk.said($0[place], rule) != nil }
        }.map { shown[$0] }
        identifying = sensitive.compactMap {
            ReleaseRisk.identifying(table, $0, shown[$0], rule)
        }
        isDiversityChecked = !sensitive.isEmpty
        uniform = sensitive.compactMap {
            ReleaseRisk.uniform(table, $0, shown[$0], groups.values, rule)
        }
    }

    /// What a cell says, two spellings of it as one; `nil` where it is empty or suppressed.
    private static func said(_ cell: String, _ rule: ReleaseRule) -> String? {
        guard cell != rule.suppressed else { return nil }
        let text = cell.precomposedStringWithCompatibilityMapping.lowercased()
            .filter { !$0.isWhitespace }
        return text.isEmpty ? nil : text
    }

    /// The sensitive column, where some groups have too few values in it.
    private static func uniform(
        _ table: [[String]], _ place: Int, _ name: String, _ groups: some Collection<[Int]>,
        _ rule: ReleaseRule
    ) -> Column? {
        var (fewest, rows) = (Int.max, 0)
        for members in groups {
            // What is suppressed tells nothing, and is no value of its own; an empty cell is none
            // either, but a group of them says that there is nothing.
            guard members.contains(where: { table[$0][place] != rule.suppressed }) else { continue }
            let values = Set(members.compactMap { said(table[$0][place], rule) })
            fewest = min(fewest, values.count)
            if values.count < rule.diversity { rows += members.count }
        }
        return rows > 0 ? Column(name: name, fewest: fewest, rows: rows) : nil
    }

    /// The sensitive column, where most rows have a value of their own, or a day.
    private static func identifying(
        _ table: [[String]], _ place: Int, _ name: String, _ rule: ReleaseRule
    ) -> Column? {
        let values = table.compactMap { said($0[place], rule) }
        let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
        let alone = counts.values.count { $0 == 1 }
        let days = table.count {
            $0[place] != rule.suppressed && PersonalCell.isDay($0[place])
        }
        guard max(alone, days) * 2 > values.count else { return nil }
        return Column(name: name, fewest: counts.values.min() ?? 0, rows: max(alone, days))
    }

    /// The column, where cells of it hold what one person alone bears.
    private static func direct(
        _ table: [[String]], _ place: Int, _ name: String, _ shown: String
    ) -> Column? {
        let isBirth = PersonalCell.isBirth(column: name)
        // Each value is looked at once.
        let counts = Dictionary(table.map { ($0[place], 1) }, uniquingKeysWith: +)
        let rows = counts.filter { PersonalCell.isPersonal($0.key, isBirth: isBirth) }
            .values.reduce(0, +)
        return rows > 0 ? Column(name: shown, fewest: 1, rows: rows) : nil
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
