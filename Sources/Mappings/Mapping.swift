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
    /// The column in which every row names its set of codes, where the source writes one.
    package let codeSetColumn: String?
    package let rules: [FieldRule]
    /// Where the file holds only a part of each case; such a mapping never makes a record alone.
    package let part: CasePart?
    /// Where the rest of each case comes from, in the order in which it is looked for.
    package let parts: [PartReference]
    /// Columns that are known and read by nobody.
    package let ignored: Set<String>
    package let dictionary: ElementDictionary
    package let examples: [MappingExample]
    /// The words of `empty` and of `notDone` as the file lists them.
    package let emptyWords: [String]
    package let notDoneWords: [String]
    let dates: [DateForm]
    /// Days that mean that nothing was written, in whatever spelling (1900-01-01, 0000-00-00).
    let noDates: [SpelledDay]
    /// Words that mean that nothing was written, in fields without a table of words.
    let empty: ByteTable
    /// Words that mean that it was not done (未查).
    let notDone: ByteTable

    /// - Parameters:
    ///   - person: the subject to whom `person.` fields of a part belong.
    ///   - codeSets: the registry that `codeSet` must be in; `nil` where none is at hand, as in a
    ///     test of one mapping.
    package init(
        _ section: inout Section, dictionary: ElementDictionary, person: String? = nil,
        codeSets: CodeSets? = nil,
        words: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) {
        name = try section.text("mapping")
        let programme = try section.text("programme")
        guard programme == dictionary.programme else {
            throw section.error(at: "programme", "没有这个项目。", "There is no such programme.")
        }
        // Whoever opened the file chose the dictionary by it.
        _ = try section.optionalText("record")
        _ = try section.optionalText("list")
        title = try section.wording("title")
        purpose = try section.wording("purpose")
        legalBasis = try section.text("legalBasis")
        retention = try section.text("retention")
        (reads, options) = try Mapping.readOptions(&section)
        let codeSet = try Mapping.codeSet(&section, codeSets)
        self.codeSet = codeSet
        codeSetColumn = try section.optionalText("codeSetIn")
        var dates: [DateForm] = []
        for name in try section.texts("dates") {
            dates.append(try DateForm(name: name, in: section))
        }
        self.dates = dates
        noDates = try Mapping.noDates(&section)
        emptyWords = try section.texts("empty")
        notDoneWords = try section.texts("notDone")
        empty = Mapping.table(of: emptyWords)
        notDone = Mapping.table(of: notDoneWords)
        part = try Mapping.part(&section)
        parts = try Mapping.parts(&section, dictionary)
        let hasPaths = reads == .hl7v2 && part?.items == nil
        rules = try Mapping.rules(&section, dictionary, person: person) {
            (field, person) throws(DefinitionError) in
            let line = field
            let rule = try FieldRule(
                &field, dictionary: dictionary, codeSet: codeSet, person: person, words: words)
            // Among items the fields are called by the items' codes.
            if hasPaths, case .column(let name) = rule.origin, HL7Path(name) == nil {
                throw line.error(
                    at: "from", "“\(name)” 不是 HL7 路径，如 PID-3.1、OBX-5。",
                    "\(name) is no HL7 path such as PID-3.1 or OBX-5.")
            }
            return rule
        }
        ignored = Set(try section.texts("ignore"))
        examples = try Mapping.examples(&section)
        self.dictionary = dictionary
        let filled = Set(rules.map(\.ordinal))
        for ordinal in dictionary.caseFields.key where part == nil && !filled.contains(ordinal) {
            let missing = dictionary.elements[ordinal].name
            throw section.error(
                at: "fields", "病例键字段 “\(missing)” 没有来源。", "The key field \(missing) has no source.")
        }
        if let list = dictionary.list { try checkList(list, filled, section) }
        try section.finish()
    }

    /// A list's rows come whole, and say where and for which year they count.
    private func checkList(_ list: CountedList, _ filled: Set<Int>, _ section: Section)
        throws(DefinitionError)
    {
        guard part == nil, parts.isEmpty else {
            throw section.error(
                at: "list", "名单不与 part、parts 同用。", "A list goes with neither part nor parts.")
        }
        let years = list.years.map { dictionary.elements[$0].name }.joined(separator: ", ")
        guard filled.contains(list.division), list.years.contains(where: filled.contains) else {
            throw section.error(
                at: "fields",
                "名单要有区划（\(dictionary.elements[list.division].name)）和年度（\(years) 之一）。",
                "A list needs the division (\(dictionary.elements[list.division].name)) and the year "
                    + "(one of \(years)).")
        }
    }

    private static func examples(_ section: inout Section) throws(DefinitionError)
        -> [MappingExample]
    {
        var examples: [MappingExample] = []
        for var example in try section.sections("examples") {
            examples.append(try MappingExample(&example))
        }
        return examples
    }

    private static func rules(
        _ section: inout Section, _ dictionary: ElementDictionary, person: String?,
        read: (inout Section, String?) throws(DefinitionError) -> FieldRule
    ) throws(DefinitionError) -> [FieldRule] {
        var rules: [FieldRule] = []
        for var field in try section.sections("fields") {
            let line = field
            if let person, try !Mapping.concerns(person, line, dictionary) { continue }
            let rule = try read(&field, person)
            guard !rules.contains(where: { $0.ordinal == rule.ordinal }) else {
                throw line.error(at: "field", "字段出现两次。", "The field stands twice.")
            }
            rules.append(rule)
        }
        return rules
    }

    private static func part(_ section: inout Section) throws(DefinitionError) -> CasePart? {
        var columns: ItemColumns?
        let items = try section.optionalSection("items")
        if items != nil, section.has("codeSetIn") {
            throw section.error(
                at: "codeSetIn", "“codeSetIn” 不与 items 同用：一行只是一项结果。",
                "codeSetIn does not go with items: a row there is one result only.")
        }
        if var items { columns = try ItemColumns(&items) }
        guard var part = try section.optionalSection("part") else {
            guard let items else { return nil }
            throw items.error("“items” 只用于 part。", "items goes with part only.")
        }
        return try CasePart(&part, items: columns)
    }

    private static func parts(_ section: inout Section, _ dictionary: ElementDictionary)
        throws(DefinitionError) -> [PartReference]
    {
        var parts: [PartReference] = []
        for var part in try section.sections("parts") {
            parts.append(try PartReference(&part, dictionary: dictionary))
        }
        return parts
    }

    /// Whether a field of a part is one of this person's: men have no ultrasound.
    private static func concerns(
        _ person: String, _ field: Section, _ dictionary: ElementDictionary
    ) throws(DefinitionError) -> Bool {
        var field = field
        let name = try field.text("field")
        guard name.hasPrefix(FieldRule.personPrefix) else { return true }
        let own = name.dropFirst(FieldRule.personPrefix.count)
        let isAnyones = dictionary.subjects.contains {
            dictionary.ordinal(of: "\($0.role).\(own)") != nil
        }
        return !isAnyones || dictionary.ordinal(of: "\(person).\(own)") != nil
    }

    /// Which fields name the case or join its parts, by ordinal.
    var isIdentifier: [Bool] {
        var marks = [Bool](repeating: false, count: dictionary.count)
        for ordinal in dictionary.caseFields.key + parts.map(\.by) { marks[ordinal] = true }
        return marks
    }

    /// Columns without which the file cannot be read.
    package var neededColumns: [String] {
        rules.filter { !$0.isOptional }.flatMap(\.columns) + (codeSetColumn.map { [$0] } ?? [])
    }

    /// Columns of units that a file lacks although it has the column of their numbers.
    private func missingUnits(_ places: [String: Int]) -> [String] {
        rules.compactMap { rule in
            guard case .column(let name) = rule.origin, places[name] != nil,
                let unit = rule.spelling?.unitColumn, places[unit] == nil
            else { return nil }
            return unit
        }
    }

    private static func table(of words: [String]) -> ByteTable {
        ByteTable(words.enumerated().map { (key: Array($1.utf8), number: $0) })
    }

    /// The set of codes that the source writes; nobody guesses whose a number is.
    private static func codeSet(_ section: inout Section, _ registry: CodeSets?)
        throws(DefinitionError) -> String
    {
        let known = registry.map(\.names) ?? "mappings/code-sets.csv"
        guard let name = try section.optionalText("codeSet") else {
            throw section.error(
                "缺少 “codeSet”（谁的代码）；已登记：\(known)。",
                "codeSet is missing: whose codes these are; known: \(known).")
        }
        if let registry, !registry.knows(name) {
            throw section.error(
                at: "codeSet", "没有登记代码体系 “\(name)”；已登记：\(known)。",
                "The set of codes \(name) is not registered; known: \(known).")
        }
        return name
    }

    private static func noDates(_ section: inout Section) throws(DefinitionError) -> [SpelledDay] {
        var days: [SpelledDay] = []
        for text in try section.texts("noDates") {
            guard let day = SpelledDay(iso: text) else {
                throw section.error(
                    at: "noDates", "应如 1900-01-01 或 0000-00-00。", "Like 1900-01-01 or 0000-00-00.")
            }
            days.append(day)
        }
        return days
    }

    /// The columns that this mapping reads, in the order of its fields.
    package var columns: [String] {
        let own = rules.flatMap { rule in
            rule.columns + (rule.spelling?.unitColumn.map { [$0] } ?? [])
        }
        return own + (codeSetColumn.map { [$0] } ?? [])
    }

    /// All columns that the mapping names: those that it reads and those that it leaves.
    package var namedColumns: Set<String> {
        Set(columns).union(ignored).union(part.map { $0.columns + $0.times } ?? [])
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
        let missing =
            neededColumns.filter { places[$0] == nil } + missingUnits(places)
            + rules.flatMap { rule -> [String] in
                guard rule.isOptional, case .boxes(let names) = rule.origin else { return [] }
                // A list of boxes is there or not: half of one is a column that was renamed.
                let gone = names.filter { places[$0] == nil }
                return gone.count == names.count ? [] : gone
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
                    let unit = rule.spelling?.unitColumn.flatMap { places[$0] }
                    steps.append(.init(rule: rule, source: .column(place), unitColumn: unit))
                }
            case .boxes(let names):
                let found = names.compactMap { places[$0] }
                if found.count == names.count {
                    steps.append(.init(rule: rule, source: .boxes(found)))
                }
            }
        }
        return BoundMapping(
            mapping: self, steps: steps, codeSetColumn: codeSetColumn.flatMap { places[$0] },
            acceptsInvented: acceptsInvented,
            unknownColumns: unknown.map { PersonalSigns.masked($0) })
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
