import DatabaseKit
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// What stays at home is sealed anew under the next field key, wherever it lies.
struct HomeResealingTests {
    private let moment = Timestamp(microseconds: 1_330_920_000_000_000)

    /// Puts sealed rows and a piece of a list where the program keeps them.
    private func fill(_ database: any Database, _ rows: [String], _ list: String) async throws {
        try await database.write { transaction in
            for (number, text) in rows.enumerated() {
                try transaction.run(
                    """
                    INSERT INTO kept_row (intake, row, record, version, fate, codes, sealed, parent)
                    VALUES ('one', \(number), 'r', 1, 'held', '', \(text), '')
                    """)
            }
            try transaction.run(
                """
                INSERT INTO part_row (intake, row, mapping, key, sample, sealed)
                VALUES ('one', 0, 'm', 'k', '', \(rows[0]))
                """)
            try transaction.run(
                """
                INSERT INTO lead_row (record, intake, row, sealed)
                VALUES ('r', 'one', 1, \(rows[1]))
                """
            )
            try transaction.run(
                """
                INSERT INTO result_list (digest, received, brought_by, byte_count)
                VALUES ('list', 0, 'somebody', 3)
                """)
            try transaction.run(
                "INSERT INTO result_list_part (digest, number, sealed) VALUES ('list', 0, \(list))")
        }
    }

    @Test(arguments: TestDatabase.all)
    func `rows, parts and lists open under the new key alone, and none is left out`(
        kind: TestDatabase
    ) async throws {
        let folder = NSTemporaryDirectory() + "shangbao-reseal-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await kind.open(in: folder, migrations: Site.migrations)
        var passphrase = Array("four unrelated words".utf8)
        var ring = try Keyring.create(
            at: folder + "/keyring.json", passphrase: SecretBytes(consuming: &passphrase),
            city: "city-9901", suites: [.gm], on: moment, cost: PassphraseCost(n: 16))
        let old = try HomeSeal(suite: .gm, keys: ring.epochs(of: .field, .gm))
        // More than one transaction takes.
        let rows = try (0..<1_200).map { number in
            try old.seal(Array("row \(number)".utf8), additionalData: "GWR1|one|\(number)")
        }
        let list = try old.seal([7, 8, 9], additionalData: "GWB1|list|0")
        try await fill(database, rows, list)
        try ring.rotate(.field, .gm, on: moment)
        let keys = try ring.epochs(of: .field, .gm)
        let resealing = HomeResealing(keys, .gm, documentBytes: 1 << 20, in: database)
        #expect(try await resealing.run { _ in } == 1_203)
        #expect(try await resealing.run { _ in } == 0, "once is enough")

        let new = try HomeSeal(suite: .gm, keys: [keys[1]])
        let texts = try await database.read { transaction in
            try transaction.run(
                """
                SELECT intake, row, sealed FROM kept_row UNION ALL
                SELECT intake, row, sealed FROM part_row UNION ALL
                SELECT intake, row, sealed FROM lead_row
                """
            ).map { (name: try $0.text(0), row: try $0.int(1), sealed: try $0.text(2)) }
        }
        #expect(texts.count == 1_202)
        for text in texts {
            let bound = "GWR1|\(text.name)|\(text.row)"
            #expect(
                try new.open(text.sealed, additionalData: bound) == Array("row \(text.row)".utf8))
        }
        let part = try await database.read {
            try $0.run("SELECT sealed FROM result_list_part")[0].text(0)
        }
        #expect(try new.open(part, additionalData: "GWB1|list|0") == [7, 8, 9])
        await database.close()
    }
}
