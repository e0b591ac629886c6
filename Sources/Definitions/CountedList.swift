package import Records

/// A list of people who are counted and never reported (名单), such as the village list of planned
/// couples (计划怀孕夫妇名单), the denominator of the coverage (人群覆盖率).
///
/// A person counts once a year, whatever number of lists name her.
package struct CountedList: Sendable {
    /// e.g. `plannedCouples`.
    package let name: String
    package let title: Wording
    /// The place among the subjects of the person whom a row counts.
    package let person: Int
    /// The ordinal of the division (行政区划) that a row belongs to.
    package let division: Int
    /// The ordinals of the fields that say the year; the first that is filled decides.
    package let years: [Int]
    /// The ordinal of the field that takes a person off the list, and the code that says so.
    package let state: (field: Int, removed: Int)?

    /// `counts:` of a list, before its fields have ordinals.
    struct Counting {
        let person: String
        let division: String
        let years: [String]
        let listedOn: String
        let state: String?
        let removed: String?

        init(_ section: inout Section) throws(DefinitionError) {
            var counts = try section.section("counts")
            person = try counts.text("person")
            division = try counts.text("division")
            years = try counts.texts("years")
            listedOn = try counts.text("listedOn")
            state = try counts.optionalText("state")
            removed = try counts.optionalText("removed")
            guard !years.isEmpty, (state == nil) == (removed == nil) else {
                throw counts.error(
                    "“years” 至少一个字段；“state” 与 “removed” 要一起写。",
                    "years needs at least one field; state and removed go together.")
            }
            try counts.finish()
        }
    }

    init(
        name: String, title: Wording, _ counting: Counting, in dictionary: ElementDictionary,
        at section: Section
    ) throws(DefinitionError) {
        self.name = name
        self.title = title
        guard let person = dictionary.subjects.firstIndex(where: { $0.role == counting.person })
        else {
            throw section.error(at: "counts", "没有这个服务对象。", "There is no such subject.")
        }
        self.person = person
        division = dictionary.caseFields.institution
        guard case .division = dictionary.elements[division].kind else {
            throw section.error(
                at: "counts", "“division” 应是区划字段。", "division must be a field of kind division.")
        }
        var years: [Int] = []
        for year in counting.years {
            guard let ordinal = dictionary.ordinal(of: year),
                CountedList.saysYear(dictionary.elements[ordinal].kind)
            else {
                throw section.error(
                    at: "counts", "“years” 应是整数、日期字段：\(year)。",
                    "years must be fields of kind integer or date: \(year).")
            }
            years.append(ordinal)
        }
        self.years = years
        guard let state = counting.state, let removed = counting.removed else {
            self.state = nil
            return
        }
        guard let field = dictionary.ordinal(of: state),
            case .code(let list) = dictionary.elements[field].kind,
            let code = list.ordinal(of: removed)
        else {
            throw section.error(
                at: "counts", "“state” 应是代码字段，“removed” 是其中一个代码。",
                "state must be a field of kind code, and removed one of its codes.")
        }
        self.state = (field, code)
    }

    private static func saysYear(_ kind: ElementKind) -> Bool {
        switch kind {
        case .integer, .date: true
        default: false
        }
    }
}
