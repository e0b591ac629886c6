package import Intake
package import Mappings

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
                    columns: columns.reduce(into: []) { names, name in
                        if !names.contains(name) { names.append(name) }
                    }, encoding: TextEncoding(declared: options.encoding)))
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
