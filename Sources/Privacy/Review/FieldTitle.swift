package import Definitions
import Records

extension ElementDictionary {
    /// A field as people know it, its name after it: `女方 子宫包块（wife.wUterusMass）`; the name
    /// alone for what is no field of the programme.
    package func titled(_ name: String) -> String {
        guard let element = elements.first(where: { $0.name == name }) else { return name }
        let place =
            switch element.location {
            case .subject(let subject): subjects[subject].title
            case .form(let form): forms[form].title
            }
        return "\(place.zh) \(element.title.zh)（\(name)）"
    }
}

extension ReviewSheet {
    /// What a finding is about, as people know it, each name after its title; a column stays as it
    /// is.
    package func titled(_ finding: SheetFinding) -> String {
        finding.field.split(separator: "、").map { name in
            if let field = (sent + readOnly).first(where: { $0.name == name }) {
                return "\(field.place.zh) \(field.title.zh)（\(name)）"
            }
            return unfilled.first { $0.name == name }.map { "\($0.title.zh)（\(name)）" }
                ?? String(name)
        }.joined(separator: "、")
    }

    /// The fields of findings by the place that they stand in, in the order of the wire: `女方：民族、
    /// 职业；男方：民族`.
    package func namesByPlace(of findings: [SheetFinding]) -> String {
        let names = Set(findings.flatMap { $0.field.split(separator: "、").map(String.init) })
        var places: [(zh: String, titles: [String])] = []
        for field in sent + readOnly where names.contains(field.name) {
            if places.last?.zh != field.place.zh { places.append((field.place.zh, [])) }
            places[places.count - 1].titles.append(field.title.zh)
        }
        return places.map { "\($0.zh)：\($0.titles.joined(separator: "、"))" }
            .joined(separator: "；")
    }
}
