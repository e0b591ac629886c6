import Foundation
import LibCrypto
import Testing

@Suite struct CertificateTests {
    private static let sender = "12990101MA0000T1XF"
    /// 2026-01-01 and 2056-01-01 UTC: on both sides of the year in which X.509 changes its form.
    private static let notBefore: Int64 = 1_767_225_600
    private static let notAfter: Int64 = 2_713_910_400

    private func authority() throws -> CertificateAuthority {
        try CertificateAuthority(
            commonName: "演练机构", notBefore: Self.notBefore, notAfter: Self.notAfter)
    }

    @Test func `what is issued is what is read`() throws {
        let authority = try authority()
        let issued = try authority.issueClient(
            commonName: Self.sender, notBefore: Self.notBefore, notAfter: Self.notAfter)
        let certificate = try Certificate(pem: issued.certificatePEM)
        #expect(certificate.subject == "CN=\(Self.sender)")
        #expect(certificate.commonName == Self.sender)
        #expect(certificate.subjectSerialNumber == nil)
        #expect(certificate.organizationIdentifier == nil)
        #expect(certificate.notBefore == Self.notBefore)
        #expect(certificate.notAfter == Self.notAfter)
        #expect(try Certificate(pem: authority.certificatePEM).subject == "CN=演练机构")
        // The private key is the certificate's.
        #expect(try SigningKey(pem: issued.privateKeyPEM).suite == .intl)
    }

    @Test func `OpenSSL accepts each certificate for its purpose only`() throws {
        let authority = try authority()
        let server = try authority.issueServer(
            notBefore: Self.notBefore, notAfter: Self.notAfter)
        let client = try authority.issueClient(
            commonName: Self.sender, notBefore: Self.notBefore, notAfter: Self.notAfter)
        let shell = try Shell(files: [
            "ca.pem": Array(authority.certificatePEM.utf8),
            "other.pem": Array(try self.authority().certificatePEM.utf8),
            "server.pem": Array(server.certificatePEM.utf8),
            "server.key": revealed(server.privateKeyPEM),
            "client.pem": Array(client.certificatePEM.utf8),
        ])
        let verify =
            "openssl verify -x509_strict -no-CApath -no-CAstore -attime \(Self.notBefore + 60)"
        let accepted = try [
            shell.run("\(verify) -CAfile ca.pem -purpose sslserver server.pem"),
            shell.run("\(verify) -CAfile ca.pem -verify_hostname localhost server.pem"),
            shell.run("\(verify) -CAfile ca.pem -verify_ip 127.0.0.1 server.pem"),
            shell.run("\(verify) -CAfile ca.pem -purpose sslclient client.pem"),
            shell.run(
                "cmp <(openssl pkey -in server.key -pubout)"
                    + " <(openssl x509 -in server.pem -noout -pubkey)"
            ),
        ]
        #expect(accepted.map(\.status) == [0, 0, 0, 0, 0])
        let refused = try [
            shell.run("\(verify) -CAfile ca.pem -purpose sslclient server.pem"),
            shell.run("\(verify) -CAfile ca.pem -purpose sslserver client.pem"),
            shell.run("\(verify) -CAfile other.pem client.pem"),
            shell.run("\(verify) -CAfile ca.pem -verify_hostname example.org server.pem"),
        ]
        #expect(refused.allSatisfy { $0.status != 0 })
    }

    @Test func `a subject's attributes and fingerprint are those that OpenSSL shows`() throws {
        let shell = try Shell(files: [:])
        let (status, shown) = try shell.run(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem \
              -utf8 -out c.pem -days 2 2>/dev/null \
              -subj '/C=CN/O=虚构县疾控中心/organizationIdentifier=NTRCN-1/serialNumber=S 7/CN=甲, 乙'
            openssl x509 -in c.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f
            date -u -d "$(openssl x509 -in c.pem -noout -enddate | sed 's/.*=//')" +%s
            openssl x509 -in c.pem -outform DER -out c.der
            """)
        #expect(status == 0)
        let lines = shown.split(separator: "\n")
        let pem = String(decoding: try shell.bytes(of: "c.pem"), as: UTF8.self)
        let certificate = try Certificate(pem: pem)
        #expect(certificate.commonName == "甲, 乙")
        #expect(certificate.subjectSerialNumber == "S 7")
        #expect(certificate.organizationIdentifier == "NTRCN-1")
        #expect(certificate.subject.hasPrefix("CN=甲\\, 乙,serialNumber=S 7,"))
        #expect(certificate.subject.hasSuffix("O=虚构县疾控中心,C=CN"))
        #expect(certificate.fingerprint == lines[0])
        #expect(certificate.notAfter == Int64(lines[1]))
        #expect(try Certificate(der: shell.bytes(of: "c.der")) == certificate)
    }

    @Test func `two common names are as good as none`() throws {
        let shell = try Shell(files: [:])
        _ = try shell.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem"
                + " -subj /CN=one/CN=two -out c.pem")
        let pem = String(decoding: try shell.bytes(of: "c.pem"), as: UTF8.self)
        #expect(try Certificate(pem: pem).commonName == nil)
    }

    @Test func `an empty subject is read as empty`() throws {
        let shell = try Shell(files: [:])
        _ = try shell.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem"
                + " -subj / -out c.pem")
        let pem = String(decoding: try shell.bytes(of: "c.pem"), as: UTF8.self)
        #expect(try Certificate(pem: pem).subject.isEmpty)
    }

    @Test func `what is no certificate is refused`() throws {
        #expect(fails(.malformed) { _ = try Certificate(pem: "") })
        #expect(fails(.malformed) { _ = try Certificate(pem: "-----BEGIN CERTIFICATE-----") })
        #expect(fails(.malformed) { _ = try Certificate(der: [0x30, 0x00]) })
        #expect(
            fails(.internal) {
                _ = try authority().issueClient(
                    commonName: String(repeating: "x", count: 65), notBefore: 0, notAfter: 1)
            })
    }
}
