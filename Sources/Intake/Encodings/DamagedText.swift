internal import Records

/// Finds the encoding of a file that is whole in none, because a few of its rows are damaged.
///
/// Nothing is guessed at a character: an encoding is taken only where the header says in it what
/// the reader looks for, where all but a few rows decode, and where no other encoding does as well.
/// The rows that do not decode are refused later, each by itself.
enum DamagedText {
    /// One row in so many may be damaged; a single row always may.
    private static let rowsPerDamaged = 100

    /// The one encoding that holds, or `nil`. Reads the file once for each, row by row.
    ///
    /// - Throws: `E-IO`, `E-CHANGED`.
    static func encoding(
        of file: SourceFile, _ options: CSVOptions, among encodings: [TextEncoding]
    ) throws(ReadFailure) -> TextEncoding? {
        guard let recognizes = options.recognizes else { return nil }
        var holding: [TextEncoding] = []
        for encoding in encodings
        where try holds(encoding, of: file, options, recognizes) {
            holding.append(encoding)
        }
        return holding.count == 1 ? holding[0] : nil
    }

    private static func holds(
        _ encoding: TextEncoding, of file: SourceFile, _ options: CSVOptions,
        _ recognizes: @Sendable ([String]) -> Bool
    ) throws(ReadFailure) -> Bool {
        let start = ReadPosition(byteOffset: 0, nextRow: 1, encoding: encoding)
        var rows = try RowReader(file, at: start, options: options)
        do {
            let header = try CSVReader.readHeader(&rows, of: file, row: options.headerRow)
            guard recognizes(header) else { return false }
            rows.exactColumns = header.count
        } catch let failure where ["E-IO", "E-CHANGED"].contains(failure.entry.code) {
            throw failure
        } catch {
            return false
        }
        var (decoded, damaged) = (0, 0)
        while true {
            rows.clear()
            switch try rows.readRow() {
            case .endOfFile:
                return decoded > 0
                    && (damaged <= 1 || damaged * rowsPerDamaged <= decoded + damaged)
            case .unreadable(_, .encoding(let fault)) where fault.fault == .malformed:
                damaged += 1
            case .row, .unreadable: decoded += 1
            case .blank: break
            }
        }
    }
}
