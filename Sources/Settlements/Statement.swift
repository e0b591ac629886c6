import Evidence
package import Records

/// What the finance bureau reads: a county's year in one programme (结算表).
///
/// Counts, amounts, parameters and reasons only; no person, no result.
package struct Statement: Sendable, Codable, Hashable {
    /// Accepted cases that are paid nothing, by reason.
    package struct UnpaidLine: Sendable, Codable, Hashable {
        package let reason: UnpaidReason
        package let title: Wording
        package let rule: String
        package let cases: Int
        package let persons: Int
    }

    /// What one institution is paid for one item (按机构).
    package struct InstitutionLine: Sendable, Codable, Hashable {
        package let institution: String
        package let item: String
        package let title: Wording
        package let cases: Int
        package let persons: Int
        package let fen: Money
    }

    /// What is paid on the word of lists of results, without a national signature (无签名).
    package struct Unsigned: Sendable, Codable, Hashable {
        package let cases: Int
        package let persons: Int
        package let fen: Money

        /// `nil` where everything that is paid rests on signed receipts.
        init?(_ paid: Settlement.PaidCases) {
            let shelf = paid.book.shelf
            let counts = shelf.counts(paid.notes, outcomes: paid.items.count) { note in
                shelf.answer(shelf.versions[note.version])?.grade == .unsigned
            }
            cases = counts.reduce(0) { $0 + $1.cases }
            guard cases > 0 else { return nil }
            persons = counts.reduce(0) { $0 + $1.persons }
            fen = zip(paid.items, counts).reduce(.zero) { $0 + $1.0.price * Int64($1.1.cases) }
        }
    }

    /// The rows of all items of the programme, of all years.
    package struct Intake: Sendable, Codable, Hashable {
        package let rows: Int
        package let unchanged: Int
        /// Versions of cases that came by a row, and rows whose case is unknown.
        package let taken: Int
        package let withoutFate: Int

        init(_ book: CaseBook) {
            rows = book.rowsRead
            unchanged = book.rowsUnchanged
            taken = book.takenByRow
            withoutFate = book.rowsWithoutFate
        }
    }

    /// The form of this document.
    package let v: Int
    package let programme: String
    package let rule: String
    /// SHA-256 of the rule's data file, hex.
    package let ruleDigest: String
    package let title: Wording
    /// What is counted.
    package let unit: Wording
    /// The county's code.
    package let division: String
    package let year: Int
    /// When it was made, `xs:dateTime`.
    package internal(set) var made: String
    /// Whether nothing stands in the way; else it is a draft.
    package let isClosed: Bool
    package let parameters: [Parameter]
    package let lines: [SettledLine]
    /// The same by institution, then item: what each one is to be paid.
    package let institutions: [InstitutionLine]
    /// All lines added up.
    package let totalCases: Int
    package let totalFen: Money
    /// What of it rests on answers without a signature; absent where nothing does.
    package let unsigned: Unsigned?
    package let unpaid: [UnpaidLine]
    package let payers: [PayerLine]
    package let blocked: [Blocker]
    package let warnings: [Wording]
    package let intake: Intake
    /// The year's tie-out, by institution and month; the unknown cell last.
    package let balance: [Balance.Line]
    /// The national counts of the year; absent where they could not be had.
    package let national: [NationalCounts]?
    package let discrepancies: [Discrepancy]
    /// What it changes about the statement before it: what is taken off and what is added; absent
    /// where just the same is paid.
    package internal(set) var correction: Correction?
    /// The last month that it is about; absent where it is about the whole year.
    package internal(set) var through: CalendarMonth?
    /// Cases that are still open, and go into the next statement; absent where none do.
    package internal(set) var carriedOver: Int?
    /// Who made it; absent where nobody was named.
    package internal(set) var maker: String?

    init(
        rule: FundingScheme, year: Int, division: String, made: String, lines: [SettledLine],
        unpaid: [UnpaidLine], account: FundingAccount, blocked: [Blocker], intake: Intake,
        balance: [Balance.Line], national: [NationalCounts]?, discrepancies: [Discrepancy],
        unsigned: Unsigned? = nil, institutions: [InstitutionLine] = [], hasCounts: Bool = true
    ) {
        self.institutions = institutions
        v = 1
        programme = rule.programme
        self.rule = rule.name
        ruleDigest = rule.digest
        title = rule.title
        unit = rule.unit
        self.division = division
        self.year = year
        self.made = made
        isClosed = blocked.isEmpty
        parameters = rule.parameters(year: year, division: division)
        self.lines = lines
        totalCases = lines.reduce(0) { $0 + $1.cases }
        totalFen = lines.reduce(.zero) { $0 + $1.fen }
        self.unpaid = unpaid
        payers = account.payers
        self.blocked = blocked
        warnings = account.warnings + (hasCounts ? [] : [Statement.noCounts])
        self.unsigned = unsigned
        self.intake = intake
        self.balance = balance
        self.national = national
        self.discrepancies = discrepancies
    }

    /// What it is about.
    package var period: SettlementPeriod {
        SettlementPeriod(year: year, through: through)
    }

    /// The year, and up to where, for a heading.
    var periodTitle: Wording {
        guard let through else { return Wording(zh: "\(year) 年度", en: "\(year)") }
        return Wording(
            zh: "\(year) 年度（截至 \(through.month) 月）", en: "\(year), up to \(through)")
    }

    private static let noCounts = Wording(
        zh: "国家平台不提供对账数：请另取盖章的数字，与下表核对。",
        en: "The national side gives no counts: ask for them on paper, and hold them against this.")
}
