import Foundation
import Glibc
import LibXML
import Testing

/// Documents that try to make the reader open a file or an address.
struct ExternalEntityTests {
    /// A socket that listens and can say whether anybody came.
    private final class Listener {
        private let descriptor: Int32
        let port: UInt16

        init() throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutableBytes(of: &address) { raw in
                let pointer = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                return bind(descriptor, pointer, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
            self.descriptor = descriptor
            try #require(bound)
            port = UInt16(bigEndian: address.sin_port)
        }

        deinit { close(descriptor) }

        var wasVisited: Bool {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&entry, 1, 0) > 0
        }
    }

    private static func utf16(_ text: String, mark: [UInt8]) -> [UInt8] {
        mark + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    @Test func `No file is read, no address is visited, and every such document is refused`() throws
    {
        let canary = FileManager.default.temporaryDirectory
            .appendingPathComponent("canary-\(UUID().uuidString).txt")
        try Data("990000CANARY".utf8).write(to: canary)
        defer { try? FileManager.default.removeItem(at: canary) }
        let listener = try Listener()
        let file = "file://\(canary.path)"
        let http = "http://127.0.0.1:\(listener.port)/x"
        let local = "<!DOCTYPE a [<!ENTITY x SYSTEM \"\(file)\">]><a>&x;</a>"
        let doctypes = [
            local,
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"\(http)\">]><a>&x;</a>",
            "<!DOCTYPE a SYSTEM \"\(http)\"><a/>",
            "<!DOCTYPE a PUBLIC \"-//X//Y\" \"\(file)\"><a/>",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM \"\(http)\"> %p;]><a/>",
            "<?xml version=\"1.0\"?>\n<!-- x -->\n<!DOCTYPE a><a/>",
            "<a><!ENTITY x SYSTEM \"\(file)\"></a>",
            "<!doctype a><a/>",
        ]
        for document in doctypes {
            #expect(parsingRefusal(document) == .doctypeRefused, "\(document)")
        }
        let disguises = [
            Self.utf16(local, mark: [0xFF, 0xFE]), Self.utf16(local, mark: []),
            Array("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-a/>".utf8),
            Array("<?xml version='1.0' encoding = 'UTF-16'?><a/>".utf8),
            [0x4C, 0x6F, 0xA7, 0x94] + Array("x".utf8),
            [0xEF, 0xBB, 0xBF] + Array("<a/>".utf8),
        ]
        for document in disguises { #expect(parsingRefusal(document) == .wrongEncoding) }
        // Without a document type there is nothing an entity could be.
        #expect(parsingRefusal("<a>&x;</a>") == .malformed(line: 1))
        #expect(
            parsingRefusal(
                "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='\(file)'/></a>")
                == nil)
        let includes = try parsed(
            Array(
                """
                <a xmlns:xi='http://www.w3.org/2001/XInclude' xmlns:x='\
                http://www.w3.org/2001/XMLSchema-instance' x:schemaLocation='urn:a \(http)'>\
                <xi:include href='\(file)' parse='text'/></a>
                """.utf8))
        #expect(includes.text == "")
        #expect(includes.children.map(\.text) == [""])
        #expect(!listener.wasVisited)
    }

    @Test func `A schema cannot load what it was not given`() throws {
        let listener = try Listener()
        for location in ["http://127.0.0.1:\(listener.port)/t.xsd", "/etc/passwd", "types.xsd"] {
            for verb in ["include", "import namespace='urn:t'"] {
                let schema = """
                    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
                    <xs:\(verb) schemaLocation="\(location)"/><xs:element name="a"/></xs:schema>
                    """
                #expect(throws: XMLFailure.self) { try CompiledSchema(main: Array(schema.utf8)) }
            }
        }
        #expect(!listener.wasVisited)
    }
}
