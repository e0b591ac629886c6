package import Definitions
package import Intake
import Records

/// A table that is to leave the county, read whole (待出县的表): each line of the file is the header
/// or a row, no line is a remark, and what cannot be read refuses the file.
package struct ReleaseTable: Sendable {
    /// The file, as it may be shown.
    package let file: String
    /// As they stand: they leave with the file.
    package let header: [String]
    /// Of as many cells each.
    package let rows: [[String]]
    package let encoding: TextEncoding

    private static let batch = 1000

    /// Reads a CSV as the intake does: UTF-8, GB 18030, or Excel's Unicode text.
    ///
    /// - Parameter shown: what to call the file.
    /// - Throws: `ReadFailure` where nothing of it can be read; `DefinitionError` for a row that
    ///   cannot, by its number.
    package init(path: String, shownAs shown: String) throws {
        let cursor = try CSVReader.open(path: path)
        var rows: [[String]] = []
        while let batch = try cursor.next(upTo: ReleaseTable.batch) {
            if let row = batch.unreadable.first {
                throw DefinitionError(
                    file: shown, line: row.place.row, column: 1,
                    problem: Wording(
                        zh: "这一行读不出（\(row.finding.code)），没法判断；# 开头的行也算一行。改好再查。",
                        en:
                            "This row cannot be read (\(row.finding.code)), and so not judged; a line "
                            + "that begins with # is a row too. Mend it and check again."))
            }
            for row in 0..<batch.rowCount {
                rows.append(
                    (0..<batch.columnCount).map {
                        String(
                            decoding: batch.bytes[batch.cell(row: row, column: $0)],
                            as: UTF8.self)
                    })
            }
        }
        file = shown
        header = cursor.header
        encoding = cursor.position.encoding
        self.rows = rows
    }

    /// The place of a column. Throws `DefinitionError` where there is none.
    package func place(of column: String) throws(DefinitionError) -> Int {
        guard let place = header.firstIndex(of: column) else {
            throw DefinitionError(
                file: file, line: 1, column: 1,
                problem: Wording(
                    zh: "没有这一列：首行须是列名（# 开头的也算首行）；请核对 --quasi 与 --sensitive。",
                    en:
                        "There is no such column: the first line has the names, also where it begins "
                        + "with #; see --quasi and --sensitive."))
        }
        return place
    }
}
