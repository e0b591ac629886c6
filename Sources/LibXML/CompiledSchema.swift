internal import CLibXML2

/// A W3C XML Schema 1.0, compiled once from bytes in memory.
///
/// libxml2 only reads a compiled schema, so one may serve validators on several threads.
package final class CompiledSchema: @unchecked Sendable {
    let schema: xmlSchemaPtr

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - main: the bytes of the schema document.
    ///   - files: the bytes of the documents that it includes or imports, by the exact
    ///     `schemaLocation` they are asked for with. Nothing else is ever opened.
    /// - Throws: `XMLFailure` with `schemaBroken`, or what `DocumentGuard` says of one of them.
    package init(main: [UInt8], files: [String: [UInt8]] = [:]) throws(XMLFailure) {
        _ = LibraryStart.once
        for document in [main] + files.values {
            try document.span.withUnsafeBytes { (bytes) throws(XMLFailure) in
                try DocumentGuard.check(bytes)
            }
        }
        guard let schema = SchemaCompilation(files: files).compile(main) else {
            throw XMLFailure(.schemaBroken)
        }
        self.schema = schema
    }

    deinit {
        xmlSchemaFree(schema)
    }

    /// Makes a validator for one thread.
    /// - Parameters:
    ///   - violationLimit: how many violations it reports before it stops reading.
    ///   - limits: how large a document may be.
    package func validator(
        violationLimit: Int = 20, limits: DocumentLimits = DocumentLimits()
    ) -> SchemaValidator {
        SchemaValidator(schema: self, violationLimit: violationLimit, limits: limits)
    }
}
