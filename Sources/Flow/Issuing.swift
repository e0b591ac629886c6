import Delivery
import Evidence
import Foundation
import LibCrypto
import LibCurl
import Mappings
package import Privacy
import Programmes
import Records
package import Settlements
import Storage

/// How a statement is issued (出具结算): its lines, its pack, and the fact of it.
extension Closing {
    /// What was issued last for a year, by the ledger's word and the lines that bear it out.
    func earlier(_ year: Int) async throws -> Settlement.Earlier {
        let place = SettledLines.Place(programme: part.name, year: year)
        return try await database.read { transaction in
            guard let last = try IssuedStatements(of: part, in: transaction).last(of: year) else {
                return .none
            }
            var reading = EarlierStatement.Reading(last)
            try SettledLines().lines(of: place, in: transaction) { reading.add($0) }
            return reading.statement().map { .issued($0) } ?? .missing
        }
    }

    /// The container of a year's statement; `number` from 1.
    package func packPath(_ year: Int, _ number: Int) -> String {
        // The first programme's packs bear no name: a site began with one.
        let isFirst = part.name == site.programmes[0].name
        let name = isFirst ? "" : part.programme.folderName + "_"
        return site.configuration.folder
            + "/out/evidence_\(name)\(site.configuration.county.region)_\(year)_\(number).asice"
    }

    /// What `issue` did.
    package enum Issued: Sendable {
        /// A new pack; `lost` are those of the year that are no longer in their places, or not what
        /// was issued.
        case written(path: String, lost: [String])
        /// The same lines were settled before: nothing new was written.
        case unchanged(path: String)
    }

    /// Reckons a draft anew, writes its evidence pack, and the fact that it was issued.
    ///
    /// A settlement that pays and says what the last one did is not issued again. Killed at any
    /// point, it is issued once or not at all; the next call then names what is left unnamed.
    /// Throws `SiteFailure` where the ledger has moved on since the draft.
    package func issue(_ draft: SettlementDraft, keyring: Keyring) async throws -> Issued {
        let books = SettlementBooks(try await settlement(draft))
        let (statement, year) = (books.statement, books.statement.year)
        let issued = try await database.read { try IssuedStatements(of: part, in: $0) }
        let count = issued.count(of: year)
        let last = packPath(year, max(1, count))
        if count > 0 { try finish(last) }
        if let fact = issued.last(of: year),
            try statement.isSame(as: fact, in: last)
        {
            return .unchanged(path: last)
        }
        try await site.anchorAudit(in: database)
        let path = packPath(year, count + 1)
        // Of a statement that was never written down as issued.
        try? FileManager.default.removeItem(atPath: path)
        let moment = site.clock()
        let signers = try SignerCertificates(site).signers(keyring, at: moment)
        let stamping = try site.configuration.evidence.stamping(site)
        let pack = try await prepare(
            books,
            Prepared(
                signers: signers, stamping: stamping, keyring: keyring,
                counts: draft.national.document),
            path, after: issued, at: moment)
        do {
            try pack.seal(by: signers, stamping)
            let place = SettledLines.Place(programme: part.name, year: year)
            let fact = pack.fact(of: statement)
            let sending = Unchecked(pack)
            try await database.write { transaction in
                try sending.value.newLines { lines in
                    try SettledLines().append(lines, to: place, in: transaction)
                }
                try Ledger().append([fact], at: moment, in: transaction)
            }
        } catch {
            pack.discard()
            throw error
        }
        try pack.finish()
        let lost = issued.all(of: year).enumerated().compactMap { number, fact in
            let path = packPath(year, number + 1)
            let bytes = try? PackReader(path).file("settlement.json")
            let isThere = bytes.map { Hex.encode(Hash.sha256.digest($0)) == fact.statement }
            return isThere == true ? nil : path
        }
        return .written(path: path, lost: lost)
    }

    /// Gives its name to a pack that was written down as issued just before the program ended.
    private func finish(_ path: String) throws {
        let files = FileManager.default
        if !files.fileExists(atPath: path), files.fileExists(atPath: path + ".part") {
            try files.moveItem(atPath: path + ".part", toPath: path)
        }
        try? files.removeItem(atPath: path + ".files")
    }

