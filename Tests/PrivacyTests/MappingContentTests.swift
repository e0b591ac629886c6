import LibCrypto
import Privacy
import Testing

struct MappingContentTests {
    @Test func `The digest of a set of files is the one that sha256sum makes`() {
        // sha256sum b/two a/one | LC_ALL=C sort -k 2 | sha256sum, and openssl dgst -sm3 likewise,
        // of files that hold `1` and `2` and a line break.
        let content = MappingContent.digest(of: [
            (path: "b/two", bytes: Array("2\n".utf8)), (path: "a/one", bytes: Array("1\n".utf8)),
        ])
        #expect(
            content.sha256 == "bd16bd040680c1b9b1d138741dd21e4a64fbc82d8d0e248d9758f5a9e33eef38")
        #expect(content.sm3 == "3c888674af1bd97dfe4ebe0effe3813e08b1751e1a87a053a8ece4fe9813bfe1")
    }

    @Test func `A path with a line break does not pose as two files`() {
        let one = Hex.encode(Hash.sha256.digest([1]))
        let two = Hex.encode(Hash.sha256.digest([2]))
        let honest = MappingContent.digest(of: [("a", [1]), ("b", [2])])
        let forged = MappingContent.digest(of: [("a\n\(two)  b", [1])])
        #expect(one != two && honest.sha256 != forged.sha256)
    }
}
