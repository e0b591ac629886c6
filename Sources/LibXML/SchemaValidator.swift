internal import CLibXML2

/// Says of one document after the other whether it keeps to a schema.
///
/// It reads and validates in one pass and builds no tree. Not for two threads at once.
package final class SchemaValidator {
    private let schema: CompiledSchema
    private let limits: DocumentLimits
    private let record: ViolationRecord
    private var context: xmlSchemaValidCtxtPtr?

    init(schema: CompiledSchema, violationLimit: Int, limits: DocumentLimits) {
        self.schema = schema
        self.limits = limits
        record = ViolationRecord(limit: max(1, violationLimit))
    }

    deinit {
        xmlSchemaFreeValidCtxt(context)
    }

    /// Returns if the document is well-formed and valid.
    /// - Throws: `XMLFailure`: `schemaInvalid` with the first violations; `internalFault` if
    ///   libxml2
    ///   could not decide; or what `DocumentGuard` and the parser refuse.
    package func validate(_ document: UnsafeRawBufferPointer) throws(XMLFailure) {
        let reader = try EventReader(document, limits: limits, handler: record)
        guard let context = context ?? xmlSchemaNewValidCtxt(schema.schema) else {
            throw XMLFailure(.internalFault)
        }
        self.context = context
        record.begin(reader)
        defer { record.end() }
        xmlSchemaSetValidStructuredErrors(
            context,
            { record, error in
                guard let record, let error else { return }
                Unmanaged<ViolationRecord>.fromOpaque(record).takeUnretainedValue()
                    .note(error.pointee)
            }, Unmanaged.passUnretained(record).toOpaque())
        guard let plug = shangbao_xml_plug(context, reader.parser) else {
            throw XMLFailure(.internalFault)
        }
        let outcome = Result { () throws(XMLFailure) in try reader.run() }
        let isValid = xmlSchemaIsValid(context) == 1
        xmlSchemaSAXUnplug(plug)
        xmlResetLastError()
        if !reader.reachedEnd || record.isUndecided {
            // A context that was left in the middle of a document is not used again.
            xmlSchemaFreeValidCtxt(context)
            self.context = nil
        }
        if record.isUndecided { throw XMLFailure(.internalFault) }
        try outcome.get()
        if !record.violations.isEmpty { throw XMLFailure(.schemaInvalid(record.violations)) }
        guard isValid else { throw XMLFailure(.internalFault) }
    }
}
