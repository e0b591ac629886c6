import Evidence
import Flow
import Foundation
import LibCrypto
import Records
import Settlements
import Storage

/// Closing a year of many cases, part by part, each in a process of its own, so that the memory of
/// each is its own.
struct ClosingRun {
    static let division = "990101"

    let arguments: BenchmarkArguments
    var database: String { arguments.work + "/close-\(arguments.cases).db" }

    /// Makes the ledger, unless an earlier run left it, and runs each part.
    func run() throws {
        try FileManager.default.createDirectory(
            atPath: arguments.work, withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: database) {
            let making = try Program(arguments, stage: "close-make")
            guard making.end() == 0 else { throw BenchmarkFailure("the ledger was not made") }
        }
        for stage in [
            "close-tie-out", "close-chain", "close-statement", "close-pack", "close-verify",
        ] {
            let part = try Program(arguments, stage: stage)
            while let line = part.line() { print(line) }
            guard part.end() == 0 else { throw BenchmarkFailure("\(stage) failed") }
        }
    }

    func make() async throws {
        let unfinished = database + ".part"
        for ending in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: unfinished + ending)
        }
        try await ClosingLedger(
            cases: arguments.cases, suite: arguments.suite, path: unfinished,
            nation: try BenchmarkSite.nation(arguments)
        ).make()
        try FileManager.default.moveItem(atPath: unfinished, toPath: database)
    }

    /// The fold over the whole ledger, and the balance.
    func tieOut() async throws {
        try await measure("close: tie-out", couples: arguments.cases, suite: arguments.suite) {
            let balance = Balance(try await book())
            guard balance.balances else { throw BenchmarkFailure("the books do not balance") }
            return try databaseBytes()
        }
    }

    /// Each link of the ledger's chain, which `reconcile` recomputes too.
    func chain() async throws {
        try await measure("close: chain", couples: arguments.cases, suite: arguments.suite) {
            let database = try await SQLiteDatabase.open(database, migrations: Site.migrations)
            let report = try await database.read { try Ledger().verify(in: $0) }
            guard report.fault == nil else { throw BenchmarkFailure("the chain is broken") }
            await database.close()
            return try databaseBytes()
        }
    }

    /// The fold, and the statement of the year.
    func statement() async throws {
        try await measure("close: statement", couples: arguments.cases, suite: arguments.suite) {
            let book = try await book()
            let settlement = try settlement(of: book)
            let statement = settlement.statement
            guard statement.isClosed else {
                throw BenchmarkFailure("blocked: \(statement.blocked.map(\.code))")
            }
            let json = try statement.json()
            FileHandle.standardError.write(
                Data(
                    """
                    \(statement.totalCases) cases, \(statement.totalFen.fen) fen, \
                    \(statement.discrepancies.count) discrepancies, \(json.count) bytes

                    """.utf8))
            return try databaseBytes()
        }
    }

    /// The books, as `Closing` folds them.
    func book() async throws -> CaseBook {
        let database = try await SQLiteDatabase.open(database, migrations: Site.migrations)
        let book = try await database.read { transaction in
            var book = CaseBook(programme: ClosingLedger.programme)
            try Ledger().facts(in: transaction) { entry in
                book.add(entry.fact, seq: entry.seq, at: entry.at)
            }
            return book
        }
        await database.close()
        return book
    }

    /// Closes the year by Chongqing's scheme, with national counts that are ours.
    func settlement(of book: CaseBook) throws -> Settlement {
        let path = arguments.mappings + "/funding/chongqing-2012.yaml"
        let rule = try FundingScheme(
            text: String(contentsOfFile: path, encoding: .utf8), shownAs: "chongqing-2012.yaml")
        let national = Balance(book).lines(of: ClosingLedger.year).compactMap { line in
            line.institution.flatMap { institution in
                line.month.map {
                    NationalCounts(
                        institution: institution, month: $0, accepted: line.accepted,
                        rejected: line.rejected, duplicate: 0)
                }
            }
        }
        return Settlement.closing(
            book, rule: rule, year: ClosingLedger.year, division: Self.division,
            national: national, at: clock())
    }

    private func databaseBytes() throws -> Double {
        let size = try FileManager.default.attributesOfItem(atPath: database)[.size] as? Int
        return Double(size ?? 0)
    }
}
