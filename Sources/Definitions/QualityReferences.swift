package import Records

/// Which laboratory's quality is proved for which month (检验质量控制凭据), for R-19:
/// “使用的仪器、试剂和耗材等均应当经……批准……室内质量控制……室间质量评价”.
///
/// A CSV file in UTF-8 with the header `code,month,reference,assessment`: the laboratory's code, the
/// month as `yyyy-MM`, the number under which its internal quality control is filed, and the result
/// of the external assessment that was in force: `passed`, `failed`, or empty where there was none.
/// A laboratory stands once for each month.
///
/// A class, so that asking passes one reference.
package final class QualityReferences: Sendable {
    private enum Assessment: String, CaseIterable {
        case passed, failed
        case none = ""
    }

    /// Its rows, each as one text: what was judged by it.
    package let lines: [String]
    private let laboratories: ByteTable
    /// By laboratory the months that are proved.
    private let months: [[CalendarMonth]]

    /// Parses the file's text; throws where a line is wrong, with its place.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        let table = try CodeTable(text: text, shownAs: file)
        try table.expect(header: ["code", "month", "reference", "assessment"])
        var laboratories: [String: Int] = [:]
        var months: [[CalendarMonth]] = []
        var seen: Set<String> = []
        for row in table.rows {
            guard !row.cells[0].isEmpty, !row.cells[2].isEmpty else {
                throw table.error(
                    row, "机构代码或凭据编号为空。", "The laboratory or the reference is empty.")
            }
            guard let month = CalendarMonth(iso: row.cells[1]) else {
                throw table.error(row, "月份应为 yyyy-MM。", "A month must be yyyy-MM.")
            }
            guard let assessment = Assessment(rawValue: row.cells[3]) else {
                throw table.error(
                    row, "assessment 只能是 passed、failed 或空。",
                    "assessment must be passed, failed or empty.")
            }
            guard seen.insert(row.cells[0] + " " + row.cells[1]).inserted else {
                throw table.error(
                    row, "同一机构同一月份出现两次。", "The laboratory stands twice for the month.")
            }
            let laboratory = laboratories[row.cells[0]] ?? months.count
            if laboratory == months.count {
                laboratories[row.cells[0]] = laboratory
                months.append([])
            }
            if assessment != .failed { months[laboratory].append(month) }
        }
        lines = table.rows.map { $0.cells.joined(separator: ",") }
        self.laboratories = ByteTable(
            laboratories.map { (key: Array($0.key.utf8), number: $0.value) })
        self.months = months
    }

    /// Whether a laboratory has a reference for a month, and did not fail its assessment then.
    ///
    /// - Parameter code: UTF-8, as the record has it.
    package func isProved(_ code: ArraySlice<UInt8>, in month: CalendarMonth) -> Bool {
        guard let known = code.withUnsafeBufferPointer({ laboratories.number(of: $0) }) else {
            return false
        }
        return months[known].contains(month)
    }
}
