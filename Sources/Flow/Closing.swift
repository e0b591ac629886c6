import Definitions
import Delivery
package import Evidence
import Mappings
import Programmes
package import Records
package import Settlements
package import Storage

/// Reconciliation and settlement (对账与结算): functions of the ledger, and the pack that proves them.
package struct Closing: Sendable {
    let site: Site
    let part: SiteProgramme
    let database: any Database
    let exchange: Exchange

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
        /// The same by item, and what the items are called; empty where there is one alone.
        package let items: [Balance.Line]
        package let serviceTitles: [String: Wording]
        package let national: [NationalCounts]?
        /// Why there are no national counts.
        package let missing: String?
        package let discrepancies: [Discrepancy]
        /// Where a clinic's own count is not what came from it, service by service.
        package let sourceDifferences: [Difference]
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
        let answer = list == nil ? await nationalCounts(year) : nil
        let (national, missing) = (list ?? answer?.counts, answer?.missing)
        let chain = try await database.read { try Ledger().verify(in: $0) }
        return Comparison(
            balance: balance, lines: lines, items: balance.items(of: year),
            serviceTitles: try site.funding(of: part.programme).serviceTitles,
            national: national, missing: missing,
            discrepancies: book.sourceCounts.discrepancies(book, year: year)
                + (national.map { Reconciliation.discrepancies(lines, national: $0) } ?? []),
            sourceDifferences: book.sourceCounts.lines(book, year: year)
                .compactMap { Difference($0) },
            chain: chain, coverages: try await coverages(book, year: year),
            unsigned: book.unsigned(in: year))
    }

    func nationalCounts(_ year: Int) async -> NationalAnswer {
        await exchange.counts(
            programme: part.name, region: site.configuration.county.region, year: year)
    }

    /// What a year's cases that are not paid are worth. Throws `DefinitionError`, `StorageFailure`.
    package func openWorth(year: Int) async throws -> OpenWorth {
        let rule = try site.funding(of: part.programme)
        return OpenWorth(
            try await book(), rule: rule, year: year, division: site.place(for: rule))
    }

    /// The books taken apart. Throws `StorageFailure`.
    package func drill(_ scope: BookDrill.Scope) async throws -> BookDrill {
        let names = try await database.read { try Register().itemNames(in: $0) }
        return BookDrill(try await book(), scope) { names[$0] }
    }

    /// How a case became money, and the numbers of its lines in the packs of a year
    /// (`ledger/leaves.jsonl`); `nil` for one that the books do not know. Throws `DefinitionError`,
    /// `StorageFailure`.
    package func chain(
        of record: RecordID, year: Int
    ) async throws -> (chain: CaseChain, lines: [Int])? {
        let rule = try site.funding(of: part.programme)
        let place = SettledLines.Place(programme: part.name, year: year)
        let (names, lines) = try await database.read { transaction in
            (
                try Register().itemNames(in: transaction),
                try SettledLines().places(of: record, in: place, transaction)
            )
        }
        let chain = CaseChain(
            record, in: try await book(), rule: rule, division: site.place(for: rule)
        ) { names[$0] }
        guard let chain else { return nil }
        return (chain, lines)
    }
}
