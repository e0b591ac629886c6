import Definitions
import Records

/// How one field of the programme is filled from a clinic's file.
///
/// A class, so that reading a cell passes one reference and copies nothing.
package final class FieldRule: Sendable {
    /// The field's ordinal in the dictionary.
    package let ordinal: Int
    package let origin: Origin
    /// Words to codes, where the clinic does not write the code itself.
    package let words: WordTable?
    /// For each word its value, compiled against the field's kind.
    let wordValues: [Value]
    /// For each word its bit, in a field that holds several codes.
    let wordBits: [UInt64]
    /// For each word whether it is a tick, in a field of boxes with a column each.
    let wordTicks: [Bool]
    /// The boxes that the clinic stores one by one, where it does.
    let boxes: TickedBoxes?
    /// The column may be missing from a file; the field is then not mapped from it.
    package let isOptional: Bool
    /// How the cells are spelled, where the mapping says more than `lookUp`.
    let spelling: CellSpelling?

    package enum Origin: Sendable {
        /// The header of the column it comes from.
        case column(String)
        /// The same for every row of this clinic.
        case constant(String)
        /// The headers of its boxes, a column each (勾选列).
        case boxes([String])
    }

    /// The headers of the columns that it reads.
    package var columns: [String] {
        switch origin {
        case .column(let name): [name]
        case .boxes(let names): names
        case .constant: []
        }
    }

    /// Begins a field of a part that is whoever's the row is.
    static let personPrefix = "person."

    init(
        _ section: inout Section, dictionary: ElementDictionary, codeSet: String, person: String?,
        words open: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) {
        let named = try section.text("field")
        let name =
            person.flatMap { person in
                named.hasPrefix(FieldRule.personPrefix)
                    ? person + "." + named.dropFirst(FieldRule.personPrefix.count) : nil
            } ?? named
        guard let ordinal = dictionary.ordinal(of: name) else {
            throw section.error(
                at: "field", "项目没有字段 “\(name)”。", "The programme has no field \(name).")
        }
        let element = dictionary.elements[ordinal]
        let from = try section.optionalText("from")
        let constant = try section.optionalText("value")
        let ticks = try section.optionalSection("ticks")
        switch (from, constant, ticks) {
        case (let column?, nil, nil):
            origin = .column(column)
            boxes = try TickedBoxes(bits: &section, for: element)
        case (nil, let value?, nil):
            origin = .constant(value)
            boxes = nil
        case (nil, nil, let columns?):
            origin = .boxes(columns.keys)
            boxes = try TickedBoxes(ticks: columns, for: element)
        default:
            throw section.error(
                "应有且只有一项：from、value 或 ticks。", "Exactly one of from and value, or ticks.")
        }
        self.ordinal = ordinal
        isOptional = try section.flag("optional") ?? false
        spelling = try CellSpelling.read(&section, element, words: open)
        if spelling?.unitColumn != nil, from == nil {
            throw section.error(at: "unitFrom", "unitFrom 要配 from。", "unitFrom needs from.")
        }
        let words = try FieldRule.words(&section, for: element, codeSet: codeSet, open)
        self.words = words
        wordTicks = ticks == nil ? [] : try FieldRule.ticks(of: words, section)
        if let words, boxes == nil {
            if case .set(let list) = element.kind {
                wordValues = []
                wordBits = try FieldRule.bits(of: words, in: list, section)
            } else {
                wordValues = try FieldRule.values(of: words, for: element, section)
                wordBits = []
            }
        } else {
            wordValues = []
            wordBits = []
        }
        if words != nil, boxes != nil, ticks == nil {
            throw section.error(at: "lookUp", "bits 不用对照表。", "bits takes no lookUp.")
        }
        try section.finish()
    }

    /// The tables that `lookUp` names, as one: `crosswalk` is the numbers that the source's set of
    /// codes writes for the field's list.
    private static func words(
        _ section: inout Section, for element: Element, codeSet: String,
        _ open: (String) throws(DefinitionError) -> WordTable
    ) throws(DefinitionError) -> WordTable? {
        var tables: [WordTable] = []
        for name in try section.texts("lookUp") {
            tables.append(
                name == "crosswalk"
                    ? try crosswalk(for: element, codeSet, section) : try open(name))
        }
        guard let first = tables.first, tables.count > 1 else { return tables.first }
        switch WordTable.merged(tables) {
        case .table(let table): return table
        case .contradiction(let word):
            throw section.error(
                at: "lookUp", "“\(word)” 在 \(first.name) 与其他对照表中代码不同。",
                "\(word) has another code in \(first.name) than in another table.")
        }
    }

    private static func crosswalk(for element: Element, _ codeSet: String, _ section: Section)
        throws(DefinitionError) -> WordTable
    {
        guard case .code(let list) = element.kind.asSingle else {
            throw section.error(
                at: "lookUp", "“\(element.name)” 不是代码字段。", "\(element.name) holds no code.")
        }
        guard let sets = list.crosswalk?.sets else {
            throw section.error(
                at: "lookUp", "代码表 \(list.name) 没有对照（crosswalks/\(list.name).csv）。",
                "The list \(list.name) has no crosswalk (crosswalks/\(list.name).csv).")
        }
        guard let table = WordTable(of: list, in: codeSet) else {
            let known = sets.joined(separator: ", ")
            throw section.error(
                at: "lookUp", "\(list.name) 的对照中没有 \(codeSet) 的代码；有：\(known)。",
                "The crosswalk of \(list.name) has no numbers of \(codeSet); it has: \(known).")
        }
        return table
    }

    private static func ticks(of words: WordTable?, _ section: Section) throws(DefinitionError)
        -> [Bool]
    {
        var ticks: [Bool] = []
        for (word, code) in words?.words ?? [] {
            guard code == "true" || code == "false" else {
                throw section.error(
                    at: "lookUp", "勾选列的 “\(word)” 应为 true 或 false。",
                    "\(word) of a box must be true or false.")
            }
            ticks.append(code == "true")
        }
        return ticks
    }

    private static func bits(of words: WordTable, in list: CodeList, _ section: Section)
        throws(DefinitionError) -> [UInt64]
    {
        var bits: [UInt64] = []
        for (word, code) in words.words {
            bits.append(1 << UInt64(try ordinal(code, word, in: list, section)))
        }
        return bits
    }

    private static func ordinal(
        _ code: String, _ word: String, in list: CodeList, _ section: Section
    ) throws(DefinitionError) -> Int {
        guard let ordinal = list.ordinal(of: code) else {
            throw section.error(
                at: "lookUp", "“\(word)” 的代码 \(code) 不在 \(list.name) 中。",
                "The code \(code) of \(word) is not in \(list.name).")
        }
        return ordinal
    }

    private static func values(of words: WordTable, for element: Element, _ section: Section)
        throws(DefinitionError) -> [Value]
    {
        var values: [Value] = []
        for (word, code) in words.words {
            switch element.kind {
            case .code(let list):
                values.append(.code(try FieldRule.ordinal(code, word, in: list, section)))
            case .flag where code == "true" || code == "false":
                values.append(.flag(code == "true"))
            case .division(let list):
                _ = try FieldRule.ordinal(String(code.prefix(6)), word, in: list, section)
                // A division is text: the cell's word is replaced by its code.
                values.append(.absent)
            default:
                throw section.error(
                    at: "lookUp", "“\(element.name)” 不是代码、区划或是否字段。",
                    "\(element.name) is no code, no division and no flag.")
            }
        }
        return values
    }
}
