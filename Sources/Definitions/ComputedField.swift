/// A field that follows from others (计算字段): filled where the clinic left it empty; what the
/// clinic wrote stays, for the rules to compare.
package struct ComputedField: Sendable {
    /// The ordinal of the field that is filled.
    package let ordinal: Int
    package let computation: Computation

    /// What a programme's file says of one field, before fields have ordinals.
    struct Draft {
        /// The full name, e.g. `wife.ageYears`.
        let field: String
        /// The person whose fields are meant by a bare name; `nil` in the family's part.
        let role: String?
        let section: Section
    }

    /// Compiles all drafts; a field stands behind those that it is made of.
    ///
    /// - Throws: `DefinitionError` where a computation, a field, a kind or a circle is wrong.
    static func inOrder(
        _ drafts: [Draft], elements: [Element], ordinals: [String: Int]
    ) throws(DefinitionError) -> [ComputedField] {
        var left: [(field: ComputedField, draft: Draft)] = []
        for draft in drafts {
            guard let ordinal = ordinals[draft.field] else { continue }
            var reading = ComputationReading(
                section: draft.section, role: draft.role, elements: elements, ordinals: ordinals)
            let computation = try reading.computation(for: elements[ordinal].kind)
            left.append((ComputedField(ordinal: ordinal, computation: computation), draft))
        }
        var ordered: [ComputedField] = []
        while !left.isEmpty {
            let waiting = Set(left.map(\.field.ordinal))
            guard
                let next = left.firstIndex(where: {
                    waiting.isDisjoint(with: $0.field.computation.inputs)
                })
            else {
                throw left[0].draft.section.error(
                    "“\(left[0].draft.field)” 的计算成了循环。",
                    "\(left[0].draft.field) is made of itself by a circle.")
            }
            ordered.append(left.remove(at: next).field)
        }
        return ordered
    }
}

/// The computations there are (计算方法), by the ordinals of the fields that they read.
package enum Computation: Sendable {
    /// Completed years on a day (周岁), DOMAIN 2.6.
    case age(born: Int, on: Int)
    /// Years on a day with one decimal (预产期年龄), never rounded up: 35.0 from the birthday on.
    case ageInTenths(born: Int, on: Int)
    /// Whole months; the same day of the month is full.
    case monthsBetween(from: Int, to: Int)
    case daysBetween(from: Int, to: Int)
    /// A day so many days later.
    case addDays(to: Int, days: Int)
    /// kg/m², half up to one decimal (体重指数), DOMAIN 2.6.
    case bodyMassIndex(height: Int, weight: Int)
    /// Last period and 280 days (预产期), where the pregnancy is dated by the period.
    case dueDate(period: Int, dating: Dating)
    /// Days of pregnancy (孕周天数): by the last period, or by the due date that an examination or a
    /// transfer gave.
    case gestationalDays(on: Int, period: Int, due: Int, dating: Dating)

    /// How a pregnancy is dated (孕周确认方法): the field that says so, and the codes that mean the
    /// last period.
    package struct Dating: Sendable {
        package let method: Int?
        /// A bit each by the ordinal in the field's list.
        package let periodCodes: UInt64
    }

    /// Days from the last period to the due date (DOMAIN 2.6).
    package static let daysOfPregnancy = 280

    /// The names that programme files use.
    package static let names = [
        "age", "ageInTenths", "monthsBetween", "daysBetween", "addDays", "bodyMassIndex",
        "dueDate", "gestationalDays",
    ]

    /// The fields that it reads.
    package var inputs: [Int] {
        switch self {
        case .age(let born, let on), .ageInTenths(let born, let on): [born, on]
        case .monthsBetween(let from, let to), .daysBetween(let from, let to): [from, to]
        case .addDays(let to, _): [to]
        case .bodyMassIndex(let height, let weight): [height, weight]
        case .dueDate(let period, let dating): [period] + (dating.method.map { [$0] } ?? [])
        case .gestationalDays(let on, let period, let due, let dating):
            [on, period, due] + (dating.method.map { [$0] } ?? [])
        }
    }
}

/// Reads one `computed: { name: { … } }`, strictly.
struct ComputationReading {
    /// What a field must be to be read or filled.
    private enum Need { case day, whole, tenths, code, date }

    private var section: Section
    private let role: String?
    private let elements: [Element]
    private let ordinals: [String: Int]

