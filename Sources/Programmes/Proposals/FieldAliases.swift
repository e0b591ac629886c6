import Definitions
import Records

/// What clinics call the fields and the persons of a programme (别名): `aliases.csv`, header
/// `field,alias`. Proposals read it, and nothing that sends does.
package struct FieldAliases: Sendable {
    /// Names of fields, by the field's ordinal.
    package private(set) var fields: [(ordinal: Int, alias: String)] = []
    /// Words before or behind a column's name that say whose it is, by the subject's ordinal.
    package private(set) var persons: [(subject: Int, alias: String)] = []

    /// Only the dictionary's own names, for a programme without the file.
    init(of dictionary: ElementDictionary) {
        for (subject, person) in dictionary.subjects.enumerated() {
            persons.append((subject, person.title.zh))
            persons.append((subject, person.role))
        }
    }

    /// Reads the file. Its first column names a person's role, a field, or a field that several
    /// persons have without the person: `wife`, `wife.hbsAg`, `hbsAg`.
    init(text: String, shownAs file: String, dictionary: ElementDictionary)
        throws(DefinitionError)
    {
        self.init(of: dictionary)
        let table = try CodeTable(text: text, shownAs: file)
        try table.expect(header: ["field", "alias"])
        var seen: Set<[String]> = []
        for row in table.rows {
            guard seen.insert(row.cells).inserted else {
                throw table.error(row, "同一行出现两次。", "This line stands twice.")
            }
            let (name, alias) = (row.cells[0], row.cells[1])
            guard !ColumnName.folded(alias).isEmpty else {
                throw table.error(row, "别名里没有字。", "The alias has no letter.")
            }
            if let subject = dictionary.subjects.firstIndex(where: { $0.role == name }) {
                persons.append((subject, alias))
                continue
            }
            let named = dictionary.elements.filter { $0.name == name || $0.wireName == name }
            guard !named.isEmpty else {
                throw table.error(
                    row, "项目没有字段 “\(name)”。", "The programme has no field \(name).")
            }
            fields += named.map { ($0.ordinal, alias) }
        }
    }
}
