/// How a delimited text file is to be read.
package struct CSVOptions: Sendable {
    /// The byte between two cells.
    package enum Delimiter: UInt8, Sendable, CaseIterable {
        case comma = 0x2C
        case semicolon = 0x3B
        case tab = 0x09
        case bar = 0x7C
    }

    /// What is too large to be a county's table.
    package struct Limits: Sendable {
        /// Raw bytes of a row without its last line break; at most 1 GiB, whatever is asked.
        package var rowBytes: Int
        package var columns: Int
        package var fileBytes: Int

        package init(
            rowBytes: Int = 1 << 20, columns: Int = 2000, fileBytes: Int = 4 << 30
        ) {
            // A batch counts its UTF-8 bytes in 32 bits.
            self.rowBytes = min(rowBytes, 1 << 30)
            self.columns = columns
            self.fileBytes = fileBytes
        }
    }

    /// `nil` leaves it to the ladder.
    package var encoding: TextEncoding?
    package var delimiter: Delimiter
    /// Excel's number of the row with the column names; what stands above it is passed over.
    package var headerRow: Int
    package var limits: Limits
    /// Bytes read at a time.
    package var blockBytes: Int
    /// Whether a header has the columns that are looked for; `nil` where nobody looks for any. It
    /// tells in which encoding a file with damaged rows makes sense.
    package var recognizes: (@Sendable (_ header: [String]) -> Bool)?

    package init(
        encoding: TextEncoding? = nil, delimiter: Delimiter = .comma, headerRow: Int = 1,
        limits: Limits = Limits(), blockBytes: Int = 1 << 20,
        recognizes: (@Sendable (_ header: [String]) -> Bool)? = nil
    ) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.headerRow = headerRow
        self.limits = limits
        self.blockBytes = max(1, blockBytes)
        self.recognizes = recognizes
    }
}
