import Delivery
import LibCrypto
import LibCurl
import Records
import Testing

/// The answers of the HTTPS binding, row by row.
struct HTTPSAnswerTests {
    private let body = Array("<Receipt/>".utf8)

    private func send(
        _ status: Int, body: [UInt8] = [], headers: [HTTPSHeader] = []
    ) -> Result<SendAnswer, TransportFailure> {
        Result { () throws(TransportFailure) in
            try HTTPSAnswer(status: status, headers: headers, body: body).sendAnswer(now: monday)
        }
    }

    private func failure(_ result: Result<some Any, TransportFailure>) -> TransportFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }

    @Test(
        arguments: [
            (400, .refused(.init(.rejected))), (401, .refused(.init(.denied))),
            (403, .refused(.init(.denied))), (404, .refused(.init(.address))),
            (405, .refused(.init(.rejected))), (409, .refused(.init(.conflict))),
            (410, .refused(.init(.address))), (413, .refused(.init(.tooLarge))),
            (418, .refused(.init(.rejected))), (422, .uncertain(.init(.noReceipt))),
            (200, .uncertain(.init(.noReceipt))), (204, .uncertain(.init(.noReceipt))),
            (301, .refused(.init(.address))), (307, .refused(.init(.address))),
            (500, .uncertain(.init(.server))), (502, .uncertain(.init(.server))),
            (504, .uncertain(.init(.server))), (429, .notSent(.init(.busy))),
            (503, .notSent(.init(.busy))), (999, .uncertain(.init(.noReceipt))),
        ] as [(Int, TransportFailure)])
    func `each status without a document means what the page says`(
        status: Int, expected: TransportFailure
    ) {
        #expect(failure(send(status)) == expected)
    }

    @Test(arguments: [429, 503])
    func `Retry-After goes with a busy answer`(status: Int) {
        let result = send(status, headers: [HTTPSHeader("retry-after", "120")])
        #expect(failure(result) == .notSent(.init(.busy, retryAfter: .seconds(120))))
    }

    @Test func `202 is stored, with a receipt or without`() throws {
        #expect(try send(202).get().document == nil)
        #expect(try send(202, body: body).get().document?.bytes == body)
        #expect(try send(202).get().outcome == "HTTP-202")
    }

    @Test(arguments: [200, 422])
    func `a document comes with its signature and key, as yet unchecked`(status: Int) throws {
        let headers = [
            HTTPSHeader("Signature", Base64.standard.encode([1, 2, 3])),
            HTTPSHeader("Signature-Key", "national-2026"),
            HTTPSHeader(
                "Content-Digest",
                "sha-512=:AAAA:, sha-256=:\(Base64.standard.encode(Hash.sha256.digest(body))):"),
        ]
        let document = try #require(try send(status, body: body, headers: headers).get().document)
        #expect(document.bytes == body)
        #expect(document.signature == [1, 2, 3])
        #expect(document.key == "national-2026")
    }

    @Test(arguments: ["sha-256=:AAAA:", "sha-256=junk", "sha-256=:", "sha-512=:AAAA:", nil])
    func `without its digest, or with another, a document is evidence and never a signed answer`(
        digest: String?
    ) throws {
        var headers = [
            HTTPSHeader("Signature", Base64.standard.encode([1, 2, 3])),
            HTTPSHeader("Signature-Key", "national-2026"),
        ]
        if let digest { headers.append(HTTPSHeader("Content-Digest", digest)) }
        for status in [200, 202, 422] {
            let document = try #require(
                try send(status, body: body, headers: headers).get().document)
            #expect(document.bytes == body)
            #expect(document.signature == nil && document.key == nil)
        }
        let counts = try HTTPSAnswer(status: 200, headers: headers, body: body)
            .signedDocument(now: monday)
        #expect(counts.signature == nil)
    }

    @Test func `a page of the feed is a wrapper: a wrong digest is refused, none is not missed`()
        throws
    {
        let page = Array("<Receipts xmlns=\"\(namespace)\" next=\"7\"/>".utf8)
        func read(_ headers: [HTTPSHeader]) throws(TransportFailure) -> FeedPage {
            try HTTPSAnswer(status: 200, headers: headers, body: page)
                .page(by: FeedGrammar(namespace: namespace), now: monday)
        }
        #expect(try read([]).next == "7")
        #expect(throws: TransportFailure.uncertain(.init(.noReceipt))) {
            _ = try read([HTTPSHeader("Content-Digest", "sha-256=:AAAA:")])
        }
    }

    @Test func `a signature that is no base64, or that stands twice, is none`() throws {
        let digest = HTTPSHeader(
            "Content-Digest", "sha-256=:\(Base64.standard.encode(Hash.sha256.digest(body))):")
        let twice = [
            digest, HTTPSHeader("Signature", "AAAA"), HTTPSHeader("Signature", "BBBB"),
        ]
        let junk = [digest, HTTPSHeader("Signature", "not base64")]
        #expect(try send(200, body: body, headers: twice).get().document?.signature == nil)
        #expect(try send(200, body: body, headers: junk).get().document?.signature == nil)
    }

    @Test func `the answer to a question`() throws {
        func ask(_ status: Int, _ body: [UInt8] = []) throws(TransportFailure) -> InquiryAnswer {
            try HTTPSAnswer(status: status, headers: [], body: body).inquiryAnswer(now: monday)
        }
        if case .unknown = try ask(404) {} else { Issue.record("404 is unknown") }
        if case .pending = try ask(202) {} else { Issue.record("202 is pending") }
        if case .document = try ask(200, body) {} else { Issue.record("200 has a receipt") }
        #expect(throws: TransportFailure.uncertain(.init(.noReceipt))) { try ask(200) }
        #expect(throws: TransportFailure.refused(.init(.denied))) { try ask(403) }
    }

    @Test(arguments: NotSentReason.allCases)
    func `what never left is safe to send again`(reason: NotSentReason) {
        guard case .notSent = TransportFailure(.notSent(reason)) else {
            Issue.record("\(reason) was not sent")
            return
        }
    }

    @Test(arguments: UncertainReason.allCases)
    func `what may have left is asked for`(reason: UncertainReason) {
        guard case .uncertain = TransportFailure(.uncertain(reason)) else {
            Issue.record("\(reason) is uncertain")
            return
        }
    }
}

