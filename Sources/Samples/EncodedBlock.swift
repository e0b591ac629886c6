import Intake

/// Text on its way to the file: encoded block by block, or put into a workbook row by row.
struct EncodedBlock {
    static let size = 128 * 1024
    private let encoder: TextEncoder
    private var text: [UInt8] = []
    private var bytes: [UInt8] = []
    private var workbook: WorkbookBytes?

    init(_ encoder: TextEncoder, isWorkbook: Bool) {
        self.encoder = encoder
        workbook = isWorkbook ? WorkbookBytes(sheets: ["孕前检查"]) : nil
    }

    var isFull: Bool { text.count + bytes.count >= EncodedBlock.size }

    /// A whole line; for a workbook its cells stand apart by `CellQuoting.cells`.
    mutating func append(_ line: some BidirectionalCollection<UInt8>) {
        if workbook == nil {
            text.append(contentsOf: line)
        } else {
            workbook?.append(line, to: &bytes)
        }
    }

    /// Bytes that are no text.
    mutating func append(undecoded raw: [UInt8]) throws(SampleFailure) {
        try encode()
        bytes.append(contentsOf: raw)
    }

    /// After the last line.
    mutating func finish() { workbook?.finish(&bytes) }

    mutating func take() throws(SampleFailure) -> [UInt8] {
        try encode()
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func encode() throws(SampleFailure) {
        guard encoder.append(text, to: &bytes) else {
            throw .encoding("iconv")
        }
        text.removeAll(keepingCapacity: true)
    }
}
