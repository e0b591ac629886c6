import Evidence
package import Records
package import Settlements
import Storage

/// What is to be settled, and by whom (结算的范围).
package struct SettlementRequest: Sendable {
    package let year: Int
    /// The last month; the whole year where `nil`.
    package let through: CalendarMonth?
    /// Whether open cases go over to the next statement and block nothing.
    package let carriesOver: Bool
    package let maker: String?

    package init(
        year: Int, through: CalendarMonth? = nil, carriesOver: Bool = false, maker: String? = nil
    ) {
        self.year = year
        self.through = through
        self.carriesOver = carriesOver
        self.maker = maker
    }
}

/// A statement as it would be issued now (结算草稿), without the books behind it: they are reckoned
/// anew when it is issued, since those of a million cases would take 200 MB beside the passphrase.
package struct SettlementDraft: Sendable {
    package let statement: Statement
    let request: SettlementRequest
    /// What the national side counted, where it could be asked.
    let national: NationalAnswer
}

extension Closing {
    /// Closes a year, or a part of it, without writing anything.
    ///
    /// Throws `SiteFailure` where nothing was taken, or a statement of the year went further
    /// already; `DefinitionError`, `StorageFailure`.
    package func draft(_ request: SettlementRequest) async throws -> SettlementDraft {
        let national = await nationalCounts(request.year)
        let settlement = try await settlement(request, national: national.counts)
        return SettlementDraft(
            statement: settlement.statement, request: request, national: national)
    }

    /// What a draft says, reckoned anew. Throws `SiteFailure` where the ledger has moved on since,
    /// and says something else.
    func settlement(_ draft: SettlementDraft) async throws -> Settlement {
        let settlement = try await settlement(draft.request, national: draft.national.counts)
        let statement = draft.statement
        guard settlement.statement.sayingSame(at: statement.made, by: statement.maker) == statement
        else { throw SiteFailure(.movedOn) }
        return settlement
    }

    /// Closes a year, or a part of it, by the national side's counts, as far as there are any.
    package func settlement(
        _ request: SettlementRequest, national: [NationalCounts]?
    ) async throws -> Settlement {
        let (year, through) = (request.year, request.through)
        let period = SettlementPeriod(year: year, through: through)
        let issued = try await database.read { try IssuedStatements(of: part, in: $0) }
        if let last = issued.last(of: year), !period.follows(last.period) {
            throw SiteFailure(.periodOrder, detail: last.through?.description)
        }
        let rule = try site.funding(of: part.programme)
        let book = try await book()
        guard !book.cases.isEmpty || book.rowsRead > 0 else { throw SiteFailure(.nothingToSettle) }
        let end = try await database.read { try LedgerClock().looked(in: $0).latest }
        return Settlement.closing(
            book, rule: rule, year: year, division: site.place(for: rule),
            national: national, hasCounts: !exchange.isAssisted,
            since: try await earlier(year), ledgerEnd: end,
            terms: ClosingTerms(
                through: through, carriesOver: request.carriesOver,
                daysAfterEnd: site.configuration.evidence.closeAfterDays, maker: request.maker),
            at: site.clock())
    }
}
