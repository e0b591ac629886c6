/// A cell of a table that people open in a spreadsheet: RFC 4180, and never a formula.
enum SheetCell {
    /// The text, quoted where it must be. What a spreadsheet would reckon as a formula gets an
    /// apostrophe before it, which shows it as the text that it is (OWASP ASVS 5.0, 1.2.10); a
    /// number stays one.
    static func text(_ cell: String) -> String {
        let first = cell.unicodeScalars.first
        let mayBeFormula = first.map { "=+-@\t\r\0＝＋－＠".unicodeScalars.contains($0) } ?? false
        let isFormula = mayBeFormula && cell != "-" && Double(cell) == nil
        let text = isFormula ? "'" + cell : cell
        guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
            return text
        }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// A line of such cells, ended by CR LF.
    static func row(_ cells: [String]) -> String {
        cells.map(text).joined(separator: ",") + "\r\n"
    }
}