struct GrammarTests {
    private func reading(_ text: String, signed isSigned: Bool = true) throws -> String {
        let bytes = Array(text.utf8)
        let document =
            isSigned
            ? try signed(bytes) : SignedDocument(bytes: bytes, signature: nil, key: "national-2026")
        switch try ReceiptGrammar(endpoint()).read(document) {
        case .forged: return "forged"
        case .malformed: return "malformed"
        case .receipt(let receipt): return receipt.status.rawValue
        }
    }

    private func receiptText(
        status: String = "processed", digest: String = String(repeating: "a", count: 64),
        space: String = namespace, extra: String = "", entries: String = ""
    ) -> String {
        "<Receipt xmlns=\"\(space)\" id=\"r\" submission=\"s\" sender=\"x\" "
            + "digest=\"\(digest)\" issued=\"2012-03-05T22:00:09+08:00\" "
            + "status=\"\(status)\"\(extra)>\(entries)</Receipt>"
    }

    @Test func `a receipt is read only after its signature`() throws {
        #expect(try reading(receiptText()) == "processed")
        #expect(try reading(receiptText(), signed: false) == "forged")
        // Never parsed: a bomb that is unsigned is just forged.
        #expect(try reading("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", signed: false) == "forged")
        #expect(try reading("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>") == "malformed")
    }

