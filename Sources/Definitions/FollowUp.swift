package import Records

/// A follow-up (随访) as a record of its own: linked to its case by the case's key, sent by itself,
/// counted and never settled. Only what it is about goes with it.
package struct FollowUp: Sendable {
    /// e.g. `earlyFollowUp`.
    package let name: String
    package let title: Wording
    /// Which elements a record of it holds, by ordinal; what else a row says stays at home.
    package let holds: [Bool]
    /// Elements of other forms that its rules compare with; a layout may bring them.
    package let asks: Set<Int>
}

extension ElementDictionary {
    /// This dictionary as one follow-up of the programme sees it: `followUps:` of its file.
    ///
    /// - Parameter section: without its `rules`, which the caller reads.
    /// - Throws: `DefinitionError` for a form or a field that the programme lacks.
    package func followUp(_ section: inout Section) throws(DefinitionError) -> ElementDictionary {
        let name = try section.text("record")
        let title = Wording(zh: try section.text("zh"), en: try section.text("en"))
        let fields = try section.texts("subject")
        var holds = [Bool](repeating: false, count: count)
        for field in fields {
            let found = elements.filter { element in
                if case .subject = element.location { element.wireName == field } else { false }
            }
            guard !found.isEmpty else {
                throw section.error(
                    at: "subject", "服务对象没有字段 “\(field)”。", "No subject has \(field).")
            }
            for element in found { holds[element.ordinal] = true }
        }
        for form in try section.texts("forms") {
            guard let number = forms.firstIndex(where: { $0.name == form }) else {
                throw section.error(at: "forms", "没有表单 “\(form)”。", "There is no form \(form).")
            }
            for element in elements(at: .form(number)) { holds[element.ordinal] = true }
        }
        for element in elements {
            if case .month(of: let day) = element.kind, holds[day] { holds[element.ordinal] = true }
        }
        var asks: Set<Int> = []
        for field in try section.texts("asks") {
            guard let asked = ordinal(of: field) else {
                throw section.error(
                    at: "asks", "项目没有字段 “\(field)”。", "The programme has no field \(field).")
            }
            asks.insert(asked)
        }
        let served = try section.text("servedOn")
        guard let servedOn = ordinal(of: served) else {
            throw section.error(
                at: "servedOn", "项目没有字段 “\(served)”。", "The programme has no field \(served).")
        }
        return seen(
            by: FollowUp(name: name, title: title, holds: holds, asks: asks),
            servedOn: servedOn)
    }
}
