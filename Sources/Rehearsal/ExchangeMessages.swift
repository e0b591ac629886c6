import LibCrypto

/// One request of the HTTPS binding (EXCHANGE 4) as it came, free of any HTTP library.
package struct ExchangeRequest: Sendable {
    /// One header field or one part of a query.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Upper case, such as `POST`.
    package let method: String
    /// The path without query, such as `/submissions`.
    package let path: String
    package let query: [Field]
    package let headers: [Field]
    /// The bytes on the wire, still with their content encoding.
    package let body: [UInt8]

    package init(
        method: String, path: String, query: [Field] = [], headers: [Field] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of a header by its name in any case; nil when it does not stand exactly once.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        let found = headers.filter { $0.name.lowercased() == name }
        return found.count == 1 ? found[0].value : nil
    }

    /// Whether a header stands at all.
    func hasHeader(_ name: String) -> Bool {
        let name = name.lowercased()
        return headers.contains { $0.name.lowercased() == name }
    }

    /// A part of the query; nil when it does not stand exactly once.
    package func query(_ name: String) -> String? {
        let found = query.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }
}

/// One answer of the HTTPS binding.
package struct ExchangeAnswer: Sendable {
    package var status: Int
    package var headers: [ExchangeRequest.Field]
    package var body: [UInt8]
    /// How long the answer is held back.
    package var delay: Duration = .zero
    /// Whether the connection ends without an answer instead.
    package var isDropped = false

    init(status: Int, headers: [ExchangeRequest.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer without a document: words for a person, Chinese and English.
    package static func plain(_ status: Int, _ words: String) -> ExchangeAnswer {
        ExchangeAnswer(
            status: status,
            headers: words.isEmpty
                ? [] : [ExchangeRequest.Field("Content-Type", "text/plain; charset=utf-8")],
            body: Array(words.utf8))
    }

    /// An answer with an XML document and its digest; signed unless it is a mere wrapper.
    package static func document(
        _ status: Int, _ bytes: [UInt8], signed: Signed?
    ) -> ExchangeAnswer {
        let digest = Base64.standard.encode(Hash.sha256.digest(bytes))
        var headers = [
            ExchangeRequest.Field("Content-Type", "application/xml"),
            ExchangeRequest.Field("Content-Digest", "sha-256=:\(digest):"),
        ]
        if let signed {
            headers += [
                ExchangeRequest.Field("Signature", Base64.standard.encode(signed.signature)),
                ExchangeRequest.Field("Signature-Key", signed.keyID),
            ]
        }
        return ExchangeAnswer(status: status, headers: headers, body: bytes)
    }
}

/// A detached signature with the id of its key.
package struct Signed: Sendable {
    /// DER.
    let signature: [UInt8]
    let keyID: String

    package init(signature: [UInt8], keyID: String) {
        self.signature = signature
        self.keyID = keyID
    }
}

/// A request that is not taken: nothing is stored and there is no receipt.
struct NotTaken: Error {
    let status: Int
    let words: String

    init(_ status: Int, _ zh: String, _ en: String) {
        self.status = status
        words = "\(zh) / \(en)\n"
    }
}
