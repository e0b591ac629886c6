import LibCrypto
import Testing

@Suite struct TextFormTests {
    /// RFC 4648, section 10.
    private static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: vectors)
    func `base64 is that of RFC 4648, with and without padding`(
        _ plain: String, _ text: String
    ) throws {
        let bytes = Array(plain.utf8)
        let bare = text.filter { $0 != "=" }
        #expect(Base64.standard.encode(bytes) == text)
        #expect(Base64.url.encode(bytes) == bare)
        #expect(try Base64.standard.decode(text) == bytes)
        #expect(try Base64.url.decode(bare) == bytes)
    }

    @Test func `the two alphabets differ in two characters only`() throws {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xBF]
        #expect(Base64.standard.encode(bytes) == "+/+/")
        #expect(Base64.url.encode(bytes) == "-_-_")
        #expect(try Base64.standard.decode("+/+/") == bytes)
        #expect(try Base64.url.decode("-_-_") == bytes)
        #expect(fails(.malformed) { _ = try Base64.standard.decode("-_-_") })
        #expect(fails(.malformed) { _ = try Base64.url.decode("+/+/") })
    }

    @Test func `every byte value survives at every length`() throws {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for count in 0...bytes.count {
            let part = Array(bytes[..<count])
            for form in [Base64.standard, .url] {
                let text = form.encode(part)
                #expect(text.utf8.count == form.encodedCount(count))
                #expect(try form.decode(text) == part)
            }
            #expect(try Hex.decode(Hex.encode(part)) == part)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "=Zg=", "Z===", "====", "=", "Zm9vYg", "Zm 9", " Zm9v", "Zm9v\n",
        "Zh==", "Zm9=", "Zm9vZg==Zm9v", "Zm9é", "Zg=a",
    ])
    func `padded base64 that is not exact is refused`(_ text: String) {
        #expect(fails(.malformed) { _ = try Base64.standard.decode(text) })
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9vY", "Zm 9", "Zm9v\n", "Zg=="])
    func `unpadded base64 that is not exact is refused`(_ text: String) {
        #expect(fails(.malformed) { _ = try Base64.url.decode(text) })
    }

    @Test func `hex is lower case, read in either case, and nothing else`() throws {
        #expect(Hex.encode([0x00, 0x9A, 0xFF]) == "009aff")
        #expect(try Hex.decode("009AfF") == [0x00, 0x9A, 0xFF])
        for text in ["0", "0g", "0x00", "00 ", "é0", "：0"] {
            #expect(fails(.malformed) { _ = try Hex.decode(text) })
        }
    }

    @Test func `comparison in constant time still compares`() {
        #expect(constantTimeEquals([], []))
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
        #expect(!constantTimeEquals([], [0]))
    }
}
