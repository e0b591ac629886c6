import Definitions
import Delivery
package import Evidence
import Foundation
import LibCrypto
import Mappings
package import Privacy
import Programmes
package import Records
package import Settlements
package import Storage

/// Reconciliation and settlement (对账与结算): functions of the ledger, and the pack that proves them.
package struct Closing: Sendable {
    private let site: Site
    private let part: SiteProgramme
    private let database: any Database
    private let exchange: Exchange

    /// - Parameter part: the programme whose books these are; programmes are never netted.
    package init(
        site: Site, _ part: SiteProgramme, database: any Database, exchange: Exchange
    ) {
        self.site = site
        self.part = part
        self.database = database
        self.exchange = exchange
    }

    /// The books of one programme, folded from the ledger.
    package func book() async throws -> CaseBook {
        let part = part
        return try await database.read { transaction in
            var book = Closing.emptyBook(of: part)
            try Ledger().facts(in: transaction) { entry in
                book.add(entry.fact, seq: entry.seq, at: entry.at)
            }
            return book
        }
    }

    /// A programme's book with nothing in it yet.
    static func emptyBook(of part: SiteProgramme) -> CaseBook {
        let mappings = Set(
            // Rows of parts are no cases: they are counted with the case that they are joined to.
            // Nor are those of lists, which nobody reports.
            part.programme.mappings.filter { !$0.isPart && !$0.isList }.map(\.mapping.name))
        return CaseBook(programme: part.programme.dictionary.programme) { mappings.contains($0) }
    }

    /// Whom the programme's lists count for a year, and who of them was checked in it.
    ///
    /// - Parameter year: of all years that lists name where `nil`.
    package func coverages(_ book: CaseBook, year: Int? = nil) async throws -> [Coverage] {
        let programme = part.programme
        return try await database.read { transaction in
            try Coverage.all(of: programme, in: year, book, transaction)
        }
    }

    /// Our books beside the national counts.
    package struct Comparison: Sendable {
        package let balance: Balance
        package let lines: [Balance.Line]
        package let national: [NationalCounts]?
        /// Why there are no national counts.
        package let missing: String?
        package let discrepancies: [Discrepancy]
        package let chain: ChainReport
        package let coverages: [Coverage]
        /// Cases in force that rest on lists of results alone.
        package let unsigned: Int
    }

    /// Our balance of a year beside the national counts, with the ledger's chain recomputed.
    ///
    /// - Parameter list: counts that somebody brought in a list; else the national side is asked.
    package func compare(
        year: Int, by list: [NationalCounts]? = nil
    ) async throws -> Comparison {
        let book = try await book()
        let balance = Balance(book)
        let lines = balance.lines(of: year)
        var (national, missing): ([NationalCounts]?, String?) = (list, nil)
        if list == nil { (national, missing) = await nationalCounts(year) }
        let chain = try await database.read { try Ledger().verify(in: $0) }
        return Comparison(
            balance: balance, lines: lines, national: national, missing: missing,
            discrepancies: book.sourceCounts.discrepancies(book, year: year)
                + (national.map { Reconciliation.discrepancies(lines, national: $0) } ?? []),
            chain: chain, coverages: try await coverages(book, year: year),
            unsigned: book.unsigned(in: year))
    }

    func nationalCounts(_ year: Int) async -> ([NationalCounts]?, String?) {
        let (counts, missing) = await exchange.counts(
            programme: part.name,
            region: site.configuration.county.region, year: year)
        return (
            counts?.map {
                NationalCounts(
                    institution: $0.institution, month: $0.month, accepted: $0.accepted,
                    rejected: $0.rejected, duplicate: $0.duplicate)
            }, missing
        )
    }

    /// Closes a year, without writing anything.
    package func settlement(year: Int) async throws -> (Settlement, CaseBook) {
        let rule = try site.funding(of: part.programme)
        let book = try await book()
        guard !book.cases.isEmpty || book.rowsRead > 0 else { throw SiteFailure(.nothingToSettle) }
        let (national, _) = await nationalCounts(year)
        let end = try await database.read { try LedgerClock().looked(in: $0).latest }
        return (
            Settlement.closing(
                book, rule: rule, year: year, division: site.place(for: rule),
                national: national, hasCounts: !exchange.isAssisted,
                since: try await earlier(year), ledgerEnd: end, at: site.clock()), book
        )
    }

    /// What a year's cases that are not paid are worth. Throws `DefinitionError`, `StorageFailure`.
    package func openWorth(year: Int) async throws -> OpenWorth {
        let rule = try site.funding(of: part.programme)
        return OpenWorth(
            try await book(), rule: rule, year: year, division: site.place(for: rule))
    }

    /// A settled line of a case, in a pack.
    package struct PackLine: Sendable, Encodable {
        package let pack: String
        package let line: Int
    }

    /// How a case became money, and where it stands in the packs of a year; `nil` for one that the
    /// books do not know. Throws `DefinitionError`, `StorageFailure`.
    package func chain(
        of record: RecordID, year: Int
    ) async throws -> (chain: CaseChain, lines: [PackLine])? {
        let rule = try site.funding(of: part.programme)
        let names = try await database.read { try Register().itemNames(in: $0) }
        let chain = CaseChain(
            record, in: try await book(), rule: rule, division: site.place(for: rule)
        ) { names[$0] }
        guard let chain else { return nil }
        let wanted = Data("\"record\":\"\(record.text)\"".utf8)
        var lines: [PackLine] = []
        for path in PackNumbering.existing(packFolder(year)) {
            let file = URL(fileURLWithPath: path + "/ledger/leaves.jsonl")
            guard let leaves = try? Data(contentsOf: file, options: .mappedIfSafe),
                let place = leaves.firstRange(of: wanted)
            else { continue }
            let before = leaves[..<place.lowerBound].count { $0 == 0x0A }
            lines.append(PackLine(pack: path, line: before + 1))
        }
        return (chain, lines)
    }

    /// What was issued last for a year, by the ledger's word and the pack that bears it out.
    private func earlier(_ year: Int) async throws -> Settlement.Earlier {
        let name = part.name
        let last = try await database.read { transaction in
            try Ledger().entries(of: "settled", in: transaction).compactMap { entry in
                if case .settled(let fact) = entry.fact, fact.programme == name,
                    fact.year == year
                {
                    return fact
                }
                return nil
            }.last
        }
        guard let last else { return .none }
        for path in PackNumbering.existing(packFolder(year)).reversed() {
            guard
                let statement = FileManager.default.contents(atPath: path + "/settlement.json"),
                Hex.encode(Hash.sha256.digest([UInt8](statement))) == last.statement,
                let leaves = FileManager.default.contents(atPath: path + "/ledger/leaves.jsonl"),
                let earlier = EarlierStatement(
                    digest: last.statement, root: last.root, leaves: [UInt8](leaves))
            else { continue }
            return .issued(earlier)
        }
        return .missing
    }

    /// Where a year's packs lie.
    package func packFolder(_ year: Int) -> String {
        // The first programme's packs bear no name: a site began with one.
        let isFirst = part.name == site.programmes[0].name
        let name = isFirst ? "" : part.programme.folderName + "-"
        return site.configuration.folder
            + "/out/evidence-\(name)\(site.configuration.county.region)-\(year)"
    }

    /// What `issue` did.
    package enum Issued: Sendable {
        case written(path: String)
        /// The same lines were settled before: nothing new was written.
        case unchanged(path: String)
    }

    /// Writes the evidence pack of a settlement, and the fact that it was issued.
    ///
    /// A settlement whose statement differs only in its time from the last one is not issued again.
    package func issue(_ settlement: Settlement, of book: CaseBook, keyring: Keyring) async throws
        -> Issued
    {
        let base = packFolder(settlement.statement.year)
        let earlier = PackNumbering.existing(base)
        if let last = earlier.last,
            try PackNumbering.isSame(settlement.statement, asIn: last + "/settlement.json")
        {
            return .unchanged(path: last)
        }
        let path = base + "-\(earlier.count + 1)"
        try FileManager.default.createDirectory(
            atPath: site.configuration.folder + "/out", withIntermediateDirectories: true)
        let moment = site.clock()
        let (site, exchange) = (site, exchange)
        let signers = try PackSigners.all(keyring)
        let national = try site.configuration.national.receiptKeys.map { key in
            (id: key.id, pem: try site.text(key.file))
        }
        guard
            let verifier = FileManager.default.contents(
                atPath: site.configuration.mappings + "/evidence/verify.py")
        else { throw SiteFailure(.verifier) }
        let approval = try PackNumbering.approval(site, keyring)
        let fact = try await database.read { transaction in
            let digests = try MappingDigests(in: transaction)
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
                mappingDigest: { digests.digest(of: $0) },
                ledger: { each in
                    try Ledger().lines(after: 0, in: transaction) { line in
                        try each(line)
                        return true
                    }
                },
                approval: approval, verifier: [UInt8](verifier),
                signers: signers.map(\.signer), nationalKeys: national)
            let pack = try EvidencePack.write(
                settlement, of: book, from: sources, to: path, at: moment)
            return pack.fact(of: settlement.statement)
        }
        try await database.write { try Ledger().append([fact], at: moment, in: $0) }
        return .written(path: path)
    }
}

