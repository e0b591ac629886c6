/// Every format that a mapping can name, in the order of the documents.
package let recordReaders: [any RecordReader.Type] = [
    CSVReader.self, XLSXReader.self, HL7Reader.self,
]
