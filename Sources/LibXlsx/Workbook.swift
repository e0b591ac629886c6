internal import CXlsxWriter
import Foundation

/// Why a workbook could not be written.
package enum WorkbookFailure: Error, Sendable, Equatable {
    /// The file cannot be made, or the disk is full.
    case unwritten
    /// A place outside the sheet, a text above 32,767 characters, or a sheet's name that will not
    /// do.
    case content
}

/// A workbook being written (电子表格, ECMA-376), for people: merged heads, widths, A4, page numbers.
///
/// The same content, written under the same moment, gives the same bytes.
package final class Workbook {
    private var book: UnsafeMutablePointer<lxw_workbook>?
    private var formats: [CellStyle: UnsafeMutablePointer<lxw_format>] = [:]
    private let font: String

    /// - Parameters:
    ///   - path: a new file; it is there, whole, once `close` has returned.
    ///   - seconds: when it was made, Unix seconds, as its properties say.
    ///   - font: the type of all cells.
    package init(
        path: String, madeAt seconds: Int64, title: String, font: String = "宋体"
    ) throws(WorkbookFailure) {
        guard let book = workbook_new(path) else { throw .unwritten }
        self.book = book
        self.font = font
        var properties = lxw_doc_properties()
        properties.created = Int(seconds)
        let error = title.withCString { text in
            // Copied at once.
            properties.title = UnsafeMutablePointer(mutating: text)
            return workbook_set_properties(book, &properties)
        }
        guard error == LXW_NO_ERROR else { throw .content }
    }

    deinit {
        // What was not closed is thrown away; closing is what frees it.
        if let book { lxw_workbook_free(book) }
    }

    /// Adds a sheet, on A4 across, as wide as one page, with page numbers at the foot.
    package func sheet(_ name: String, widths: [Double]) throws(WorkbookFailure) -> Sheet {
        guard let book, let sheet = workbook_add_worksheet(book, name) else { throw .content }
        worksheet_set_paper(sheet, 9)  // A4
        worksheet_set_landscape(sheet)
        worksheet_fit_to_pages(sheet, 1, 0)
        guard worksheet_set_footer(sheet, "&C第 &P 页，共 &N 页") == LXW_NO_ERROR else {
            throw .content
        }
        for (column, width) in widths.enumerated() {
            let column = UInt16(column)
            guard worksheet_set_column(sheet, column, column, width, nil) == LXW_NO_ERROR else {
                throw .content
            }
        }
        return Sheet(self, sheet)
    }

    /// Writes the file. Throws `unwritten`.
    package func close() throws(WorkbookFailure) {
        guard let book else { return }
        self.book = nil
        guard workbook_close(book) == LXW_NO_ERROR else { throw .unwritten }
    }

    fileprivate func format(
        _ style: CellStyle
    ) throws(WorkbookFailure) -> UnsafeMutablePointer<lxw_format> {
        if let format = formats[style] { return format }
        guard let book, let format = workbook_add_format(book) else { throw .content }
        format_set_font_name(format, font)
        format_set_font_size(format, style.size)
        if style.isBold { format_set_bold(format) }
        if style.hasBorder { format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue)) }
        if style.wraps { format_set_text_wrap(format) }
        if style.isShaded { format_set_bg_color(format, 0xE7E6E6) }
        if let numbers = style.numberFormat { format_set_num_format(format, numbers) }
        let side =
            switch style.side {
            case .left: LXW_ALIGN_LEFT
            case .center: LXW_ALIGN_CENTER
            case .right: LXW_ALIGN_RIGHT
            }
        format_set_align(format, UInt8(side.rawValue))
        format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
        formats[style] = format
        return format
    }

    /// One sheet; rows and columns count from 0.
    package struct Sheet {
        private let book: Workbook
        private let sheet: UnsafeMutablePointer<lxw_worksheet>

        fileprivate init(_ book: Workbook, _ sheet: UnsafeMutablePointer<lxw_worksheet>) {
            self.book = book
            self.sheet = sheet
        }

        /// A text of at most 32,767 characters.
        package func text(
            _ text: String, _ row: Int, _ column: Int, _ style: CellStyle
        ) throws(WorkbookFailure) {
            let (row, column) = try Sheet.place(row, column)
            let format = try book.format(style)
            try Sheet.check(worksheet_write_string(sheet, row, column, text, format))
        }

        /// A number, shown as the style's format says.
        package func number(
            _ number: Double, _ row: Int, _ column: Int, _ style: CellStyle
        ) throws(WorkbookFailure) {
            let (row, column) = try Sheet.place(row, column)
            let format = try book.format(style)
            try Sheet.check(worksheet_write_number(sheet, row, column, number, format))
        }

        /// A text over several cells (合并单元格), both corners inclusive.
        package func merged(
            _ text: String, from: (row: Int, column: Int), to: (row: Int, column: Int),
            _ style: CellStyle
        ) throws(WorkbookFailure) {
            if from == to { return try self.text(text, from.row, from.column, style) }
            let (top, left) = try Sheet.place(from.row, from.column)
            let (bottom, right) = try Sheet.place(to.row, to.column)
            let format = try book.format(style)
            try Sheet.check(
                worksheet_merge_range(sheet, top, left, bottom, right, text, format))
        }

        /// - Parameter points: the height of a row.
        package func height(of row: Int, _ points: Double) throws(WorkbookFailure) {
            let (row, _) = try Sheet.place(row, 0)
            try Sheet.check(worksheet_set_row(sheet, row, points, nil))
        }

        private static func place(
            _ row: Int, _ column: Int
        ) throws(WorkbookFailure) -> (UInt32, UInt16) {
            guard (0..<1_048_576).contains(row), (0..<16_384).contains(column) else {
                throw .content
            }
            return (UInt32(row), UInt16(column))
        }

        private static func check(_ error: lxw_error) throws(WorkbookFailure) {
            guard error == LXW_NO_ERROR else { throw .content }
        }
    }
}
