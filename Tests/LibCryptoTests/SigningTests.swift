import LibCrypto
import Testing

@Suite struct SigningTests {
    private static let document = Array("<Submission id=\"invented\"/>".utf8)

    @Test func `the signature of GB T 32918_5 verifies, and only over its message`() throws {
        let key = try VerifyingKey(pem: SM2Vector.publicPEM())
        #expect(key.suite == .gm)
        let signature = try SM2Vector.signature()
        #expect(key.verify(signature: signature, over: Array(SM2Vector.signed.utf8)))
        #expect(!key.verify(signature: signature, over: Array("message Digest".utf8)))
    }

    @Test func `the private key of GB T 32918_5 signs for its public key`() throws {
        let key = try SigningKey(pkcs8: SM2Vector.pkcs8())
        #expect(key.suite == .gm)
        let signature = try key.sign(Self.document)
        #expect(
            try VerifyingKey(pem: SM2Vector.publicPEM())
                .verify(signature: signature, over: Self.document))
    }

    @Test(arguments: CipherSuite.allCases)
    func `a document signed verifies, and a changed one does not`(_ suite: CipherSuite) throws {
        let key = try SigningKey(generating: suite)
        let verifying = try key.verifyingKey()
        #expect(key.suite == suite)
        #expect(verifying.suite == suite)
        for bytes in [Self.document, []] {
            let signature = try key.sign(bytes)
            #expect(verifying.verify(signature: signature, over: bytes))
            #expect(!verifying.verify(signature: signature, over: bytes + [0]))
        }
        let other = try SigningKey(generating: suite).verifyingKey()
        #expect(!other.verify(signature: try key.sign(Self.document), over: Self.document))
    }

    @Test(arguments: CipherSuite.allCases)
    func `a signature changed in any byte, cut or lengthened is false and no error`(
        _ suite: CipherSuite
    ) throws {
        let key = try SigningKey(generating: suite)
        let verifying = try key.verifyingKey()
        let signature = try key.sign(Self.document)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 0x01
            #expect(!verifying.verify(signature: changed, over: Self.document))
            #expect(
                !verifying.verify(signature: Array(signature[..<index]), over: Self.document))
        }
        #expect(!verifying.verify(signature: signature + [0], over: Self.document))
        #expect(verifying.verify(signature: signature, over: Self.document))
    }

    @Test(arguments: CipherSuite.allCases)
    func `keys come back from their files with the same fingerprint`(_ suite: CipherSuite) throws {
        let key = try SigningKey(generating: suite)
        let fingerprint = try key.verifyingKey().fingerprint()
        #expect(fingerprint.count == 64)
        #expect(try SigningKey(pem: key.pem()).verifyingKey().fingerprint() == fingerprint)
        #expect(try SigningKey(pkcs8: key.pkcs8()).verifyingKey().fingerprint() == fingerprint)
        let pem = try key.verifyingKey().pem()
        #expect(try VerifyingKey(pem: pem).fingerprint() == fingerprint)
        #expect(try SigningKey(generating: suite).verifyingKey().fingerprint() != fingerprint)
    }

    @Test func `a key that cannot sign here is refused`() throws {
        let rsa = try UnwrappingKey(generating: .intl)
        #expect(fails(.badKey) { _ = try SigningKey(pem: rsa.pem()) })
        #expect(fails(.badKey) { _ = try VerifyingKey(pem: rsa.wrappingKey().pem()) })
        #expect(fails(.badKey) { _ = try VerifyingKey(pem: "not a key") })
        #expect(fails(.badKey) { _ = try VerifyingKey(pem: "") })
        #expect(fails(.badKey) { _ = try SigningKey(pem: secret([1, 2, 3])) })
        #expect(fails(.badKey) { _ = try SigningKey(pkcs8: secret([0x30, 0])) })
        let privateHalf = try SigningKey(generating: .gm).pem().withUnsafeBytes {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(fails(.badKey) { _ = try VerifyingKey(pem: privateHalf) })
    }

    @Test(arguments: [
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
        "openssl genpkey -algorithm ED25519",
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:x",
    ])
    func `another curve, a short key or an encrypted file is refused`(_ command: String) throws {
        let shell = try Shell(files: [:])
        let (status, _) = try shell.run("\(command) -out key.pem")
        #expect(status == 0)
        let pem = try shell.bytes(of: "key.pem")
        #expect(fails(.badKey) { _ = try SigningKey(pem: secret(pem)) })
        #expect(fails(.badKey) { _ = try UnwrappingKey(pem: secret(pem)) })
    }
}
