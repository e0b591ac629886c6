import Definitions
import Mappings
import Records

/// Which fields a clinic's layout may bring (布局与记录): a check's none of a follow-up's own forms, since
/// they would leave with a locked file; a follow-up's only what it holds and what its rules ask for.
enum LayoutFields {
    /// What is wrong in a programme's mappings, a problem for each field.
    static func problems(of programme: Programme) -> [DefinitionError] {
        let owners = owners(in: programme)
        return programme.mappings.flatMap { file in
            let dictionary = file.mapping.dictionary
            return file.mapping.rules.compactMap { rule -> DefinitionError? in
                let problem: Wording?
                if let followUp = dictionary.followUp {
                    problem = wording(rule.ordinal, in: dictionary, of: followUp)
                } else if let owner = owners[rule.ordinal] {
                    problem = wording(rule.ordinal, in: dictionary, owner: owner)
                } else {
                    problem = nil
                }
                return problem.map { DefinitionError(file: file.path + ".yaml", problem: $0) }
            }
        }
    }

    /// The follow-up whose own form a field stands in, by ordinal. The form that names the case is
    /// everybody's.
    private static func owners(in programme: Programme) -> [Int: FollowUp] {
        let dictionary = programme.dictionary
        let fields = dictionary.caseFields
        let shared = Set(
            (fields.key + [fields.institution, fields.servedOn]).map {
                dictionary.elements[$0].location
            })
        var owners: [Int: FollowUp] = [:]
        for followUp in programme.followUps.compactMap(\.dictionary.followUp) {
            for element in dictionary.elements where followUp.holds[element.ordinal] {
                if case .form = element.location, !shared.contains(element.location) {
                    owners[element.ordinal] = followUp
                }
            }
        }
        return owners
    }

    private static func wording(
        _ ordinal: Int, in dictionary: ElementDictionary, of followUp: FollowUp
    ) -> Wording? {
        let isKey = dictionary.caseFields.key.contains(ordinal)
        if followUp.holds[ordinal] || followUp.asks.contains(ordinal) || isKey { return nil }
        let name = dictionary.elements[ordinal].name
        return Wording(
            zh: "字段 \(name) 不属于随访 \(followUp.title.zh)；规则要核对的，写进 programme.yaml 的 asks。",
            en: "\(name) is no field of \(followUp.name); what its rules compare stands in asks of "
                + "programme.yaml.")
    }

    private static func wording(
        _ ordinal: Int, in dictionary: ElementDictionary, owner: FollowUp
    ) -> Wording {
        let name = dictionary.elements[ordinal].name
        return Wording(
            zh: "字段 \(name) 属于随访 \(owner.title.zh)，不能放在档案的映射里；请另写 record: \(owner.name) 的映射。",
            en: "\(name) belongs to \(owner.name) and not to the check; write a mapping with "
                + "record: \(owner.name).")
    }
}
