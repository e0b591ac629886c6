internal import Records

/// How files of HL7 v2 messages are to be read.
package struct HL7Options: Sendable {
    /// The values that are asked for, by their paths; they are the columns.
    package var columns: [String]
    /// Taken instead of what messages say of themselves; `nil` believes them.
    package var encoding: TextEncoding?
    package var fileBytes: Int
    /// Bytes of one message.
    package var messageBytes: Int

    package init(
        columns: [String], encoding: TextEncoding? = nil, fileBytes: Int = 1 << 30,
        messageBytes: Int = 8 << 20
    ) {
        self.columns = columns
        self.encoding = encoding
        self.fileBytes = fileBytes
        self.messageBytes = messageBytes
    }
}

/// Reads files of HL7 v2 messages (2.1 to 2.9), as laboratory systems drop them: one row for each
/// OBX of an ORU^R01, beside what stands over it in its message.
///
/// A row's number is that of its segment's line. Envelopes (FHS, BHS, BTS, FTS) are checked before
/// the first row is given. A broken message spoils itself and no other.
package struct HL7Reader: RecordReader {
    package static let name = "hl7v2"
    package static let fileEndings = ["hl7", "txt"]

    private let options: HL7Options

    package init(options: HL7Options) {
        self.options = options
    }

    package var fileByteLimit: Int { options.fileBytes }

    package func open(
        path: String, from position: ReadPosition?
    ) throws(ReadFailure) -> any RecordCursor {
        let file = try SourceFile(path: path, byteLimit: options.fileBytes)
        guard file.byteCount > 0 else { throw .empty(place: file.name) }
        var paths: [HL7Path] = []
        for column in options.columns {
            guard let path = HL7Path(column) else {
                throw .header(place: file.name, detail: column)
            }
            paths.append(path)
        }
        try HL7Envelope.check(file, options)
        return HL7Cursor(file, paths: paths, options, from: position)
    }
}

/// The envelopes around a file's messages (HL7 2.5.1, section 2.10.3).
enum HL7Envelope {
    /// Looks through the file once.
    ///
    /// - Throws: `E-HL7` where it has neither a message nor an envelope, `V-BLANK`; `E-BATCH` where
    ///   an envelope is not closed or counts otherwise: the file is not whole then.
    static func check(_ file: SourceFile, _ options: HL7Options) throws(ReadFailure) {
        var frames = HL7Frames(file, at: 0, row: 1, options)
        var (messages, batches) = (0, 0)
        var (openFile, openBatch) = (false, false)
        var (isBlank, isStray) = (true, true)
        while let frame = try frames.next() {
            isBlank = false
            if frame.kind != .stray { isStray = false }
            let count = try frame.firstField(in: file)
            let place = "\(file.name): \(frame.firstRow)"
            switch frame.kind {
            case .message: messages += 1
            case .stray: break
            case .fileHeader:
                guard !openFile, !openBatch else { throw .batch(place: place, detail: "FHS") }
                openFile = true
                batches = 0
            case .batchHeader:
                guard !openBatch else { throw .batch(place: place, detail: "BHS") }
                openBatch = true
                messages = 0
            case .batchTrailer:
                guard openBatch, count.map({ $0 == messages }) ?? true else {
                    throw .batch(place: place, detail: "BTS-1, \(messages) messages")
                }
                openBatch = false
                batches += 1
            case .fileTrailer:
                guard openFile, !openBatch, batches == 0 || count.map({ $0 == batches }) ?? true
                else { throw .batch(place: place, detail: "FTS-1, \(batches) batches") }
                openFile = false
            }
        }
        guard !isBlank else { throw .blank(place: file.name) }
        guard !isStray else { throw .noMessage(place: file.name) }
        guard !openFile, !openBatch else {
            throw .batch(place: file.name, detail: openBatch ? "no BTS" : "no FTS")
        }
    }
}
