/// Which number each set of codes writes for a list's codes (代码对照): `crosswalks/LIST.csv`.
///
/// Header `code,SET,SET…`; a cell holds the number, several with `|` between them, or nothing where
/// the set has none. `~4` is a number whose meaning is not quite the code's: read all the same, and
/// shown as inexact. No number of a set means two codes.
package struct Crosswalk: Sendable {
    /// Where a crosswalk is read from, and which sets there are.
    package struct Source {
        let text: String
        let file: String
        let sets: CodeSets?

        /// - Parameter sets: the registry that a column's set must be in; `nil` where none is at
        ///   hand, as in a test of one table.
        package init(text: String, shownAs file: String, sets: CodeSets?) {
            self.text = text
            self.file = file
            self.sets = sets
        }
    }

    /// A number of a set.
    package struct Number: Sendable, Hashable {
        package let text: String
        /// The ordinal of the code in its list.
        package let ordinal: Int
        /// The set's meaning is wider, narrower or shifted (近似).
        package let isInexact: Bool
    }

    /// The sets in the order of the header.
    package let sets: [String]
    private let numbers: [[Number]]

    /// - Parameter ordinal: finds a code in the list.
    init(_ source: Source, ordinal: (String) -> Int?) throws(DefinitionError) {
        let rows = try CodeTable(text: source.text, shownAs: source.file)
        sets = try Crosswalk.sets(of: rows, source.sets)
        var numbers: [[Number]] = sets.map { _ in [] }
        var seen: Set<Int> = []
        for row in rows.rows {
            guard let code = ordinal(row.cells[0]) else {
                throw rows.error(
                    row, "代码表中没有代码 “\(row.cells[0])”。",
                    "The list has no code \(row.cells[0]).")
            }
            guard seen.insert(code).inserted else {
                throw rows.error(
                    row, "代码 “\(row.cells[0])” 出现两次。", "The code \(row.cells[0]) stands twice.")
            }
            for (place, set) in sets.enumerated() {
                for part in row.cells[place + 1].split(separator: "|") {
                    let isInexact = part.hasPrefix("~")
                    let text = String(isInexact ? part.dropFirst() : part)
                    guard !text.isEmpty, !numbers[place].contains(where: { $0.text == text }) else {
                        throw rows.error(
                            row, "\(set) 中的 “\(text)” 为空，或已是另一个代码。",
                            "\(text) of \(set) is empty, or is another code already.")
                    }
                    numbers[place].append(Number(text: text, ordinal: code, isInexact: isInexact))
                }
            }
        }
        self.numbers = numbers
    }

    private static func sets(of rows: CodeTable, _ registry: CodeSets?) throws(DefinitionError)
        -> [String]
    {
        let sets = Array(rows.header.dropFirst())
        guard rows.header.first == "code", !sets.isEmpty, Set(sets).count == sets.count else {
            throw rows.headerError(
                "表头应为 code 和各代码体系，各一次。", "The header must be code and the sets, each once.")
        }
        if let registry, let unknown = sets.first(where: { !registry.knows($0) }) {
            throw rows.headerError(
                "没有登记代码体系 “\(unknown)”；已登记：\(registry.names)。",
                "The set \(unknown) is not registered; known: \(registry.names).")
        }
        return sets
    }

    /// What a set writes, by its numbers; `nil` where the crosswalk has no such column.
    package func numbers(in set: String) -> [Number]? {
        sets.firstIndex(of: set).map { numbers[$0] }
    }

    /// What a set writes for one code.
    package func numbers(of ordinal: Int, in set: String) -> [Number] {
        numbers(in: set)?.filter { $0.ordinal == ordinal } ?? []
    }
}
