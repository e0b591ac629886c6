internal import CQREncode

/// A text as squares (二维码, ISO/IEC 18004), with 15 % to spare for a damaged print.
struct QRCode {
    /// Squares in a row.
    let width: Int
    private let dark: [Bool]

    /// Throws `content` for more than fits: some 2,300 bytes.
    init(_ text: String) throws(PDFFailure) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { throw .content }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        self.width = width
        // The lowest bit says whether a square is dark.
        dark = (0..<width * width).map { code.pointee.data[$0] & 1 == 1 }
    }

    /// Runs of dark squares in a row: where each begins, and how many it has.
    func runs(in row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0...width {
            let isDark = column < width && dark[row * width + column]
            if isDark, start == nil { start = column }
            if !isDark, let begun = start {
                runs.append(begun..<column)
                start = nil
            }
        }
        return runs
    }
}
