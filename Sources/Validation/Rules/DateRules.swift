import Definitions
import Mappings
import Records

/// A day is not before a fixed one, such as the programme's start (L-009).
struct NotBefore: Rule {
    static let name = "notBefore"
    static let summary = Wording(zh: "日期不早于规定的日子。", en: "A day is not before a fixed one.")
    private let field: Int
    private let fieldName: String
    private let day: CalendarDate
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        guard let day = try section.date("day") else {
            throw section.error("缺少 “day”。", "day is missing.")
        }
        self.day = day
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let date = record.day(field), date < day {
            findings.append(Finding(code: code, effect: .quarantined, field: fieldName))
        }
    }
}

/// A day is not after another of the same record: nobody is born after the file was opened.
struct NotAfter: Rule {
    static let name = "notAfter"
    static let summary = Wording(
        zh: "日期不晚于同一记录中的另一日期。", en: "A day is not after another of the record.")
    private let field: Int
    private let fieldName: String
    private let other: Int
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        other = try section.field("other", in: dictionary)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let date = record.day(field), let other = record.day(other), date > other {
            findings.append(Finding(code: code, effect: .quarantined, field: fieldName))
        }
    }
}

/// A day is not after the one on which the item arrived: the pure half has no clock (L-009).
struct NotAfterArrival: Rule {
    static let name = "notAfterArrival"
    static let summary = Wording(
        zh: "日期不晚于文件到达之日。", en: "A day is not after the item's arrival.")
    private let field: Int
    private let fieldName: String
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if let date = record.day(field), date > context.arrivedOn {
            findings.append(Finding(code: code, effect: .quarantined, field: fieldName))
        }
    }
}

/// Codes whose lists change over time must hold on the day of service (DOMAIN 0.2, fact 6).
struct CodesHoldOnDay: Rule {
    static let name = "codesHoldOnDay"
    static let summary = Wording(
        zh: "有时效的代码在服务当日有效。", en: "Dated codes hold on the day of service.")
    private let day: Int
    private let dated: [(ordinal: Int, name: String, list: CodeList)]
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        day = try section.field("on", in: dictionary)
        dated = dictionary.elements.compactMap { element in
            switch element.kind {
            case .code(let list) where list.hasDays, .division(let list) where list.hasDays:
                (element.ordinal, element.name, list)
            default: nil
            }
        }
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let day = record.day(day) else { return }
        for (ordinal, name, list) in dated {
            let found: Int? =
                switch record.value(ordinal).expose() {
                case .code(let code): code
                case .text(let range):
                    record.batch.arena[range.prefix(6)].withUnsafeBufferPointer {
                        list.ordinal(of: $0)
                    }
                default: nil
                }
            if let found, !list.holds(found, on: day) {
                findings.append(Finding(code: code, effect: .quarantined, field: name))
            }
        }
    }
}
