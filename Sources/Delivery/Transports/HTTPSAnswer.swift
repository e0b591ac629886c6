import LibCrypto
package import LibCurl
package import Records

/// An answer of the HTTPS binding, and what it means: the one place that reads status codes.
package struct HTTPSAnswer: Sendable {
    /// As much of an answer's head as is kept as evidence.
    private static let headLimit = 8_192

    let status: Int
    private let head: [UInt8]
    private let headers: [HTTPSHeader]
    let body: [UInt8]

    package init(status: Int, head: [UInt8] = [], headers: [HTTPSHeader], body: [UInt8]) {
        self.status = status
        self.head = head
        self.headers = headers
        self.body = body
    }

    /// The answer to a submission.
    package func sendAnswer(now: Timestamp) throws(TransportFailure) -> SendAnswer {
        switch status {
        case 200, 422:
            guard let document else { throw .uncertain(.init(.noReceipt)) }
            return SendAnswer(outcome: "HTTP-\(status)", document: document)
        case 202:
            return SendAnswer(outcome: "HTTP-202", document: document)
        default: throw failure(now: now)
        }
    }

    /// The answer to the question for a receipt.
    package func inquiryAnswer(now: Timestamp) throws(TransportFailure) -> InquiryAnswer {
        switch status {
        case 200:
            guard let document else { throw .uncertain(.init(.noReceipt)) }
            return .document(document)
        case 202: return .pending
        case 404: return .unknown
        default: throw failure(now: now)
        }
    }

    /// A document that was asked for: counts.
    package func signedDocument(now: Timestamp) throws(TransportFailure) -> SignedDocument {
        guard status == 200 else { throw failure(now: now) }
        guard let document else { throw .uncertain(.init(.noReceipt)) }
        return document
    }

    /// A page of the feed.
    package func page(
        by grammar: FeedGrammar, now: Timestamp
    ) throws(TransportFailure) -> FeedPage {
        guard status == 200 else { throw failure(now: now) }
        // A mere wrapper: what is in it is signed piece by piece.
        guard !body.isEmpty, bodyDigest != .wrong, let page = grammar.read(body) else {
            throw .uncertain(.init(.noReceipt))
        }
        return page
    }

    /// What any other status means.
    func failure(now: Timestamp) -> TransportFailure {
        switch status {
        case 429, 503:
            .notSent(.init(.busy, retryAfter: RetryAfter(header("Retry-After"), now: now)))
        case 401, 403: .refused(.init(.denied))
        case 404, 410, 300..<400: .refused(.init(.address))
        case 409: .refused(.init(.conflict))
        case 413: .refused(.init(.tooLarge))
        case 422: .uncertain(.init(.noReceipt))
        case 400..<500: .refused(.init(.rejected))
        case 500..<600: .uncertain(.init(.server))
        // A success that the protocol does not know is no acceptance.
        default: .uncertain(.init(.noReceipt))
        }
    }

    /// The answer's head as it is kept as evidence.
    var keptHead: String? {
        head.isEmpty ? nil : String(decoding: head.prefix(Self.headLimit), as: UTF8.self)
    }

    /// The body with its signature; `nil` if there is none.
    ///
    /// A document without its digest, or with another's, is handed over as unsigned: it is kept as
    /// evidence, changes nothing, and whatever it answers stays in doubt.
    private var document: SignedDocument? {
        guard !body.isEmpty else { return nil }
        guard bodyDigest == .right else {
            return SignedDocument(bytes: body, signature: nil, key: nil, head: keptHead)
        }
        let signature = header("Signature").flatMap { try? Base64.standard.decode($0) }
        return SignedDocument(
            bytes: body, signature: signature, key: header("Signature-Key"), head: keptHead)
    }

    private enum BodyDigest { case right, wrong, absent }

    /// What `Content-Digest` (RFC 9530) says of the body, by its SHA-256.
    private var bodyDigest: BodyDigest {
        let name = "content-digest"
        var found = BodyDigest.absent
        for field in headers where field.name.lowercased() == name {
            for member in field.value.split(separator: ",") {
                let text = member.filter { $0 != " " }
                guard text.hasPrefix("sha-256=") else { continue }
                guard text == HTTPSAnswer.contentDigest(Hash.sha256.digest(body)) else {
                    return .wrong
                }
                found = .right
            }
        }
        return found
    }

    /// The value of `Content-Digest` for a SHA-256 of 32 bytes.
    static func contentDigest(_ digest: [UInt8]) -> String {
        "sha-256=:\(Base64.standard.encode(digest)):"
    }

    /// A field's value; `nil` if it is absent or there are several that differ.
    private func header(_ name: String) -> String? {
        let name = name.lowercased()
        let values = headers.filter { $0.name.lowercased() == name }.map(\.value)
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }
}

extension TransportFailure {
    /// What a failed exchange means. Nothing left, or something may have: libcurl knows.
    package init(_ failure: ExchangeFailure) {
        switch failure {
        case .notSent(let reason):
            switch reason {
            case .configuration, .urlRefused, .addressRefused:
                self = .notSent(.init(.configuration))
            case .tls, .certificateRefused: self = .notSent(.init(.untrusted))
            case .hostNotFound, .connectionRefused, .timeout, .proxy, .other:
                self = .notSent(.init(.unreachable))
            }
        case .refused: self = .refused(.init(.certificate))
        case .uncertain(let reason):
            switch reason {
            case .timeout: self = .uncertain(.init(.timeout))
            case .certificateRefused: self = .uncertain(.init(.certificate))
            case .connectionLost, .truncated, .other: self = .uncertain(.init(.broken))
            case .tooLarge, .malformedAnswer: self = .uncertain(.init(.noReceipt))
            }
        }
    }
}
