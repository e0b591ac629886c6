internal import CCairo

/// Why a document could not be written.
package enum PDFFailure: Error, Sendable, Equatable {
    /// The file cannot be made, or the disk is full.
    case unwritten
    /// The type on this machine lacks characters of the text, Chinese above all.
    case noFont
    /// A text that does not fit into a QR code.
    case content
}

/// How a text looks.
package struct TextStyle: Hashable, Sendable {
    package enum Side: Hashable, Sendable { case left, center, right }
    package enum Ink: Hashable, Sendable { case black, red, green, grey }

    package var side: Side
    package var isBold: Bool
    /// Points.
    package var size: Double
    package var ink: Ink

    package init(
        _ side: Side = .left, isBold: Bool = false, size: Double = 9, ink: Ink = .black
    ) {
        self.side = side
        self.isBold = isBold
        self.size = size
        self.ink = ink
    }
}

/// A paged document being drawn (PDF, ISO 32000) by Cairo: A4 across. All lengths are points from
/// the upper left corner.
///
/// The same calls with the same type give the same bytes.
package final class PDFDocument {
    package static let width = 841.89
    package static let height = 595.28

    private struct Face: Hashable {
        let isBold: Bool
        let size: Double
    }

    private let use: CairoUse
    private let surface: OpaquePointer
    private let cairo: OpaquePointer
    private let family: String
    private var faces: [Face: OpaquePointer] = [:]
    private var isClosed = false
    private var lacksGlyphs = false

    /// - Parameters:
    ///   - path: a new file; `nil` draws nothing and only measures.
    ///   - made: when it was made, `xs:dateTime`, as its properties say.
    ///   - family: the type, as Fontconfig names it.
    package init(
        path: String?, title: String, made: String, family: String = "Noto Sans CJK SC"
    ) throws(PDFFailure) {
        let use = CairoUse()
        guard
            let surface = cairo_pdf_surface_create(path, PDFDocument.width, PDFDocument.height),
            let cairo = cairo_create(surface)
        else { throw .unwritten }
        self.use = use
        self.surface = surface
        self.cairo = cairo
        self.family = family
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, made)
    }

    deinit {
        for face in faces.values { cairo_scaled_font_destroy(face) }
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
    }

    /// How high a text is, broken at a width.
    package func height(of text: String, _ style: TextStyle, width: Double) -> Double {
        Double(lines(of: text, style, width: width).count) * PDFDocument.leading(style)
    }

    /// Draws a text with its upper left corner at a point.
    package func draw(_ text: String, _ style: TextStyle, x: Double, y: Double, width: Double) {
        let font = scaledFont(style)
        cairo_set_scaled_font(cairo, font)
        let (red, green, blue) =
            switch style.ink {
            case .black: (0.0, 0.0, 0.0)
            case .red: (0.72, 0.06, 0.06)
            case .green: (0.07, 0.4, 0.2)
            case .grey: (0.36, 0.4, 0.46)
            }
        cairo_set_source_rgb(cairo, red, green, blue)
        for (number, line) in lines(of: text, style, width: width).enumerated() {
            if lacks(line, font) { lacksGlyphs = true }
            let rest = width - advance(of: line, font)
            let left =
                switch style.side {
                case .left: x
                case .center: x + rest / 2
                case .right: x + rest
                }
            let base = y + Double(number) * PDFDocument.leading(style) + style.size * 1.1
            cairo_move_to(cairo, left, base)
            cairo_show_text(cairo, line)
        }
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

    /// Draws a code as a square with its upper left corner at a point.
    func draw(_ code: QRCode, x: Double, y: Double, side: Double) {
        let square = side / Double(code.width)
        cairo_set_source_rgb(cairo, 0, 0, 0)
        for row in 0..<code.width {
            for run in code.runs(in: row) {
                cairo_rectangle(
                    cairo, x + Double(run.lowerBound) * square, y + Double(row) * square,
                    Double(run.count) * square, square)
            }
        }
        cairo_fill(cairo)
    }

    /// Ends the page.
    package func endPage() { cairo_show_page(cairo) }

    /// Writes the file.
    ///
    /// Throws `unwritten`, and `noFont` where a character could not be set: such a file is not to
    /// be shown to anybody.
    package func close() throws(PDFFailure) {
        guard !isClosed else { return }
        isClosed = true
        cairo_surface_finish(surface)
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else { throw .unwritten }
        if lacksGlyphs { throw .noFont }
    }

    // MARK: - Type

    private static func leading(_ style: TextStyle) -> Double { style.size * 1.4 }

    private func scaledFont(_ style: TextStyle) -> OpaquePointer {
        let face = Face(isBold: style.isBold, size: style.size)
        if let font = faces[face] { return font }
        let toy = cairo_toy_font_face_create(
            family, CAIRO_FONT_SLANT_NORMAL,
            style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        defer { cairo_font_face_destroy(toy) }
        var scale = cairo_matrix_t()
        var plain = cairo_matrix_t()
        cairo_matrix_init_scale(&scale, style.size, style.size)
        cairo_matrix_init_identity(&plain)
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        // Measured as it is drawn, whatever the machine's screen is.
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        guard let font = cairo_scaled_font_create(toy, &scale, &plain, options) else {
            preconditionFailure("Cairo always gives a font, if only a broken one")
        }
        faces[face] = font
        return font
    }

    private func advance(of text: String, _ font: OpaquePointer) -> Double {
        var extents = cairo_text_extents_t()
        cairo_scaled_font_text_extents(font, text, &extents)
        return extents.x_advance
    }

    /// Whether the type lacks a character: glyph 0 is the box that stands for one.
    private func lacks(_ text: String, _ font: OpaquePointer) -> Bool {
        var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
        var count: Int32 = 0
        let status = cairo_scaled_font_text_to_glyphs(
            font, 0, 0, text, -1, &glyphs, &count, nil, nil, nil)
        defer { cairo_glyph_free(glyphs) }
        guard status == CAIRO_STATUS_SUCCESS else { return true }
        return (0..<Int(count)).contains { glyphs?[$0].index == 0 }
    }

    /// The lines of a text: words stay whole where they fit, and between Chinese characters a line
    /// may end, but not before a closing mark.
    private func lines(of text: String, _ style: TextStyle, width: Double) -> [String] {
        let font = scaledFont(style)
        var lines: [String] = []
        var line = ""
        for piece in LineBreaks.pieces(of: text) {
            if advance(of: line + piece, font) <= width {
                line += piece
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = piece == " " ? "" : piece
            // A word that is wider than the line.
            while line.count > 1, advance(of: line, font) > width {
                var part = ""
                for character in line {
                    if !part.isEmpty, advance(of: part + String(character), font) > width { break }
                    part.append(character)
                }
                let count = LineBreaks.parting(of: line, fitting: part.count)
                lines.append(String(line.prefix(count)))
                line = String(line.dropFirst(count))
            }
        }
        lines.append(line)
        return lines
    }
}
