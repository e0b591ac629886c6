import LibCrypto
import Testing

@Suite struct FieldSealerTests {
    private static let iv: [UInt8] = Array(0x00...0x0F)

    private func sealer(_ suite: CipherSuite, keyID: String = "k7") throws -> FieldSealer {
        try FieldSealer(suite: suite, keyID: keyID, dataKey: secret(Array(0x20...0x3F)))
    }

    @Test(arguments: FieldVector.all)
    func `a sealed field is the agreed text, and opens`(_ vector: FieldVector) throws {
        let sealer = try sealer(vector.suite)
        let name = Array(FieldVector.plaintext.utf8)
        let text = try sealer.seal(name, additionalData: vector.additionalData, iv: Self.iv)
        #expect(text == vector.text)
        #expect(try sealer.open(text, additionalData: vector.additionalData) == name)
    }

    @Test(arguments: FieldVector.all)
    func `a field is appended after what is already written`(_ vector: FieldVector) throws {
        let sealer = try sealer(vector.suite)
        var text = Array("<name>".utf8)
        for _ in 1...2 {
            try Array(FieldVector.plaintext.utf8).withUnsafeBytes { name in
                try Array(vector.additionalData.utf8).withUnsafeBytes { additionalData in
                    try sealer.seal(
                        name, additionalData: additionalData, iv: Self.iv, appendingTo: &text)
                }
            }
        }
        #expect(String(decoding: text, as: UTF8.self) == "<name>" + vector.text + vector.text)
    }

