internal import CLibXML2

/// Drives libxml2's parser over one guarded document and hands its events to a handler.
///
/// The parser gets `XML_PARSE_NONET` and no other option, and no callback that could give it an
/// entity.
final class EventReader {
    let parser: xmlParserCtxtPtr
    /// Whether the document was read to its end without a fault.
    private(set) var reachedEnd = false
    private let handler: any EventHandler
    private var fault: XMLFailure.Reason?
    private var isStopped = false

    /// - Throws: what `DocumentGuard` refuses, or `internalFault` if there is no memory.
    init(
        _ document: UnsafeRawBufferPointer, limits: DocumentLimits, handler: any EventHandler
    ) throws(XMLFailure) {
        _ = LibraryStart.once
        try DocumentGuard.check(document, limits: limits)
        guard
            let parser = xmlCreateMemoryParserCtxt(
                document.bindMemory(to: CChar.self).baseAddress, Int32(document.count))
        else { throw XMLFailure(.internalFault) }
        self.parser = parser
        self.handler = handler
        xmlCtxtUseOptions(parser, Int32(XML_PARSE_NONET.rawValue))
        let me = Unmanaged.passUnretained(self).toOpaque()
        parser.pointee.sax.pointee = Self.callbacks()
        parser.pointee.userData = me
        parser.pointee._private = me
    }

    deinit {
        xmlFreeParserCtxt(parser)
    }

    /// The line that is being read, from 1.
    var line: Int {
        Int(xmlSAX2GetLineNumber(parser))
    }

    /// Ends the reading after the present event; that is no failure.
    func stop() {
        isStopped = true
        xmlStopParser(parser)
    }

    /// Reads the whole document.
    /// - Throws: `XMLFailure` with `malformed`, `wrongEncoding`, `doctypeRefused` or
    ///   `internalFault`.
    func run() throws(XMLFailure) {
        // A schema that was plugged in has its own table of callbacks, without this one.
        parser.pointee.sax.pointee.serror = Self.noteFault
        xmlParseDocument(parser)
        xmlResetLastError()
        if let fault { throw XMLFailure(fault) }
        if isStopped { return }
        guard parser.pointee.wellFormed == 1, parser.pointee.nsWellFormed == 1 else {
            throw XMLFailure(.malformed(line: line))
        }
        reachedEnd = true
    }

    private func refuse(_ reason: XMLFailure.Reason) {
        if fault == nil, !isStopped { fault = reason }
        xmlStopParser(parser)
    }

    private func take(_ answer: EventAnswer) {
        if answer == .stop { stop() }
    }

    // MARK: What libxml2 calls

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> EventReader? {
        pointer.map { Unmanaged<EventReader>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Keeps the kind and the line of a fault; the message may quote the document and is left
    /// alone.
    private static let noteFault: xmlStructuredErrorFunc = { _, error in
        guard let error, error.pointee.level != XML_ERR_WARNING,
            let parser = error.pointee.ctxt?.assumingMemoryBound(to: xmlParserCtxt.self),
            let reader = EventReader.of(parser.pointee._private)
        else { return }
        switch xmlParserErrors(rawValue: UInt32(bitPattern: error.pointee.code)) {
        case XML_ERR_NO_MEMORY: reader.refuse(.internalFault)
        case XML_ERR_UNKNOWN_ENCODING, XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_INVALID_ENCODING,
            XML_I18N_CONV_FAILED:
            reader.refuse(.wrongEncoding)
        default: reader.refuse(.malformed(line: max(1, Int(error.pointee.line))))
        }
    }

    private static func callbacks() -> xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.initialized = shangbao_xml_sax2_magic()
        sax.serror = noteFault
        sax.internalSubset = { me, _, _, _ in EventReader.of(me)?.refuse(.doctypeRefused) }
        sax.startElementNs = { me, local, _, uri, _, _, count, _, attributes in
            guard let reader = EventReader.of(me), let local else { return }
            reader.take(
                reader.handler.elementOpened(
                    EventName(localBytes: local, namespaceBytes: uri),
                    EventAttributes(count: Int(count), fields: attributes), line: reader.line))
        }
        sax.endElementNs = { me, local, _, uri in
            guard let reader = EventReader.of(me), let local else { return }
            reader.take(
                reader.handler.elementClosed(EventName(localBytes: local, namespaceBytes: uri)))
        }
        let text: charactersSAXFunc = { me, bytes, count in
            guard let reader = EventReader.of(me) else { return }
            reader.take(
                reader.handler.text(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
        }
        sax.characters = text
        sax.ignorableWhitespace = text
        sax.cdataBlock = text
        return sax
    }
}
