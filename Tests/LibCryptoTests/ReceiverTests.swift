import LibCrypto
import Testing

/// A receiver with nothing of ours: stock `openssl`, bash and xxd.
@Suite struct ReceiverTests {
    /// Opens one field by hand. SUITE is set; key.pem, wrapped, field and aad are in the folder.
    private static let openField = """
        if [ "$SUITE" = gm ]; then
          DIGEST=SM3 CIPHER=sm4-ctr KEYLEN=16 OPTIONS=""
        else
          DIGEST=SHA256 CIPHER=aes-256-ctr KEYLEN=32
          OPTIONS="-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256"
          OPTIONS="$OPTIONS -pkeyopt rsa_mgf1_md:sha256"
        fi
        openssl pkeyutl -decrypt -inkey key.pem -in wrapped -out dek.bin $OPTIONS
        IFS=. read -r VERSION NAMED KID IV CT TAG < field
        [ "$VERSION.$NAMED" = "GWF1.$SUITE" ]
        unpack() { local s; s=$(printf %s "$1" | tr _- /+)
          while [ $(( ${#s} % 4 )) -ne 0 ]; do s=$s=; done
          printf %s "$s" | base64 -d | xxd -p -c 9999; }
        IV=$(unpack $IV) CT=$(unpack $CT) TAG=$(unpack $TAG)
        kdf() { openssl kdf -keylen $2 -binary -kdfopt digest:$DIGEST \
          -kdfopt mode:EXTRACT_AND_EXPAND -kdfopt hexkey:$(xxd -p -c 64 dek.bin) \
          -kdfopt hexsalt:$(printf "GWF1|$SUITE|$KID" | xxd -p -c 999) -kdfopt info:$1 HKDF \
          | xxd -p -c 64; }
        KE=$(kdf enc $KEYLEN) KM=$(kdf mac 32)
        AAD=$(xxd -p -c 999 aad)
        printf '%s%08x%s%s' $IV $(( ${#AAD} / 2 )) $AAD $CT | xxd -r -p > mi
        [ "$(openssl mac -digest $DIGEST -macopt hexkey:$KM -in mi HMAC | tr A-F a-f)" = "$TAG" ]
        printf %s $CT | xxd -r -p | openssl enc -d -$CIPHER -K $KE -iv $IV
        """

    @Test(arguments: CipherSuite.allCases)
    func `stock OpenSSL opens a sealed field with a wrapped key`(_ suite: CipherSuite) throws {
        let recipient = try UnwrappingKey(generating: suite)
        let dataKey = try SecretBytes.random(count: 32)
        let sealer = try FieldSealer(suite: suite, keyID: "k7q2m9xa", dataKey: dataKey)
        let place = "GWF1|\(suite.rawValue)|k7q2m9xa|b-2026-10-0001|R000017|wife.name"
        let address = "虚构省虚构县虚构镇幸福村 12 号"
        let shell = try Shell(files: [
            "key.pem": revealed(recipient.pem()),
            "wrapped": recipient.wrappingKey().wrap(dataKey),
            "field": Array(
                "\(sealer.seal(Array(address.utf8), additionalData: place))\n".utf8),
            "aad": Array(place.utf8),
        ])
        let opened = try shell.run("SUITE=\(suite.rawValue)\n" + Self.openField)
        #expect(opened.status == 0)
        #expect(opened.output == address)
        // The same commands refuse the field in another place.
        let moved = try shell.run(
            "printf x >> aad; SUITE=\(suite.rawValue)\n" + Self.openField)
        #expect(moved.status != 0)
        #expect(moved.output.isEmpty)
    }

    @Test(arguments: CipherSuite.allCases)
    func `we open what stock OpenSSL wrapped`(_ suite: CipherSuite) throws {
        let recipient = try UnwrappingKey(generating: suite)
        let shell = try Shell(files: ["key.pem": Array(recipient.wrappingKey().pem().utf8)])
        let options =
            suite == .gm
            ? ""
            : "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256"
                + " -pkeyopt rsa_mgf1_md:sha256"
        let (status, _) = try shell.run(
            """
            openssl rand -out dek 32
            openssl pkeyutl -encrypt -pubin -inkey key.pem -in dek -out wrapped \(options)
            """)
        #expect(status == 0)
        let opened = try recipient.unwrap(shell.bytes(of: "wrapped"))
        #expect(try revealed(opened) == shell.bytes(of: "dek"))
    }

    private static let verifySM2 = """
        openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey key.pub -in document \
          -pkeyopt distid:1234567812345678 -sigfile signature
        """
    private static let verifyECDSA =
        "openssl dgst -sha256 -verify key.pub -signature signature document"

    @Test(arguments: [(CipherSuite.gm, verifySM2), (.intl, verifyECDSA)])
    func `stock OpenSSL verifies a signature, and refuses a changed document`(
        _ suite: CipherSuite, _ command: String
    ) throws {
        let key = try SigningKey(generating: suite)
        let document = Array("<Submission count=\"0\"/>".utf8)
        let shell = try Shell(files: [
            "key.pub": Array(key.verifyingKey().pem().utf8), "document": document,
            "signature": key.sign(document),
        ])
        #expect(try shell.run(command).status == 0)
        #expect(try shell.run("printf ' ' >> document; " + command).status != 0)
    }

    @Test func `an SM2 signature made without the agreed id is not accepted`() throws {
        let key = try SigningKey(generating: .gm)
        let document = Array("<Receipt/>".utf8)
        let shell = try Shell(files: ["key.pem": revealed(key.pem()), "document": document])
        let (status, _) = try shell.run(
            """
            openssl dgst -sm3 -sign key.pem -out without document
            openssl dgst -sm3 -sign key.pem -sigopt distid:1234567812345678 -out with document
            """)
        #expect(status == 0)
        let verifying = try key.verifyingKey()
        #expect(!verifying.verify(signature: try shell.bytes(of: "without"), over: document))
        #expect(verifying.verify(signature: try shell.bytes(of: "with"), over: document))
    }

    @Test(arguments: CipherSuite.allCases)
    func `a fingerprint is the SHA-256 of the public key that OpenSSL writes`(
        _ suite: CipherSuite
    ) throws {
        let key = try SigningKey(generating: suite).verifyingKey()
        let shell = try Shell(files: ["key.pub": Array(key.pem().utf8)])
        let (_, output) = try shell.run(
            "openssl pkey -pubin -in key.pub -outform DER | sha256sum | cut -c1-64")
        #expect(try key.fingerprint() + "\n" == output)
    }
}
