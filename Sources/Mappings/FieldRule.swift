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
    /// The column may be missing from a file; the field is then not mapped from it.
    package let isOptional: Bool

    package enum Origin: Sendable {
        /// The header of the column it comes from.
        case column(String)
        /// The same for every row of this clinic.
        case constant(String)
    }

    /// Begins a field of a part that is whoever's the row is.
    static let personPrefix = "person."

    init(
        _ section: inout Section, dictionary: ElementDictionary, person: String?,
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
        let from = try section.optionalText("from")
        let constant = try section.optionalText("value")
        switch (from, constant) {
        case (let column?, nil): origin = .column(column)
        case (nil, let value?): origin = .constant(value)
        default:
            throw section.error("应有且只有一项：from 或 value。", "Exactly one of from and value.")
        }
        self.ordinal = ordinal
        isOptional = try section.flag("optional") ?? false
        if let table = try section.optionalText("lookUp") {
            let words = try open(table)
            self.words = words
            let element = dictionary.elements[ordinal]
            if case .set(let list) = element.kind {
                wordValues = []
                wordBits = try FieldRule.bits(of: words, in: list, section)
            } else {
                wordValues = try FieldRule.values(of: words, for: element, section)
                wordBits = []
            }
        } else {
            words = nil
            wordValues = []
            wordBits = []
        }
        try section.finish()
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
            default:
                throw section.error(
                    at: "lookUp", "“\(element.name)” 不是代码或是否字段。",
                    "\(element.name) is neither a code nor a flag.")
            }
        }
        return values
    }
}
