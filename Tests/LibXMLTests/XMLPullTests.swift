import LibXML
import Testing

/// Reads a document with the pull reader, `blockBytes` at a time.
private func pulled(
    _ document: [UInt8], blockBytes: Int = 7, limits: DocumentLimits = DocumentLimits()
) throws(XMLFailure) -> [String] {
    var pull = XMLPull(limits: limits)
    var events: [String] = []
    var offset = 0
    var names: [String] = []
    while true {
        switch try pull.next() {
        case .hungry:
            pull.fill { room in
                let count = min(blockBytes, document.count - offset, room.count)
                room.copyBytes(from: document[offset..<offset + count])
                offset += count
                return count
            }
        case .opened:
            let name = ["a", "b", "c"].first { pull.isNamed(Named.all[$0] ?? "?") } ?? "other"
            names.append(name)
            let r = pull.attribute("r").map { String(decoding: $0, as: UTF8.self) }
            events.append("<" + name + (r.map { " \($0)" } ?? ""))
        case .text:
            let text = String(decoding: pull.text, as: UTF8.self)
            if let last = events.last, last.hasPrefix("'") {
                events[events.count - 1] = last + text
            } else {
                events.append("'" + text)
            }
        case .closed: events.append("/" + names.removeLast())
        case .ended: return events
        }
    }
}

private enum Named {
    static let all: [String: StaticString] = ["a": "a", "b": "b", "c": "c"]
}

private func reason(_ document: String, limits: DocumentLimits = DocumentLimits())
    -> XMLFailure.Reason?
{
    do {
        _ = try pulled(Array(document.utf8), limits: limits)
        return nil
    } catch {
        return error.reason
    }
}

struct XMLPullTests {
    private static let document = """
        \u{FEFF}<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r
        <!-- <a> --><x:a xmlns:x="u" r='1 > 2'><b x:r="B1"/>甲 &lt;&amp;&#x4E59;&#19993;\r\n丁\r戊<![CDATA[<&]]><?p q?><c
         r = "" ></c ></x:a><!-- end -->\n
        """

    @Test(arguments: [1, 2, 7, 64, 100_000])
    func `events are the same however the bytes arrive`(blockBytes: Int) throws {
        let events = try pulled(Array(XMLPullTests.document.utf8), blockBytes: blockBytes)
        #expect(
            events == [
                "<a 1 > 2", "<b B1", "/b", "'甲 <&乙丙\n丁\n戊<&", "<c ", "/c", "/a",
            ])
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a>&b;</a>", "<a><!ELEMENT a ANY></a>",
    ])
    func `document types and entities are refused`(document: String) {
        #expect(reason(document) == .doctypeRefused)
    }

    @Test(arguments: [
        "<a>", "<a></b>", "<a></a><b/>", "<a/>x", "<a b></a>", "<a b=c/>", "<a b='<'/>",
        "<a>\u{1}</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#+65;</a>", "<a", "<a b='", "</a>",
        "<>", "<a/ >", "<a><!-- </a>", "<?xml version='1.0'?>", "<a>&amp</a>", "<a b='1'c='2'/>",
    ])
    func `what is not well-formed is refused`(document: String) {
        guard case .malformed = reason(document) else {
            Issue.record("taken, or refused for another reason: \(document)")
            return
        }
    }

    @Test func `only UTF-8 is read`() throws {
        #expect(reason("<?xml version='1.0' encoding='gb18030'?><a/>") == .wrongEncoding)
        #expect(reason("x<a/>") == .wrongEncoding)
        #expect(throws: XMLFailure.self) { try pulled([0xFF, 0xFE, 0x3C, 0x00, 0x61, 0x00]) }
        for cut: [UInt8] in [[0xE7, 0x94], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF]] {
            let document = Array("<a>".utf8) + cut + Array("</a>".utf8)
            let failure = #expect(throws: XMLFailure.self) { try pulled(document) }
            #expect(failure?.reason == .wrongEncoding)
        }
    }

    @Test func `depth, tags, attributes and length have ends`() throws {
        var limits = DocumentLimits(documentBytes: 1000, tagBytes: 40, tagAttributes: 2, depth: 3)
        #expect(reason("<a><a><a/></a></a>", limits: limits) == nil)
        #expect(reason("<a><a><a><a/></a></a></a>", limits: limits) == .tooDeep)
        #expect(reason("<a b='1' c='2'/>", limits: limits) == nil)
        #expect(reason("<a b='1' c='2' d='3'/>", limits: limits) == .attributeBomb)
        let long = String(repeating: "x", count: 80_000)
        limits.documentBytes = 1_000_000
        for document in ["<a b='\(long)\(long)'/>", "<\(long)\(long)/>", "<a><!--\(long)--></a>"] {
            #expect(reason(document, limits: limits) == .attributeBomb)
        }
        #expect(reason("<a>\(long)\(long)\(long)</a>", limits: limits) == nil)
        limits.documentBytes = 1000
        #expect(reason("<a>\(long)</a>", limits: limits) == .tooLarge)
    }

    @Test func `a fault says its line`() {
        #expect(reason("<a>\n\n</b>") == .malformed(line: 3))
    }
}
