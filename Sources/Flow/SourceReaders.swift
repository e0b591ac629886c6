package import Intake
package import Mappings
import Records

/// A mapping's `reads` and `options` as the reader that they name.
extension Mapping {
    /// The type of the reader.
    package var readerType: any RecordReader.Type {
        switch reads {
        case .csv: CSVReader.self
        case .xlsx: XLSXReader.self
        case .hl7v2: HL7Reader.self
        }
    }

    /// The reader, which opens this mapping's files.
    package var reader: any RecordReader {
        switch reads {
        case .csv: CSVReader(options: csvOptions)
        case .xlsx:
            XLSXReader(
                options: XLSXOptions(
                    sheet: options.sheet, headerRows: options.headerRow...options.lastHeaderRow))
        case .hl7v2:
            HL7Reader(
                options: HL7Options(
                    columns: messagePaths, encoding: TextEncoding(declared: options.encoding)))
        }
    }

    /// The values that are asked of a message, each once. Where a row is one item the fields name
    /// items' codes too, which are no paths.
    private var messagePaths: [String] {
        let wanted = (part.map { $0.columns + $0.times } ?? []) + columns
        return wanted.reduce(into: []) { names, name in
            let isItem = part?.items != nil && HL7Path(name) == nil
            if !isItem, !names.contains(name) { names.append(name) }
        }
    }

    private var csvOptions: CSVOptions {
        CSVOptions(
            encoding: TextEncoding(declared: options.encoding),
            delimiter: options.delimiter.utf8.first.flatMap { .init(rawValue: $0) } ?? .comma,
            headerRow: options.headerRow,
            recognizes: { header in
                (try? bound(to: header, acceptsInvented: false)) != nil
            })
    }
}