    @Test(arguments: FieldVector.all)
    func `a field moved to another record, field or batch does not open`(
        _ vector: FieldVector
    ) throws {
        let sealer = try sealer(vector.suite)
        let elsewhere = [
            "b-2026-10-0001|R000018|wife.name", "b-2026-10-0001|R000017|husband.name",
            "b-2026-10-0002|R000017|wife.name", "b-2026-10-0001|R00001|7wife.name", "",
        ]
        for place in elsewhere {
            let other = "GWF1|\(vector.suite.rawValue)|k7|\(place)"
            #expect(
                fails(.authenticationFailed) {
                    _ = try sealer.open(vector.text, additionalData: other)
                })
        }
        #expect(
            fails(.authenticationFailed) { _ = try sealer.open(vector.text, additionalData: "") })
    }

    @Test(arguments: FieldVector.all)
    func `a field of another key id, suite or data key does not open`(_ vector: FieldVector) throws
    {
        let foreign = vector.suite == .gm ? CipherSuite.intl : .gm
        for other in try [sealer(vector.suite, keyID: "k8"), sealer(foreign)] {
            #expect(
                fails(.badKey) {
                    _ = try other.open(vector.text, additionalData: vector.additionalData)
                })
            // Nor under the other's name: the id and the suite went into both keys.
            let renamed = vector.text.replacing(
                "GWF1.\(vector.suite.rawValue).k7.",
                with: "GWF1.\(other.suite.rawValue).\(other.keyID).")
            #expect(
                fails(.authenticationFailed) {
                    _ = try other.open(renamed, additionalData: vector.additionalData)
                })
        }
        let stranger = try FieldSealer(
            suite: vector.suite, keyID: "k7", dataKey: .random(count: 32))
        #expect(
            fails(.authenticationFailed) {
                _ = try stranger.open(vector.text, additionalData: vector.additionalData)
            })
    }

    @Test(arguments: FieldVector.all)
    func `changing, dropping or adding any byte is noticed`(_ vector: FieldVector) throws {
        let sealer = try sealer(vector.suite)
        let text = Array(vector.text.utf8)
        var tried = 0
        func mustFail(_ changed: [UInt8]) {
            tried += 1
            #expect(throws: CryptoFailure.self) {
                try sealer.open(
                    String(decoding: changed, as: UTF8.self),
                    additionalData: vector.additionalData)
            }
        }
        for index in text.indices {
            // Another letter, a neighbour in the alphabet (only low bits change), a dot.
            for value in [UInt8(ascii: "Q"), text[index] ^ 1, UInt8(ascii: "."), 0]
            where value != text[index] {
                var changed = text
                changed[index] = value
                mustFail(changed)
            }
            var shorter = text
            shorter.remove(at: index)
            mustFail(shorter)
            mustFail(Array(text[..<index]))
            mustFail(text[..<index] + [UInt8(ascii: "A")] + text[index...])
        }
        mustFail(text + [UInt8(ascii: "A")])
        mustFail(text + [UInt8(ascii: "\n")])
        #expect(tried > 5 * text.count)
        // The sealer is none the worse for all the refusals.
        #expect(
            try sealer.open(vector.text, additionalData: vector.additionalData)
                == Array(FieldVector.plaintext.utf8))
    }

    @Test(arguments: CipherSuite.allCases, [0, 16, 64])
    func `every length comes back, and padding hides it`(_ suite: CipherSuite, _ pad: Int) throws {
        let sealer = try sealer(suite)
        for count in Array(0...130) + [1_023, 1_024, 70_000] {
            // Ends in the padding's own bytes, which must not be taken for it.
            let plaintext = (0..<count).map { $0 == count / 2 ? UInt8(0x80) : 0 }
            let text = try sealer.seal(plaintext, additionalData: "a", pad: pad)
            #expect(try sealer.open(text, additionalData: "a", pad: pad) == plaintext)
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let expected = pad == 0 ? count : (count / pad + 1) * pad
            #expect(try Base64.url.decode(String(parts[4])).count == expected)
        }
    }

    @Test(arguments: CipherSuite.allCases)
    func `padding other than the field's is refused`(_ suite: CipherSuite) throws {
        let sealer = try sealer(suite)
        // As if sealed by somebody who pads otherwise: no mark, a mark too early, no bytes.
        let bare: [[UInt8]] = [
            Array(repeating: 0, count: 16), Array(repeating: 1, count: 16),
            [0x80] + Array(repeating: 0, count: 31), [1, 0x80], [],
        ]
        for bytes in bare {
            let text = try sealer.seal(bytes, additionalData: "a")
            #expect(
                fails(.malformed) { _ = try sealer.open(text, additionalData: "a", pad: 16) })
        }
    }

    @Test(arguments: CipherSuite.allCases)
    func `the same value never looks the same twice`(_ suite: CipherSuite) throws {
        let sealer = try sealer(suite)
        var texts = Set<String>()
        for _ in 0..<200 {
            let text = try sealer.seal([1, 2, 3], additionalData: "a", pad: 16)
            texts.insert(String(text.split(separator: ".")[3]))
        }
        #expect(texts.count == 200)
    }

    @Test(arguments: CipherSuite.allCases)
    func `a sealed key opens into secure memory`(_ suite: CipherSuite) throws {
        let sealer = try sealer(suite)
        let key = try SecretBytes.random(count: 32)
        var text: [UInt8] = []
        try key.withUnsafeBytes { key in
            try [UInt8](repeating: 7, count: 5).withUnsafeBytes {
                try sealer.seal(key, additionalData: $0, appendingTo: &text)
            }
        }
        let opened = try text.withUnsafeBytes { text in
            try [UInt8](repeating: 7, count: 5).withUnsafeBytes {
                try sealer.openSecret(text, additionalData: $0)
            }
        }
        #expect(opened == key)
    }

    @Test func `key ids, keys, counters and texts of the wrong form are refused`() throws {
        let key = try SecretBytes.random(count: 32)
        for keyID in ["", "a.b", "a|b", "k 7", "密", String(repeating: "k", count: 65)] {
            #expect(
                fails(.malformed) {
                    _ = try FieldSealer(suite: .gm, keyID: keyID, dataKey: key)
                })
        }
        #expect(
            fails(.badKey) {
                _ = try FieldSealer(suite: .gm, keyID: "k7", dataKey: .random(count: 16))
            })
        let sealer = try sealer(.gm)
        #expect(fails(.malformed) { _ = try sealer.seal([1], additionalData: "", iv: [1]) })
        #expect(fails(.malformed) { _ = try sealer.seal([1], additionalData: "", pad: -1) })
        let large = [UInt8](repeating: 0, count: 1 << 20 + 1)
        #expect(fails(.malformed) { _ = try sealer.seal(large, additionalData: "") })
        let refused: [(String, CryptoFailure.Reason)] = [
            ("", .malformed), ("GWF1", .malformed), ("张三", .malformed),
            ("GWF2.gm.k7.a.b.c", .unsupportedVersion), ("GWF1.gm.k7.", .malformed),
            ("GWF1.gm.k7.a.b.c", .malformed), ("GWF1.gm.k71.a.b.c", .badKey),
        ]
        for (text, reason) in refused {
            #expect(fails(reason) { _ = try sealer.open(text, additionalData: "") })
        }
    }
}
