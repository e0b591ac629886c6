internal import CLibXML2
internal import Glibc

/// One run of libxml2's schema compiler: what it may load, and whether it found anything wrong.
final class SchemaCompilation {
    private let files: [String: [UInt8]]
    private var isBroken = false

    init(files: [String: [UInt8]]) {
        self.files = files
    }

    /// Gives the parser one of the named files; any other name breaks the schema.
    func open(_ name: String, for parser: xmlParserCtxtPtr?) -> xmlParserInputPtr? {
        guard let file = files[name],
            let buffer = file.withUnsafeBytes({
                xmlParserInputBufferCreateMem(
                    $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count),
                    XML_CHAR_ENCODING_NONE)
            })
        else {
            isBroken = true
            return nil
        }
        return xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_NONE)
    }

    /// Compiles the schema in `main`.
    /// - Returns: the schema, to be freed by the caller, or nil if anything at all was wrong.
    func compile(_ main: [UInt8]) -> xmlSchemaPtr? {
        let me = Unmanaged.passUnretained(self).toOpaque()
        pthread_setspecific(LibraryStart.compilationSlot, me)
        // The parser inside the compiler reports to the thread's handler; without one it prints.
        let note: xmlStructuredErrorFunc = { me, error in
            guard let me, let error, error.pointee.level != XML_ERR_WARNING else { return }
            Unmanaged<SchemaCompilation>.fromOpaque(me).takeUnretainedValue().isBroken = true
        }
        xmlSetStructuredErrorFunc(me, note)
        defer {
            xmlSetStructuredErrorFunc(nil, nil)
            pthread_setspecific(LibraryStart.compilationSlot, nil)
            xmlResetLastError()
        }
        return main.withUnsafeBytes { bytes in
            guard
                let compiler = xmlSchemaNewMemParserCtxt(
                    bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
            else { return nil }
            defer { xmlSchemaFreeParserCtxt(compiler) }
            xmlSchemaSetParserStructuredErrors(compiler, note, me)
            let schema = xmlSchemaParse(compiler)
            guard let schema, !isBroken else {
                xmlSchemaFree(schema)
                return nil
            }
            return schema
        }
    }
}
