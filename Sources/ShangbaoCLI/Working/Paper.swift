import LibCrypto
import LibPDF

/// A document of headings, paragraphs and tables, for a browser and on paper: no script, nothing
/// loaded.
struct Paper {
    /// One column: its head, its part of the width, whether it holds numbers, and whether its cells
    /// are too short to be broken.
    struct Column {
        let head: String
        let weight: Double
        let isNumber: Bool
        let isWhole: Bool

        init(
            _ head: String, _ weight: Double = 1, isNumber: Bool = false, isWhole: Bool = false
        ) {
            self.head = head
            self.weight = weight
            self.isNumber = isNumber
            self.isWhole = isWhole
        }
    }

    private enum Block {
        case heading(String)
        case paragraph(String)
        /// Room for a person to write in.
        case blank(String)
        case table([Column], [[String]])
    }

    private let title: String
    private let subtitle: String
    private var blocks: [Block] = []

    init(title: String, subtitle: String) {
        self.title = title
        self.subtitle = subtitle
    }

    mutating func heading(_ text: String) { blocks.append(.heading(text)) }

    mutating func paragraph(_ text: String) { blocks.append(.paragraph(text)) }

    mutating func blank(_ text: String) { blocks.append(.blank(text)) }

    mutating func table(_ columns: [Column], _ rows: [[String]]) {
        blocks.append(rows.isEmpty ? .paragraph("没有。None.") : .table(columns, rows))
    }

    // MARK: - Paper

    /// The document as pages.
    ///
    /// - Parameter made: the day that they bear, `xs:dateTime`.
    func pdf(at made: String) -> PDFPages {
        var pages = PDFPages(title: title, made: made, foot: title)
        pages.paragraph(title, TextStyle(.center, isBold: true, size: 15), after: 3)
        pages.paragraph(subtitle, TextStyle(.center, size: 8, ink: .grey), after: 8)
        for block in blocks {
            switch block {
            case .heading(let text): pages.paragraph(text, TextStyle(isBold: true, size: 11))
            case .paragraph(let text): pages.paragraph(text, after: 6)
            case .blank(let text):
                let line = String(repeating: "＿", count: 60)
                // What is written there is signed below it, on the same page.
                pages.paragraph(text, TextStyle(ink: .grey), after: 8, keepsWithNext: true)
                for _ in 0..<2 {
                    pages.paragraph(line, TextStyle(size: 12), after: 6, keepsWithNext: true)
                }
            case .table(let columns, let rows):
                pages.table(
                    columns.map {
                        TableColumn($0.head, $0.weight, $0.isNumber ? .right : .left)
                    }, rows)
            }
        }
        return pages
    }

    // MARK: - Browser

    private static let style = """
        @page { size: A4 landscape; margin: 12mm; }
        body { font: 13px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei",
          sans-serif; color: #1b2430; max-width: 1100px; margin: 24px auto; padding: 0 20px; }
        h1 { font-size: 22px; margin: 0; }
        .sub { color: #5d6b7a; margin: 2px 0 14px; }
        h2 { font-size: 15px; border-left: 4px solid #1f5fa8; padding-left: 8px;
          margin: 22px 0 8px; break-after: avoid; }
        table { border-collapse: collapse; width: 100%; }
        thead { display: table-header-group; }
        th, td { border: 1px solid #d5dce4; padding: 3px 8px; text-align: left;
          vertical-align: top; }
        th { background: #1f5fa8; color: #fff; font-weight: 600; }
        .n { text-align: right; font-variant-numeric: tabular-nums; }
        .w { white-space: nowrap; }
        .blank { background: #fff8e1; border: 1px dashed #c9a227; padding: 6px 10px;
          min-height: 60px; white-space: pre-line; }
        tr { break-inside: avoid; }
        * { print-color-adjust: exact; }
        """

    /// The document as one page for a browser.
    var html: [UInt8] {
        let hash = Base64.standard.encode(Hash.sha256.digest(Array(Paper.style.utf8)))
        return Array(
            """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'sha256-\(hash)'">
            <title>\(escaped(title))</title><style>\(Paper.style)</style></head><body>
            <h1>\(escaped(title))</h1><p class="sub">\(escaped(subtitle))</p>
            \(blocks.map(markup).joined())</body></html>

            """.utf8)
    }

    private func markup(_ block: Block) -> String {
        switch block {
        case .heading(let text): "<h2>\(escaped(text))</h2>\n"
        case .paragraph(let text): "<p>\(escaped(text))</p>\n"
        case .blank(let text): "<div class=\"blank\">\(escaped(text))</div>\n"
        case .table(let columns, let rows):
            "<table><thead><tr>\(cells(columns.map(\.head), columns, "th"))</tr></thead><tbody>\n"
                + rows.map { "<tr>\(cells($0, columns, "td"))</tr>\n" }.joined()
                + "</tbody></table>\n"
        }
    }

    private func cells(_ texts: [String], _ columns: [Column], _ tag: String) -> String {
        zip(texts, columns).map { text, column in
            "<\(tag)\(style(column))>\(escaped(text))</\(tag)>"
        }.joined()
    }

    private func style(_ column: Column) -> String {
        if column.isNumber { return " class=\"n\"" }
        return column.isWhole ? " class=\"w\"" : ""
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
