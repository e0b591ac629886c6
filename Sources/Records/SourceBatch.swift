/// Some hundred rows as a reader hands them over: slices of one block of UTF-8 bytes.
///
/// A cell is a range, not a `String`; the block lives as long as its batch.
package struct SourceBatch: Sendable {
    /// A row's place in the item, for people and for resuming.
    package struct RowPlace: Sendable {
        /// The row number that Excel shows: the header is row 1, a quoted line break opens no row.
        package let row: Int
        /// The row's raw bytes in the item, before decoding.
        package let raw: Range<Int>

        package init(row: Int, raw: Range<Int>) {
            self.row = row
            self.raw = raw
        }
    }

    /// Decoded UTF-8 text of every cell of the batch.
    package let bytes: [UInt8]
    /// Ranges into `bytes`, row after row, `columnCount` for each row.
    package let cells: [Range<UInt32>]
    package let columnCount: Int
    package let places: [RowPlace]
    /// Rows of this stretch that could not be read: kept, listed, and not among `places`.
    package let unreadable: [UnreadableRow]
    /// Cells of readable rows whose content cannot be told.
    package let spoiled: [SpoiledCell]

    /// A cell that is quarantined where it is read, and harms nobody where it is not.
    package struct SpoiledCell: Sendable {
        /// In the batch, from 0.
        package let row: Int
        package let column: Int
        /// Of the finding.
        package let code: String

        package init(row: Int, column: Int, code: String) {
            self.row = row
            self.column = column
            self.code = code
        }
    }

    package init(
        bytes: [UInt8], cells: [Range<UInt32>], columnCount: Int, places: [RowPlace],
        unreadable: [UnreadableRow], spoiled: [SpoiledCell] = []
    ) {
        self.bytes = bytes
        self.cells = cells
        self.columnCount = columnCount
        self.places = places
        self.unreadable = unreadable
        self.spoiled = spoiled
    }

    package var rowCount: Int { places.count }

    /// The range of one cell in `bytes`.
    package func cell(row: Int, column: Int) -> Range<Int> {
        let range = cells[row * columnCount + column]
        return Int(range.lowerBound)..<Int(range.upperBound)
    }
}

/// A row that a reader could not give as cells: wrong encoding, an unclosed quote, too many
/// columns.
package struct UnreadableRow: Sendable {
    package let place: SourceBatch.RowPlace
    package let finding: Finding

    package init(place: SourceBatch.RowPlace, finding: Finding) {
        self.place = place
        self.finding = finding
    }
}
