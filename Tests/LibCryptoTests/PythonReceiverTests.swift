import LibCrypto
import Testing

/// A receiver with nothing of ours and nothing of `openssl`'s commands: Python and its library
/// `cryptography`.
@Suite struct PythonReceiverTests {
    /// GWF1 as a page of documentation lets somebody write it, both ways.
    private static let fields = """
        import base64, hmac, sys
        from cryptography.hazmat.primitives import hashes, hmac as hmacs, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, padding
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
        def read(name): return open(name, 'rb').read()
        def write(name, data): open(name, 'wb').write(data)
        def unpack(text): return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
        def pack(data): return base64.urlsafe_b64encode(data).rstrip(b'=').decode()
        SUITES = {'gm': (hashes.SM3, algorithms.SM4, 16), 'intl': (hashes.SHA256, algorithms.AES, 32)}
        def parts(suite, kid, key):
            digest, cipher, length = SUITES[suite]
            def derive(info, count):
                salt = f'GWF1|{suite}|{kid}'.encode()
                return HKDF(digest(), count, salt, info).derive(key)
            def tag(iv, aad, text):
                mac = hmacs.HMAC(derive(b'mac', 32), digest())
                mac.update(iv + len(aad).to_bytes(4, 'big') + aad + text)
                return mac.finalize()
            def crypt(iv, text):
                turn = Cipher(cipher(derive(b'enc', length)), modes.CTR(iv)).encryptor()
                return turn.update(text) + turn.finalize()
            return tag, crypt
        def opened(field, key, aad):
            version, suite, kid, iv, text, said = field.split('.')
            tag, crypt = parts(suite, kid, key)
            iv, text, said = unpack(iv), unpack(text), unpack(said)
            if version != 'GWF1' or not hmac.compare_digest(tag(iv, aad, text), said): sys.exit(3)
            return crypt(iv, text)
        def sealed(suite, kid, key, aad, iv, plain):
            tag, crypt = parts(suite, kid, key)
            text = crypt(iv, plain)
            return '.'.join(['GWF1', suite, kid, pack(iv), pack(text), pack(tag(iv, aad, text))])

        """

    private func python(_ script: String) -> String {
        "/usr/bin/python3 - <<'END'\n" + Self.fields + script + "\nEND"
    }

    private static let place = "|k7q2m9xa|b-2026-10-0001|R000017|wife.name"
    private static let name = Array("虚构的名字".utf8)

    @Test(arguments: CipherSuite.allCases)
    func `python opens what we sealed, and nothing that was moved, cut or changed`(
        _ suite: CipherSuite
    ) throws {
        let key = try SecretBytes.random(count: 32)
        let place = "GWF1|\(suite.rawValue)" + Self.place
        let field = try FieldSealer(suite: suite, keyID: "k7q2m9xa", dataKey: key)
            .seal(Self.name, additionalData: place)
        let shell = try Shell(files: [
            "key": revealed(key), "aad": Array(place.utf8), "field": Array(field.utf8),
        ])
        let good = try shell.run(
            python("write('out', opened(read('field').decode(), read('key'), read('aad')))"))
        #expect(good.status == 0)
        #expect(try shell.bytes(of: "out") == Self.name)
        for change in [
            "read('field').decode(), read('key'), read('aad').replace(b'wife', b'husb')",
            "read('field').decode(), bytes(32), read('aad')",
            "read('field').decode()[:-4], read('key'), read('aad')",
            "read('field').decode().replace('.k7q2m9xa.', '.k7q2m9xb.'), read('key'), read('aad')",
        ] {
            #expect(try shell.run(python("opened(\(change))")).status == 3, "\(change)")
        }
    }

    @Test(arguments: CipherSuite.allCases)
    func `we open what python sealed`(_ suite: CipherSuite) throws {
        let key = try SecretBytes.random(count: 32)
        let place = "GWF1|\(suite.rawValue)" + Self.place
        let shell = try Shell(files: [
            "key": revealed(key), "aad": Array(place.utf8), "plain": Self.name,
        ])
        let made = try shell.run(
            python(
                """
                import os
                write('field', sealed('\(suite.rawValue)', 'k7q2m9xa', read('key'), read('aad'),
                                      os.urandom(16), read('plain')).encode())
                """))
        #expect(made.status == 0)
        let field = String(decoding: try shell.bytes(of: "field"), as: UTF8.self)
        let sealer = try FieldSealer(suite: suite, keyID: "k7q2m9xa", dataKey: key)
        #expect(try sealer.open(field, additionalData: place) == Self.name)
        #expect(throws: CryptoFailure.self) { try sealer.open(field, additionalData: place + "x") }
    }

    @Test func `signatures and wrapped keys of the international suite go both ways`() throws {
        let signer = try SigningKey(generating: .intl)
        let recipient = try UnwrappingKey(generating: .intl)
        let dataKey = try SecretBytes.random(count: 32)
        let document = Array("<Receipt/>".utf8)
        let shell = try Shell(files: [
            "signer.pub": Array(signer.verifyingKey().pem().utf8),
            "signer.pem": revealed(signer.pem()), "document": document,
            "signature": signer.sign(document), "recipient.pem": revealed(recipient.pem()),
            "recipient.pub": Array(recipient.wrappingKey().pem().utf8),
            "wrapped": recipient.wrappingKey().wrap(dataKey), "key": revealed(dataKey),
        ])
        let done = try shell.run(
            python(
                """
                key = serialization.load_pem_public_key(read('signer.pub'))
                key.verify(read('signature'), read('document'), ec.ECDSA(hashes.SHA256()))
                own = serialization.load_pem_private_key(read('signer.pem'), None)
                write('theirs', own.sign(read('document'), ec.ECDSA(hashes.SHA256())))
                oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
                private = serialization.load_pem_private_key(read('recipient.pem'), None)
                assert private.decrypt(read('wrapped'), oaep) == read('key')
                public = serialization.load_pem_public_key(read('recipient.pub'))
                write('rewrapped', public.encrypt(read('key'), oaep))
                """))
        #expect(done.status == 0)
        #expect(
            try signer.verifyingKey().verify(
                signature: shell.bytes(of: "theirs"), over: document))
        #expect(
            try revealed(recipient.unwrap(shell.bytes(of: "rewrapped"))) == revealed(dataKey))
    }
}
