internal import LibXML
internal import Records

/// Which table of a workbook is to be read.
package struct XLSXOptions: Sendable {
    /// The sheet's name, or its number from 1; `nil` means the first.
    package var sheet: String?
    /// The rows with the column names, as Excel counts. Of several, the parts of a name are joined
    /// by `/`, and merged cells speak for all the columns that they cover.
    package var headerRows: ClosedRange<Int>
    package var fileBytes: Int
    /// Columns of a table, and UTF-8 bytes of a row.
    package var columns: Int
    package var rowBytes: Int

    package init(
        sheet: String? = nil, headerRows: ClosedRange<Int> = 1...1, fileBytes: Int = 1 << 30,
        columns: Int = 2000, rowBytes: Int = 1 << 20
    ) {
        self.sheet = sheet
        self.headerRows = headerRows
        self.fileBytes = fileBytes
        self.columns = columns
        self.rowBytes = rowBytes
    }
}

/// Reads workbooks of Excel 2007 and later (ECMA-376), as Excel, WPS, LibreOffice and programs
/// write them.
///
/// Only the parts that are needed are unpacked; macros, pictures and links to elsewhere are never
/// touched. The sheet is read once before the first row is given, so that a broken file is refused
/// whole.
package struct XLSXReader: RecordReader {
    package static let name = "xlsx"
    /// The old format is among them so that it is refused with its reason.
    package static let fileEndings = ["xlsx", "xlsm", "xls"]

    private let options: XLSXOptions

    package init(options: XLSXOptions = XLSXOptions()) {
        self.options = options
    }

    package var fileByteLimit: Int { options.fileBytes }

    package func open(
        path: String, from position: ReadPosition?
    ) throws(ReadFailure) -> any RecordCursor {
        let file = try SourceFile(path: path, byteLimit: options.fileBytes)
        guard file.byteCount > 0 else { throw .empty(place: file.name) }
        try CompoundFile.refuse(file)
        let workbook = try Workbook(ZipArchive(file))
        let sheet = try workbook.sheet(options.sheet)
        let scan = try SheetScan(sheet, of: workbook, options)
        var rows = try SheetRows(sheet.part, of: workbook, options)
        let header = try SheetHeader.read(&rows, scan, options, place: file.name)
        if let position {
            guard position.nextRow > options.headerRows.upperBound else {
                throw .changed(place: file.name, detail: "position outside the rows")
            }
        }
        var findings = scan.findings
        if workbook.hasSheetsBeside(sheet), options.sheet == nil {
            findings.append(Finding(code: CellFault.sheetsEntry.code, effect: .warning))
        }
        return XLSXCursor(
            rows, of: file, header: header,
            nextRow: position?.nextRow ?? options.headerRows.upperBound + 1,
            isResumed: position != nil, rowBytes: options.rowBytes, findings: findings)
    }
}

/// The container of old Office files and of encrypted new ones (MS-CFB).
enum CompoundFile {
    private static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    private static let blockBytes = 1 << 20

    /// Refuses such a file: as encrypted where it has the stream that all encrypted ones have.
    ///
    /// - Throws: `E-LOCKED`, `E-XLS`, `E-IO`, `E-CHANGED`.
    static func refuse(_ file: SourceFile) throws(ReadFailure) {
        guard file.byteCount >= signature.count,
            try file.bytes(0..<signature.count) == signature
        else { return }
        let name = "EncryptedPackage".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        var offset = 0
        while offset < file.byteCount {
            // A name that lies over the end of a block is found in the next one.
            let end = min(file.byteCount, offset + blockBytes + name.count)
            if try file.bytes(offset..<end).firstRange(of: name) != nil {
                throw .locked(place: file.name)
            }
            offset += blockBytes
        }
        throw .oldWorkbook(place: file.name)
    }
}
