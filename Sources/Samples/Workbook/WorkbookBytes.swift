/// A workbook of one sheet, written as it comes (工作簿, ECMA-376): every cell a text, every part
/// stored, so that memory does not grow with the rows.
struct WorkbookBytes {
    private var archive = StoredArchive()
    private var row = 0
    private var columns: [[UInt8]] = []

    private static let parts: [(name: String, text: String)] = [
        (
            "[Content_Types].xml",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
            <Default Extension="rels" \
            ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
            <Default Extension="xml" ContentType="application/xml"/>\
            <Override PartName="/xl/workbook.xml" ContentType=\
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType=\
            "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>
            """
        ),
        (
            "_rels/.rels",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships \
            xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
            <Relationship Id="rId1" Type=\
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
            Target="xl/workbook.xml"/></Relationships>
            """
        ),
        (
            "xl/workbook.xml",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
            xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
            <sheets><sheet name="孕前检查" sheetId="1" r:id="rId1"/></sheets></workbook>
            """
        ),
        (
            "xl/_rels/workbook.xml.rels",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships \
            xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
            <Relationship Id="rId1" Type=\
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" \
            Target="worksheets/sheet1.xml"/></Relationships>
            """
        ),
    ]
    private static let opening = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        """
    private static let closing = "</sheetData></worksheet>"

    /// Appends a row; its cells stand apart by `CellQuoting.cells`, its line end is left out.
    mutating func append(_ line: some BidirectionalCollection<UInt8>, to bytes: inout [UInt8]) {
        if row == 0 { begin(&bytes) }
        row += 1
        var xml = Array("<row r=\"\(row)\">".utf8)
        let digits = Array("\(row)".utf8)
        let end = line.hasLineEnd ? line.dropLast(2) : line[...]
        let cells = end.split(
            separator: CellQuoting.cells.delimiter, omittingEmptySubsequences: false)
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
            xml.append(contentsOf: WorkbookBytes.textStart)
            for byte in cell { WorkbookBytes.append(byte, to: &xml) }
            xml.append(contentsOf: WorkbookBytes.cellEnd)
        }
        xml.append(contentsOf: WorkbookBytes.rowEnd)
        archive.append(xml, to: &bytes)
    }

    /// After the last row.
    mutating func finish(_ bytes: inout [UInt8]) {
        if row == 0 { begin(&bytes) }
        archive.append(Array(WorkbookBytes.closing.utf8), to: &bytes)
        archive.end(&bytes)
        archive.finish(&bytes)
    }

    private mutating func begin(_ bytes: inout [UInt8]) {
        for part in WorkbookBytes.parts {
            archive.begin(part.name, &bytes)
            archive.append(Array(part.text.utf8), to: &bytes)
            archive.end(&bytes)
        }
        archive.begin("xl/worksheets/sheet1.xml", &bytes)
        archive.append(Array(WorkbookBytes.opening.utf8), to: &bytes)
    }

    // Short, since a workbook of more than 200 MB is refused by its reader.
    private static let cellStart = Array("<c".utf8)
    private static let placeStart = Array(" r=\"".utf8)
    private static let textStart = Array(" t=\"str\"><v>".utf8)
    private static let cellEnd = Array("</v></c>".utf8)
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
