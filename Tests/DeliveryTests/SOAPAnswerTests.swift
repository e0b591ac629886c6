import Delivery
import Foundation
import LibCrypto
import LibCurl
import LibXML
import Records
import Testing

/// The answers of the SOAP binding: what is not exactly one of the schema's words is no success.
struct SOAPAnswerTests {
    private static let grammar = Result {
        let folder =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
            + "/../../mappings/preconception/to-reference-1/schema/"
        func file(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + name)))
        }
        return SOAPAnswer.Grammar(
            namespace: namespace,
            schema: try CompiledSchema(
                main: file("soap-envelope.xsd"), files: ["soap.xsd": file("soap.xsd")]))
    }
    private static let call = "urn:uuid:019a0000-0000-7000-8000-000000000001"

    private func answer(
        _ text: String, status: Int = 200, headers: [HTTPSHeader] = []
    ) throws -> SOAPAnswer {
        SOAPAnswer(
            HTTPSAnswer(
                status: status, head: Array("HTTP/1.1 \(status)\r\n".utf8), headers: headers,
                body: Array(text.utf8)),
            to: Self.call, by: try Self.grammar.get())
    }

    private func envelope(_ body: String, header: String = "") -> String {
        """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">\(header)\
        <s:Body>\(body)</s:Body></s:Envelope>
        """
    }

    private func response(_ name: String, _ content: String) -> String {
        envelope("<\(name) xmlns=\"urn:shangbao:reference:1:soap\">\(content)</\(name)>")
    }

    private func fault(_ code: String) -> String {
        envelope(
            "<s:Fault><faultcode>\(code)</faultcode><faultstring>no</faultstring></s:Fault>")
    }

    private func failure(
        _ text: String, status: Int = 200, headers: [HTTPSHeader] = []
    ) throws -> TransportFailure? {
        let answer = try answer(text, status: status, headers: headers)
        do throws(TransportFailure) {
            _ = try answer.sendAnswer(now: monday)
            return nil
        } catch {
            return error
        }
    }

    @Test func `stored has no verdict and may have a receipt`() throws {
        let bare = try answer(response("submitResponse", "<state>stored</state>"))
            .sendAnswer(now: monday)
        #expect(bare.outcome == "SOAP-STORED" && bare.document == nil)
        let text = Base64.standard.encode(Array("<Receipt/>".utf8))
        let content =
            "<state>answered</state><receipt>\n \(text.prefix(4))\n\(text.dropFirst(4))</receipt>"
            + "<signature>AQID</signature><key>national-2026</key>"
        let answered = try answer(response("submitResponse", content)).sendAnswer(now: monday)
        #expect(answered.outcome == "SOAP-ANSWERED")
        #expect(answered.document?.bytes == Array("<Receipt/>".utf8))
        #expect(answered.document?.signature == [1, 2, 3])
        #expect(answered.document?.key == "national-2026")
        #expect(answered.document?.head == "HTTP/1.1 200\r\n")
    }

    /// F-103: a success flag, a page, an empty answer, another schema: nothing of it is believed.
    @Test func `what is no receipt is no acceptance`() throws {
        let inDoubt = TransportFailure.uncertain(.init(.noReceipt))
        let answers = [
            "", "OK", "<html/>", "true", "<Success>True</Success>",
            response("submitResponse", "<state>success</state>"),
            response("submitResponse", "<success>true</success>"),
            response("submitResponse", "<state>answered</state>"),
            response("submitResponse", "<state>answered</state><receipt></receipt>"),
            response("submitResponse", "<state>answered</state><receipt>?</receipt>"),
            response("receiptResponse", "<state>none</state>"),
            envelope("<submitResponse><state>stored</state></submitResponse>"),
            envelope("<state xmlns=\"urn:shangbao:reference:1:soap\">stored</state>"),
            envelope(""), response("submitResponse", "<state>stored</state>") + "x",
            String(response("submitResponse", "<state>stored</state>").dropLast(12)),
            "<!DOCTYPE x>" + response("submitResponse", "<state>stored</state>"),
        ]
        for text in answers { #expect(try failure(text) == inDoubt, "\(text)") }
        #expect(try failure("", status: 202) == inDoubt)
        #expect(
            try failure(response("submitResponse", "<state>stored</state>"), status: 500)
                == inDoubt)
    }

    /// F-131: nothing of a document type is ever opened.
    @Test func `an entity is refused before anything is parsed`() throws {
        let text = """
            <!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>
            \(response("submitResponse", "<state>&x;</state>"))
            """
        #expect(try failure(text) == .uncertain(.init(.noReceipt)))
    }

    @Test(
        arguments: [
            ("s:Client", .refused(.init(.rejected))),
            ("s:Client.Schema", .refused(.init(.rejected))),
            ("s:Server", .uncertain(.init(.server))),
            ("s:Server.Busy", .uncertain(.init(.server))),
            ("s:Other", .uncertain(.init(.server))),
            ("s:MustUnderstand", .notSent(.init(.configuration))),
            ("s:VersionMismatch", .notSent(.init(.configuration))),
        ] as [(String, TransportFailure)], [200, 500])
    func `a fault is permanent or leaves doubt, whatever its status`(
        fault row: (code: String, means: TransportFailure), status: Int
    ) throws {
        #expect(try failure(fault(row.code), status: status) == row.means)
    }

    @Test func `what stands before the service answers as over HTTPS`() throws {
        let rows: [(Int, TransportFailure)] = [
            (403, .refused(.init(.denied))), (404, .refused(.init(.address))),
            (413, .refused(.init(.tooLarge))), (302, .refused(.init(.address))),
            (400, .refused(.init(.rejected))), (502, .uncertain(.init(.server))),
            (500, .uncertain(.init(.server))),
        ]
        for (status, means) in rows { #expect(try failure("x", status: status) == means) }
        #expect(
            try failure("x", status: 503, headers: [HTTPSHeader("Retry-After", "9")])
                == .notSent(.init(.busy, retryAfter: .seconds(9))))
    }

    @Test(
        arguments: [
            ("<retryAfter>120</retryAfter>", .seconds(120)), ("", .absent),
            ("<retryAfter>0</retryAfter>", .unusable), ("<retryAfter>-1</retryAfter>", .unusable),
            ("<retryAfter>999999</retryAfter>", .unusable),
        ] as [(String, RetryAfter)])
    func `busy is no answer and says when to come again`(text: String, wait: RetryAfter) throws {
        let text = response("submitResponse", "<state>busy</state>" + text)
        #expect(try failure(text) == .notSent(.init(.busy, retryAfter: wait)))
    }

    @Test func `conflict is for a person`() throws {
        let text = response("submitResponse", "<state>conflict</state>")
        #expect(try failure(text) == .refused(.init(.conflict)))
    }

    @Test func `an answer to another call is none`() throws {
        let stored =
            "<submitResponse xmlns=\"urn:shangbao:reference:1:soap\"><state>stored</state>"
            + "</submitResponse>"
        func related(to id: String) -> String {
            envelope(
                stored,
                header: """
                    <s:Header><a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing">\
                    \(id)</a:RelatesTo></s:Header>
                    """)
        }
        #expect(try failure(related(to: Self.call)) == nil)
        #expect(
            try failure(related(to: "urn:uuid:019a0000-0000-7000-8000-000000000002"))
                == .uncertain(.init(.noReceipt)))
    }

    @Test func `the answers to a question`() throws {
        func ask(_ content: String) throws(TransportFailure) -> InquiryAnswer {
            guard let answer = try? answer(response("receiptResponse", content)) else {
                throw .refused(.init(.address))
            }
            return try answer.inquiryAnswer(now: monday)
        }
        if case .pending = try ask("<state>none</state>") {} else { Issue.record("none") }
        if case .unknown = try ask("<state>unknown</state>") {} else { Issue.record("unknown") }
        let content = "<state>answered</state><receipt>PFIvPg==</receipt>"
        guard case .document(let document) = try ask(content) else {
            Issue.record("answered")
            return
        }
        #expect(document.bytes == Array("<R/>".utf8) && document.signature == nil)
        #expect(throws: TransportFailure.uncertain(.init(.noReceipt))) {
            _ = try ask("<state>answered</state>")
        }
    }

    @Test func `a page of receipts, and counts`() throws {
        let item = "<receipt>PFIvPg==</receipt><signature>AQID</signature><key>k</key>"
        let page = try answer(
            response("receiptsResponse", "<next>7</next><item>\(item)</item><item>\(item)</item>")
        ).page(now: monday)
        #expect(page.next == "7" && page.items.count == 2 && page.items[0].signature == [1, 2, 3])
        let counts = try answer(
            response("countsResponse", "<counts>PFIvPg==</counts><key>k</key>")
        ).counts(now: monday)
        #expect(counts.bytes == Array("<R/>".utf8) && counts.signature == nil)
    }
}
