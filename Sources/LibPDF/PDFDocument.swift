internal import CPango

/// Why a document could not be written.
package enum PDFFailure: Error, Sendable, Equatable {
    /// The file cannot be made, or the disk is full.
    case unwritten
    /// No type on this machine has the characters of the text, Chinese above all.
    case noFont
}

/// How a text looks.
package struct TextStyle: Hashable, Sendable {
    package enum Side: Hashable, Sendable { case left, center, right }

    package var side: Side
    package var isBold: Bool
    /// Points.
    package var size: Double

    package init(_ side: Side = .left, isBold: Bool = false, size: Double = 9) {
        self.side = side
        self.isBold = isBold
        self.size = size
    }
}

/// A paged document being drawn (PDF, ISO 32000): A4 across, texts broken into lines by Pango. All
/// lengths are points from the upper left corner.
///
/// The same calls with the same type give the same bytes.
package final class PDFDocument {
    package static let width = 841.89
    package static let height = 595.28

    private let surface: OpaquePointer
    private let cairo: OpaquePointer
    private let layout: OpaquePointer
    private var isClosed = false
    private var lacksGlyphs = false

    /// - Parameters:
    ///   - path: a new file; `nil` draws nothing and only measures.
    ///   - made: when it was made, `xs:dateTime`, as its properties say.
    ///   - family: types by preference, as Fontconfig names them.
    package init(
        path: String?, title: String, made: String, family: String = "Noto Sans CJK SC, sans-serif"
    ) throws(PDFFailure) {
        guard
            let surface = cairo_pdf_surface_create(path, PDFDocument.width, PDFDocument.height),
            let cairo = cairo_create(surface), let layout = pango_cairo_create_layout(cairo),
            let font = pango_font_description_from_string(family)
        else { throw .unwritten }
        self.surface = surface
        self.cairo = cairo
        self.layout = layout
        self.family = font
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, made)
        // As on paper everywhere, whatever the machine's screen is.
        pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72)
    }

    private let family: OpaquePointer

    deinit {
        pango_font_description_free(family)
        g_object_unref(UnsafeMutableRawPointer(layout))
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
    }

    /// How high a text is, broken at a width.
    package func height(of text: String, _ style: TextStyle, width: Double) -> Double {
        set(text, style, width)
        var size = PangoRectangle()
        pango_layout_get_extents(layout, nil, &size)
        return Double(size.height) / Double(PANGO_SCALE)
    }

    /// Draws a text with its upper left corner at a point.
    package func draw(_ text: String, _ style: TextStyle, x: Double, y: Double, width: Double) {
        set(text, style, width)
        if pango_layout_get_unknown_glyphs_count(layout) > 0 { lacksGlyphs = true }
        cairo_set_source_rgb(cairo, 0, 0, 0)
        cairo_move_to(cairo, x, y)
        pango_cairo_show_layout(cairo, layout)
    }

    /// Draws a box with a thin line around it, on a light ground where it is a head's.
    package func box(x: Double, y: Double, width: Double, height: Double, isShaded: Bool = false) {
        cairo_rectangle(cairo, x, y, width, height)
        if isShaded {
            cairo_set_source_rgb(cairo, 0.92, 0.92, 0.92)
            cairo_fill_preserve(cairo)
        }
        cairo_set_source_rgb(cairo, 0.4, 0.4, 0.4)
        cairo_set_line_width(cairo, 0.5)
        cairo_stroke(cairo)
    }

    /// Ends the page.
    package func endPage() { cairo_show_page(cairo) }

    /// Writes the file.
    ///
    /// Throws `unwritten`, and `noFont` where a character could not be set: such a file is not to be
    /// shown to anybody.
    package func close() throws(PDFFailure) {
        guard !isClosed else { return }
        isClosed = true
        cairo_surface_finish(surface)
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else { throw .unwritten }
        if lacksGlyphs { throw .noFont }
    }

    private func set(_ text: String, _ style: TextStyle, _ width: Double) {
        pango_font_description_set_absolute_size(family, style.size * Double(PANGO_SCALE))
        pango_font_description_set_weight(
            family, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_layout_set_font_description(layout, family)
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_alignment(
            layout,
            switch style.side {
            case .left: PANGO_ALIGN_LEFT
            case .center: PANGO_ALIGN_CENTER
            case .right: PANGO_ALIGN_RIGHT
            })
        pango_layout_set_text(layout, text, -1)
    }
}
