import LibCrypto
package import LibXML
package import Records

/// An answer of the SOAP binding, and what it means.
///
/// Nothing in it is looked at before the whole envelope was held against the profile's schema. A
/// success that is not one of the words of the schema is no success.
package struct SOAPAnswer: Sendable {
    /// What an answer is read by.
    package struct Grammar: Sendable {
        /// The namespace of calls and answers.
        let namespace: String
        let schema: CompiledSchema

        /// - Parameters:
        ///   - namespace: the profile's; that of the calls ends with `:soap`.
        ///   - schema: the profile's `soap-envelope.xsd`, compiled.
        package init(namespace: String, schema: CompiledSchema) {
            self.namespace = namespace + ":soap"
            self.schema = schema
        }
    }

    private let http: HTTPSAnswer
    private let grammar: Grammar
    /// The call's own name, which the answer repeats or leaves out.
    private let call: String

    package init(_ http: HTTPSAnswer, to call: String, by grammar: Grammar) {
        self.http = http
        self.call = call
        self.grammar = grammar
    }

    /// The answer to `submit`.
    package func sendAnswer(now: Timestamp) throws(TransportFailure) -> SendAnswer {
        let answer = try element("submitResponse", now: now)
        let document = try signed("receipt", in: answer)
        switch answer.trimmed("state") {
        case "stored": return SendAnswer(outcome: "SOAP-STORED", document: document)
        case "answered":
            guard let document else { throw .uncertain(.init(.noReceipt)) }
            return SendAnswer(outcome: "SOAP-ANSWERED", document: document)
        case "conflict": throw .refused(.init(.conflict))
        case "busy":
            throw .notSent(
                .init(.busy, retryAfter: RetryAfter(answer.trimmed("retryAfter"), now: now)))
        default: throw .uncertain(.init(.noReceipt))
        }
    }

    /// The answer to `receipt`.
    package func inquiryAnswer(now: Timestamp) throws(TransportFailure) -> InquiryAnswer {
        let answer = try element("receiptResponse", now: now)
        switch answer.trimmed("state") {
        case "none": return .pending
        case "unknown": return .unknown
        default:
            guard let document = try signed("receipt", in: answer) else {
                throw .uncertain(.init(.noReceipt))
            }
            return .document(document)
        }
    }

    /// The answer to `receipts`.
    package func page(now: Timestamp) throws(TransportFailure) -> FeedPage {
        let answer = try element("receiptsResponse", now: now)
        var items: [SignedDocument] = []
        for item in answer.children(named: "item") {
            guard let document = try signed("receipt", in: item) else {
                throw .uncertain(.init(.noReceipt))
            }
            items.append(document)
        }
        guard let next = answer.trimmed("next") else { throw .uncertain(.init(.noReceipt)) }
        return FeedPage(next: next, items: items)
    }

    /// The answer to `counts`.
    package func counts(now: Timestamp) throws(TransportFailure) -> SignedDocument {
        let answer = try element("countsResponse", now: now)
        guard let document = try signed("counts", in: answer) else {
            throw .uncertain(.init(.noReceipt))
        }
        return document
    }

    /// The one element in the body that answers this call.
    private func element(
        _ name: String, now: Timestamp
    ) throws(TransportFailure) -> XMLTree.Element {
        // A fault comes with 500 (SOAP 1.1, section 6.2). What has another status comes from what
        // stands before the service, and means what it means over HTTPS.
        guard http.status == 200 || http.status == 500 else { throw http.failure(now: now) }
        guard let envelope, isAbout(envelope), let body = envelope.child("Body")?.children.first
        else { throw http.status == 200 ? .uncertain(.init(.noReceipt)) : http.failure(now: now) }
        if body.namespace == SOAPCall.envelope { throw SOAPAnswer.fault(body) }
        guard http.status == 200, body.namespace == grammar.namespace, body.name == name else {
            throw .uncertain(.init(.noReceipt))
        }
        return body
    }

    private var envelope: XMLTree.Element? {
        http.body.withUnsafeBytes { bytes in
            do throws(XMLFailure) {
                try grammar.schema.validator(violationLimit: 1).validate(bytes)
                return try XMLTree.parse(bytes)
            } catch {
                return nil
            }
        }
    }

    /// False for an answer that says itself that it belongs to another call.
    private func isAbout(_ envelope: XMLTree.Element) -> Bool {
        let headers = envelope.child("Header")?.children ?? []
        return headers.allSatisfy {
            $0.namespace != SOAPCall.addressing || $0.name != "RelatesTo"
                || $0.text.withoutSpace == call
        }
    }

    /// What a `Fault` means (SOAP 1.1, section 4.4.1); a dot begins what is said more closely.
    private static func fault(_ fault: XMLTree.Element) -> TransportFailure {
        let code = fault.children.first { $0.name == "faultcode" }?.text.withoutSpace ?? ""
        let local = code.split(separator: ":").last ?? ""
        switch local.split(separator: ".").first {
        case "Client": return .refused(.init(.rejected))
        // They do not speak as we do, whatever the submission: nobody looked into it.
        case "VersionMismatch", "MustUnderstand": return .notSent(.init(.configuration))
        default: return .uncertain(.init(.server))
        }
    }

    /// Bytes with their signature; `nil` if there are none.
    private func signed(
        _ name: String, in element: XMLTree.Element
    ) throws(TransportFailure) -> SignedDocument? {
        guard let text = element.child(name)?.text else { return nil }
        guard let bytes = SOAPAnswer.decoded(text) else { throw .uncertain(.init(.noReceipt)) }
        let signature = element.child("signature").flatMap { SOAPAnswer.decoded($0.text) }
        return SignedDocument(
            bytes: bytes, signature: signature, key: element.trimmed("key"), head: http.keptHead)
    }

    /// `xs:base64Binary` may be broken into lines.
    private static func decoded(_ text: String) -> [UInt8]? {
        try? Base64.standard.decode(text.withoutSpace)
    }
}

extension XMLTree.Element {
    /// The text of a child without the white space that `xs:token` takes away.
    fileprivate func trimmed(_ name: String) -> String? { child(name)?.text.withoutSpace }
}

extension String {
    /// Bytes, not characters: a receipt's base64 is long.
    fileprivate var withoutSpace: String {
        String(decoding: utf8.filter { $0 > 0x20 }, as: UTF8.self)
    }
}