    init(section: Section, role: String?, elements: [Element], ordinals: [String: Int]) {
        self.section = section
        self.role = role
        self.elements = elements
        self.ordinals = ordinals
    }

    mutating func computation(for kind: ElementKind) throws(DefinitionError) -> Computation {
        let names = section.keys
        guard names.count == 1, Computation.names.contains(names[0]) else {
            let known = Computation.names.joined(separator: ", ")
            throw section.error(
                "应有且只有一种计算；可用：\(known)。", "Exactly one computation; known: \(known).")
        }
        var inner = try section.section(names[0])
        let (computation, result) = try computation(names[0], &inner)
        try inner.finish()
        guard ComputationReading.fits(kind, result) else {
            throw section.error(
                at: names[0], "该字段的类型放不下 “\(names[0])” 的结果。",
                "The field's kind cannot hold what \(names[0]) gives.")
        }
        return computation
    }

    private func computation(_ name: String, _ inner: inout Section) throws(DefinitionError)
        -> (Computation, Need)
    {
        switch name {
        case "age":
            return (
                .age(born: try day("born", &inner), on: try day("on", &inner)), .whole
            )
        case "ageInTenths":
            return (
                .ageInTenths(born: try day("born", &inner), on: try day("on", &inner)), .tenths
            )
        case "monthsBetween":
            return (
                .monthsBetween(from: try day("from", &inner), to: try day("to", &inner)), .whole
            )
        case "daysBetween":
            return (
                .daysBetween(from: try day("from", &inner), to: try day("to", &inner)), .whole
            )
        case "addDays":
            guard let days = try inner.integer("days"), (-9999...9999).contains(days) else {
                throw inner.error("缺少 “days”（天数）。", "days is missing, or too large.")
            }
            return (.addDays(to: try day("to", &inner), days: days), .date)
        case "bodyMassIndex":
            return (
                .bodyMassIndex(
                    height: try field("height", &inner, .tenths),
                    weight: try field("weight", &inner, .tenths)), .tenths
            )
        case "dueDate":
            return (
                .dueDate(period: try day("period", &inner), dating: try dating(&inner)), .date
            )
        default:
            return (
                .gestationalDays(
                    on: try day("on", &inner), period: try day("period", &inner),
                    due: try day("due", &inner), dating: try dating(&inner)), .whole
            )
        }
    }

    private func day(_ key: String, _ inner: inout Section) throws(DefinitionError) -> Int {
        try field(key, &inner, .day)
    }

    /// `method: gaMethod, byPeriod: ["1"]`; without `method` the last period dates it always.
    private func dating(_ inner: inout Section) throws(DefinitionError) -> Computation.Dating {
        guard inner.has("method") else {
            return Computation.Dating(method: nil, periodCodes: 0)
        }
        let method = try field("method", &inner, .code)
        var bits: UInt64 = 0
        for code in try inner.texts("byPeriod") {
            guard case .code(let list) = elements[method].kind,
                let ordinal = list.ordinal(of: code), ordinal < 64
            else {
                throw inner.error(
                    at: "byPeriod", "字段的代码表没有 “\(code)”。", "The field's list has no \(code).")
            }
            bits |= 1 << UInt64(ordinal)
        }
        guard bits != 0 else {
            throw inner.error("缺少 “byPeriod”（按末次月经的代码）。", "byPeriod names no code.")
        }
        return Computation.Dating(method: method, periodCodes: bits)
    }

    /// The ordinal of the field that a key names: of the same person first, else of the family.
    private func field(_ key: String, _ inner: inout Section, _ need: Need)
        throws(DefinitionError) -> Int
    {
        let name = try inner.text(key)
        guard let ordinal = role.flatMap({ ordinals["\($0).\(name)"] }) ?? ordinals[name] else {
            throw inner.error(at: key, "项目没有字段 “\(name)”。", "The programme has no field \(name).")
        }
        guard ComputationReading.fits(elements[ordinal].kind, need) else {
            throw inner.error(
                at: key, "字段 “\(name)” 的类型不能用于此处。", "\(name) is of a kind that cannot stand here.")
        }
        return ordinal
    }

    private static func fits(_ kind: ElementKind, _ need: Need) -> Bool {
        switch (kind, need) {
        case (.date, .day), (.dateTime, .day), (.date, .date), (.integer, .whole),
            (.decimal(places: 1, _, _), .tenths), (.code, .code):
            true
        default: false
        }
    }
}
