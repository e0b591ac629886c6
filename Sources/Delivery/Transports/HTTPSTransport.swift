import LibCrypto
package import LibCurl
package import Records

/// The HTTPS binding of the exchange: the default way to the national side.
package struct HTTPSTransport: Transport {
    private let base: String
    private let lines: HTTPSLines
    private let grammar: FeedGrammar
    private let clock: Clock
    private let tally: DeliveryTally

    /// - Parameters:
    ///   - base: the address before `/submissions`, without a slash at its end.
    ///   - namespace: the XML namespace of the feed.
    ///   - inFlight: how many requests may be under way at once.
    ///   - tally: told what time it is there.
    package init(
        base: String, settings: HTTPSSettings, namespace: String, inFlight: Int = 2,
        clock: @escaping Clock, tally: DeliveryTally = DeliveryTally()
    ) {
        self.base = base
        lines = HTTPSLines(settings, count: inFlight)
        grammar = FeedGrammar(namespace: namespace)
        self.clock = clock
        self.tally = tally
    }

    package func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        let answer = try await perform(
            HTTPSRequest(
                .post, base + "/submissions",
                headers: [
                    HTTPSHeader("Content-Type", "application/xml"),
                    HTTPSHeader("Content-Encoding", "gzip"),
                    HTTPSHeader("Idempotency-Key", shipment.submission.text),
                    HTTPSHeader(
                        "Content-Digest", HTTPSAnswer.contentDigest(shipment.wireDigest)),
                    HTTPSHeader("Signature", Base64.standard.encode(shipment.signature)),
                    HTTPSHeader("Signature-Key", shipment.signingKey),
                ], body: shipment.wire))
        return try answer.sendAnswer(now: clock())
    }

    package func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        let url = base + "/submissions/\(Self.escaped(submission.text))/receipt"
        return try await perform(HTTPSRequest(.get, url)).inquiryAnswer(now: clock())
    }

    package func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        let cursor = DropCursor.numbered(cursor)
        let url = base + "/receipts?after=\(Self.escaped(cursor))&limit=\(limit)"
        return try await perform(HTTPSRequest(.get, url)).page(by: grammar, now: clock())
    }

    package func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        let url =
            base + "/counts?programme=\(Self.escaped(query.programme))"
            + "&region=\(Self.escaped(query.region))&from=\(query.from)&to=\(query.to)"
        return try await perform(HTTPSRequest(.get, url)).signedDocument(now: clock())
    }

    private func perform(_ request: HTTPSRequest) async throws(TransportFailure) -> HTTPSAnswer {
        do throws(ExchangeFailure) {
            let sent = clock()
            let response = try await lines.perform(request)
            tally.note(date: response.header("Date"), sent: sent, received: clock())
            return HTTPSAnswer(
                status: response.status, head: response.headerBytes, headers: response.headers,
                body: response.body)
        } catch {
            throw TransportFailure(error)
        }
    }

    /// Percent-encodes all but unreserved characters (RFC 3986 section 2.3).
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return escaped
    }
}
