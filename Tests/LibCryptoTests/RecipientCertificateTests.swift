import Foundation
import LibCrypto
import Testing

/// Certificates of a recipient as stock OpenSSL makes them, and what is wrapped for them.
struct RecipientCertificateTests {
    /// Makes `k.pem` and `c.pem`: a key, and a certificate that it signs itself.
    private static func selfSigned(_ key: String, _ words: String = "") -> String {
        """
        openssl genpkey \(key) -out k.pem 2>/dev/null
        openssl req -x509 -new -key k.pem -out c.pem -days 30 -subj '/O=虚构平台/CN=gm-2026' -utf8 \
            \(words)
        """
    }

    private static let sm2 = "-algorithm SM2"
    private static let sm2Words = "-sm3 -sigopt distid:1234567812345678"

    private func fault(_ shell: borrowing Shell, _ file: String = "c.pem") throws
        -> RecipientCertificate.Fault?
    {
        let bytes = try shell.bytes(of: file)
        do throws(RecipientCertificate.Fault) {
            _ = try RecipientCertificate(bytes)
            return nil
        } catch { return error }
    }

    private func made(_ script: String) throws -> Shell {
        let shell = try Shell(files: [:])
        let (status, output) = try shell.run(script)
        #expect(status == 0, "\(output)")
        return shell
    }

    @Test(
        arguments: [
            (sm2, sm2Words, "SM2", ""), (sm2, "-sm3", "SM2", ""),
            (
                "-algorithm RSA -pkeyopt rsa_keygen_bits:3072", "-sha256", "RSA 3072",
                "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256"
                    + " -pkeyopt rsa_mgf1_md:sha256"
            ),
        ])
    func `what stock OpenSSL certifies is read, and opens what is wrapped for it`(
        key: String, words: String, kind: String, opening: String
    ) throws {
        let shell = try made(
            RecipientCertificateTests.selfSigned(key, words) + """

                openssl x509 -in c.pem -outform DER -out c.der
                openssl x509 -in c.pem -noout -fingerprint -sha256 \
                    | sed 's/.*=//; s/://g' | tr A-F a-f | tr -d '\\n' > print
                date -u -d "$(openssl x509 -in c.pem -noout -enddate | sed 's/.*=//')" +%s > end
                """)
        for file in ["c.pem", "c.der"] {
            let read = try RecipientCertificate(try shell.bytes(of: file))
            #expect(read.subject == "CN=gm-2026,O=虚构平台" && read.kind == kind)
            let print = try shell.bytes(of: "print")
            #expect(Array(read.fingerprint.utf8) == print)
            let end = String(decoding: try shell.bytes(of: "end"), as: UTF8.self)
            #expect("\(read.validity?.upperBound ?? 0)\n" == end)
            let wrapped = try read.key.wrap(try .random(count: 32))
            try Data(wrapped).write(to: shell.folder.appendingPathComponent("w"))
            let opened = try shell.run(
                "openssl pkeyutl -decrypt -inkey k.pem \(opening) -in w | wc -c")
            #expect(opened.status == 0 && opened.output == "32\n", "\(file)")
        }
    }

    @Test func `a bare key is read as before, and has no end`() throws {
        let shell = try made(
            """
            openssl genpkey -algorithm SM2 -out k.pem
            openssl pkey -in k.pem -pubout -out c.pem
            openssl pkey -in k.pem -pubout -outform DER | sha256sum | cut -c1-64 > print
            """)
        let read = try RecipientCertificate(try shell.bytes(of: "c.pem"))
        #expect(read.validity == nil && read.subject == nil && read.kind == "SM2")
        let print = String(decoding: try shell.bytes(of: "print"), as: UTF8.self)
        #expect(read.fingerprint + "\n" == print)
    }

    @Test func `keys that do not wrap and certificates for other work are refused`() throws {
        let ways: [(String, String, RecipientCertificate.Fault)] = [
            ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-sha256", .kind("RSA 2048")),
            ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-sha256", .kind("EC 256")),
            ("-algorithm ED25519", "", .kind("ED25519 256")),
            (
                RecipientCertificateTests.sm2,
                RecipientCertificateTests.sm2Words
                    + " -addext 'keyUsage=critical,digitalSignature,nonRepudiation'", .usage
            ),
        ]
        for (key, words, expected) in ways {
            let shell = try made(RecipientCertificateTests.selfSigned(key, words))
            #expect(try fault(shell) == expected, "\(key)")
        }
        let shell = try Shell(files: ["c.pem": Array("not a key\n".utf8), "none": []])
        #expect(try fault(shell) == .malformed)
        #expect(try fault(shell, "none") == .malformed)
    }

