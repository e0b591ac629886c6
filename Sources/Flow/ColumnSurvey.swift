package import Intake
package import Mappings
import Records

/// A file's header and what its columns show, row by row (表头与取样); nothing of a row is kept but
/// what `ColumnEvidence` counts.
package struct ColumnSurvey: Sendable {
    package let header: [String]
    /// Rows that were read.
    package private(set) var rows = 0
    /// Rows that could not be read as cells.
    package private(set) var unreadable = 0
    /// Of each column.
    package private(set) var evidence: [ColumnEvidence]

    /// Looks at the first rows of an open file, and keeps count of different texts.
    ///
    /// - Throws: `ReadFailure`.
    package init(firstRows: Int, of cursor: CSVCursor) throws(ReadFailure) {
        try self.init(cursor, rowLimit: firstRows, mostTexts: firstRows)
    }

    /// Looks at all rows of a file, by the options of a mapping, and counts filled cells.
    ///
    /// - Throws: `ReadFailure`.
    package init(allRowsOf path: String, by mapping: Mapping) throws(ReadFailure) {
        try self.init(try mapping.openFile(path), rowLimit: .max, mostTexts: 0)
    }

    private init(_ cursor: CSVCursor, rowLimit: Int, mostTexts: Int) throws(ReadFailure) {
        header = cursor.header
        evidence = header.map { _ in ColumnEvidence(mostTexts: mostTexts) }
        while rows + unreadable < rowLimit,
            let batch = try cursor.next(upTo: min(1000, rowLimit - rows - unreadable))
        {
            unreadable += batch.unreadable.count
            for row in 0..<batch.rowCount {
                rows += 1
                batch.bytes.withUnsafeBufferPointer { bytes in
                    for column in header.indices {
                        evidence[column].add(
                            UnsafeBufferPointer(
                                rebasing: bytes[batch.cell(row: row, column: column)]))
                    }
                }
            }
        }
    }
}

extension Mapping {
    /// Opens a clinic's file by the reader and the options that the mapping names.
    func openFile(_ path: String) throws(ReadFailure) -> CSVCursor {
        try CSVReader.open(path: path, options: try CSVOptions(of: self))
    }
}