/// Packs of one year: `…-1`, `…-2`; a corrected statement is a new pack, never a changed one.
enum PackNumbering {
    static func existing(_ base: String) -> [String] {
        var found: [String] = []
        while FileManager.default.fileExists(atPath: base + "-\(found.count + 1)") {
            found.append(base + "-\(found.count + 1)")
        }
        return found
    }

    /// Whether a statement says the same as one issued before, but for the time.
    static func isSame(_ statement: Statement, asIn path: String) throws -> Bool {
        guard let bytes = FileManager.default.contents(atPath: path),
            let earlier = try? Statement(json: [UInt8](bytes))
        else { return false }
        // What was taken off or put in its place says something new, though all sums be the same.
        guard statement.correction == nil else { return false }
        return earlier.withoutCorrection.sayingSame(at: statement.made) == statement
    }

    /// The approval in force, or the plain word that there is none (rehearsal).
    static func approval(_ site: Site, _ keyring: Keyring) throws -> [UInt8] {
        let store = try site.approvals(keyring)
        var approvals: [String] = []
        for source in site.configuration.sources {
            guard let file = site.catalogue.mapping(named: source.mapping)?.mapping,
                let approval = try store.approval(
                    mapping: file.mapping.name,
                    digest: MappingContent.digest(of: file.content))
            else { continue }
            approvals.append(String(decoding: approval.canonicalText, as: UTF8.self))
        }
        let environment = site.configuration.environment.rawValue
        return Array(
            ("{\"approvals\":[" + approvals.joined(separator: ",")
                + "],\"environment\":\"\(environment)\"}\n").utf8)
    }
}

/// The county's signatures under a pack: both suites, so that either alone is enough.
struct PackSigners: Sendable {
    private let suite: CipherSuite
    private let publicKey: String
    private let key: SigningKey

    var signer: PackSigner {
        PackSigner(suite: suite, publicKey: publicKey) { try key.sign($0) }
    }

    static func all(_ keyring: Keyring) throws -> [PackSigners] {
        try CipherSuite.allCases.map { suite in
            PackSigners(
                suite: suite, publicKey: try keyring.signingPublicKeyPEM(suite),
                key: try keyring.signingKey(suite).key)
        }
    }
}

/// By which mapping's content each submission's records came.
struct MappingDigests {
    private var bySubmission: [SubmissionID: String] = [:]

    init(in transaction: any Transaction) throws {
        var found: [SubmissionID: String] = [:]
        try Ledger().facts(in: transaction) { entry in
            if case .enqueued(let enqueued) = entry.fact {
                found[enqueued.submission] = enqueued.mappingDigest
            }
        }
        bySubmission = found
    }

    func digest(of submission: SubmissionID) -> String { bySubmission[submission] ?? "" }
}
