import Foundation
package import Storage

/// The databases that tests run on. A suite that is not about one of them runs on either.
package enum TestDatabase: String, Sendable, CaseIterable {
    case sqlite, postgreSQL

    /// Both, where this machine has a server.
    package static let all = allCases.filter { $0 == .sqlite || PostgreSQLServer.isAvailable }

    /// Which one this run of the tests is on: `SHANGBAO_TEST_DATABASE`, else a file.
    package static let chosen =
        ProcessInfo.processInfo.environment["SHANGBAO_TEST_DATABASE"]
        .flatMap { TestDatabase(rawValue: $0) } ?? .sqlite

    /// A new database with these tables: a file in the folder, or one on the tests' own server.
    package func open(
        in folder: String, migrations: [Migration]
    ) async throws -> any SteadyDatabase {
        switch self {
        case .sqlite:
            return try await SQLiteDatabase.open(folder + "/test.sqlite", migrations: migrations)
        case .postgreSQL:
            let server = try PostgreSQLServer.shared()
            let name = try server.makeDatabase()
            return try await PostgreSQLDatabase.open(
                try server.address(name), migrations: migrations)
        }
    }

    /// Takes a guard off a table, as someone with a tool and bad intentions would.
    package func dropTrigger(_ name: String, _ table: String) -> SQL {
        // A literal alone becomes a statement, and these names are the tests' own.
        switch self {
        case .sqlite: SQL(stringLiteral: "DROP TRIGGER \(name)")
        case .postgreSQL: SQL(stringLiteral: "DROP TRIGGER \(name) ON \(table)")
        }
    }
}
