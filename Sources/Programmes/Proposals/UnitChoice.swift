import Definitions
import Mappings
import Records

/// What the unit in a column's header asks of the mapping (列名中的单位).
struct UnitChoice {
    enum Outcome {
        /// The field's own, or none that anybody knows.
        case none
        /// What a line says to bring it to the field's unit, as another mapping does.
        case convert(String)
        /// Another unit, and nobody has said the factor.
        case unknown(unit: String, own: String)
    }

    private let names: UnitNames?
    /// Lines of the programme's mappings, by the field's name without the person.
    private let rules: [String: [FieldRule]]

    /// - Parameter tables: all of `words/`; the one of units among them.
    init(tables: [WordTable], mappings: [Mapping]) {
        names = tables.first { $0.name == UnitNames.table }.map(UnitNames.init)
        var rules: [String: [FieldRule]] = [:]
        for mapping in mappings {
            for rule in mapping.rules {
                let name = mapping.dictionary.elements[rule.ordinal].wireName
                rules[name, default: []].append(rule)
            }
        }
        self.rules = rules
    }

    func choose(for element: Element, _ unit: String?) -> Outcome {
        guard let names, let unit, let own = element.unit, element.kind.isNumber,
            names.knows(unit), names.name(of: unit) != names.name(of: own)
        else { return .none }
        let same = rules[element.wireName] ?? []
        guard let factor = same.lazy.compactMap({ $0.conversion(from: unit) }).first else {
            return .unknown(unit: unit, own: own)
        }
        return .convert("unit: \(YAMLScalar.text(unit)), convert: { \(factor) }")
    }
}
