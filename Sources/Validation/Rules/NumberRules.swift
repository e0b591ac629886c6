import Definitions
import Mappings
import Records

/// A number within bounds (取值范围): plausibility, never a medical reference.
struct PlausibleRange: Rule {
    static let name = "range"
    static let summary = Wording(
        zh: "数值在合理范围内；min/max 之外按规则处理，usualMin/usualMax 之外警告。",
        en: "A number is plausible: outside min/max its effect, outside the usual ones a warning.")
    private let fields: [(ordinal: Int, name: String, bands: Bands)]
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        var fields: [(Int, String, Bands)] = []
        for ordinal in try section.someFields("field", in: dictionary) {
            let element = dictionary.elements[ordinal]
            fields.append((ordinal, element.name, try section.bands(places: element.places)))
        }
        self.fields = fields
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        for (ordinal, name, bands) in fields {
            if let number = record.number(ordinal),
                let effect = bands.effect(of: number, hard: effect)
            {
                if effect == .quarantined {
                    // Reading said so in general; this says it exactly.
                    findings.removeAll { $0.code == MappingCodes.rangeCode && $0.field == name }
                }
                findings.append(Finding(code: code, effect: effect, field: name))
            }
        }
    }
}

/// One number less another within bounds (两数之差): the least is not above the most.
struct Difference: Rule {
    static let name = "difference"
    static let summary = Wording(
        zh: "一个数减去另一个数的差在范围内。", en: "One number less another lies within bounds.")
    private let field: Int
    private let fieldName: String
    private let less: Int
    private let bands: Bands
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        less = try section.field("less", in: dictionary)
        let element = dictionary.elements[field]
        fieldName = element.name
        guard element.places == dictionary.elements[less].places else {
            throw section.error(
                at: "less", "两个字段的小数位数不同。", "The two fields differ in decimal places.")
        }
        bands = try section.bands(places: element.places)
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let number = record.number(field), let other = record.number(less),
            let effect = bands.effect(of: number - other, hard: effect)
        else { return }
        findings.append(Finding(code: code, effect: effect, field: fieldName))
    }
}

/// A sum of numbers (合计), or what a total is above its parts, within bounds.
struct Sum: Rule {
    static let name = "sum"
    static let summary = Wording(
        zh: "各部分之和，或总数减去各部分之和，在范围内。",
        en: "A sum, or a total less the sum of its parts, lies within bounds.")
    private let total: Int?
    private let parts: [Int]
    private let fieldName: String
    /// Empty parts count as 0 where the total is given.
    private let readsEmptyAsZero: Bool
    private let bands: Bands
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        parts = try section.someFields("parts", in: dictionary)
        total = section.has("total") ? try section.field("total", in: dictionary) : nil
        let all = parts + (total.map { [$0] } ?? [])
        let places = dictionary.elements[parts[0]].places
        guard all.allSatisfy({ dictionary.elements[$0].places == places }) else {
            throw section.error(
                at: "parts", "各字段的小数位数不同。", "The fields differ in decimal places.")
        }
        fieldName = dictionary.elements[total ?? parts[0]].name
        readsEmptyAsZero = try section.flag("emptyIsZero") ?? false
        bands = try section.bands(places: places)
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        var sum: Int64 = 0
        for part in parts {
            if let number = record.number(part) {
                sum += number
            } else if !readsEmptyAsZero || !context.isMapped[part] {
                return
            }
        }
        if let total {
            guard let number = record.number(total) else { return }
            sum = number - sum
        }
        if let effect = bands.effect(of: sum, hard: effect) {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}

/// A count says how many of several groups of fields are filled (记录数): one infant, one record.
struct CountOfGroups: Rule {
    static let name = "countOfGroups"
    static let summary = Wording(
        zh: "个数与已填写的组数一致，例如胎数与婴儿记录数。",
        en: "A count is the number of groups that are filled, as of infants and their records.")
    private let count: Int
    private let countName: String
    private let groups: [[Int]]
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        count = try section.field("count", in: dictionary)
        countName = dictionary.elements[count].name
        var groups: [[Int]] = []
        for var group in try section.sections("groups") {
            groups.append(try group.someFields("fields", in: dictionary))
            try group.finish()
        }
        self.groups = groups
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let count = record.number(count) else { return }
        var filled: Int64 = 0
        for group in groups {
            // A source without a group's fields cannot tell.
            guard group.contains(where: { context.isMapped[$0] }) else { return }
            if group.contains(where: { !record.value($0).isAbsent }) { filled += 1 }
        }
        if filled != count {
            findings.append(Finding(code: code, effect: effect, field: countName))
        }
    }
}

/// The body mass index is plausible, and the one given is the one of height and weight (体重指数).
struct BodyMassIndex: Rule {
    static let name = "bodyMassIndex"
    static let summary = Wording(
        zh: "由身高、体重算得的体重指数在范围内；填写的体重指数与其相符。",
        en: "The index of height and weight is plausible, and a given one agrees with it.")
    private let height: Int
    private let weight: Int
    private let given: Int?
    private let weightName: String
    private let givenName: String?
    /// In tenths.
    private let range: ClosedRange<Int64>
    private let tolerance: Int64
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        height = try section.field("height", in: dictionary)
        weight = try section.field("weight", in: dictionary)
        given = section.has("given") ? try section.field("given", in: dictionary) : nil
        let fields = [height, weight] + (given.map { [$0] } ?? [])
        guard fields.allSatisfy({ dictionary.elements[$0].places == 1 }) else {
            throw section.error(
                at: "height", "身高、体重与体重指数应为一位小数。",
                "Height, weight and index must have one decimal place.")
        }
        weightName = dictionary.elements[weight].name
        givenName = given.map { dictionary.elements[$0].name }
        range = try section.bounds("min", "max", places: 1) ?? .min ... .max
        tolerance = try section.number("tolerance", places: 1) ?? 0
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let millimetres = record.number(height), let hectograms = record.number(weight),
            millimetres > 0
        else { return }
        // kg/m² in tenths, half up: 10 · (hg / 10) / (mm / 1000)².
        let square = millimetres * millimetres
        let index = (hectograms * 2_000_000 + square) / (2 * square)
        if !range.contains(index) {
            findings.append(Finding(code: code, effect: effect, field: weightName))
        }
        if let given, let number = record.number(given), abs(number - index) > tolerance {
            findings.append(Finding(code: code, effect: .warning, field: givenName))
        }
    }
}
