import Evidence
import Foundation
package import LibCrypto
import Privacy
package import Records
package import Storage

/// From when until when the recipient's certificate holds (有效期).
package struct RecipientTerm: Sendable, Hashable {
    /// Unix seconds; the last one is in it.
    package let validity: ClosedRange<Int64>
    private let place: String

    package init(_ validity: ClosedRange<Int64>, place: String) {
        self.validity = validity
        self.place = place
    }

    /// Throws `RecipientFailure` (`expired`, `early`) outside of it.
    package func demand(at moment: Timestamp) throws(RecipientFailure) {
        let seconds = moment.microseconds / 1_000_000
        let day = { (seconds: Int64) in
            Timestamp(microseconds: seconds * 1_000_000).day.description
        }
        guard seconds >= validity.lowerBound else {
            throw RecipientFailure(.early, place: place, detail: day(validity.lowerBound))
        }
        guard seconds <= validity.upperBound else {
            throw RecipientFailure(.expired, place: place, detail: day(validity.upperBound))
        }
    }
}

/// A key of the national side that this site has (收件证书).
package struct Recipient: Sendable {
    /// As submissions call the key.
    package let name: String
    package let certificate: RecipientCertificate
    /// The file that it is in.
    package let file: String
    /// Whether new submissions are sealed under it.
    package let isInUse: Bool

    /// `nil` for a bare key, which has no end.
    package var term: RecipientTerm? {
        certificate.validity.map { RecipientTerm($0, place: file) }
    }
}

/// Which of the taken certificates is in use: `keys/recipients/gm.json`.
private struct RecipientChoice: Codable {
    let v: Int
    /// SHA-256, hex: what the file of the certificate must have.
    let fingerprint: String
    let name: String
}

extension Site {
    /// Where certificates are kept that were taken, beside the key ring.
    private var recipientFolder: String {
        (configuration.keyring as NSString).deletingLastPathComponent + "/recipients"
    }

    private func recipientFile(_ fingerprint: String) -> String {
        "\(recipientFolder)/\(configuration.suite.rawValue)-\(fingerprint.prefix(16)).pem"
    }

    private var recipientChoice: String {
        "\(recipientFolder)/\(configuration.suite.rawValue).json"
    }

    /// The key that new submissions are sealed under: the one that was taken last, else the one of
    /// the site's file; `nil` where nothing goes by wire and none is named.
    ///
    /// Throws `RecipientFailure`; not for one that is over, which is for whoever seals.
    package func recipient() throws(RecipientFailure) -> Recipient? {
        if let bytes = FileManager.default.contents(atPath: recipientChoice) {
            guard
                let choice = try? JSONDecoder().decode(RecipientChoice.self, from: bytes),
                choice.v == 1
            else { throw RecipientFailure(.malformed, place: recipientChoice) }
            let file = recipientFile(choice.fingerprint)
            let certificate = try read(recipient: file)
            guard certificate.fingerprint == choice.fingerprint else {
                throw RecipientFailure(.other, place: file)
            }
            return Recipient(
                name: choice.name, certificate: certificate, file: file, isInUse: true)
        }
        guard let file = configuration.national.recipientKey else { return nil }
        return Recipient(
            name: configuration.national.recipientName, certificate: try read(recipient: file),
            file: file, isInUse: true)
    }

    /// A recipient's key in a file, of the site's suite. Throws `RecipientFailure`.
    private func read(recipient file: String) throws(RecipientFailure) -> RecipientCertificate {
        guard let bytes = FileManager.default.contents(atPath: file), bytes.count <= 1 << 20 else {
            throw RecipientFailure(.malformed, place: file)
        }
        let found: RecipientCertificate
        do throws(RecipientCertificate.Fault) {
            found = try RecipientCertificate([UInt8](bytes))
        } catch { throw RecipientFailure(of: error, place: file) }
        guard found.key.suite == configuration.suite else {
            throw RecipientFailure(.suite, place: file, detail: found.kind)
        }
        return found
    }

