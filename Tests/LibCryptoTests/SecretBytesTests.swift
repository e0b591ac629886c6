import LibCrypto
import Testing

@Suite struct SecretBytesTests {
    @Test func `a secret prints as nothing but the word`() throws {
        let key = try secret(Array("invented passphrase".utf8))
        #expect("\(key)" == "<secret>")
        #expect(String(reflecting: key) == "<secret>")
        #expect("\([key])" == "[<secret>]")
    }

    @Test func `what is consumed is emptied or overwritten`() throws {
        var bytes: [UInt8] = [1, 2, 3]
        let taken = try SecretBytes(consuming: &bytes)
        #expect(bytes.isEmpty)
        #expect(revealed(taken) == [1, 2, 3])

        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 3, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: [4, 5, 6])
        let other = try SecretBytes(consuming: buffer)
        #expect(Array(buffer) == [0, 0, 0])
        #expect(revealed(other) == [4, 5, 6])
    }

    @Test func `secrets are equal by their bytes`() throws {
        #expect(try secret([1, 2]) == secret([1, 2]))
        #expect(try secret([1, 2]) != secret([1, 3]))
        #expect(try secret([1, 2]) != secret([1, 2, 0]))
        #expect(try secret([]) == secret([]))
    }

    @Test func `random secrets have their size and differ`() throws {
        let keys = try (0..<8).map { _ in try SecretBytes.random(count: 32) }
        for (index, key) in keys.enumerated() {
            #expect(key.count == 32)
            for other in keys[..<index] { #expect(key != other) }
        }
    }

    @Test func `an error in the filling is handed on`() {
        #expect(
            fails(.malformed) {
                _ = try SecretBytes(count: 4) { (_) throws(CryptoFailure) in
                    throw CryptoFailure(.malformed)
                }
            })
    }

    @Test(arguments: CryptoFailure.Reason.allCases)
    func `a failure speaks Chinese and English`(_ reason: CryptoFailure.Reason) {
        let text = CryptoFailure(reason, "step").description
        #expect(text.contains(" / "))
        #expect(text.hasSuffix("(step)"))
        #expect(text.unicodeScalars.contains { $0.value > 0x4E00 })
    }

    @Test func `the library tells its version`() {
        #expect(OpenSSLVersion.text.hasPrefix("OpenSSL 3."))
        #expect(OpenSSLVersion.isAtLeast(3, 0, 0))
        #expect(!OpenSSLVersion.isAtLeast(99, 0, 0))
    }
}
