package import Records

/// The sets of codes that a source may write (代码体系登记): `mappings/code-sets.csv`.
///
/// Header `name,zh,en,valid_from,valid_to`. A name may have open parts in angle brackets:
/// `LOCAL:<org>:<version>` stands for every set that an institution made for itself.
package struct CodeSets: Sendable {
    /// One set, or one family of sets.
    package struct Entry: Sendable {
        package let name: String
        package let title: Wording
        package let validFrom: CalendarDate?
        package let validTo: CalendarDate?
        /// Whether the name has open parts.
        package var isPattern: Bool { name.contains("<") }
    }

    package let entries: [Entry]

    /// Parses the registry's text.
    ///
    /// - Throws: `DefinitionError` at the line of an empty or repeated name, or of a wrong day.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        let rows = try CodeTable(text: text, shownAs: file)
        try rows.expect(header: ["name", "zh", "en", "valid_from", "valid_to"])
        var entries: [Entry] = []
        for row in rows.rows {
            let name = row.cells[0]
            guard !name.isEmpty, !entries.contains(where: { $0.name == name }) else {
                throw rows.error(
                    row, "代码体系的名称为空或重复。", "The set's name is empty or stands twice.")
            }
            entries.append(
                Entry(
                    name: name, title: Wording(zh: row.cells[1], en: row.cells[2]),
                    validFrom: try rows.day(row, column: 3),
                    validTo: try rows.day(row, column: 4)))
        }
        self.entries = entries
    }

    /// Reads the registry at a path.
    package init(path: String, shownAs file: String) throws(DefinitionError) {
        self = try CodeSets(text: CodeTable.text(at: path, shownAs: file), shownAs: file)
    }

    /// The names for people, in the order of the file.
    package var names: String { entries.map(\.name).joined(separator: ", ") }

    /// Whether a set of this name is registered.
    package func knows(_ name: String) -> Bool {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        return entries.contains { entry in
            guard entry.isPattern else { return entry.name == name }
            let form = entry.name.split(separator: ":", omittingEmptySubsequences: false)
            return form.count == parts.count
                && zip(form, parts).allSatisfy { open, part in
                    open.hasPrefix("<")
                        ? !part.isEmpty && part.allSatisfy(CodeSets.isName) : open == part
                }
        }
    }

    /// What an open part of a name is written with.
    private static func isName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
    }
}
