import Definitions
import Mappings
import Records

/// What kinds of rules read from their entries in a programme's file.
extension Section {
    /// The ordinals of one field or of a list of fields.
    mutating func fields(_ key: String, in dictionary: ElementDictionary) throws(DefinitionError)
        -> [Int]
    {
        var ordinals: [Int] = []
        for name in try texts(key) {
            guard let ordinal = dictionary.ordinal(of: name) else {
                throw error(at: key, "项目没有字段 “\(name)”。", "The programme has no field \(name).")
            }
            ordinals.append(ordinal)
        }
        return ordinals
    }

    /// One field or a list of them that must not be empty.
    mutating func someFields(_ key: String, in dictionary: ElementDictionary)
        throws(DefinitionError) -> [Int]
    {
        let ordinals = try fields(key, in: dictionary)
        guard !ordinals.isEmpty else { throw error("缺少 “\(key)”。", "\(key) is missing.") }
        return ordinals
    }

    /// What a finding does, where the entry does not leave it to the rule.
    mutating func effect(_ usual: FindingEffect = .quarantined) throws(DefinitionError)
        -> FindingEffect
    {
        try choice("effect", of: FindingEffect.self) ?? usual
    }

    /// Codes of a field's list, a bit each by ordinal; `nil` where the key is absent.
    mutating func codeBits(_ key: String, of element: Element) throws(DefinitionError) -> UInt64? {
        let codes = try texts(key)
        if codes.isEmpty { return nil }
        let list: CodeList
        switch element.kind {
        case .code(let known), .set(let known): list = known
        default:
            throw error(
                at: key, "字段 “\(element.name)” 不是代码。", "\(element.name) holds no codes.")
        }
        var bits: UInt64 = 0
        for code in codes {
            guard let ordinal = list.ordinal(of: code), ordinal < CodeList.mostInSet else {
                throw error(
                    at: key, "字段的代码表没有 “\(code)”。", "The field's list has no \(code).")
            }
            bits |= 1 << UInt64(ordinal)
        }
        return bits
    }

    /// Words to look for in a text, with `denials` that take them back; `nil` where the key is
    /// absent.
    mutating func words(_ key: String) throws(DefinitionError) -> WordSearch? {
        let words = try texts(key)
        let denials = try texts("denials")
        if words.isEmpty { return nil }
        return WordSearch(
            words: words.map { Array($0.utf8) }, denials: denials.map { Array($0.utf8) })
    }

    /// A number like `-0.5`, scaled exactly to `places`; `nil` where the key is absent.
    mutating func number(_ key: String, places: Int) throws(DefinitionError) -> Int64? {
        guard let text = try optionalText(key) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard parts.count <= 2, fraction.count <= places,
            let scaled = Int64(
                parts[0] + fraction + String(repeating: "0", count: places - fraction.count))
        else {
            throw error(
                at: key, "应为最多 \(places) 位小数的数。", "A number with up to \(places) places.")
        }
        return scaled
    }

    /// Two bounds, either of which may be left out; `nil` where both are.
    mutating func bounds(_ least: String, _ most: String, places: Int) throws(DefinitionError)
        -> ClosedRange<Int64>?
    {
        let low = try number(least, places: places)
        let high = try number(most, places: places)
        if low == nil, high == nil { return nil }
        guard low ?? .min <= high ?? .max else {
            throw error(at: least, "下限大于上限。", "\(least) is above \(most).")
        }
        return (low ?? .min)...(high ?? .max)
    }

    /// The two pairs of bounds of many rules: `min`/`max` decide, `usualMin`/`usualMax` warn.
    mutating func bands(places: Int) throws(DefinitionError) -> Bands {
        let bands = Bands(
            hard: try bounds("min", "max", places: places),
            usual: try bounds("usualMin", "usualMax", places: places))
        guard bands.hard != nil || bands.usual != nil else {
            throw error("缺少上限或下限。", "A bound is missing.")
        }
        return bands
    }

    /// A list of field tests; empty where the key is absent.
    mutating func tests(_ key: String, in dictionary: ElementDictionary) throws(DefinitionError)
        -> [FieldTest]
    {
        var tests: [FieldTest] = []
        for var item in try sections(key) {
            tests.append(try FieldTest(&item, dictionary: dictionary))
            try item.finish()
        }
        return tests
    }
}

/// Bounds of a number: outside the hard ones the rule's effect, outside the usual ones a warning.
struct Bands: Sendable {
    let hard: ClosedRange<Int64>?
    let usual: ClosedRange<Int64>?

    /// What a number deserves, `nil` where nothing is to be said.
    func effect(of number: Int64, hard effect: FindingEffect) -> FindingEffect? {
        if let hard, !hard.contains(number) { return effect }
        if let usual, !usual.contains(number) { return .warning }
        return nil
    }
}

extension Element {
    /// Decimal places of its numbers.
    var places: Int {
        if case .decimal(let places, _, _) = kind { places } else { 0 }
    }

    /// Whether it holds several codes at once.
    var isSet: Bool {
        if case .set = kind { true } else { false }
    }
}
