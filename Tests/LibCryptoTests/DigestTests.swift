import LibCrypto
import Testing

@Suite struct DigestTests {
    @Test(arguments: DigestVector.all)
    func `a digest is the published one`(_ vector: DigestVector) throws {
        let bytes = Array(vector.text.utf8)
        #expect(Hex.encode(vector.hash.digest(bytes)) == vector.digest)
    }

    @Test(arguments: DigestVector.all)
    func `a stream fed in pieces gives the same digest, and again`(
        _ vector: DigestVector
    ) throws {
        let bytes = Array(vector.text.utf8)
        let stream = HashStream(vector.hash)
        for piece in 1...3 {
            var rest = bytes[...]
            while !rest.isEmpty {
                stream.update(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
            }
            #expect(Hex.encode(stream.finish()) == vector.digest)
        }
    }

    @Test(arguments: KeyedDigestVector.all)
    func `a keyed digest is the published one, twice from one context`(
        _ vector: KeyedDigestVector
    ) throws {
        let keyed = try KeyedDigest(suite: vector.suite, key: secret(vector.key))
        #expect(Hex.encode(try keyed.digest(vector.message)) == vector.digest)
        #expect(Hex.encode(try keyed.digest([])) != vector.digest)
        #expect(Hex.encode(try keyed.digest(vector.message)) == vector.digest)
    }

    @Test(arguments: KeyedDigestVector.all)
    func `a keyed digest of parts is that of the whole`(_ vector: KeyedDigestVector) throws {
        let keyed = try KeyedDigest(suite: vector.suite, key: secret(vector.key))
        var output = [UInt8](repeating: 0, count: 32)
        let half = vector.message.count / 2
        try vector.message.withUnsafeBytes { message in
            try output.withUnsafeMutableBytes { output in
                try keyed.digest(
                    of: UnsafeRawBufferPointer(rebasing: message[..<half]),
                    UnsafeRawBufferPointer(start: nil, count: 0),
                    UnsafeRawBufferPointer(rebasing: message[half...]), into: output)
            }
        }
        #expect(Hex.encode(output) == vector.digest)
    }

    @Test func `a keyed digest needs a key and room for 32 bytes`() throws {
        #expect(fails(.badKey) { _ = try KeyedDigest(suite: .gm, key: secret([])) })
        let keyed = try KeyedDigest(suite: .gm, key: secret([1]))
        var short = [UInt8](repeating: 0, count: 31)
        let refused = fails(.internal) {
            try short.withUnsafeMutableBytes { output in
                try [UInt8](repeating: 7, count: 3).withUnsafeBytes {
                    try keyed.digest($0, into: output)
                }
            }
        }
        #expect(refused)
    }
}
