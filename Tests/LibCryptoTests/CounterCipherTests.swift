import Glibc
import LibCrypto
import Testing

@Suite struct CounterCipherTests {
    private func applied(_ cipher: CounterCipher, iv: [UInt8], to bytes: [UInt8]) throws
        -> [UInt8]
    {
        var bytes = bytes
        try iv.withUnsafeBytes { iv in
            try bytes.withUnsafeMutableBytes { try cipher.apply(iv: iv, to: $0) }
        }
        return bytes
    }

    @Test(arguments: CounterVector.all)
    func `a cipher gives the published bytes and takes them back`(_ vector: CounterVector) throws {
        let cipher = try CounterCipher(suite: vector.suite, key: secret(Hex.decode(vector.key)))
        let iv = try Hex.decode(vector.iv)
        let plaintext = try Hex.decode(vector.plaintext)
        let ciphertext = try Hex.decode(vector.ciphertext)
        #expect(try applied(cipher, iv: iv, to: plaintext) == ciphertext)
        #expect(try applied(cipher, iv: iv, to: ciphertext) == plaintext)
        // A partial block leaves nothing behind for the next value.
        #expect(try applied(cipher, iv: iv, to: [plaintext[0]]) == [ciphertext[0]])
        #expect(try applied(cipher, iv: iv, to: plaintext) == ciphertext)
    }

    @Test func `a million rounds of SM4 give the block of GB/T 32907 A.2`() throws {
        let start = try Hex.decode("0123456789abcdeffedcba9876543210")
        let cipher = try CounterCipher(suite: .gm, key: secret(start))
        var block = start
        var next = [UInt8](repeating: 0, count: 16)
        try block.withUnsafeMutableBytes { block in
            try next.withUnsafeMutableBytes { next in
                for _ in 0..<1_000_000 {
                    memset(next.baseAddress!, 0, 16)
                    try cipher.apply(iv: UnsafeRawBufferPointer(block), to: next)
                    block.copyMemory(from: UnsafeRawBufferPointer(next))
                }
            }
        }
        #expect(Hex.encode(block) == "595298c7c6fd271f0402f804c33d3f66")
    }

    @Test func `a key or a counter of another size is refused`() throws {
        #expect(fails(.badKey) { _ = try CounterCipher(suite: .gm, key: .random(count: 32)) })
        #expect(fails(.badKey) { _ = try CounterCipher(suite: .intl, key: .random(count: 16)) })
        let cipher = try CounterCipher(suite: .gm, key: .random(count: 16))
        #expect(fails(.internal) { _ = try applied(cipher, iv: [1, 2, 3], to: [1]) })
    }
}
