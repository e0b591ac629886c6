import LibXML
import Testing

/// Documents that are small to write and dear to read: each is refused by the look at its bytes.
struct BombTests {
    static let bombs: [(name: String, text: String, reason: XMLFailure.Reason)] = [
        (
            "billion laughs",
            "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><a>&b;</a>",
            .doctypeRefused
        ),
        (
            "quadratic entity",
            "<!DOCTYPE a [<!ENTITY a \"" + String(repeating: "x", count: 50_000) + "\">]><a>"
                + String(repeating: "&a;", count: 50_000) + "</a>", .doctypeRefused
        ),
        ("depth", String(repeating: "<a>", count: 100_000), .tooDeep),
        (
            "attributes",
            "<a" + (0..<40_000).map { " a\($0)=''" }.joined() + "/>", .attributeBomb
        ),
        (
            "attributes behind a quoted >",
            "<a b='>'" + (0..<300).map { " a\($0)=\">\"" }.joined() + "/>", .attributeBomb
        ),
        (
            "namespaces",
            "<a" + (0..<20_000).map { " xmlns:a\($0)='u'" }.joined() + "/>", .attributeBomb
        ),
        (
            "a long value", "<a b='" + String(repeating: "x", count: 100_000) + "'/>",
            .attributeBomb
        ),
        ("a long name", "<" + String(repeating: "x", count: 100_000) + "/>", .attributeBomb),
        ("many bytes", String(repeating: " ", count: 20_000_001), .tooLarge),
    ]

    @Test(arguments: bombs.indices)
    func `A bomb is refused quickly and by its right name`(index: Int) {
        let bomb = Self.bombs[index]
        let document = Array(bomb.text.utf8)
        var reason: XMLFailure.Reason?
        let took = ContinuousClock().measure { reason = parsingRefusal(document) }
        #expect(reason == bomb.reason, "\(bomb.name)")
        #expect(took < .seconds(1), "\(bomb.name)")
    }

    @Test func `A document at each limit is taken`() throws {
        let limits = DocumentLimits(documentBytes: 200_000)
        let attributes = "<a" + (0..<256).map { " a\($0)='='" }.joined() + "/>"
        #expect(try parsed(Array(attributes.utf8), limits: limits).attributes.count == 256)
        let nested =
            String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
        #expect(parsingRefusal(nested) == nil)
        #expect(parsingRefusal("<b>\(nested)</b>") == .tooDeep)
        let padding = String(repeating: "x", count: 200_000 - 7)
        #expect(parsingRefusal(Array("<a>\(padding)</a>".utf8), limits: limits) == nil)
        #expect(parsingRefusal(Array("<a>\(padding)x</a>".utf8), limits: limits) == .tooLarge)
    }

    @Test func `A nested repetition and a bad pattern end with a verdict`() throws {
        let schema = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a">
            <xs:simpleType><xs:restriction base="xs:string">
            <xs:pattern value="((x|xx|xxx)*y?)*z"/></xs:restriction></xs:simpleType>
            </xs:element></xs:schema>
            """
        let validator = try CompiledSchema(main: Array(schema.utf8)).validator()
        let text = "<a>" + String(repeating: "x", count: 5_000) + "</a>"
        var reason: XMLFailure.Reason?
        let took = ContinuousClock().measure { reason = validationRefusal(text, validator) }
        switch reason {
        case .internalFault, .schemaInvalid: break
        default: Issue.record("a text without the final z was taken: \(String(describing: reason))")
        }
        #expect(took < .seconds(5))
        #expect(validationRefusal("<a>xxz</a>", validator) == nil)
    }
}
