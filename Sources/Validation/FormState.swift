import Definitions
import Mappings
import Records

/// How far a form of a record is filled in (表单状态), by the programme's own numbers
/// (`codes/completeStatus.csv`).
package enum FormState: Int, Sendable, CaseIterable {
    /// Nothing stands in it (未填写).
    case notFilled = 0
    /// Something stands in it (未完成).
    case unfinished = 1
    /// It was ticked as complete and is locked (完成).
    case complete = 2
}

extension RecordRow {
    /// The state of one form of the record.
    ///
    /// What was not done (未查) counts as filled in. The tick decides, and nobody sets it but the
    /// clinic; a form without one is complete when nothing mandatory is missing from it. A tick
    /// that stands in another form says nothing of a form in which nothing stands.
    ///
    /// - Parameter form: the form's place in the dictionary.
    package func state(ofForm form: Int) -> FormState {
        let dictionary = batch.dictionary
        let elements = dictionary.forms[form].elements
        guard let tick = dictionary.forms[form].complete else {
            guard elements.contains(where: { !value($0).isAbsent }) else { return .notFilled }
            let isWhole = elements.allSatisfy {
                !dictionary.elements[$0].isRequired || !value($0).isAbsent
            }
            return isWhole ? .complete : .unfinished
        }
        let isTicked = flag(tick) == true
        if isTicked, elements.contains(tick) { return .complete }
        guard elements.contains(where: { $0 != tick && !value($0).isAbsent }) else {
            return .notFilled
        }
        return isTicked ? .complete : .unfinished
    }
}