    @Test func `a bare key does not hide the certificate beside it`() throws {
        let shell = try made(
            RecipientCertificateTests.selfSigned(
                RecipientCertificateTests.sm2, RecipientCertificateTests.sm2Words) + """

                    openssl x509 -in c.pem -pubkey > both.pem
                    openssl genpkey -algorithm SM2 -out other.key
                    openssl pkey -in other.key -pubout -out other.pem
                    cat other.pem c.pem > mixed.pem
                    openssl req -x509 -new -key k.pem -out sign.pem -days 30 -subj /CN=s \
                        \(RecipientCertificateTests.sm2Words) -addext 'keyUsage=digitalSignature'
                    openssl x509 -in sign.pem -pubkey > signing.pem
                    cat c.pem k.pem > leaked.pem
                    """)
        let whole = try RecipientCertificate(try shell.bytes(of: "c.pem"))
        let both = try RecipientCertificate(try shell.bytes(of: "both.pem"))
        #expect(both.validity == whole.validity && both.fingerprint == whole.fingerprint)
        #expect(both.pem == whole.pem)
        #expect(try fault(shell, "mixed.pem") == .mixed)
        #expect(try fault(shell, "signing.pem") == .usage)
        #expect(try fault(shell, "leaked.pem") == .privateKey)
        #expect(try fault(shell, "other.key") == .privateKey)
    }

    @Test func `the recipient's certificate comes first, and its subject is shown as it is`() throws
    {
        let shell = try made(
            """
            openssl genpkey -algorithm SM2 -out k.pem
            certify() {
                openssl req -x509 -new -key k.pem -out $1 -days 30 -utf8 -subj "/CN=$2" \
                    \(RecipientCertificateTests.sm2Words) -addext "$3"
            }
            certify ca.pem ca keyUsage=keyCertSign
            certify turned.pem "$(printf 'gm\\342\\200\\2566202')" keyUsage=keyEncipherment
            openssl req -new -key k.pem -sm3 -sigopt distid:1234567812345678 -subj /CN=leaf -out l.csr
            openssl x509 -req -in l.csr -CA ca.pem -CAkey k.pem -CAcreateserial -sm3 -days 9 \
                -sigopt distid:1234567812345678 -vfyopt distid:1234567812345678 -out leaf.pem \
                -extfile <(echo keyUsage=keyEncipherment) 2>/dev/null
            cat ca.pem leaf.pem > order.pem
            cat leaf.pem ca.pem > right.pem
            """)
        #expect(try fault(shell, "order.pem") == .order)
        #expect(try fault(shell, "right.pem") == nil)
        let turned = try RecipientCertificate(try shell.bytes(of: "turned.pem"))
        #expect(turned.subject == "CN=gm\\u{202e}6202")
    }

    @Test func `every changed byte of a self-signed certificate is found out`() throws {
        let shell = try made(
            RecipientCertificateTests.selfSigned(
                RecipientCertificateTests.sm2, RecipientCertificateTests.sm2Words)
                + "\nopenssl x509 -in c.pem -outform DER -out c.der")
        let bytes = try shell.bytes(of: "c.der")
        let print = try RecipientCertificate(bytes).fingerprint
        // Whatever is let pass has another fingerprint, which a person compares.
        var passed = 0
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            guard let read = try? RecipientCertificate(changed) else { continue }
            passed += 1
            #expect(read.fingerprint != print)
        }
        // Only a name that makes it somebody else's, whose signature nobody here can check.
        #expect(passed < 80)
        #expect((try? RecipientCertificate(bytes + [0])) == nil, "nothing after it")
    }

    @Test func `an authority that is named must have issued it, by way of those in between`() throws
    {
        let shell = try made(
            """
            id='distid:1234567812345678'
            for who in root other; do
                openssl genpkey -algorithm SM2 -out $who.key
                openssl req -x509 -new -key $who.key -sm3 -sigopt $id -out $who.pem -days 90 \
                    -subj "/CN=$who" -addext 'keyUsage=critical,keyCertSign'
            done
            issue() {
                openssl genpkey -algorithm SM2 -out $1.key
                openssl req -new -key $1.key -sm3 -sigopt $id -subj "/CN=$1" -out $1.csr
                openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -sm3 \
                    -sigopt $id -vfyopt $id -days 60 -out $1.pem -extfile <(printf "$3") 2>/dev/null
            }
            issue middle root 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign'
            issue leaf middle 'basicConstraints=CA:FALSE\\nkeyUsage=critical,keyEncipherment'
            cat leaf.pem middle.pem > c.pem
            """)
        func pem(_ name: String) throws -> String {
            String(decoding: try shell.bytes(of: name + ".pem"), as: UTF8.self)
        }
        let (root, other, middle) = (try pem("root"), try pem("other"), try pem("middle"))
        let now = Int64(Date().timeIntervalSince1970)
        let whole = try RecipientCertificate(try shell.bytes(of: "c.pem"))
        try whole.demandIssuer(among: root, at: now)
        try whole.demandIssuer(among: other + root, at: now)
        let alone = try RecipientCertificate(try shell.bytes(of: "leaf.pem"))
        try alone.demandIssuer(among: middle, at: now)
        func refused(
            _ certificate: RecipientCertificate, _ authorities: String, _ seconds: Int64
        ) -> Bool {
            do throws(RecipientCertificate.Fault) {
                try certificate.demandIssuer(among: authorities, at: seconds)
                return false
            } catch { return true }
        }
        #expect(refused(alone, root, now), "a link is missing")
        #expect(refused(whole, other, now))
        #expect(refused(whole, "nothing", now))
        #expect(refused(whole, root, now + 70 * 86_400), "over by then")
    }
}
