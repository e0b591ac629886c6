import Evidence
import Programmes
import Records
import Settlements
package import Storage

/// How a programme's year stands (年度处境): its books, how far they are from the national counts, and
/// whether it was settled.
package struct YearReading: Sendable {
    package enum Stage: Int, Sendable {
        /// The year is not over.
        case open = 0
        /// It is over and no statement was issued.
        case ended = 1
        case settled = 2
    }

    /// The programme's folder.
    package let programme: String
    package let year: Int
    package let stage: Stage
    /// Versions of cases in each class of the books.
    package let cases: [String: Int]
    /// Records by which each kind of difference is off, 0 where none is; `nil` where the national
    /// counts could not be had.
    package let differences: [String: Int]?
}

/// Looks at the years that the books know (年度巡查). Changes nothing.
package struct YearDesk: Sendable {
    /// The latest so many years of a programme.
    private static let most = 3

    private let site: Site
    private let database: any Database
    private let exchange: Exchange

    package init(site: Site, database: any Database, exchange: Exchange) {
        self.site = site
        self.database = database
        self.exchange = exchange
    }

    /// The years of all programmes.
    ///
    /// Throws `StorageFailure`, `DecodingError`.
    ///
    /// - Parameter comparing: whether the national side is asked for its counts, which are a
    ///   request each.
    package func readings(comparing: Bool) async throws -> [YearReading] {
        var readings: [YearReading] = []
        for part in site.programmes {
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            let lines = Balance(try await closing.book()).lines
            let settled = try await settledYears(of: part.name)
            let years = Set(lines.compactMap { $0.month?.year }).sorted().suffix(YearDesk.most)
            for year in years {
                let own = lines.filter { $0.month?.year == year }
                readings.append(
                    YearReading(
                        programme: part.programme.folderName, year: year,
                        stage: stage(of: year, settled), cases: YearDesk.cases(of: own),
                        differences: comparing ? await differences(own, year, closing) : nil))
            }
        }
        return readings
    }

    private func stage(of year: Int, _ settled: Set<Int>) -> YearReading.Stage {
        settled.contains(year) ? .settled : year < site.clock().day.parts.year ? .ended : .open
    }

    private func settledYears(of programme: String) async throws -> Set<Int> {
        try await database.read { transaction in
            Set(
                try Ledger().entries(of: "settled", in: transaction).compactMap { entry in
                    guard case .settled(let fact) = entry.fact, fact.programme == programme else {
                        return nil
                    }
                    return fact.year
                })
        }
    }

    private static func cases(of lines: [Balance.Line]) -> [String: Int] {
        let sum = Balance.sum(lines)
        return Dictionary(
            uniqueKeysWithValues: BalanceClass.allCases.map { ($0.rawValue, sum[$0]) })
    }

    private func differences(
        _ lines: [Balance.Line], _ year: Int, _ closing: Closing
    ) async -> [String: Int]? {
        guard let national = await closing.nationalCounts(year).counts else { return nil }
        var found: [String: Int] = [:]
        for kind in Discrepancy.Kind.allCases where kind.isAboutCounts {
            found[kind.rawValue] = 0
        }
        for discrepancy in Reconciliation.discrepancies(lines, national: national) {
            found[discrepancy.kind.rawValue, default: 0] += abs(
                (discrepancy.local ?? 0) - (discrepancy.national ?? 0))
        }
        return found
    }
}
