/// The parts of a workbook beside its rows.
struct WorkbookParts {
    /// What is written before the first sheet.
    let around: [(name: String, text: String)]
    /// Up to a sheet's first row.
    let opening: String
    /// Around a cell's text.
    let textStart: [UInt8]
    let textEnd: [UInt8]

    static let closing = "</sheetData></worksheet>"
    private static let head = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>

        """
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let office =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let kind =
        "application/vnd.openxmlformats-officedocument.spreadsheetml"

    init(sheets: [String], isForm: Bool) {
        around =
            [
                ("[Content_Types].xml", WorkbookParts.types(sheets.count, isForm)),
                ("_rels/.rels", WorkbookParts.root),
                ("xl/workbook.xml", WorkbookParts.workbook(sheets)),
                ("xl/_rels/workbook.xml.rels", WorkbookParts.relations(sheets.count, isForm)),
            ] + (isForm ? [("xl/styles.xml", WorkbookParts.styles)] : [])
        opening =
            WorkbookParts.head + "<worksheet xmlns=\"\(WorkbookParts.main)\">"
            + (isForm ? WorkbookParts.view : "") + "<sheetData>"
        textStart = Array(
            (isForm ? " s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" : " t=\"str\"><v>")
                .utf8)
        textEnd = Array((isForm ? "</t></is></c>" : "</v></c>").utf8)
    }

    /// The head row and the first two columns stay in sight.
    private static let view = """
        <sheetViews><sheetView workbookViewId="0"><pane xSplit="2" ySplit="1" topLeftCell="C2" \
        activePane="bottomRight" state="frozen"/></sheetView></sheetViews>\
        <sheetFormatPr defaultRowHeight="15" defaultColWidth="18"/>
        """

    /// One format besides the usual one: text.
    private static let styles =
        head + """
            <styleSheet xmlns="\(main)"><fonts count="1"><font><sz val="11"/>\
            <name val="宋体"/></font></fonts><fills count="2">\
            <fill><patternFill patternType="none"/></fill>\
            <fill><patternFill patternType="gray125"/></fill></fills>\
            <borders count="1"><border/></borders>\
            <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>\
            </cellStyleXfs><cellXfs count="2">\
            <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
            <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
            </cellXfs><cellStyles count="1">\
            <cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
            """

    private static let root =
        head + """
            <Relationships \
            xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
            <Relationship Id="rId1" Type="\(office)/officeDocument" \
            Target="xl/workbook.xml"/></Relationships>
            """

    private static func types(_ count: Int, _ isForm: Bool) -> String {
        var text =
            head + """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
                <Default Extension="rels" \
                ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
                <Default Extension="xml" ContentType="application/xml"/>\
                <Override PartName="/xl/workbook.xml" ContentType="\(kind).sheet.main+xml"/>
                """
        for number in 1...count {
            text +=
                "<Override PartName=\"/xl/worksheets/sheet\(number).xml\" "
                + "ContentType=\"\(kind).worksheet+xml\"/>"
        }
        if isForm {
            text += "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(kind).styles+xml\"/>"
        }
        return text + "</Types>"
    }

    private static func workbook(_ sheets: [String]) -> String {
        var text =
            head + """
                <workbook xmlns="\(main)" \
                xmlns:r="\(office)">\
                <sheets>
                """
        for (index, name) in sheets.enumerated() {
            text += "<sheet name=\"\(name)\" sheetId=\"\(index + 1)\" r:id=\"rId\(index + 1)\"/>"
        }
        return text + "</sheets></workbook>"
    }

    private static func relations(_ count: Int, _ isForm: Bool) -> String {
        var text =
            head + """
                <Relationships \
                xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                """
        for number in 1...count {
            text +=
                "<Relationship Id=\"rId\(number)\" Type=\"\(office)/worksheet\" "
                + "Target=\"worksheets/sheet\(number).xml\"/>"
        }
        if isForm {
            text +=
                "<Relationship Id=\"rId\(count + 1)\" Type=\"\(office)/styles\" "
                + "Target=\"styles.xml\"/>"
        }
        return text + "</Relationships>"
    }
}
