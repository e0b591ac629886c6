import LibCrypto
import LibXML

/// A call of the SOAP binding as the pretend side reads it: as the request of the HTTPS binding
/// that asks the same (EXCHANGE 4).
struct SOAPCall {
    /// Where the service answers.
    static let path = "/soap"
    /// SOAP 1.1, section 3.
    static let envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    static let namespace = ReadSubmission.namespace + ":soap"
    static let addressing = "http://www.w3.org/2005/08/addressing"

    /// `submit`, `receipt`, `receipts` or `counts`.
    let name: String
    /// What the caller calls this call; the answer repeats it.
    let messageID: String?
    let request: ExchangeRequest

    /// Reads an envelope. Throws `NotTaken` for what is no call of this service.
    init(_ bytes: [UInt8]) throws(NotTaken) {
        guard bytes.count <= Self.largestByteCount else { throw PostedDocument.tooLarge }
        let limits = DocumentLimits(documentBytes: Self.largestByteCount)
        let read = bytes.withUnsafeBytes { try? XMLTree.parse($0, limits: limits) }
        guard let root = read, root.name == "Envelope", root.namespace == Self.envelope,
            let bodies = root.child("Body")?.children, let call = bodies.first, bodies.count == 1,
            call.namespace == Self.namespace
        else { throw NotTaken(400, "不是 SOAP 1.1 调用", "this is no SOAP 1.1 call") }
        messageID =
            root.child("Header")?.children
            .first { $0.name == "MessageID" && $0.namespace == Self.addressing }?.text
        name = call.name
        request = try Self.request(call)
    }

    /// A document as base64, and what is around it.
    private static let largestByteCount = PostedDocument.largestByteCount / 3 * 4 + 65_536

    private static func request(_ call: XMLTree.Element) throws(NotTaken) -> ExchangeRequest {
        switch call.name {
        case "submit": return try submission(call)
        case "receipt":
            let id = try text("submission", call)
            guard PostedDocument.isIdentifier(id) else { throw wrong("submission") }
            return ExchangeRequest(method: "GET", path: "/submissions/\(id)/receipt")
        case "receipts": return try query("/receipts", ["after", "limit"], call)
        case "counts": return try query("/counts", ["programme", "region", "from", "to"], call)
        default: throw NotTaken(400, "没有这个操作", "there is no such operation")
        }
    }

    private static func submission(_ call: XMLTree.Element) throws(NotTaken) -> ExchangeRequest {
        let document = try bytes("document", call)
        guard document.count <= PostedDocument.largestByteCount else {
            throw PostedDocument.tooLarge
        }
        // The call has no id of its own: the document's is asked for before it is examined.
        guard let id = try? ReadSubmission(document).id else { throw wrong("document") }
        let digest = Base64.standard.encode(Hash.sha256.digest(document))
        return ExchangeRequest(
            method: "POST", path: "/submissions",
            headers: [
                .init("Content-Type", "application/xml"), .init("Idempotency-Key", id),
                .init("Content-Digest", "sha-256=:\(digest):"),
                .init("Signature", Base64.standard.encode(try bytes("signature", call))),
                .init("Signature-Key", try text("key", call)),
            ], body: document)
    }

    private static func query(
        _ path: String, _ names: [String], _ call: XMLTree.Element
    ) throws(NotTaken) -> ExchangeRequest {
        var query: [ExchangeRequest.Field] = []
        for name in names { query.append(.init(name, try text(name, call))) }
        return ExchangeRequest(method: "GET", path: path, query: query)
    }

    private static func text(
        _ name: String, _ call: XMLTree.Element
    ) throws(NotTaken) -> String {
        let found = call.children(named: name)
        let text = found.first?.text.filter { !$0.isWhitespace } ?? ""
        guard found.count == 1, !text.isEmpty else { throw wrong(name) }
        return text
    }

    private static func bytes(
        _ name: String, _ call: XMLTree.Element
    ) throws(NotTaken) -> [UInt8] {
        guard let bytes = try? Base64.standard.decode(try text(name, call)), !bytes.isEmpty else {
            throw wrong(name)
        }
        return bytes
    }

    private static func wrong(_ name: String) -> NotTaken {
        NotTaken(400, "\(name) 缺失或有误", "\(name) is missing or wrong")
    }
}
