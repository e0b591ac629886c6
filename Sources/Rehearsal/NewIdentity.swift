import LibCrypto
import Records

/// The names of an identity's files.
enum IdentityFile {
    /// Sender, region and year; written last, so that what it stands beside is whole.
    static let marker = "identity.txt"
    static let authority = "authority.pem"
    static let serverCertificate = "server.crt.pem"
    static let serverKey = "server.key.pem"

    static func recipientKey(_ suite: CipherSuite) -> String {
        "recipient-\(suite.rawValue).key.pem"
    }

    static func receiptsKey(_ suite: CipherSuite) -> String {
        "receipts-\(suite.rawValue).key.pem"
    }
}

/// An identity just made, before it is on disk. The authority's own key is never written: when
/// this goes, nobody can issue a further certificate.
struct NewIdentity {
    private let authorityPEM: String
    private let server: IssuedCertificate
    private let client: IssuedCertificate
    private let recipients: [(suite: CipherSuite, key: UnwrappingKey)]
    private let receipts: [(suite: CipherSuite, key: SigningKey)]
    private let year: Int

    private static let secondsPerDay: Int64 = 86_400
    private static let validDays: Int64 = 3 * 366

    /// Makes all keys and certificates. Throws `CryptoFailure`.
    init(sender: String, moment: Timestamp) throws(CryptoFailure) {
        let from = moment.microseconds / 1_000_000 - Self.secondsPerDay
        let to = from + Self.validDays * Self.secondsPerDay
        let authority = try CertificateAuthority(
            commonName: "Shangbao rehearsal authority", notBefore: from, notAfter: to)
        authorityPEM = authority.certificatePEM
        server = try authority.issueServer(notBefore: from, notAfter: to)
        client = try authority.issueClient(commonName: sender, notBefore: from, notAfter: to)
        var recipients: [(suite: CipherSuite, key: UnwrappingKey)] = []
        var receipts: [(suite: CipherSuite, key: SigningKey)] = []
        for suite in CipherSuite.allCases {
            recipients.append((suite, try UnwrappingKey(generating: suite)))
            receipts.append((suite, try SigningKey(generating: suite)))
        }
        self.recipients = recipients
        self.receipts = receipts
        year = moment.day.parts.year
    }

    /// Writes the private files, the county's export, and last the marker. Throws
    /// `RehearsalFailure`.
    func write(
        to files: IdentityFolder, sender: String, region: String
    ) throws(RehearsalFailure) {
        try files.make()
        try files.write(authorityPEM, to: IdentityFile.authority)
        try files.write(server.certificatePEM, to: IdentityFile.serverCertificate)
        try files.write(server.privateKeyPEM, to: IdentityFile.serverKey)
        for (suite, key) in recipients {
            try files.write(
                try usable(files.path) { () throws(CryptoFailure) in try key.pem() },
                to: IdentityFile.recipientKey(suite))
        }
        for (suite, key) in receipts {
            try files.write(
                try usable(files.path) { () throws(CryptoFailure) in try key.pem() },
                to: IdentityFile.receiptsKey(suite))
        }
        try export(to: IdentityFolder(path: files.path + "/county"))
        try files.write("\(sender) \(region) \(year)\n", to: IdentityFile.marker)
    }

    private func export(to county: IdentityFolder) throws(RehearsalFailure) {
        try county.make()
        try county.write(authorityPEM, to: "ca.pem")
        try county.write(client.certificatePEM, to: "client.crt.pem")
        try county.write(client.privateKeyPEM, to: "client.key.pem")
        var ids = "file,id\n"
        for (suite, key) in recipients {
            let name = "recipient-\(suite.rawValue).pub.pem"
            let text = try usable(name) { () throws(CryptoFailure) in
                try key.wrappingKey().pem()
            }
            try county.write(text, to: name)
            ids += "\(name),national-\(suite.rawValue)-\(year)\n"
        }
        for (suite, key) in receipts {
            let name = "receipts-\(suite.rawValue).pub.pem"
            let text = try usable(name) { () throws(CryptoFailure) in
                try key.verifyingKey().pem()
            }
            try county.write(text, to: name)
            ids += "\(name),receipts-\(suite.rawValue)-\(year)\n"
        }
        try county.write(ids, to: "key-ids.csv")
    }
}
