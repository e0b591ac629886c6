import Definitions
import Mappings
import Records

/// How the age of a pregnancy is reckoned (孕周): from the last period, or from the due date where
/// an ultrasound or the transfer dated it. Whole days: 280 of them to the due date.
struct Gestation: Sendable {
    private let lmp: Int
    private let edd: Int
    private let method: Int
    private let byPeriod: Int

    /// Reads `lmp`, `edd`, `method` and `byPeriod`, the method's code for the last period.
    init(_ section: inout Section, dictionary: ElementDictionary) throws(DefinitionError) {
        lmp = try section.field("lmp", in: dictionary)
        edd = try section.field("edd", in: dictionary)
        method = try section.field("method", in: dictionary)
        byPeriod = try section.code("byPeriod", of: method, in: dictionary)
    }

    /// Days of the pregnancy on a day; `nil` where the record does not date it.
    func days(on day: CalendarDate, in record: RecordRow) -> Int64? {
        if record.code(method).map({ $0 != byPeriod }) ?? false {
            guard let edd = record.day(edd) else { return nil }
            return 280 + Int64(day.daysSince1970) - Int64(edd.daysSince1970)
        }
        return daysByPeriod(on: day, in: record)
    }

    /// Days since the last period, whatever the pregnancy was dated by.
    func daysByPeriod(on day: CalendarDate, in record: RecordRow) -> Int64? {
        record.day(lmp).map { Int64(day.daysSince1970) - Int64($0.daysSince1970) }
    }

    /// Whether the record says that the last period dated the pregnancy.
    func isByPeriod(_ record: RecordRow) -> Bool { record.code(method) == byPeriod }

    /// Days of a text like `15+0`: weeks and days of a week.
    static func days(of text: String) -> Int64? {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 2, let weeks = Int64(parts[0]), let days = Int64(parts[1]),
            (0...44).contains(weeks), (0...6).contains(days)
        else { return nil }
        return weeks * 7 + days
    }
}

/// A sample or a procedure falls into its weeks of the pregnancy (采血孕周): `from` and `to` decide,
/// `usualFrom` and `usualTo` warn. Each method has an entry of its own.
struct GestationalWindow: Rule {
    static let name = "gestationalWindow"
    static let summary = Wording(
        zh: "某日的孕周在规定的范围内（周+天，含首尾）；usualFrom/usualTo 之外警告。",
        en: "A day falls into a span of weeks+days of the pregnancy, both inclusive.")
    private let field: Int
    private let fieldName: String
    private let gestation: Gestation
    private let bands: Bands
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        gestation = try Gestation(&section, dictionary: dictionary)
        bands = Bands(
            hard: try GestationalWindow.span("from", "to", in: &section),
            usual: try GestationalWindow.span("usualFrom", "usualTo", in: &section))
        guard bands.hard != nil || bands.usual != nil else {
            throw section.error("缺少 “from” 或 “to”。", "from or to is missing.")
        }
        effect = try section.effect()
        self.code = code
    }

    private static func span(_ first: String, _ last: String, in section: inout Section)
        throws(DefinitionError) -> ClosedRange<Int64>?
    {
        var ends: [Int64?] = []
        for key in [first, last] {
            let text = try section.optionalText(key)
            let days = text.flatMap { Gestation.days(of: $0) }
            guard text == nil || days != nil else {
                throw section.error(
                    at: key, "孕周应写成 周+天，如 15+0。", "Write weeks+days, e.g. 15+0.")
            }
            ends.append(days)
        }
        if ends[0] == nil, ends[1] == nil { return nil }
        guard ends[0] ?? .min <= ends[1] ?? .max else {
            throw section.error(at: first, "起始孕周晚于终止孕周。", "\(first) is after \(last).")
        }
        return (ends[0] ?? .min)...(ends[1] ?? .max)
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let day = record.day(field), let days = gestation.days(on: day, in: record),
            let effect = bands.effect(of: days, hard: effect)
        else { return }
        findings.append(Finding(code: code, effect: effect, field: fieldName))
    }
}

/// The age of the pregnancy that was written down agrees with the one of the last period, or the
/// record says that something else dated it (L-087).
struct GestationalAgeGiven: Rule {
    static let name = "gestationalAgeGiven"
    static let summary = Wording(
        zh: "填写的孕周（天）与按末次月经推算的相差不超过限度，否则应改为其他确认方法。",
        en: "The age written down is about that of the last period, unless otherwise dated.")
    private let field: Int
    private let fieldName: String
    private let day: Int
    private let gestation: Gestation
    private let most: Int64
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        day = try section.field("on", in: dictionary)
        gestation = try Gestation(&section, dictionary: dictionary)
        most = try section.number("most", places: 0) ?? 7
        effect = try section.effect(.warning)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard gestation.isByPeriod(record), let given = record.number(field),
            let day = record.day(day),
            let reckoned = gestation.daysByPeriod(on: day, in: record)
        else { return }
        if abs(given - reckoned) > most {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}
