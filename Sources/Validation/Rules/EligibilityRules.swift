import Definitions
import Mappings
import Records

/// A couple within the fertility policy that plans a pregnancy: "符合生育政策并准备怀孕的夫妇".
struct FertilityPolicy: Rule {
    static let name = "fertilityPolicy"
    static let summary = Wording(
        zh: "符合生育政策，且计划怀孕时间在建档之后的期限内。",
        en: "Within the fertility policy, with a pregnancy planned after the file date.")
    private let eligible: Int
    private let planned: Int
    private let opened: Int
    private let months: Int
    private let names: (eligible: String, planned: String)
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        eligible = try section.field("eligible", in: dictionary)
        planned = try section.field("planned", in: dictionary)
        opened = try section.field("opened", in: dictionary)
        months = try section.integer("months") ?? 24
        names = (dictionary.elements[eligible].name, dictionary.elements[planned].name)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if record.flag(eligible) == false {
            findings.append(Finding(code: code, effect: .excluded, field: names.eligible))
        }
        guard let opened = record.date(opened), !record.hasFinding(on: names.planned) else {
            return
        }
        let isPlanned = record.date(planned).map { day in
            day > opened && opened.completedMonths(to: day.adding(days: -1)) < months
        }
        if isPlanned != true {
            findings.append(Finding(code: code, effect: .excluded, field: names.planned))
        }
    }
}

/// One local household registration, or both half a year of residence (R-02): "夫妇至少一方具备本地户籍或
/// 夫妇双方非本地户籍但在本地居住半年以上". Whole months; the least counts. Where nobody wrote the months,
/// they are counted from the first day of residence to the file date.
struct Residence: Rule {
    static let name = "residence"
    static let summary = Wording(
        zh: "至少一方本地户籍，或双方在本地居住满规定月数。",
        en: "A local registration on one side, or enough months of residence on both.")
    private let local: [(field: Int, subject: String)]
    private let months: [(field: Int, name: String)]
    /// The first days of residence in the same order, and the day to which they are counted; empty
    /// where the entry names none.
    private let since: [Int]
    private let day: Int?
    private let least: Int64
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        local = [
            (try section.field("localWife", in: dictionary), "wife"),
            (try section.field("localHusband", in: dictionary), "husband"),
        ]
        var months: [(field: Int, name: String)] = []
        for key in ["monthsWife", "monthsHusband"] {
            let field = try section.field(key, in: dictionary)
            months.append((field, dictionary.elements[field].name))
        }
        self.months = months
        if section.has("on") {
            day = try section.field("on", in: dictionary)
            since = [
                try section.field("sinceWife", in: dictionary),
                try section.field("sinceHusband", in: dictionary),
            ]
        } else {
            day = nil
            since = []
        }
        least = Int64(try section.integer("least") ?? 6)
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard !local.contains(where: { record.flag($0.field) == true }) else { return }
        for (side, months) in months.enumerated() {
            let named = record.batch.dictionary.subjects.firstIndex {
                $0.role == local[side].subject
            }
            // A one-spouse file says nothing of the other's residence.
            guard let named, record.hasSubject(named) else { continue }
            if (record.integer(months.field) ?? counted(side, record) ?? 0) < least {
                findings.append(Finding(code: code, effect: .excluded, field: months.name))
            }
        }
    }

    /// Whole months from the first day of residence to the file date.
    private func counted(_ side: Int, _ record: RecordRow) -> Int64? {
        guard let day = day.flatMap(record.day), let first = record.day(since[side]), first <= day
        else { return nil }
        return Int64(first.completedMonths(to: day))
    }
}

/// The floating-couple flag fits the two registrations (L-020, R-03): floating couples are served
/// alike, so the flag changes neither price nor items and only has to be true.
struct FloatingFlag: Rule {
    static let name = "floatingFlag"
    static let summary = Wording(
        zh: "流动人口标志与双方户籍一致。", en: "The floating flag fits the registrations.")
    private let flag: Int
    private let flagName: String
    private let local: [Int]
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        flag = try section.field("flag", in: dictionary)
        flagName = dictionary.elements[flag].name
        local = [
            try section.field("localWife", in: dictionary),
            try section.field("localHusband", in: dictionary),
        ]
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        let isFloating = record.flag(flag)
        let isAnyLocal = local.contains { record.flag($0) == true }
        let isNoneLocal = local.allSatisfy { record.flag($0) == false }
        if (isFloating == true && isAnyLocal) || (isFloating == false && isNoneLocal) {
            findings.append(Finding(code: code, effect: effect, field: flagName))
        }
    }
}

/// One free check per wife and child order: "每孩次享受一次". Decided in the order of the rows.
struct OncePerChildOrder: Rule {
    static let name = "oncePerChildOrder"
    static let summary = Wording(
        zh: "每孩次只享受一次免费检查。", en: "One free check for each child order.")
    let code: String
    /// The field that counts the planned child (孩次).
    let childOrder: Int
    let payerName: String
    private let payer: Int
    private let free: Int

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        childOrder = try section.field("childOrder", in: dictionary)
        payer = try section.field("payer", in: dictionary)
        payerName = dictionary.elements[payer].name
        free = try section.code("free", of: payer, in: dictionary)
        self.code = code
    }

    func isFree(_ record: RecordRow) -> Bool { record.code(payer) == free }

    /// Says nothing of a record alone: `RuleSet.decide` asks the register.
    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {}
}

/// The serving institution is designated on the day of service.
struct DesignatedInstitution: Rule {
    static let name = "designatedInstitution"
    static let summary = Wording(
        zh: "服务机构当日在定点名单中。", en: "The serving institution is designated that day.")
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
        guard let day = record.batch.servedOn(record.row),
            let institution = record.text(field)
        else { return }
        let found = institution.withUnsafeBufferPointer { context.designated.ordinal(of: $0) }
        if found.map({ context.designated.holds($0, on: day) }) != true {
            findings.append(Finding(code: code, effect: .quarantined, field: fieldName))
        }
    }
}

/// An entrusted institution, where one is named, is designated too: "按同等标准结算费用".
struct EntrustedInstitution: Rule {
    static let name = "entrustedInstitution"
    static let summary = Wording(
        zh: "受托检查机构（如有）当日在名单中。",
        en: "An entrusted institution, if named, is designated that day.")
    private let designated: DesignatedInstitution

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        designated = try DesignatedInstitution(&section, dictionary: dictionary, code: code)
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        designated.check(record, context, into: &findings)
    }
}
