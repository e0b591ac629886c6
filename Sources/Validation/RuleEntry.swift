import Definitions
import Mappings
import Records

/// One rule of a programme, bound to one person where it is for each (`who: both`), and asked only
/// where its conditions hold.
///
/// A class, so that asking every rule of every record copies none.
final class BoundRule: Sendable {
    let rule: any Rule
    private let conditions: Conditions?

    /// When a rule is asked (适用条件): every subject of `needs` is in the file, every test of `when`
    /// holds, and one of `whenAny`.
    private final class Conditions: Sendable {
        let needs: [Int]
        let all: [FieldTest]
        let any: [FieldTest]

        init(needs: [Int], all: [FieldTest], any: [FieldTest]) {
            self.needs = needs
            self.all = all
            self.any = any
        }

        func hold(_ record: RecordRow, _ context: RuleContext) -> Bool {
            for subject in needs where !record.hasSubject(subject) { return false }
            for test in all where test.holds(record, context) != true { return false }
            return any.isEmpty || any.contains { $0.holds(record, context) == true }
        }
    }

    /// Reads one entry's conditions and options and finishes its section.
    init(
        _ kind: any Rule.Type, _ section: inout Section, dictionary: ElementDictionary, code: String
    ) throws(DefinitionError) {
        var needs: [Int] = []
        for role in try section.texts("needs") {
            guard let subject = dictionary.subjects.firstIndex(where: { $0.role == role }) else {
                throw section.error(
                    at: "needs", "没有服务对象 “\(role)”。", "There is no subject \(role).")
            }
            needs.append(subject)
        }
        let all = try section.tests("when", in: dictionary)
        let any = try section.tests("whenAny", in: dictionary)
        let isBound = !needs.isEmpty || !all.isEmpty || !any.isEmpty
        conditions = isBound ? Conditions(needs: needs, all: all, any: any) : nil
        rule = try kind.init(&section, dictionary: dictionary, code: code)
        try section.finish()
    }

    /// Whether the rule is asked of a record at all.
    func applies(to record: RecordRow, _ context: RuleContext) -> Bool {
        conditions?.hold(record, context) ?? true
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard applies(to: record, context) else { return }
        rule.check(record, context, into: &findings)
    }
}

/// The dictionaries in which entries read their fields: the programme's own, and for each person
/// (`who`) one in which that person's fields need no prefix.
struct SpokenDictionaries {
    private let plain: ElementDictionary
    private let byRole: [(role: String, dictionary: ElementDictionary)]

    init(_ dictionary: ElementDictionary) {
        plain = dictionary
        byRole = dictionary.subjects.map { ($0.role, dictionary.speaking(of: $0.role)) }
    }

    /// Those of an entry: one for each person of `who` (a role, or `both`), or the plain one.
    func of(_ section: inout Section) throws(DefinitionError) -> [ElementDictionary] {
        guard let who = try section.optionalText("who") else { return [plain] }
        let found = byRole.filter { who == "both" || $0.role == who }
        guard !found.isEmpty else {
            throw section.error(at: "who", "没有服务对象 “\(who)”。", "There is no subject \(who).")
        }
        return found.map(\.dictionary)
    }
}

/// What every entry says of its code (规则的说明), said once for each code.
struct RuleWords {
    private(set) var codes: [CodeEntry] = []

    /// Reads `says` and `next`, which the code's first entry must have and a later one may not
    /// contradict; `source` names the standard or the seed's sentence, for people.
    mutating func add(_ section: inout Section, code: String) throws(DefinitionError) {
        _ = try section.optionalText("source")
        let isSaid = !section.has("says") && !section.has("next")
        // What reading a cell says of the same check need not be said again.
        if isSaid, mappingCodes.contains(where: { $0.code == code }) { return }
        let known = codes.first { $0.code == code }
        if isSaid, known != nil { return }
        let entry = CodeEntry(
            code, what: try section.wording("says"), next: try section.wording("next"))
        guard let known else {
            codes.append(entry)
            return
        }
        guard known.what == entry.what, known.next == entry.next else {
            throw section.error(
                at: "says", "代码 “\(code)” 已有另一种说法；请删去这里的 says 与 next。",
                "\(code) says something else already; leave says and next out here.")
        }
    }
}
