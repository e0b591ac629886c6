/// A workbook written as it comes (工作簿, ECMA-376): every cell a text, every part stored, so that
/// memory does not grow with the rows. The same rows give the same bytes.
package struct WorkbookBytes {
    /// What stands between the cells of a line.
    package static let cellMark: UInt8 = 0x1F

    private let parts: WorkbookParts
    private var archive = StoredArchive()
    private var row = 0
    private var sheet = 0
    private var columns: [[UInt8]] = []

    /// - Parameters:
    ///   - sheets: their names in the order in which they are written; at least one.
    ///   - isForm: for people to work with: the head row stays in sight, and what is typed over a
    ///     cell stays a text, so that no long number is rounded.
    package init(sheets: [String], isForm: Bool = false) {
        precondition(!sheets.isEmpty, "a workbook has a sheet")
        parts = WorkbookParts(sheets: sheets, isForm: isForm)
    }

    /// After the last row of one sheet: the next rows stand in the next sheet.
    package mutating func nextSheet(_ bytes: inout [UInt8]) {
        if row == 0 { begin(&bytes) }
        endSheet(&bytes)
        (row, sheet) = (0, sheet + 1)
    }

    /// Appends a row; its cells stand apart by `cellMark`, its line end is left out.
    package mutating func append(
        _ line: some BidirectionalCollection<UInt8>, to bytes: inout [UInt8]
    ) {
        if row == 0 { begin(&bytes) }
        row += 1
        var xml = Array("<row r=\"\(row)\">".utf8)
        let digits = Array("\(row)".utf8)
        let end = line.hasLineEnd ? line.dropLast(2) : line[...]
        let cells = end.split(
            separator: WorkbookBytes.cellMark, omittingEmptySubsequences: false)
        var next = 0
        for (column, cell) in cells.enumerated() where !cell.isEmpty {
            if column >= columns.count {
                for more in columns.count...column { columns.append(WorkbookBytes.name(more)) }
            }
            xml.append(contentsOf: WorkbookBytes.cellStart)
            // A cell beside the last one needs no place of its own.
            if column != next {
                xml.append(contentsOf: WorkbookBytes.placeStart)
                xml.append(contentsOf: columns[column])
                xml.append(contentsOf: digits)
                xml.append(UInt8(ascii: "\""))
            }
            next = column + 1
            xml.append(contentsOf: parts.textStart)
            for byte in cell { WorkbookBytes.append(byte, to: &xml) }
            xml.append(contentsOf: parts.textEnd)
        }
        xml.append(contentsOf: WorkbookBytes.rowEnd)
        archive.append(xml, to: &bytes)
    }

    /// After the last row of the last sheet.
    package mutating func finish(_ bytes: inout [UInt8]) {
        if row == 0 { begin(&bytes) }
        endSheet(&bytes)
        archive.finish(&bytes)
    }

    private mutating func begin(_ bytes: inout [UInt8]) {
        for part in sheet == 0 ? parts.around : [] {
            archive.begin(part.name, &bytes)
            archive.append(Array(part.text.utf8), to: &bytes)
            archive.end(&bytes)
        }
        archive.begin("xl/worksheets/sheet\(sheet + 1).xml", &bytes)
        archive.append(Array(parts.opening.utf8), to: &bytes)
    }

    private mutating func endSheet(_ bytes: inout [UInt8]) {
        archive.append(Array(WorkbookParts.closing.utf8), to: &bytes)
        archive.end(&bytes)
    }

    // Short, since a workbook of more than 200 MB is refused by its reader.
    private static let cellStart = Array("<c".utf8)
    private static let placeStart = Array(" r=\"".utf8)
    private static let rowEnd = Array("</row>".utf8)
    private static let ampersand = Array("&amp;".utf8)
    private static let less = Array("&lt;".utf8)

    private static func append(_ byte: UInt8, to xml: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): xml.append(contentsOf: ampersand)
        case UInt8(ascii: "<"): xml.append(contentsOf: less)
        default: xml.append(byte)
        }
    }

    /// `A` to `Z`, `AA` and so on.
    private static func name(_ column: Int) -> [UInt8] {
        var letters: [UInt8] = []
        var rest = column + 1
        while rest > 0 {
            letters.append(0x41 + UInt8((rest - 1) % 26))
            rest = (rest - 1) / 26
        }
        return letters.reversed()
    }
}

extension BidirectionalCollection<UInt8> {
    fileprivate var hasLineEnd: Bool { suffix(2).elementsEqual([0x0D, 0x0A]) }
}
