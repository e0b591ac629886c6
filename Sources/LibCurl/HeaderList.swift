internal import CLibCurl

/// The head of a request as libcurl wants it.
final class HeaderList {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// - Throws: `notSent(.configuration)` for a name that is no token (RFC 9110, section 5.6.2) or
    ///   a value with control characters: nobody may write a second field through a first.
    init(_ request: HTTPSRequest) throws(ExchangeFailure) {
        // No waiting for `100 Continue`, and no content type that the caller did not give.
        try append("Expect:")
        if request.method == .post,
            !request.headers.contains(where: { $0.name.lowercased() == "content-type" })
        {
            try append("Content-Type:")
        }
        for header in request.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isToken),
                header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw .notSent(.configuration) }
            // libcurl's way of writing a field without a value is a semicolon.
            let isEmpty = header.value.utf8.allSatisfy { $0 == 0x20 }
            try append(isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
    }

    deinit {
        curl_slist_free_all(list)
    }

    private func append(_ line: String) throws(ExchangeFailure) {
        guard let longer = curl_slist_append(list, line) else { throw .notSent(.other) }
        list = longer
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
