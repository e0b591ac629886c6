import Foundation
import LibCrypto
import Testing

/// What a pack is signed by, held against the `openssl` command.
@Suite struct PackSignatureTests {
    /// 2026-01-01 and 2056-01-01 UTC.
    private static let notBefore: Int64 = 1_767_225_600
    private static let notAfter: Int64 = 2_713_910_400
    private static let name = "12990101MA0000T1XF"

    private func certificate(of key: SigningKey) throws -> String {
        try key.selfSigned(
            commonName: Self.name, notBefore: Self.notBefore, notAfter: Self.notAfter)
    }

    @Test(arguments: CipherSuite.allCases)
    func `a key's own certificate is one to OpenSSL, and names the key`(suite: CipherSuite) throws {
        let key = try SigningKey(generating: suite)
        let pem = try certificate(of: key)
        let shell = try Shell(files: [
            "own.pem": Array(pem.utf8), "key.pem": Array(try key.verifyingKey().pem().utf8),
        ])
        let verified = try shell.run(
            """
            openssl verify -vfyopt distid:1234567812345678 -no-CApath -no-CAstore \
                -CAfile own.pem own.pem
            openssl x509 -in own.pem -pubkey -noout | cmp - key.pem
            openssl x509 -in own.pem -noout -subject -ext keyUsage,basicConstraints
            """)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("subject=CN = \(Self.name)"))
        #expect(verified.output.contains("Digital Signature, Non Repudiation"))
        #expect(verified.output.contains("CA:FALSE"))
        #expect(try key.isCertified(by: pem))
        #expect(try !SigningKey(generating: suite).isCertified(by: pem))
        #expect(throws: CryptoFailure.self) { try key.isCertified(by: "no certificate") }
    }

    @Test func `OpenSSL takes our CAdES over the very bytes, and over no others`() throws {
        let key = try SigningKey(generating: .intl)
        let bytes = Array("first\r\nsecond\u{0}\n".utf8)
        let pem = try certificate(of: key)
        let shell = try Shell(files: [
            "own.pem": Array(pem.utf8), "data": bytes, "other": bytes + [0x0A],
            "other.pem": Array(try certificate(of: SigningKey(generating: .intl)).utf8),
            "p7s": try key.cades(over: bytes, certificatePEM: pem),
        ])
        func verify(_ data: String, _ root: String) throws -> Int32 {
            try shell.run(
                """
                openssl cms -verify -binary -cades -inform DER -in p7s -content \(data) \
                    -CAfile \(root) -no-CApath -no-CAstore -purpose any -out /dev/null
                """
            ).status
        }
        #expect(try verify("data", "own.pem") == 0)
        #expect(try verify("other", "own.pem") != 0)
        #expect(try verify("data", "other.pem") != 0)
        let shown = try shell.run("openssl cms -cmsout -print -inform DER -in p7s")
        #expect(shown.output.contains("id-smime-aa-signingCertificateV2"))
        let stranger = try SigningKey(generating: .intl)
        #expect { try stranger.cades(over: bytes, certificatePEM: pem) } throws: {
            ($0 as? CryptoFailure)?.reason == .badKey
        }
    }

    /// An authority's certificate and the one that it issued go into the signature.
    @Test func `a chain leads to its root alone`() throws {
        let shell = try Shell(files: ["data": [1, 2, 3]])
        let made = try shell.run(
            """
            openssl ecparam -genkey -name prime256v1 -noout -out root.key 2>&1
            openssl req -x509 -new -key root.key -subj /CN=root -days 9 -out root.pem 2>&1
            openssl ecparam -genkey -name prime256v1 -noout -out key.ec 2>&1
            openssl pkcs8 -topk8 -nocrypt -in key.ec -out key.pem
            openssl req -new -key key.pem -subj /CN=county -out ask 2>&1
            openssl x509 -req -in ask -CA root.pem -CAkey root.key -CAcreateserial -days 9 \
                -out own.pem 2>&1
            """)
        #expect(made.status == 0, "\(made.output)")
        var pem = try shell.bytes(of: "key.pem")
        let key = try SigningKey(pem: SecretBytes(consuming: &pem))
        let own = String(decoding: try shell.bytes(of: "own.pem"), as: UTF8.self)
        let signature = try key.cades(over: [1, 2, 3], certificatePEM: own)
        try Data(signature).write(to: shell.folder.appendingPathComponent("p7s"))
        let verified = try shell.run(
            """
            openssl cms -verify -binary -cades -inform DER -in p7s -content data \
                -CAfile root.pem -no-CApath -no-CAstore -purpose any -out /dev/null
            """)
        #expect(verified.status == 0)
    }

    /// `openssl ts` is the authority here.
    @Test func `a time stamp counts for its bytes, its question and its authority`() throws {
        let query = try TimeStampQuery(over: Array("signature".utf8))
        let shell = try Shell(files: ["query": query.bytes, "data": Array("signature".utf8)])
        let made = try shell.run(TimeStampQuery.authority + "\n" + TimeStampQuery.answer)
        #expect(made.status == 0, "\(made.output)")
        let reply = try shell.bytes(of: "reply")
        let root = String(decoding: try shell.bytes(of: "tsa.pem"), as: UTF8.self)
        let time = try query.time(in: reply, roots: [root])
        let stated = try shell.run(
            "date -ud \"$(openssl ts -reply -in reply -text 2>/dev/null "
                + "| sed -n 's/^Time stamp: //p')\" +%s")
        #expect("\(time)\n" == stated.output)
        #expect(
            try shell.run("openssl ts -verify -data data -in reply -CAfile tsa.pem").status == 0)

        let again = try TimeStampQuery(over: Array("signature".utf8))
        #expect(again.bytes != query.bytes, "the number is another one")
        #expect(throws: CryptoFailure.self) { try again.time(in: reply, roots: [root]) }
        let other = try TimeStampQuery(over: [1])
        #expect(throws: CryptoFailure.self) { try other.time(in: reply, roots: [root]) }
        let stranger = try certificate(of: SigningKey(generating: .intl))
        #expect(throws: CryptoFailure.self) { try query.time(in: reply, roots: [stranger]) }
        #expect(throws: CryptoFailure.self) { try query.time(in: [], roots: [root]) }
        var cut = reply
        cut[cut.count / 2] ^= 1
        #expect(throws: CryptoFailure.self) { try query.time(in: cut, roots: [root]) }
    }
}

extension TimeStampQuery {
    /// Makes an authority in the shell's folder: `tsa.key`, `tsa.pem`, `tsa.cnf`.
    static let authority = """
        openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -subj /CN=tsa -days 9 \
            -out tsa.pem -addext extendedKeyUsage=critical,timeStamping 2>&1
        echo 01 > serial
        cat > tsa.cnf <<'END'
        [tsa]
        default_tsa = one
        [one]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4
        digests = sha256
        ess_cert_id_chain = no
        ess_cert_id_alg = sha256
        END
        """
    /// Answers `query` as `reply`.
    static let answer =
        "openssl ts -reply -config tsa.cnf -section one -queryfile query -out reply 2>&1"
}
