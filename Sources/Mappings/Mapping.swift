package import Definitions
package import Records

/// A clinic's layout as data (映射): which column becomes which field, and how it is spelled.
///
/// Columns by header name; no conditions, no expressions. Compiled once, bound to a file's header.
package struct Mapping: Sendable {
    /// `name@version`, e.g. `county-csv@1`.
    package let name: String
    package let title: Wording
    package let purpose: Wording
    package let legalBasis: String
    package let retention: String
    /// The reader's name and its options.
    package let reads: Format
    package let options: ReadOptions
    /// The set of codes that the source writes; a file without one is refused.
    package let codeSet: String
    package let rules: [FieldRule]
    /// Columns that are known and read by nobody.
    package let ignored: Set<String>
    package let dictionary: ElementDictionary
    package let examples: [MappingExample]
    let dates: [DateForm]
    /// Words that mean that nothing was written, in fields without a table of words.
    let empty: ByteTable
    /// Words that mean that it was not done (未查).
    let notDone: ByteTable

    package init(
        _ section: inout Section, dictionary: ElementDictionary,
        words: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) {
        name = try section.text("mapping")
        let programme = try section.text("programme")
        guard programme == dictionary.programme else {
            throw section.error(at: "programme", "没有这个项目。", "There is no such programme.")
        }
        title = try section.wording("title")
        purpose = try section.wording("purpose")
        legalBasis = try section.text("legalBasis")
        retention = try section.text("retention")
        (reads, options) = try Mapping.readOptions(&section)
        codeSet = try section.text("codeSet")
        var dates: [DateForm] = []
        for name in try section.texts("dates") {
            dates.append(try DateForm(name: name, in: section))
        }
        self.dates = dates
        empty = Mapping.table(of: try section.texts("empty"))
        notDone = Mapping.table(of: try section.texts("notDone"))
        var rules: [FieldRule] = []
        for var field in try section.sections("fields") {
            let line = field
            let rule = try FieldRule(&field, dictionary: dictionary, words: words)
            if case .column(let name) = rule.origin, reads == .hl7v2, HL7Path(name) == nil {
                throw line.error(
                    at: "from", "“\(name)” 不是 HL7 路径，如 PID-3.1、OBX-5。",
                    "\(name) is no HL7 path such as PID-3.1 or OBX-5.")
            }
            guard !rules.contains(where: { $0.ordinal == rule.ordinal }) else {
                throw line.error(at: "field", "字段出现两次。", "The field stands twice.")
            }
            rules.append(rule)
        }
        self.rules = rules
        ignored = Set(try section.texts("ignore"))
        var examples: [MappingExample] = []
        for var example in try section.sections("examples") {
            examples.append(try MappingExample(&example))
        }
        self.examples = examples
        self.dictionary = dictionary
        let filled = Set(rules.map(\.ordinal))
        for ordinal in dictionary.caseFields.key where !filled.contains(ordinal) {
            let missing = dictionary.elements[ordinal].name
            throw section.error(
                at: "fields", "病例键字段 “\(missing)” 没有来源。", "The key field \(missing) has no source.")
        }
        try section.finish()
    }

    private static func table(of words: [String]) -> ByteTable {
        ByteTable(words.enumerated().map { (key: Array($1.utf8), number: $0) })
    }

    /// The columns that this mapping reads, in the order of its fields.
    package var columns: [String] {
        rules.compactMap { rule in
            if case .column(let name) = rule.origin { name } else { nil }
        }
    }

    /// Fits the mapping to a file's header.
    ///
    /// - Parameter acceptsInvented: whether invented people (prefix 99) pass; in rehearsal only.
    /// - Throws: `HeaderFailure` where a column is missing, stands twice, or is unknown.
    package func bound(to header: [String], acceptsInvented: Bool) throws(HeaderFailure)
        -> BoundMapping
    {
        var places: [String: Int] = [:]
        for (index, name) in header.enumerated() where !name.isEmpty {
            if places.updateValue(index, forKey: name) != nil, columns.contains(name) {
                throw HeaderFailure(.repeatedColumn, columns: [name])
            }
        }
        let missing = rules.compactMap { rule in
            if case .column(let name) = rule.origin, !rule.isOptional, places[name] == nil {
                name
            } else {
                nil
            }
        }
        guard missing.isEmpty else { throw HeaderFailure(.missingColumn, columns: missing) }
        let known = Set(columns).union(ignored)
        let unknown = header.filter { !$0.isEmpty && !known.contains($0) }
        var steps: [BoundMapping.Step] = []
        for rule in rules {
            switch rule.origin {
            case .constant(let text): steps.append(.init(rule: rule, source: .text(text)))
            case .column(let name):
                if let place = places[name] {
                    steps.append(.init(rule: rule, source: .column(place)))
                }
            }
        }
        return BoundMapping(
            mapping: self, steps: steps, acceptsInvented: acceptsInvented,
            unknownColumns: unknown)
    }
}

/// A row of an `examples:` list: what a clinic wrote, and the canonical text of each field.
package struct MappingExample: Sendable {
    package let input: [String: String]
    package let output: [String: String]

    init(_ section: inout Section) throws(DefinitionError) {
        input = try MappingExample.pairs(try section.section("in"))
        output = try MappingExample.pairs(try section.section("out"))
        try section.finish()
    }

    private static func pairs(_ section: Section) throws(DefinitionError) -> [String: String] {
        var section = section
        var pairs: [String: String] = [:]
        for key in section.keys { pairs[key] = try section.optionalText(key) ?? "" }
        return pairs
    }
}
