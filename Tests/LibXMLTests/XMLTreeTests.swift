import LibXML
import Testing

struct XMLTreeTests {
    static let receipt = Array(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Receipt xmlns="urn:t" xmlns:o="urn:o" id="r1" o:id="x">
          <Entry record="9f" code="a&amp;b&lt;&quot;&#38;#38;">text <![CDATA[<raw>]]> &amp; more</Entry>
          <o:Entry record="other"/>
          <Entry record="a0"><Note>值</Note></Entry>
        </Receipt>
        """.utf8)

    @Test func `A tree has names, namespaces, attributes, text and lines`() throws {
        let root = try parsed(Self.receipt)
        #expect(root.name == "Receipt")
        #expect(root.namespace == "urn:t")
        #expect(root.attribute("id") == "r1")
        #expect(root.attribute("missing") == nil)
        #expect(root.attributes.map(\.namespace) == ["", "urn:o"])
        #expect(root.children.count == 3)
        let entries = root.children(named: "Entry")
        #expect(entries.map { $0.attribute("record") } == ["9f", "a0"])
        #expect(entries[0].attribute("code") == "a&b<\"&#38;")
        #expect(entries[0].text == "text <raw> & more")
        #expect(entries[1].child("Note")?.text == "值")
        #expect(entries.map(\.line) == [3, 5])
    }

    @Test func `The children of a long document come one at a time`() throws {
        var roots: [XMLTree.Element] = []
        var children: [XMLTree.Element] = []
        try Self.receipt.withUnsafeBytes {
            try XMLTree.parseChildren(
                $0,
                root: {
                    roots.append($0)
                    return .goOn
                },
                child: {
                    children.append($0)
                    return children.count < 2 ? .goOn : .stop
                })
        }
        #expect(roots.map { $0.attribute("id") } == ["r1"])
        #expect(children == Array(try parsed(Self.receipt).children.prefix(2)))
    }

    @Test func `A fault behind the first children is still thrown`() {
        let broken = Array("<a><b/><c></a>".utf8)
        var names: [String] = []
        let reason = refusal(of: broken) { (bytes) throws(XMLFailure) in
            try XMLTree.parseChildren(
                bytes, root: { _ in .goOn },
                child: {
                    names.append($0.name)
                    return .goOn
                })
        }
        #expect(reason == .malformed(line: 1))
        #expect(names == ["b"])
    }

    @Test func `Escaped text and attributes come back as they were`() throws {
        let samples = [
            "", "plain", "a<b>&\"'c]]>", "tab\tline\nreturn\r end", " 上报 😀 \u{7F}\u{85}\u{FFFD}",
            "&#38;&amp;",
        ]
        for sample in samples {
            var document = Array("<a v=\"".utf8)
            try sample.utf8.withContiguousStorageIfAvailable {
                try XMLText.escape(
                    attribute: UnsafeRawBufferPointer($0), appendingTo: &document)
            }
            document += Array("\">".utf8)
            try Array(sample.utf8).withUnsafeBytes {
                try XMLText.escape(text: $0, appendingTo: &document)
            }
            document += Array("</a>".utf8)
            let root = try parsed(document)
            #expect(root.text == sample)
            #expect(root.attribute("v") == sample)
        }
    }

    @Test func `What XML cannot hold is refused and leaves nothing behind`() {
        let bad: [[UInt8]] = [
            [0], [0x1F], [0x0B], [0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF], [0xED, 0xA0, 0x80], [0x80],
            [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xE4, 0xB8], [0xE4, 0xB8, 0x41],
        ]
        for bytes in bad {
            var output: [UInt8] = [1, 2, 3]
            let reason = refusal(of: Array("a&b".utf8) + bytes) { (raw) throws(XMLFailure) in
                try XMLText.escape(text: raw, appendingTo: &output)
            }
            #expect(reason == .forbiddenCharacter, "\(bytes)")
            #expect(output == [1, 2, 3])
        }
    }
}
