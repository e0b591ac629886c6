/// One field of a request's or an answer's head.
package struct HTTPSHeader: Sendable, Equatable {
    /// The name, in any case.
    package let name: String
    /// The value without surrounding blanks.
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One request.
package struct HTTPSRequest: Sendable {
    /// What is asked for.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package let method: Method
    /// An absolute https URL.
    package let url: String
    package let headers: [HTTPSHeader]
    /// What is posted, exactly as it goes over the wire; not used with `get`.
    package let body: [UInt8]

    package init(
        _ method: Method, _ url: String, headers: [HTTPSHeader] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One whole answer.
package struct HTTPSResponse: Sendable {
    /// The status code; redirects (3xx) come as they are.
    package let status: Int
    /// The head as it came: status line, fields and the empty line.
    package let headerBytes: [UInt8]
    /// The fields in their order.
    package let headers: [HTTPSHeader]
    /// The body as it came, without chunking, still with its content encoding.
    package let body: [UInt8]
    /// The other side's certificate in DER, for a fingerprint.
    package let peerCertificate: [UInt8]?

    /// The value of a field by its name in any case; nil if it is absent or there are several that
    /// differ, because then nobody can say which one counts.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        let values = headers.lazy.filter { $0.name.lowercased() == name }.map(\.value)
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// Whether the answer announced its end (RFC 9112, section 6.3). One that just ends with the
    /// connection may have been cut: libcurl 7.88 takes even a TLS connection that was not closed
    /// properly for its end.
    var saysWhereItEnds: Bool {
        status == 204 || status == 304 || header("Content-Length") != nil
            || header("Transfer-Encoding")?.lowercased().hasSuffix("chunked") == true
    }
}
