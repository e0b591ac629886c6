package import Records

/// A file format that gives rows of cells (读取器). Adding one is a file, and a line in
/// `recordReaders`.
///
/// A reader is made from a mapping's options; it opens any number of files.
package protocol RecordReader: Sendable {
    /// The name by which a mapping asks for it: `reads: csv`.
    static var name: String { get }
    /// Endings of the names of such files, lower case and without the dot.
    static var fileEndings: [String] { get }
    /// The largest file that is opened, in bytes.
    var fileByteLimit: Int { get }

    /// Opens a file and finds its columns.
    ///
    /// - Parameter position: a cursor's `position`, to go on after a crash.
    /// - Throws: `ReadFailure` where nothing of the file can be taken.
    func open(path: String, from position: ReadPosition?) throws(ReadFailure) -> any RecordCursor
}

extension RecordReader {
    /// Opens a file at its first row.
    package func open(path: String) throws(ReadFailure) -> any RecordCursor {
        try open(path: path, from: nil)
    }
}

/// A file that is being read, batch by batch, in memory that does not grow with it.
///
/// Calls block; its owner decides on which thread. The file closes with the cursor.
package protocol RecordCursor: AnyObject {
    /// The names of the columns.
    var header: [String] { get }
    /// Where the next batch starts; keep it in the transaction that takes the batch.
    var position: ReadPosition { get }
    /// What is to say of the file as a whole, complete once `next` has returned `nil`.
    var findings: [Finding] { get }

    /// The next rows, readable and unreadable together at most `rowLimit`; `nil` after the last.
    ///
    /// - Parameter rowLimit: at least 1. Fewer rows come where they are very large.
    /// - Throws: `E-IO`; `E-CHANGED` where the file is no longer what was opened; what the format
    ///   says of a file that is broken further on.
    func next(upTo rowLimit: Int) throws(ReadFailure) -> SourceBatch?

    /// What stood in an unreadable row of the last batch, to be kept for people: at most the first
    /// `RecordLimits.keptBytes` bytes of it.
    ///
    /// - Throws: `E-IO`, `E-CHANGED`.
    func content(of row: UnreadableRow) throws(ReadFailure) -> [UInt8]
}

/// Limits that hold for every format.
package enum RecordLimits {
    /// Of an unreadable row so many bytes are kept.
    package static let keptBytes = 1 << 20
    /// A batch ends early where its text has reached this many UTF-8 bytes.
    static let batchBytes = 8 << 20
}

/// Where reading goes on: the first byte and row that no batch has held yet.
///
/// Valid for the same file only; whoever keeps it also keeps the file's digest.
package struct ReadPosition: Sendable, Hashable, Codable {
    /// The byte to read on at; 0 where a format is read from its beginning again.
    package let byteOffset: Int
    /// The number of the next row, as people count.
    package let nextRow: Int
    /// What was found out about the text, so that it need not be found out again.
    package let encoding: TextEncoding
    /// The number of the row at `byteOffset`, where that is not the next one: rows between the two
    /// were given already.
    package let offsetRow: Int?

    package init(byteOffset: Int, nextRow: Int, encoding: TextEncoding, offsetRow: Int? = nil) {
        self.byteOffset = byteOffset
        self.nextRow = nextRow
        self.encoding = encoding
        self.offsetRow = offsetRow
    }
}
