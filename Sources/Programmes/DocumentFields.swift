package import Definitions
package import Records

/// A small dictionary beside the programmes' own: the fields of a document that we make or get, and
/// where it carries each (信封与结算证据的字段).
///
/// A CSV file in UTF-8 with the header `number,field,zh,en,kind,length,unit,list,required,class,
/// protection,carriedBy`; lists of codes stand in `codes/` beside it.
package struct DocumentFields: Sendable {
    /// One line of the file.
    package struct Field: Sendable {
        /// The row of the list that it comes from, e.g. `EX-005`.
        package let number: String
        package let name: String
        package let title: Wording
        package let kind: Kind
        /// How many characters it may have.
        package let length: ClosedRange<Int>
        package let unit: String?
        /// For codes.
        package let list: CodeList?
        package let isRequired: Bool
        package let privacyClass: PrivacyClass
        package let protection: Protection
        package let carriers: [Carrier]
    }

    /// What the text of a field is.
    package enum Kind: String, Sendable, CaseIterable {
        case text, code, integer, month, institution, digest, signature
    }

    /// Whether it leaves the county, and how.
    package enum Protection: String, Sendable, CaseIterable {
        case keep, drop, encrypt
    }

    /// The place that carries a field.
    package enum Carrier: Hashable, Sendable {
        /// A path below `Submission` or `Receipt`: element, or element@attribute.
        case message(String)
        /// A header of the HTTPS request.
        case header(String)
        /// Table and column of the site's own database; it stays there.
        case store(table: String, column: String)
        /// A file of the evidence pack, and the path in it.
        case file(String, path: String)
    }

    package let fields: [Field]

    /// Parses the file's text. Throws `DefinitionError` at the first line that is wrong.
    ///
    /// - Parameters:
    ///   - prefix: what every number begins with, e.g. `EX`; they count up from `EX-001`.
    ///   - codeList: opens a list by its name.
    package init(
        text: String, shownAs file: String, prefix: String,
        codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) {
        let table = try CodeTable(text: text, shownAs: file)
        try table.expect(header: DocumentFields.header)
        var fields: [Field] = []
        for row in table.rows {
            let reading = FieldReading(table: table, row: row)
            let field = try reading.field(codeList)
            guard field.number == DocumentFields.number(fields.count + 1, prefix) else {
                throw table.error(row, "编号应依次递增。", "Numbers must count up one by one.")
            }
            guard !fields.contains(where: { $0.name == field.name }) else {
                throw table.error(
                    row, "字段 “\(field.name)” 重复。", "\(field.name) stands twice.")
            }
            fields.append(field)
        }
        self.fields = fields
    }

    private static let header = [
        "number", "field", "zh", "en", "kind", "length", "unit", "list", "required", "class",
        "protection", "carriedBy",
    ]

    private static func number(_ count: Int, _ prefix: String) -> String {
        let digits = String(count)
        return prefix + "-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}

/// One row on its way to a field.
private struct FieldReading {
    let table: CodeTable
    let row: CodeTable.Row

    func field(_ codeList: (String) throws(DefinitionError) -> CodeList) throws(DefinitionError)
        -> DocumentFields.Field
    {
        let kind = try choice(4, DocumentFields.Kind.self)
        let list = row.cells[7].isEmpty ? nil : try codeList(row.cells[7])
        guard (kind == .code) == (list != nil) else {
            throw table.error(row, "代码字段要有 list，别的没有。", "A code has a list, others none.")
        }
        guard let length = FieldReading.length(row.cells[5]) else {
            throw table.error(
                row, "length 应写成 36、..40 或 18..22。", "Write length as 36, ..40 or 18..22.")
        }
        if let long = list?.codes.first(where: { !length.contains($0.code.utf8.count) }) {
            throw table.error(
                row, "代码 \(long.code) 不合 length。", "The code \(long.code) does not fit length.")
        }
        let privacy = try choice(9, PrivacyClass.self)
        let protection = try choice(10, DocumentFields.Protection.self)
        guard privacy != .direct || protection != .keep else {
            throw table.error(
                row, "直接标识不得原样上报。", "A direct identifier does not leave in the clear.")
        }
        let carriers = try carriers()
        let staysHome = carriers.allSatisfy { if case .store = $0 { true } else { false } }
        guard staysHome == (protection == .drop) else {
            throw table.error(
                row, "只存本地的写 drop，外发的不写。", "What only the store has is drop, and nothing else.")
        }
        return DocumentFields.Field(
            number: row.cells[0], name: try text(1),
            title: Wording(zh: try text(2), en: try text(3)), kind: kind, length: length,
            unit: row.cells[6].isEmpty ? nil : row.cells[6], list: list,
            isRequired: try required(), privacyClass: privacy, protection: protection,
            carriers: carriers)
    }

    private func text(_ column: Int) throws(DefinitionError) -> String {
        guard !row.cells[column].isEmpty else {
            let name = table.header[column]
            throw table.error(row, "缺少 “\(name)”。", "\(name) is missing.")
        }
        return row.cells[column]
    }

    private func choice<Case: RawRepresentable & CaseIterable>(_ column: Int, _: Case.Type)
        throws(DefinitionError) -> Case where Case.RawValue == String
    {
        guard let found = Case(rawValue: row.cells[column]) else {
            let known = Case.allCases.map(\.rawValue).joined(separator: ", ")
            let name = table.header[column]
            throw table.error(row, "“\(name)” 只能是：\(known)。", "\(name) must be one of: \(known).")
        }
        return found
    }

    private func required() throws(DefinitionError) -> Bool {
        guard ["true", "false"].contains(row.cells[8]) else {
            throw table.error(row, "required 应为 true 或 false。", "required must be true or false.")
        }
        return row.cells[8] == "true"
    }

    /// `36`, `..40` or `18..22`.
    private static func length(_ text: String) -> ClosedRange<Int>? {
        if let exact = Int(text), exact > 0 { return exact...exact }
        let parts = text.split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count == 2, let most = Int(parts[1]),
            let least = parts[0].isEmpty ? 1 : Int(parts[0]), least > 0, least <= most
        else { return nil }
        return least...most
    }

    /// Carriers with `; ` between.
    private func carriers() throws(DefinitionError) -> [DocumentFields.Carrier] {
        var carriers: [DocumentFields.Carrier] = []
        for part in try text(11).split(separator: ";") {
            let words = part.split(separator: " ").map(String.init)
            guard let carrier = FieldReading.carrier(words) else {
                throw table.error(
                    row, "carriedBy 不认识 “\(words.joined(separator: " "))”。",
                    "carriedBy does not know \(words.joined(separator: " ")).")
            }
            carriers.append(carrier)
        }
        return carriers
    }

    private static func carrier(_ words: [String]) -> DocumentFields.Carrier? {
        switch (words.count, words.first) {
        case (1, let path?):
            let root = path.prefix { $0 != "/" && $0 != "@" }
            return ["Submission", "Receipt"].contains(root) ? .message(path) : nil
        case (2, "header"): return .header(words[1])
        case (2, "store"):
            let parts = words[1].split(separator: ".").map(String.init)
            return parts.count == 2 ? .store(table: parts[0], column: parts[1]) : nil
        case (2, let file?) where file.contains("."): return .file(file, path: words[1])
        default: return nil
        }
    }
}