    /// All that were taken, and the one of the site's file where that is in use: it comes first,
    /// the others by their end. Files that cannot be read any more are left out.
    package func recipients() -> [Recipient] {
        let inUse = try? recipient()
        let prefix = configuration.suite.rawValue + "-"
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: recipientFolder)) ?? []
        let others = names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".pem") }
            .map { recipientFolder + "/" + $0 }.filter { $0 != inUse?.file }
            .compactMap { (file) -> Recipient? in
                guard let certificate = try? read(recipient: file) else { return nil }
                return Recipient(
                    name: "", certificate: certificate, file: file, isInUse: false)
            }
            .sorted { $0.lastSecond > $1.lastSecond }
        return [inUse].compactMap { $0 } + others
    }

    /// Looks at a file that is to be taken: all that can be told without a person.
    ///
    /// - Parameter name: as the national side calls the key; the site's own if absent.
    /// - Throws: `RecipientFailure`, and `DefinitionError` for an authority that cannot be read.
    package func examined(recipient file: String, named name: String?) throws -> Recipient {
        let certificate = try read(recipient: file)
        let seconds = clock().microseconds / 1_000_000
        if let validity = certificate.validity {
            try RecipientTerm(validity, place: file).demand(at: clock())
        }
        if let authority = configuration.national.recipientAuthority {
            let roots = try text(authority)
            do throws(RecipientCertificate.Fault) {
                try certificate.demandIssuer(among: roots, at: seconds)
            } catch { throw RecipientFailure(of: error, place: file) }
        }
        return Recipient(
            name: name ?? configuration.national.recipientName, certificate: certificate,
            file: file, isInUse: false)
    }

    /// Seals new submissions under the key of a file from here on; the ones before stay listed.
    ///
    /// The certificate's own file first, then the ledger, then what says that it is in use. Ended
    /// in between, the same again mends it: nothing is sealed under what the ledger lacks.
    ///
    /// - Parameters:
    ///   - fingerprint: SHA-256, hex; colons and capitals are let pass.
    ///   - name: as above.
    /// - Throws: `RecipientFailure`, `StorageFailure`, and what writing a file throws.
    package func take(
        recipient file: String, fingerprint: String, name: String?, by: String,
        in database: any Database
    ) async throws -> Recipient {
        let examined = try examined(recipient: file, named: name)
        let (certificate, name) = (examined.certificate, examined.name)
        let given = fingerprint.lowercased().filter { $0 != ":" && !$0.isWhitespace }
        guard given == certificate.fingerprint else {
            throw RecipientFailure(.fingerprint, place: file)
        }
        let kept = recipientFile(certificate.fingerprint)
        try FileManager.default.createDirectory(
            atPath: recipientFolder, withIntermediateDirectories: true)
        try PublicFile.replace(kept, with: Array(certificate.pem.utf8))
        let moment = clock()
        let fact = Fact.RecipientTaken(
            suite: configuration.suite.rawValue, name: name,
            fingerprint: certificate.fingerprint, notBefore: certificate.validity?.lowerBound,
            notAfter: certificate.validity?.upperBound, by: by)
        try await database.write { transaction in
            // Two folders of one database have each their own files, and take it each.
            if let last = try lastTaken(in: transaction), last.isLike(fact) { return }
            try Ledger().append([.recipientTaken(fact)], at: moment, in: transaction)
        }
        let choice = RecipientChoice(v: 1, fingerprint: certificate.fingerprint, name: name)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try PublicFile.replace(recipientChoice, with: Array(try encoder.encode(choice)))
        return Recipient(name: name, certificate: certificate, file: kept, isInUse: true)
    }

    /// Refuses to work where the key in use is not the one that the ledger noted last: somebody
    /// changed it who did not take it. Throws `RecipientFailure`, `StorageFailure`.
    package func checkRecipient(in database: any Database) async throws {
        let last = try await database.read { try lastTaken(in: $0) }
        guard let last else {
            // What was never taken was put there by somebody, or the database is an older one.
            guard !FileManager.default.fileExists(atPath: recipientChoice) else {
                throw RecipientFailure(.other, place: recipientChoice)
            }
            return
        }
        let found = try recipient()
        guard found?.certificate.fingerprint == last.fingerprint, found?.name == last.name else {
            throw RecipientFailure(.other, place: found?.file ?? recipientChoice)
        }
    }

    private func lastTaken(in transaction: any Transaction) throws -> Fact.RecipientTaken? {
        for entry in try Ledger().entries(of: "recipientTaken", in: transaction).reversed() {
            if case .recipientTaken(let fact) = entry.fact,
                fact.suite == configuration.suite.rawValue
            {
                return fact
            }
        }
        return nil
    }
}

extension Recipient {
    fileprivate var lastSecond: Int64 { certificate.validity?.upperBound ?? .max }
}

extension Fact.RecipientTaken {
    /// Whether it is about the same key by the same name, whoever took it.
    fileprivate func isLike(_ other: Fact.RecipientTaken) -> Bool {
        suite == other.suite && name == other.name && fingerprint == other.fingerprint
    }
}
