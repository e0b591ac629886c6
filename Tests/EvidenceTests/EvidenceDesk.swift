import DatabaseKit
import Evidence
import Foundation
import Records
import Storage

/// A ledger in a database file of one test.
final class EvidenceDesk: Sendable {
    let folder: String
    let database: any SteadyDatabase
    let ledger = Ledger()

    init() async throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("evidence-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        folder = url.path
        database = try await TestDatabase.chosen.open(
            in: folder,
            migrations: [Migration(number: 1, statements: evidenceMigration)])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func append(_ facts: [Fact], at moment: Timestamp = noon) async throws {
        try await database.write { try self.ledger.append(facts, at: moment, in: $0) }
    }

    func report() async throws -> ChainReport {
        try await database.read { try self.ledger.verify(in: $0) }
    }

    /// What someone with the file and a tool could do: change it past the triggers.
    func tamper(_ statement: SQL) async throws {
        try await database.write { transaction in
            for name in ["ledger_keeps_lines", "ledger_keeps_all_lines"] {
                try transaction.run(TestDatabase.chosen.dropTrigger(name, "ledger"))
            }
            try transaction.run(statement)
        }
    }
}

let noon = Timestamp(microseconds: 1_330_920_000_000_000)

func onWire(_ number: Int) -> Fact {
    .onWire(.init(submission: SubmissionID("s-\(number)"), attempt: number))
}
