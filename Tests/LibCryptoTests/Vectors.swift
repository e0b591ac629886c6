import LibCrypto

/// Digests: GB/T 32905 A.1 and A.2 for SM3, FIPS 180-4 for SHA-256.
struct DigestVector: Sendable, CustomStringConvertible {
    let hash: Hash
    let text: String
    let digest: String
    var description: String { "\(hash) of \(text.utf8.count) bytes" }

    static let all = [
        DigestVector(
            hash: .sm3, text: "abc",
            digest: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        DigestVector(
            hash: .sm3, text: String(repeating: "abcd", count: 16),
            digest: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        DigestVector(
            hash: .sm3, text: "",
            digest: "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        DigestVector(
            hash: .sha256, text: "abc",
            digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        DigestVector(
            hash: .sha256, text: "",
            digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ]
}

/// Keyed digests: GM/T 0042 D.3 for HMAC-SM3, RFC 4231 for HMAC-SHA256.
struct KeyedDigestVector: Sendable, CustomStringConvertible {
    let suite: CipherSuite
    let key: [UInt8]
    let message: [UInt8]
    let digest: String
    var description: String { "\(suite), key of \(key.count), message of \(message.count) bytes" }

    static let all = [
        KeyedDigestVector(
            suite: .gm, key: Array(0x01...0x20),
            message: Array(
                String(
                    repeating: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", count: 2
                ).utf8),
            digest: "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"),
        KeyedDigestVector(
            suite: .gm, key: Array(0x01...0x25), message: Array(repeating: 0xCD, count: 50),
            digest: "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae"),
        KeyedDigestVector(
            suite: .gm, key: Array(repeating: 0x0B, count: 32), message: Array("Hi There".utf8),
            digest: "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e"),
        KeyedDigestVector(
            suite: .intl, key: Array(repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
            digest: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        KeyedDigestVector(
            suite: .intl, key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            digest: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ]
}

/// Counter mode. The single blocks of GB/T 32907 are reached by taking the block as the counter
/// and enciphering zeros.
struct CounterVector: Sendable, CustomStringConvertible {
    let source: String
    let suite: CipherSuite
    let key: String
    let iv: String
    let plaintext: String
    let ciphertext: String
    var description: String { source }

    static let all = [
        CounterVector(
            source: "GB/T 32907 A.1", suite: .gm, key: "0123456789abcdeffedcba9876543210",
            iv: "0123456789abcdeffedcba9876543210", plaintext: "00000000000000000000000000000000",
            ciphertext: "681edf34d206965e86b3e94f536e4246"),
        CounterVector(
            source: "SM4-CTR, agreed by OpenSSL and GmSSL", suite: .gm,
            key: "0123456789abcdeffedcba9876543210", iv: "000102030405060708090a0b0c0d0e0f",
            plaintext: "0123456789abcdeffedcba9876543210",
            ciphertext: "07bbd906b40da542d4514d1a97fccb7a"),
        CounterVector(
            source: "NIST SP 800-38A F.5.5", suite: .intl,
            key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            iv: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
            plaintext: "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
            ciphertext: "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"),
    ]
}

/// HKDF: RFC 5869 A.1 and A.3; the inputs of A.1 with SM3, agreed by OpenSSL and Python; and the
/// two keys of a protected field.
struct DerivationVector: Sendable, CustomStringConvertible {
    let source: String
    let suite: CipherSuite
    let key: [UInt8]
    let salt: [UInt8]
    let info: [UInt8]
    let output: String
    var description: String { source }

    private static func field(_ suite: CipherSuite, _ info: String, _ output: String)
        -> DerivationVector
    {
        DerivationVector(
            source: "field key \(suite) \(info)", suite: suite, key: Array(0x20...0x3F),
            salt: Array("GWF1|\(suite.rawValue)|k7".utf8), info: Array(info.utf8), output: output)
    }

    static let all = [
        DerivationVector(
            source: "RFC 5869 A.1", suite: .intl, key: Array(repeating: 0x0B, count: 22),
            salt: Array(0x00...0x0C), info: Array(0xF0...0xF9),
            output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                + "34007208d5b887185865"),
        DerivationVector(
            source: "RFC 5869 A.3", suite: .intl, key: Array(repeating: 0x0B, count: 22),
            salt: [], info: [],
            output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                + "9d201395faa4b61a96c8"),
        DerivationVector(
            source: "RFC 5869 A.1 with SM3", suite: .gm, key: Array(repeating: 0x0B, count: 22),
            salt: Array(0x00...0x0C), info: Array(0xF0...0xF9),
            output: "c69fe91b7aaee2dd5718d72dcaee0cce93f1b8e41f792da51261b6a517e68b36"),
        field(.gm, "enc", "34d2f9126d6cd956dbba86ef14e5c841"),
        field(.gm, "mac", "5748a1685a142c8e452906d67267dd51925f0dbcabe3c35f0c67644d0c7f9850"),
        field(.intl, "enc", "b17791dc7daaec6d36bed3fae7d32a2d86a4141683a0ec6d19c4467a68f0b3d2"),
        field(.intl, "mac", "e79a2c5eada69a1fc330fa942166325e7eb06383556f0a1c6f2d13834276c438"),
    ]
}

/// scrypt: RFC 7914, section 12.
struct ScryptVector: Sendable, CustomStringConvertible {
    let passphrase: String
    let salt: String
    let n: UInt64
    let r: UInt64
    let p: UInt64
    let output: String
    var description: String { "n \(n), r \(r), p \(p)" }

    static let all = [
        ScryptVector(
            passphrase: "password", salt: "NaCl", n: 1024, r: 8, p: 16,
            output: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
        ScryptVector(
            passphrase: "pleaseletmein", salt: "SodiumChloride", n: 16384, r: 8, p: 1,
            output: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
    ]
}

/// The protected field of the exchange protocol, agreed by Python, OpenSSL and (for `gm`) GmSSL:
/// data key 20..3f, counter 00..0f, key id k7, the name of an invented person, no padding.
struct FieldVector: Sendable, CustomStringConvertible {
    let suite: CipherSuite
    let text: String
    var description: String { suite.rawValue }
    var additionalData: String {
        "GWF1|\(suite.rawValue)|k7|b-2026-10-0001|R000017|wife.name"
    }

    static let plaintext = "张三"
    static let all = [
        FieldVector(
            suite: .gm,
            text: "GWF1.gm.k7.AAECAwQFBgcICQoLDA0ODw.SJ4ZC3Pu"
                + ".B-zgtBTU4PkP19GXDJSZMlFjuvxec0F1rxvpeKvrK_4"),
        FieldVector(
            suite: .intl,
            text: "GWF1.intl.k7.AAECAwQFBgcICQoLDA0ODw.tcDuVaQY"
                + ".eN1ISiVQZxpWaZZrqWKzpmtRJfUxQ9Ymc7wcHG8CjC0"),
    ]
}

/// The example of GB/T 32918.5: a published pair of keys, never used for anything else.
enum SM2Vector {
    static let privateKey = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
    static let publicX = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    static let publicY = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"

    static let signed = "message digest"
    static let r = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    static let s = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"

    static let encrypted = "encryption standard"
    static let c1x = "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    static let c1y = "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    static let c3 = "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    static let c2 = "21886ca989ca9c7d58087307ca93092d651efa"
}
