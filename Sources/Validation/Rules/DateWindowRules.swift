import Definitions
import Mappings
import Records

/// A day lies in a window around another one of the record (日期间隔), in whole days: `min` and
/// `max` decide, `usualMin` and `usualMax` warn. Of several other days the latest counts.
struct DateWindow: Rule {
    static let name = "dateWindow"
    static let summary = Wording(
        zh: "日期与另一日期相隔的天数在范围内；多个参照日期取最晚者。",
        en: "A day lies so many days from another; of several others the latest counts.")
    private let fields: [(ordinal: Int, name: String)]
    private let others: [Int]
    private let bands: Bands
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        fields = try section.someFields("field", in: dictionary)
            .map { ($0, dictionary.elements[$0].name) }
        others = try section.someFields("from", in: dictionary)
        bands = try section.bands(places: 0)
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        var latest: CalendarDate?
        for other in others {
            if let day = record.day(other), latest.map({ $0 < day }) ?? true { latest = day }
        }
        guard let latest else { return }
        for (ordinal, name) in fields {
            guard let day = record.day(ordinal) else { continue }
            let days = Int64(day.daysSince1970) - Int64(latest.daysSince1970)
            if let effect = bands.effect(of: days, hard: effect) {
                findings.append(Finding(code: code, effect: effect, field: name))
            }
        }
    }
}

/// The age in completed years on a day lies within bounds (周岁).
struct AgeOnDay: Rule {
    static let name = "ageOnDay"
    static let summary = Wording(
        zh: "某日的周岁在范围内。", en: "The age in completed years on a day lies within bounds.")
    private let born: Int
    private let day: Int
    private let place: String
    private let bands: Bands
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        born = try section.field("born", in: dictionary)
        day = try section.field("on", in: dictionary)
        let at = section.has("at") ? try section.field("at", in: dictionary) : born
        place = dictionary.elements[at].name
        bands = try section.bands(places: 0)
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        // Whoever is born after the day has no age: the order of the days is another rule's.
        guard let born = record.day(born), let day = record.day(day), born <= day,
            let effect = bands.effect(of: Int64(born.completedYears(to: day)), hard: effect)
        else { return }
        findings.append(Finding(code: code, effect: effect, field: place))
    }
}

/// The age written down is the one of the birth date (年龄与出生日期).
struct AgeGiven: Rule {
    static let name = "ageGiven"
    static let summary = Wording(
        zh: "填写的年龄与出生日期相符。", en: "The age written down is the one of the birth date.")
    private let field: Int
    private let fieldName: String
    private let born: Int
    private let day: Int
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        born = try section.field("born", in: dictionary)
        day = try section.field("on", in: dictionary)
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let given = record.number(field), let born = record.day(born),
            let day = record.day(day), born <= day
        else { return }
        if given != Int64(born.completedYears(to: day)) {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}

/// There was time enough for all pregnancies since a woman was old enough (初孕年龄推算).
///
/// Each count takes the months given for it at least; what is left must reach back no further than
/// the least age.
struct FirstPregnancyAge: Rule {
    static let name = "firstPregnancyAge"
    static let summary = Wording(
        zh: "按各次妊娠至少所需的月数推算，初孕年龄不低于下限。",
        en: "Reckoned by the months that each pregnancy takes, the first was not before an age.")
    private let born: Int
    private let day: Int
    private let counts: [(field: Int, months: Int64)]
    private let least: Int64
    private let place: String
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        born = try section.field("born", in: dictionary)
        day = try section.field("on", in: dictionary)
        var counts: [(field: Int, months: Int64)] = []
        for var item in try section.sections("counts") {
            let field = try item.field("field", in: dictionary)
            guard let months = try item.number("months", places: 0) else {
                throw item.error("缺少 “months”。", "months is missing.")
            }
            counts.append((field, months))
            try item.finish()
        }
        guard let first = counts.first, let least = try section.number("leastAge", places: 0) else {
            throw section.error("缺少 “counts” 或 “leastAge”。", "counts or leastAge is missing.")
        }
        self.counts = counts
        self.least = least
        place = dictionary.elements[first.field].name
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let born = record.day(born), let day = record.day(day),
            let first = record.number(counts[0].field), first > 0
        else { return }
        var months: Int64 = 0
        for count in counts { months += (record.number(count.field) ?? 0) * count.months }
        if Int64(born.completedMonths(to: day)) - months < least * 12 {
            findings.append(Finding(code: code, effect: effect, field: place))
        }
    }
}