    /// With what a pack is made.
    private struct Prepared {
        let signers: [PackSigner]
        let stamping: PackStamping?
        let keyring: Keyring
        /// The signed national counts.
        let counts: SignedDocument?
    }

    private func prepare(
        _ books: SettlementBooks, _ with: Prepared, _ path: String,
        after issued: IssuedStatements, at moment: Timestamp
    ) async throws -> EvidencePack {
        try FileManager.default.createDirectory(
            atPath: site.configuration.folder + "/out", withIntermediateDirectories: true)
        let national = try site.configuration.national.receiptKeys.map { key in
            (id: key.id, pem: try site.text(key.file))
        }
        let scripts = try ["verify.py", "sample.py"].map { name in
            let path = site.configuration.mappings + "/evidence/" + name
            guard let script = FileManager.default.contents(atPath: path) else {
                throw SiteFailure(.verifier)
            }
            return (name: name, bytes: [UInt8](script))
        }
        let approval = try PackApprovals.text(site)
        let place = SettledLines.Place(programme: part.name, year: books.statement.year)
        let work = Unchecked((with, exchange))
        return try await database.read { transaction in
            let (with, exchange) = work.value
            let last = issued.last(of: place.year)
            let sources = PackSources(
                sender: site.configuration.county.creditCode,
                receipt: { digest in
                    guard let kept = try exchange.outbox.receipt(digest, in: transaction) else {
                        throw StorageFailure(.corrupt)
                    }
                    return KeptReceipt(
                        bytes: kept.bytes, keyID: kept.key, signature: kept.signature,
                        receivedAt: kept.receivedAt)
                },
                ledgerHead: try Ledger().head(in: transaction),
                log: PackLog(
                    head: issued.head, size: last?.size ?? 0,
                    root: last?.root ?? PackLog.none.root
                ) { each in
                    try SettledLines().lines(of: place, in: transaction, each: each)
                },
                approval: approval, scripts: scripts, signers: with.signers,
                nationalKeys: national,
                nationalCounts: with.counts.map {
                    KeptReceipt(
                        bytes: $0.bytes, keyID: $0.key, signature: $0.signature, receivedAt: moment)
                }, stamping: with.stamping)
            return Unchecked(
                try EvidencePack.write(books, from: sources, to: path, at: moment))
        }.value
    }
}

/// Carries what one thread after the other uses into a database's closure and out again.
private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

/// The statements of a programme that the ledger tells of.
struct IssuedStatements: Sendable {
    private let facts: [Fact.Settled]

    init(of part: SiteProgramme, in transaction: any Transaction) throws {
        let name = part.name
        facts = try Ledger().entries(of: "settled", in: transaction).compactMap { entry in
            guard case .settled(let fact) = entry.fact, fact.programme == name else { return nil }
            return fact
        }
    }

    func count(of year: Int) -> Int { facts.count { $0.year == year } }

    func last(of year: Int) -> Fact.Settled? { facts.last { $0.year == year } }

    /// Statements of a year in their order.
    func all(of year: Int) -> [Fact.Settled] { facts.filter { $0.year == year } }

    /// The tree head that the next one follows, of whatever year: SHA-256 hex.
    var head: String { facts.last?.head ?? PackLog.noHead }
}

extension Fact.Settled {
    /// What it was about.
    package var period: SettlementPeriod {
        SettlementPeriod(year: year, through: through)
    }
}

extension Statement {
    /// Whether it says the same as the one that was issued last, but for the time.
    fileprivate func isSame(as fact: Fact.Settled, in path: String) throws -> Bool {
        // What was taken off or put in its place says something new, though all sums be the same.
        guard correction == nil, let bytes = try? PackReader(path).file("settlement.json"),
            Hex.encode(Hash.sha256.digest(bytes)) == fact.statement,
            let earlier = try? Statement(json: bytes)
        else { return false }
        // Another maker says nothing new; the first one to be named does, since two others sign it.
        let maker = earlier.maker == nil ? nil : maker
        return earlier.withoutCorrection.sayingSame(at: made, by: maker) == self
    }
}