    @Test func `what breaks the form of a receipt is malformed`() throws {
        let entry = "<Entry record=\"a\" version=\"1\" status=\"accepted\"/>"
        #expect(try reading(receiptText(entries: entry)) == "processed")
        #expect(try reading(receiptText(status: "refused", extra: " code=\"E1001\"")) == "refused")
        let broken = [
            receiptText(status: "done"), receiptText(status: "refused"),
            receiptText(digest: "abc"), receiptText(digest: String(repeating: "A", count: 64)),
            receiptText(space: "urn:other"),
            receiptText(status: "received", entries: entry),
            receiptText(entries: "<Other/>"),
            receiptText(entries: "<Entry record=\"a\" version=\"0\" status=\"accepted\"/>"),
            receiptText(entries: "<Entry record=\"a\" version=\"+1\" status=\"accepted\"/>"),
            receiptText(entries: "<Entry record=\"\" version=\"1\" status=\"accepted\"/>"),
            receiptText(entries: "<Entry record=\"a\" version=\"1\" status=\"ok\"/>"),
            receiptText(entries: "<Entry record=\"a\" version=\"1\" status=\"rejected\"/>"),
            "<Receipt", "",
        ]
        for text in broken { #expect(try reading(text) == "malformed", "\(text)") }
    }

    @Test func `a feed hands over its items in order with their signatures`() {
        let text = """
            <Receipts xmlns="\(namespace)" next="42">
            <Item signature="AQID" key="k-1">\(Base64.standard.encode([1, 2]))</Item>
            <Item key="k-2">
              \(Base64.standard.encode([3]))
            </Item></Receipts>
            """
        let page = FeedGrammar(namespace: namespace).read(Array(text.utf8))
        #expect(page?.next == "42")
        #expect(
            page?.items == [
                SignedDocument(bytes: [1, 2], signature: [1, 2, 3], key: "k-1"),
                SignedDocument(bytes: [3], signature: nil, key: "k-2"),
            ])
    }

    @Test(
        arguments: [
            "<Receipts xmlns=\"urn:shangbao:reference:1\"/>", "<Receipts next=\"1\"/>",
            "<Receipts xmlns=\"urn:shangbao:reference:1\" next=\"1\"><Item>%%</Item></Receipts>",
            "<Receipts xmlns=\"urn:shangbao:reference:1\" next=\"1\"><Other/></Receipts>", "",
        ])
    func `what is no feed is not read`(text: String) {
        #expect(FeedGrammar(namespace: namespace).read(Array(text.utf8)) == nil)
    }

    private func counts(_ asked: String) -> [UInt8] {
        Array(
            """
            <Counts xmlns="\(namespace)" \(asked)><Count institution="P1" month="2012-03" \
            accepted="7" rejected="2" duplicate="1"/></Counts>
            """.utf8)
    }

    private let year = CountsQuery(
        programme: "p", region: "990101", from: CalendarMonth(year: 2012, month: 1),
        to: CalendarMonth(year: 2012, month: 12))

    @Test(arguments: ["from=\"2012-01\" to=\"2012-12\"", "from=\"2012-01-01\" to=\"2012-12-31\""])
    func `counts are read only when signed`(period: String) throws {
        let bytes = counts("programme=\"p\" region=\"990101\" \(period)")
        let grammar = CountsGrammar(try endpoint())
        let counts = try #require(grammar.read(try signed(bytes), answering: year))
        #expect(counts.map(\.institution) == ["P1"])
        #expect(counts.map(\.month) == [CalendarMonth(year: 2012, month: 3)])
        #expect(counts.map { [$0.accepted, $0.rejected, $0.duplicate] } == [[7, 2, 1]])
        let unsigned = SignedDocument(bytes: bytes, signature: nil, key: nil)
        #expect(grammar.read(unsigned, answering: year) == nil)
        #expect(grammar.read(try signed(bytes, by: Keys.stranger), answering: year) == nil)
    }

    @Test(arguments: [
        "programme=\"q\" region=\"990101\" from=\"2012-01\" to=\"2012-12\"",
        "programme=\"p\" region=\"990102\" from=\"2012-01\" to=\"2012-12\"",
        "programme=\"p\" region=\"990101\" from=\"2011-01\" to=\"2012-12\"",
        "programme=\"p\" region=\"990101\" from=\"2012-01\" to=\"2012-11\"",
        "programme=\"p\" region=\"990101\" from=\"2012-01-02\" to=\"2012-12-31\"",
        "programme=\"p\" region=\"990101\" from=\"2012-01-01\" to=\"2012-12-30\"",
        "programme=\"p\" region=\"990101\"", "",
    ])
    func `signed counts that answer another question are not believed`(asked: String) throws {
        let grammar = CountsGrammar(try endpoint())
        #expect(grammar.read(try signed(counts(asked)), answering: year) == nil)
    }
}
