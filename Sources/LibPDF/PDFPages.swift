/// One column of a table.
package struct TableColumn: Sendable {
    package let title: String
    /// Its part of the table's width, beside those of the others.
    package let weight: Double
    package let side: TextStyle.Side

    package init(_ title: String, _ weight: Double, _ side: TextStyle.Side = .left) {
        self.title = title
        self.weight = weight
        self.side = side
    }
}

/// One row of a table: a cell for each column, or one cell across all of them.
package struct TableRow: Sendable {
    package let cells: [String]
    package let ink: TextStyle.Ink
    /// Whether it is the head of the rows behind it, and never the last one on a page.
    package let isHead: Bool

    package init(_ cells: [String], ink: TextStyle.Ink = .black) {
        self.cells = cells
        self.ink = ink
        isHead = false
    }

    /// A head across the whole table.
    package init(head: String) {
        cells = [head]
        ink = .black
        isHead = true
    }
}

/// Paragraphs and tables that run over as many pages as they need (分页): heads are repeated, and
/// each page says which of how many it is.
package struct PDFPages {
    private enum Block {
        case paragraph(String, TextStyle, after: Double, keepsWithNext: Bool)
        case table([TableColumn], [TableRow])
        case code(QRCode, String)
    }

    /// A code's side, points: 32 mm.
    private static let codeSide = 90.0

    private static let margin = 40.0
    private static let padding = 3.0
    private static var room: Double { PDFDocument.width - 2 * margin }
    private static var bottom: Double { PDFDocument.height - margin - 14 }

    private let title: String
    private let made: String
    /// What stands at the foot of each page beside its number.
    private let foot: String
    private var blocks: [Block] = []

    package init(title: String, made: String, foot: String) {
        self.title = title
        self.made = made
        self.foot = foot
    }

    /// Adds a text across the page, and so many points behind it.
    ///
    /// - Parameter keepsWithNext: whether it never stands last on a page, as a heading never does.
    package mutating func paragraph(
        _ text: String, _ style: TextStyle = TextStyle(), after: Double = 4,
        keepsWithNext: Bool = false
    ) {
        let isHeading = style.isBold && style.size > 10
        blocks.append(
            .paragraph(text, style, after: after, keepsWithNext: keepsWithNext || isHeading))
    }

    /// Adds a table as wide as the page.
    ///
    /// - Parameter rows: as many cells as there are columns.
    package mutating func table(_ columns: [TableColumn], _ rows: [[String]]) {
        blocks.append(.table(columns, rows.map { TableRow($0) }))
    }

    /// Adds a table whose rows may be in another ink, or be heads of what follows.
    package mutating func table(_ columns: [TableColumn], of rows: [TableRow]) {
        blocks.append(.table(columns, rows))
    }

    /// Adds a text as a QR code, with words beside it. Throws `content` for too long a text.
    package mutating func code(_ text: String, beside words: String) throws(PDFFailure) {
        blocks.append(.code(try QRCode(text), words))
    }

    /// Writes the document. Throws `PDFFailure`.
    package func write(to path: String) throws(PDFFailure) {
        // Measured first: each page names the last one's number.
        let pages = try draw(on: PDFDocument(path: nil, title: title, made: made), of: nil)
        let document = try PDFDocument(path: path, title: title, made: made)
        _ = try draw(on: document, of: pages)
    }

    private func draw(on document: PDFDocument, of pages: Int?) throws(PDFFailure) -> Int {
        var pen = Pen(document: document, foot: foot, pages: pages)
        for (index, block) in blocks.enumerated() {
            switch block {
            case .paragraph(let text, let style, let after, let keepsWithNext):
                let height = document.height(of: text, style, width: PDFPages.room)
                pen.make(
                    room: keepsWithNext
                        ? height + after + beginning(of: index + 1, document) : height)
                document.draw(text, style, x: PDFPages.margin, y: pen.y, width: PDFPages.room)
                pen.y += height + after
            case .table(let columns, let rows): pen.table(columns, rows)
            case .code(let code, let words): pen.code(code, words)
            }
        }
        pen.endPage()
        try document.close()
        return pen.page
    }

    /// How much room a block's beginning needs: a heading and its legend stand above something.
    private func beginning(of index: Int, _ document: PDFDocument) -> Double {
        guard blocks.indices.contains(index) else { return 0 }
        switch blocks[index] {
        case .paragraph(let text, let style, let after, let keepsWithNext):
            let height = document.height(of: text, style, width: PDFPages.room)
            return keepsWithNext ? height + after + beginning(of: index + 1, document) : height
        case .table(let columns, let rows):
            return Pen(document: document, foot: foot, pages: nil).beginning(columns, rows)
        case .code: return PDFPages.codeSide
        }
    }

    /// How much room a row needs with what has to stand on the same page.
    private static func together(_ rows: [TableRow], _ heights: [Double], from index: Int)
        -> Double
    {
        guard rows.indices.contains(index) else { return 0 }
        let next = rows[index].isHead && rows.indices.contains(index + 1)
        return heights[index] + (next ? heights[index + 1] : 0)
    }

    /// Where drawing goes on.
    private struct Pen {
        let document: PDFDocument
        let foot: String
        let pages: Int?
        var y = PDFPages.margin
        var page = 1

        init(document: PDFDocument, foot: String, pages: Int?) {
            self.document = document
            self.foot = foot
            self.pages = pages
        }

        /// Begins another page where so much does not fit any more.
        mutating func make(room height: Double) {
            guard y + height > PDFPages.bottom, y > PDFPages.margin else { return }
            endPage()
            page += 1
            y = PDFPages.margin
        }

        func endPage() {
            let style = TextStyle(.left, size: 7.5)
            let top = PDFDocument.height - PDFPages.margin
            document.draw(foot, style, x: PDFPages.margin, y: top, width: PDFPages.room * 0.8)
            let last = pages.map { "\($0)" } ?? "?"
            document.draw(
                "第 \(page) 页，共 \(last) 页 · \(page) / \(last)", TextStyle(.right, size: 7.5),
                x: PDFPages.margin, y: top, width: PDFPages.room)
            document.endPage()
        }

        mutating func code(_ code: QRCode, _ words: String) {
            make(room: PDFPages.codeSide)
            document.draw(code, x: PDFPages.margin, y: y, side: PDFPages.codeSide)
            let left = PDFPages.codeSide + 12
            document.draw(
                words, TextStyle(size: 7.5), x: PDFPages.margin + left, y: y,
                width: PDFPages.room - left)
            y += PDFPages.codeSide + 10
        }

        /// The height of a table's head and of the rows that never part from it.
        func beginning(_ columns: [TableColumn], _ rows: [TableRow]) -> Double {
            let whole = columns.reduce(0) { $0 + $1.weight }
            let widths = columns.map { PDFPages.room * $0.weight / whole }
            let styles = columns.map { _ in TextStyle(.center, isBold: true, size: 8) }
            let first = Array(rows.prefix(2))
            let heights = first.map { row in
                let look = look(of: row, columns, widths)
                return height(of: row.cells, look.styles, look.widths)
            }
            return height(of: columns.map(\.title), styles, widths)
                + PDFPages.together(first, heights, from: 0)
        }

        mutating func table(_ columns: [TableColumn], _ rows: [TableRow]) {
            let whole = columns.reduce(0) { $0 + $1.weight }
            let widths = columns.map { PDFPages.room * $0.weight / whole }
            let heads = columns.map(\.title)
            let headStyles = columns.map { _ in TextStyle(.center, isBold: true, size: 8) }
            let headHeight = height(of: heads, headStyles, widths)
            let looks = rows.map { look(of: $0, columns, widths) }
            let heights = zip(rows, looks).map { height(of: $0.cells, $1.styles, $1.widths) }
            // A head alone at the foot of a page says nothing.
            make(room: headHeight + PDFPages.together(rows, heights, from: 0))
            row(heads, headStyles, widths, headHeight, isHead: true)
            for (index, cells) in rows.enumerated() {
                let before = page
                make(room: PDFPages.together(rows, heights, from: index))
                if page != before { row(heads, headStyles, widths, headHeight, isHead: true) }
                let (styles, widths) = looks[index]
                row(cells.cells, styles, widths, heights[index], isHead: cells.isHead)
            }
            y += 8
        }

        private func look(of row: TableRow, _ columns: [TableColumn], _ widths: [Double])
            -> (styles: [TextStyle], widths: [Double])
        {
            if row.isHead { return ([TextStyle(.left, isBold: true, size: 8)], [PDFPages.room]) }
            precondition(row.cells.count == columns.count, "a row has a cell for each column")
            return (columns.map { TextStyle($0.side, size: 8, ink: row.ink) }, widths)
        }

        private func height(of cells: [String], _ styles: [TextStyle], _ widths: [Double])
            -> Double
        {
            zip(cells, zip(styles, widths)).map { cell, look in
                document.height(of: cell, look.0, width: look.1 - 2 * PDFPages.padding)
            }.max().map { $0 + 2 * PDFPages.padding } ?? 0
        }

        private mutating func row(
            _ cells: [String], _ styles: [TextStyle], _ widths: [Double], _ height: Double,
            isHead: Bool
        ) {
            var x = PDFPages.margin
            for (cell, (style, width)) in zip(cells, zip(styles, widths)) {
                document.box(x: x, y: y, width: width, height: height, isShaded: isHead)
                document.draw(
                    cell, style, x: x + PDFPages.padding, y: y + PDFPages.padding,
                    width: width - 2 * PDFPages.padding)
                x += width
            }
            y += height
        }
    }
}
