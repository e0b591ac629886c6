import LibCrypto
import LibXML

/// A call of the SOAP binding: what it is named, and what stands in it in the schema's order.
struct SOAPCall {
    /// The content of one element.
    enum Content {
        case text(String)
        /// Written as `xs:base64Binary`.
        case bytes([UInt8])
    }

    /// SOAP 1.1, section 3.
    static let envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    /// Web Services Addressing 1.0, which gives a call a name that its answer may repeat.
    static let addressing = "http://www.w3.org/2005/08/addressing"

    let name: String
    let parts: [(name: String, content: Content)]

    init(_ name: String, _ parts: [(name: String, content: Content)]) {
        self.name = name
        self.parts = parts
    }

    /// The bytes of the envelope.
    ///
    /// - Parameters:
    ///   - namespace: that of calls and answers.
    ///   - id: the call's own name, an absolute URI.
    /// - Throws: `XMLFailure` with `forbiddenCharacter` for a text that XML cannot hold.
    func bytes(namespace: String, id: String) throws(XMLFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(1_024) { $0 + $1.content.byteCount })
        bytes +=
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <s:Envelope xmlns:s="\(SOAPCall.envelope)"><s:Header>\
            <a:MessageID xmlns:a="\(SOAPCall.addressing)">\(id)</a:MessageID></s:Header>\
            <s:Body><\(name) xmlns="\(namespace)">
            """.utf8
        for part in parts {
            bytes += "<\(part.name)>".utf8
            switch part.content {
            case .text(let text):
                try Array(text.utf8).span.withUnsafeBytes { (utf8) throws(XMLFailure) in
                    try XMLText.escape(text: utf8, appendingTo: &bytes)
                }
            case .bytes(let content): bytes += Base64.standard.encode(content).utf8
            }
            bytes += "</\(part.name)>".utf8
        }
        bytes += "</\(name)></s:Body></s:Envelope>".utf8
        return bytes
    }
}

extension SOAPCall.Content {
    /// About how many bytes it takes on the wire.
    fileprivate var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count + 64
        case .bytes(let bytes): Base64.standard.encodedCount(bytes.count) + 64
        }
    }
}
