import Mappings
package import Records

/// A header that is rather a row of data (没有表头): its cells are somebody's, and nothing of it is
/// written down or shown.
package struct HeaderDoubt: ExplainedFailure {
    /// The file, masked.
    package let place: String?
    package var detail: String? { nil }
    package var entry: CodeEntry { HeaderDoubt.entry }

    static let entry = CodeEntry(
        "E-HEADER-DATA",
        what: Wording(
            zh: "表头行里有号码、日期或数值，像是一行数据：文件没有表头，或表头在别的行。",
            en: "The header has numbers, days or quantities like a row of data: the file has no "
                + "header, or has it in another row."),
        next: Wording(
            zh: "请机构带列名重新导出；表头不在第一行的，用 --header-row 说明。",
            en: "Ask for an export with column names; where they stand further down, say "
                + "--header-row."))

    /// Refuses a header of which a cell is no column's name.
    ///
    /// - Throws: `HeaderDoubt`.
    package static func check(_ header: [String], of file: String) throws(HeaderDoubt) {
        let isData = header.contains { name in
            PersonalSigns.areIn(name) || ColumnEvidence.isDayOrNumber(name)
        }
        guard isData else { return }
        throw HeaderDoubt(place: PersonalSigns.masked(file))
    }

    private init(place: String) { self.place = place }
}
