import LibXML
import Testing

struct DocumentGuardTests {
    @Test(arguments: [
        "<a/>", " \n<a/>", "<?xml version=\"1.0\"?><a/>",
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a/>",
        "<a><!-- don't > <!DOCTYPE x> --><![CDATA[<!DOCTYPE x> \" ]] ]>]]><?p it's > ?></a>",
        "<a b='x>y' c=\"it's\">=</a>", "<a>上报\u{FFFD}😀</a>", "<a>'\"</a>",
    ])
    func `Ordinary documents are taken`(text: String) {
        #expect(parsingRefusal(text) == nil)
    }

    @Test func `Broken documents are malformed at their line`() {
        let cases: [(String, Int)] = [
            ("", 1), ("   ", 1), ("<a>", 1), ("<a>\n<b></a>", 2), ("<a>\n\n</a></b>", 3), ("<a", 1),
            ("<a>\n<!-- x", 2), ("<a>\n<![CDATA[ ]] >", 2), ("<a b='<'/>", 1), ("<a b=c/>", 1),
            ("<a b='1' b='1'/>", 1), ("<a>\n<x:b/></a>", 2), ("<a/><a/>", 1), ("<a>]]></a>", 1),
            ("<a>&#0;</a>", 1), ("<a>\u{1}</a>", 1), ("<?xml encoding='utf-8'?><a/>", 1),
            ("<?xml version='1.0' x='2'?><a/>", 1), ("<", 1), ("<a>\n\0</a>", 2),
        ]
        for (text, line) in cases {
            #expect(parsingRefusal(text) == .malformed(line: line), "\(text)")
        }
    }

    @Test func `Bytes that are not UTF-8 are refused`() {
        for bytes: [UInt8] in [[0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF]] {
            let document = Array("<a>".utf8) + bytes + Array("</a>".utf8)
            let reason = parsingRefusal(document)
            #expect(reason == .wrongEncoding || reason == .malformed(line: 1))
        }
    }

    @Test func `GB18030 is taken only where it is allowed`() throws {
        // 上报 and a character whose second byte is `]` (0x81 0x5D), in text and before a CDATA end.
        let name: [UInt8] = [0xC9, 0xCF, 0xB1, 0xA8, 0x81, 0x5D]
        let document =
            Array("<?xml version='1.0' encoding='GB18030'?><a>".utf8) + name
            + Array("<![CDATA[".utf8) + name + Array("]><b x='1".utf8) + name
            + Array("]]></a>".utf8)
        #expect(parsingRefusal(document) == .wrongEncoding)
        let root = try parsed(document, limits: DocumentLimits(acceptsGB18030: true))
        #expect(root.text == "上报乚上报乚]><b x='1上报乚")
        #expect(root.children.isEmpty)
    }
}
