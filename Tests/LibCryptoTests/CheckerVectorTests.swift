import Testing

/// Who checks us in these tests is held to the published bytes too, in the modes that we do not
/// use ourselves: a partner may.
struct CheckerVectorTests {
    /// libgcrypt by its own functions: 318 is SM4, 9 is GCM.
    private static let sm4GCM = """
        import ctypes
        lib = ctypes.CDLL('libgcrypt.so.20'); lib.gcry_check_version(None)
        lib.gcry_control(38)
        h = ctypes.c_void_p(); key, iv, aad, clear = map(bytes.fromhex, sys.argv[1:5])
        assert lib.gcry_cipher_open(ctypes.byref(h), 318, 9, 0) == 0
        assert lib.gcry_cipher_setkey(h, key, len(key)) == 0
        assert lib.gcry_cipher_setiv(h, iv, len(iv)) == 0
        assert lib.gcry_cipher_authenticate(h, aad, len(aad)) == 0
        out = ctypes.create_string_buffer(len(clear)); tag = ctypes.create_string_buffer(16)
        assert lib.gcry_cipher_encrypt(h, out, len(clear), clear, len(clear)) == 0
        assert lib.gcry_cipher_gettag(h, tag, 16) == 0
        print(out.raw.hex(), tag.raw.hex())
        """
    private static let aesGCM = """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        key, iv, aad, clear = map(bytes.fromhex, sys.argv[1:5])
        both = AESGCM(key).encrypt(iv, clear, aad)
        print(both[:-16].hex(), both[-16:].hex())
        """
    private static let ed25519 = """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(sys.argv[1]))
        print(key.sign(b'').hex())
        """

    struct Published: Sendable {
        let script: String
        /// Hexadecimal digits, as the script takes them.
        let words: [String]
        let output: String
    }

    /// RFC 8998 A.1.
    private static let rfc8998 = Published(
        script: sm4GCM,
        words: [
            "0123456789abcdeffedcba9876543210", "00001234567800000000abcd",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            """
            aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
            eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa
            """,
        ],
        output: """
            17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
            d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d \
            83de3541e4c2b58177e065a9bf7b62ec
            """)

    /// Test case 16 of McGrew and Viega's GCM, whose text is 60 bytes.
    private static let case16 = Published(
        script: aesGCM,
        words: [
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            """
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
            1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
            """,
        ],
        output: """
            522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
            8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 \
            76fc6ece0f4e1768cddf8853bb2d551b
            """)

    /// RFC 8032, 7.1, test 1.
    private static let rfc8032 = Published(
        script: ed25519,
        words: ["9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"],
        output: """
            e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
            5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
            """)

    @Test(arguments: [rfc8998, case16, rfc8032])
    func `a checker gives the published bytes`(_ published: Published) throws {
        let words = published.words.joined(separator: " ")
        let said = try Shell(files: [:]).run(
            "/usr/bin/python3 - \(words) <<'END'\nimport sys\n\(published.script)\nEND")
        #expect(said.status == 0 && said.output == published.output + "\n", "\(said.output)")
    }
}
