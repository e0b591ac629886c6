import Definitions
import Records
import Validation

extension Programme {
    /// A follow-up that should have come before another is one of the programme's.
    static func checkEarlier(
        _ followUps: [(dictionary: ElementDictionary, rules: RuleSet)], shownAs file: String
    ) throws(DefinitionError) {
        let names = followUps.compactMap { $0.dictionary.followUp?.name }
        for earlier in followUps.compactMap(\.rules.earlierFollowUp)
        where !names.contains(earlier) {
            throw DefinitionError(
                file: file,
                problem: Wording(
                    zh: "规则 earlierFollowUp 的 record “\(earlier)” 不是本项目的随访。",
                    en: "\(earlier), the record of a rule earlierFollowUp, is no follow-up here."))
        }
    }
}
