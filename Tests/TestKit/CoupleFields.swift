import Definitions
package import Mappings

extension CleanCouple {
    /// The same couple with some fields written otherwise, by their names in the programme.
    ///
    /// What no column brings is an error.
    package func with(fields: [String: String], in mapping: Mapping) throws(NoSuchColumn)
        -> CleanCouple
    {
        with(try mapping.cells(of: fields))
    }
}

extension Mapping {
    /// The cells that say these fields, by column.
    ///
    /// A code, or `true` and `false`, is spelled as the mapping's words have it; several codes of a
    /// set are joined as clinics write them. What no column brings is an error.
    func cells(of fields: [String: String]) throws(NoSuchColumn) -> [String: String] {
        var cells: [String: String] = [:]
        for (field, value) in fields {
            guard let ordinal = dictionary.ordinal(of: field),
                let rule = rules.first(where: { $0.ordinal == ordinal }),
                case .column(let column) = rule.origin
            else { throw NoSuchColumn(name: field) }
            let words = rule.words?.words ?? []
            cells[column] =
                value.split(separator: "+").map { part in
                    words.first { $0.code == part }?.word ?? String(part)
                }.joined(separator: "、")
        }
        return cells
    }
}
