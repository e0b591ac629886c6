import Definitions
package import Mappings

extension CleanCouple {
    /// The same couple with some fields written otherwise, by their names in the programme.
    ///
    /// A code, or `true` and `false`, is spelled as the mapping's words have it; several codes of a
    /// set are joined as clinics write them. What no column brings is an error.
    package func with(fields: [String: String], in mapping: Mapping) throws(NoSuchColumn)
        -> CleanCouple
    {
        var changes: [String: String] = [:]
        for (field, value) in fields {
            guard let ordinal = mapping.dictionary.ordinal(of: field),
                let rule = mapping.rules.first(where: { $0.ordinal == ordinal }),
                case .column(let column) = rule.origin
            else { throw NoSuchColumn(name: field) }
            let words = rule.words?.words ?? []
            changes[column] =
                value.split(separator: "+").map { part in
                    words.first { $0.code == part }?.word ?? String(part)
                }.joined(separator: "、")
        }
        return with(changes)
    }
}
