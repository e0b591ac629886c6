import LibCrypto
package import LibCurl
import LibXML
import LibZlib
package import Records

/// The SOAP 1.1 binding of the exchange, document/literal over the same mutual TLS as HTTPS: for
/// older provincial platforms.
package struct SOAPTransport: Transport {
    /// EXCHANGE 1: at most 20 MB before compression.
    private static let documentBytes = 20_000_000

    private let address: String
    private let lines: HTTPSLines
    private let grammar: SOAPAnswer.Grammar
    private let newID: @Sendable () -> String
    private let clock: Clock
    private let tally: DeliveryTally

    /// - Parameters:
    ///   - address: of the service; every call goes there.
    ///   - inFlight: how many calls may be under way at once.
    ///   - newID: a new UUID for each call, which its answer may repeat.
    ///   - tally: told what time it is there.
    package init(
        address: String, settings: HTTPSSettings, grammar: SOAPAnswer.Grammar, inFlight: Int = 2,
        newID: @escaping @Sendable () -> String, clock: @escaping Clock,
        tally: DeliveryTally = DeliveryTally()
    ) {
        self.address = address
        lines = HTTPSLines(settings, count: inFlight)
        self.grammar = grammar
        self.newID = newID
        self.clock = clock
        self.tally = tally
    }

    package func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        // The binding has no content encoding: the XML itself goes, over which the signature is.
        guard let document = try? Gzip.decompress(shipment.wire, limit: Self.documentBytes) else {
            throw .refused(.init(.rejected))
        }
        let call = SOAPCall(
            "submit",
            [
                ("document", .bytes(document)), ("signature", .bytes(shipment.signature)),
                ("key", .text(shipment.signingKey)),
            ])
        return try await answer(to: call).sendAnswer(now: clock())
    }

    package func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        let call = SOAPCall("receipt", [("submission", .text(submission.text))])
        return try await answer(to: call).inquiryAnswer(now: clock())
    }

    package func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        let cursor = DropCursor.numbered(cursor)
        let call = SOAPCall("receipts", [("after", .text(cursor)), ("limit", .text("\(limit)"))])
        return try await answer(to: call).page(now: clock())
    }

    package func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        let call = SOAPCall(
            "counts",
            [
                ("programme", .text(query.programme)), ("region", .text(query.region)),
                ("from", .text("\(query.from)")), ("to", .text("\(query.to)")),
            ])
        return try await answer(to: call).counts(now: clock())
    }

    private func answer(to call: SOAPCall) async throws(TransportFailure) -> SOAPAnswer {
        let id = "urn:uuid:" + newID()
        guard let body = try? call.bytes(namespace: grammar.namespace, id: id) else {
            throw .refused(.init(.rejected))
        }
        let request = HTTPSRequest(
            .post, address,
            headers: [
                HTTPSHeader("Content-Type", "text/xml; charset=utf-8"),
                HTTPSHeader("SOAPAction", "\"\(grammar.namespace)/\(call.name)\""),
            ], body: body)
        do throws(ExchangeFailure) {
            let sent = clock()
            let response = try await lines.perform(request)
            tally.note(date: response.header("Date"), sent: sent, received: clock())
            let http = HTTPSAnswer(
                status: response.status, head: response.headerBytes, headers: response.headers,
                body: response.body)
            return SOAPAnswer(http, to: id, by: grammar)
        } catch {
            throw TransportFailure(error)
        }
    }
}
