/// The words by which the review knows what a column or a constant says of a person (认人的词):
/// `privacy/signs.csv`, header `word,means`. Compared without case, as part of the text.
package struct PrivacySigns: Sendable {
    /// What a word says.
    package enum Meaning: String, CaseIterable, Sendable {
        /// A column's header: it holds people's names, ID numbers, phones, addresses.
        case name, id, phone, address
        /// A header: it holds digests or masked values.
        case digest
        /// An institution, no person.
        case place
        /// A person by his relation (之妻), a village.
        case kin, village
        /// How invented names begin.
        case invented
    }

    private var words: [Meaning: [String]] = [:]

    /// Nothing is known: no file.
    package init() {}

    /// Parses the file's text. Throws `DefinitionError` at the first line that is wrong.
    package init(text: String) throws(DefinitionError) {
        let table = try CodeTable(text: text, shownAs: "privacy/signs.csv")
        try table.expect(header: ["word", "means"])
        for row in table.rows {
            guard let meaning = Meaning(rawValue: row.cells[1]), !row.cells[0].isEmpty else {
                let known = Meaning.allCases.map(\.rawValue).joined(separator: ", ")
                throw table.error(
                    row, "词不能为空，means 只能是：\(known)。", "A word, and one of: \(known).")
            }
            words[meaning, default: []].append(row.cells[0].lowercased())
        }
    }

    package var isEmpty: Bool { words.isEmpty }

    /// Whether a text holds a word of one of these meanings.
    package func say(_ meanings: Meaning..., in text: String) -> Bool {
        let folded = text.lowercased()
        return meanings.contains { words[$0, default: []].contains { folded.contains($0) } }
    }

    /// Whether a header says that its column tells who somebody is: an ID number in any case, a
    /// name, a phone or an address where it is not an institution's.
    package func nameSomebody(_ header: String) -> Bool {
        say(.id, in: header)
            || say(.name, .phone, .address, in: header) && !say(.place, in: header)
    }

    /// Whether a name is evidently invented: by its first characters, or by 某 anywhere.
    package func isInvented(_ name: String) -> Bool {
        let folded = name.lowercased().filter { !$0.isWhitespace }
        return words[.invented, default: []].contains { word in
            folded.hasPrefix(word) || word.count > 1 && folded.contains(word)
                || word == "某" && folded.contains(word)
        }
    }
}
