import Definitions
import Delivery
import Evidence
import Programmes
import Records
package import Settlements
import Storage

/// What is always true of the books and of the money: one fold over the ledger a programme, since
/// totals and settlements are functions of it and have no tables.
package struct BookInvariants {
    /// In their order, with what each says.
    static let all: [(id: String, says: Wording)] = [
        (
            "I03",
            Wording(
                zh: "账目守恒：收到的等于各类之和，没有行不知去向。",
                en: "The books balance: taken is the sum of the classes, and no row was lost.")
        ),
        (
            "I18",
            Wording(
                zh: "一人一孩次一项服务至多结算一次（各年度合计）。",
                en: "A claimant is paid at most once for a child and item, over all years.")
        ),
        (
            "I19",
            Wording(
                zh: "每笔结算都依据真实回执中的接收。",
                en: "Every case that is paid rests on a genuine receipt that accepts it.")
        ),
        (
            "I20",
            Wording(zh: "有争议的病例不结算。", en: "Nothing that is in dispute is paid.")
        ),
        (
            "I23",
            Wording(
                zh: "已出结算单的年度，没有当时已入队而仍未答复的病例。",
                en: "A year that was settled has no case that was queued before and is open still.")
        ),
    ]

    let site: Site

    /// Where each is not true; every id is there. Throws `StorageFailure`, `DecodingError`,
    /// `DefinitionError`.
    func violations(in transaction: any Transaction) throws -> [String: [String]] {
        var found = Dictionary(uniqueKeysWithValues: BookInvariants.all.map { ($0.id, [String]()) })
        for part in site.programmes {
            let books = try Books(of: part, in: transaction)
            found["I03", default: []] += unbalanced(books)
            found["I23", default: []] += openAfterSettling(books)
            let settlements = try settlements(of: books)
            if try site.funding(of: part.programme).samePregnancyDays == nil {
                found["I18", default: []] += BookInvariants.paidTwice(in: settlements)
            }
            try judge(settlements, in: transaction, &found)
        }
        return found.mapValues { Array(Set($0).sorted().prefix(Invariant.mostFound)) }
    }

    /// One programme's book, and when its years were last settled.
    private struct Books {
        let part: SiteProgramme
        var book: CaseBook
        var settledAt: [Int: Timestamp] = [:]

        init(of part: SiteProgramme, in transaction: any Transaction) throws {
            self.part = part
            var book = Closing.emptyBook(of: part)
            var settledAt: [Int: Timestamp] = [:]
            let name = part.programme.dictionary.programme
            try Ledger().facts(in: transaction) { entry in
                book.add(entry.fact, seq: entry.seq, at: entry.at)
                if case .settled(let fact) = entry.fact, fact.programme == name {
                    settledAt[fact.year] = entry.at
                }
            }
            self.book = book
            self.settledAt = settledAt
        }
    }

    private func unbalanced(_ books: Books) -> [String] {
        let balance = Balance(books.book)
        let name = books.part.programme.folderName
        var found = balance.items.filter { !$0.balances }.map { line in
            "\(name)/\(line.institution ?? "-")/\(line.month?.description ?? "-")"
                + (line.service.map { "/\($0)" } ?? "")
        }
        if balance.rowsWithoutFate > 0 { found.append("\(name)/rows-without-fate") }
        return found
    }

    private func openAfterSettling(_ books: Books) -> [String] {
        guard !books.settledAt.isEmpty else { return [] }
        var found: [String] = []
        for (record, versions) in books.book.cases {
            for (version, standing) in zip(versions, books.book.standings(of: versions))
            where standing == .queued || standing == .unanswered {
                guard let year = version.cell.month?.year, let settled = books.settledAt[year],
                    let submission = version.submission,
                    let queued = books.book.dispatches[submission]?.queuedAt, queued < settled
                else { continue }
                found.append("\(year)/\(record.text)")
            }
        }
        return found
    }

    /// The settlements of all years that the book knows. Only who is paid is looked at, which no
    /// national counts decide.
    private func settlements(of books: Books) throws -> [Settlement] {
        let rule = try site.funding(of: books.part.programme)
        let years = Set(
            books.book.cases.values.flatMap { $0.compactMap { $0.cell.month?.year } })
        return years.sorted().map { year in
            Settlement.closing(
                books.book, rule: rule, year: year, division: site.place(for: rule),
                national: nil, at: site.clock())
        }
    }

    private struct Claim: Hashable {
        let claimant: String
        let child: Int
        let item: String
    }

    /// Cases whose claimant was paid for the same child and item by another case, or that are paid
    /// twice. A look of its own: nothing here asks who decided it.
    package static func paidTwice(in settlements: [Settlement]) -> [String] {
        var paid: Set<Claim> = []
        var found: [String] = []
        for settlement in settlements {
            for each in settlement.paid {
                guard let claimant = each.record.claimant, let child = each.record.childOrder
                else { continue }
                let claim = Claim(claimant: claimant, child: child, item: each.item.name)
                if !paid.insert(claim).inserted { found.append(place(of: each, in: settlement)) }
            }
        }
        return found
    }

    private static func place(of paid: Settlement.PaidCase, in settlement: Settlement) -> String {
        "\(settlement.statement.year)/\(paid.record.record.text)"
    }

    private func judge(
        _ settlements: [Settlement], in transaction: any Transaction,
        _ found: inout [String: [String]]
    ) throws {
        for settlement in settlements {
            for each in settlement.paid {
                let place = BookInvariants.place(of: each, in: settlement)
                let standing = try standing(of: each, in: transaction)
                if !standing.rests { found["I19", default: []].append(place) }
                if standing.isDisputed { found["I20", default: []].append(place) }
            }
        }
    }

    /// What the queue's tables say of a case that is paid.
    private func standing(of paid: Settlement.PaidCase, in transaction: any Transaction)
        throws(StorageFailure) -> (rests: Bool, isDisputed: Bool)
    {
        let rows = try transaction.run(
            """
            SELECT item.state, CASE WHEN receipt.digest IS NULL THEN 0 ELSE 1 END
            FROM item LEFT JOIN receipt ON receipt.digest = \(paid.version.receipt)
                AND receipt.submission = item.submission
                AND receipt.disposition IN ('stored', 'applied', 'duplicate', 'conflict')
            WHERE item.record = \(paid.record.record.text)
                AND item.version = \(paid.version.number)
            """)
        var (rests, isDisputed) = (false, false)
        for row in rows {
            let state = try row.text(0)
            if state == "accepted", try row.flag(1) { rests = true }
            if state == "disputed" { isDisputed = true }
        }
        return (rests, isDisputed)
    }
}
