internal import Records

/// The first reading of a sheet: that it is whole, and what stands behind its rows.
struct SheetScan {
    let merges: [SheetRows.Merge]
    /// What is to say of the sheet as a whole.
    let findings: [Finding]

    /// - Throws: `E-WORKBOOK`, `E-EXPANDS`, `E-IO`, `E-CHANGED`.
    init(
        _ sheet: Workbook.Sheet, of workbook: Workbook, _ options: XLSXOptions
    ) throws(ReadFailure) {
        var rows = try SheetRows(sheet.part, of: workbook, options)
        while try rows.next() != nil {}
        merges = rows.merges
        let hasMerged = rows.merges.contains { $0.rows.upperBound > options.headerRows.upperBound }
        let said = [
            (rows.hasFormulas, CellFault.formulaEntry),
            (rows.hasHidden || sheet.isHidden, CellFault.hiddenEntry),
            (hasMerged, CellFault.mergedEntry),
        ]
        findings = said.filter(\.0).map { Finding(code: $0.1.code, effect: .warning) }
    }
}

/// The names of a sheet's columns.
enum SheetHeader {
    /// Reads on to the end of the header's rows.
    ///
    /// A name of several rows is made of what stands over its column, each part once: a merged cell
    /// stands over all columns that it covers.
    /// - Throws: `E-HEADER`, `V-BLANK`, and what reading throws.
    static func read(
        _ rows: inout SheetRows, _ scan: SheetScan, _ options: XLSXOptions, place: String
    ) throws(ReadFailure) -> [String] {
        let header = options.headerRows
        var texts: [Int: [Int: String]] = [:]
        var isBlank = true
        var last = 0
        while last < header.upperBound, let row = try rows.next() {
            last = row
            if !rows.cells.isEmpty { isBlank = false }
            guard row >= header.lowerBound else { continue }
            guard row <= header.upperBound else {
                rows.giveAgain()
                break
            }
            for cell in rows.cells {
                let bytes = rows.text[cell.text]
                let name = ColumnName.trimmed(String(decoding: bytes, as: UTF8.self))
                guard cell.fault == nil else {
                    throw .header(place: "\(place): \(row)", detail: "column \(cell.column + 1)")
                }
                texts[row, default: [:]][cell.column] = name
            }
        }
        guard !isBlank else { throw .blank(place: place) }
        let width = (texts.values.flatMap { $0.filter { !$0.value.isEmpty }.keys }.max() ?? -1) + 1
        let covered = scan.merges.filter { $0.rows.overlaps(header) }
        let widest =
            covered.filter { merge in
                !(texts[merge.rows.lowerBound]?[merge.columns.lowerBound] ?? "").isEmpty
            }.map { $0.columns.upperBound + 1 }.max() ?? 0
        let count = header.count > 1 ? max(width, widest) : width
        guard count > 0 else {
            throw .header(place: "\(place): \(header.lowerBound)", detail: "blank")
        }
        guard count <= options.columns else {
            throw .header(place: place, detail: "\(count) > \(options.columns) columns")
        }
        return (0..<count).map { name(column: $0, of: texts, header, covered) }
    }

    private static func name(
        column: Int, of texts: [Int: [Int: String]], _ header: ClosedRange<Int>,
        _ merges: [SheetRows.Merge]
    ) -> String {
        var parts: [String] = []
        var before: (row: Int, column: Int)?
        for row in header {
            // One row takes its cells as they stand, like a CSV.
            let merge =
                header.count == 1
                ? nil : merges.first { $0.rows.contains(row) && $0.columns.contains(column) }
            let source =
                merge.map { (row: $0.rows.lowerBound, column: $0.columns.lowerBound) }
                ?? (row: row, column: column)
            if let before, before == source { continue }
            before = source
            if let text = texts[source.row]?[source.column], !text.isEmpty { parts.append(text) }
        }
        return parts.joined(separator: "/")
    }
}
