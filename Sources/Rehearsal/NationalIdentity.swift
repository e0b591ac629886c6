package import LibCrypto
package import Records

/// Who the pretend national side is: an authority of its own, a TLS server certificate, and for
/// each suite a key that opens what counties seal and a key that signs its receipts.
///
/// For rehearsals on one machine; nothing here is of the real national side.
package struct NationalIdentity: Sendable {
    /// Where its files lie; private ones are readable by their owner alone.
    package let folder: String
    /// The county's unified social credit code, 18 characters: its certificate's common name.
    package let sender: String
    /// The county's division code, 6 digits.
    package let region: String
    /// The year that its key ids bear.
    package let year: Int

    private let gm: SuiteKeys
    private let intl: SuiteKeys

    /// The private keys of one suite.
    private struct SuiteKeys: Sendable {
        let recipient: UnwrappingKey
        let receipts: SigningKey
    }

    /// What the county is given: `ca.pem`, `client.crt.pem`, `client.key.pem`,
    /// `recipient-{gm,intl}.pub.pem`, `receipts-{gm,intl}.pub.pem`, and `key-ids.csv`, which names
    /// the id of each public key.
    package var exportFolder: String { folder + "/county" }

    /// The id of the key under which counties wrap their data keys (`Key@recipient`).
    package func recipientID(_ suite: CipherSuite) -> String {
        "national-\(suite.rawValue)-\(year)"
    }

    /// The id of the key that signs receipts and counts (`Signature-Key`).
    package func receiptsID(_ suite: CipherSuite) -> String {
        "receipts-\(suite.rawValue)-\(year)"
    }

    /// The PEM files for the TLS server.
    var authorityFile: String { folder + "/" + IdentityFile.authority }
    var serverCertificateFile: String { folder + "/" + IdentityFile.serverCertificate }
    var serverKeyFile: String { folder + "/" + IdentityFile.serverKey }

    func recipientKey(_ suite: CipherSuite) -> UnwrappingKey {
        suite == .gm ? gm.recipient : intl.recipient
    }

    /// The key that signs receipts and counts.
    package func receiptsKey(_ suite: CipherSuite) -> SigningKey {
        suite == .gm ? gm.receipts : intl.receipts
    }

    /// Makes the identity in `folder` and exports the county's part, or takes what lies there from
    /// an earlier call. Blocks for up to a second or two while RSA keys are made.
    ///
    /// - Parameters:
    ///   - folder: made, with those above it, if it is missing.
    ///   - moment: the real time: certificates are valid from a day before it for three years.
    /// - Throws: `RehearsalFailure`: `unreadable`; `otherCounty` when the folder's identity was
    ///   made for another sender or region; `unusable` when a file in it was damaged.
    package static func create(
        folder: String, sender: String, region: String, moment: Timestamp
    ) throws(RehearsalFailure) -> NationalIdentity {
        let files = IdentityFolder(path: folder)
        if !files.holds(IdentityFile.marker) {
            let made = try usable(folder) { () throws(CryptoFailure) in
                try NewIdentity(sender: sender, moment: moment)
            }
            try made.write(to: files, sender: sender, region: region)
        }
        let identity = try NationalIdentity(reading: files)
        guard identity.sender == sender, identity.region == region else {
            throw RehearsalFailure(.otherCounty, place: folder)
        }
        return identity
    }

    private init(reading files: IdentityFolder) throws(RehearsalFailure) {
        folder = files.path
        let marker = try files.text(IdentityFile.marker).split(whereSeparator: \.isWhitespace)
        guard marker.count == 3, let year = Int(marker[2]) else {
            throw RehearsalFailure(.unusable, place: files.path + "/" + IdentityFile.marker)
        }
        sender = String(marker[0])
        region = String(marker[1])
        self.year = year
        gm = try Self.keys(.gm, files)
        intl = try Self.keys(.intl, files)
    }

    private static func keys(
        _ suite: CipherSuite, _ files: IdentityFolder
    ) throws(RehearsalFailure) -> SuiteKeys {
        let recipient = try files.secret(IdentityFile.recipientKey(suite))
        let receipts = try files.secret(IdentityFile.receiptsKey(suite))
        return try usable(files.path) { () throws(CryptoFailure) in
            try SuiteKeys(
                recipient: UnwrappingKey(pem: recipient), receipts: SigningKey(pem: receipts))
        }
    }
}

/// Runs a cryptographic step on what was given at `place`. Throws `unusable` when it fails.
func usable<Outcome>(
    _ place: String, _ step: () throws(CryptoFailure) -> Outcome
) throws(RehearsalFailure) -> Outcome {
    do throws(CryptoFailure) {
        return try step()
    } catch {
        throw RehearsalFailure(.unusable, place: place, detail: error.detail)
    }
}
