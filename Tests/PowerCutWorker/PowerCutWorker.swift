import Foundation
import Glibc
import Storage

/// `PowerCutWorker DATABASE full|normal`: commits one row after the other through the program's own
/// store, and tells of each on another disk once `write` has returned, until its power is cut.
@main
enum PowerCutWorker {
    private static let migrations = [
        Migration(number: 1, statements: "CREATE TABLE submission (id text PRIMARY KEY);")
    ]

    static func main() async throws {
        let words = CommandLine.arguments
        let durabilities = ["full": SQLiteDatabase.Durability.full, "normal": .normal]
        guard words.count == 3, let durability = durabilities[words[2]],
            let told = ProcessInfo.processInfo.environment["SHANGBAO_POWER_CUT_TOLD"]
        else { exit(2) }
        let descriptor = Glibc.open(told, O_WRONLY | O_APPEND)
        guard descriptor >= 0 else { exit(2) }
        let database = try await SQLiteDatabase.open(
            words[1], migrations: migrations, durability: durability)
        while true {
            let id = UUID().uuidString.lowercased()
            try await database.write { transaction in
                try transaction.run("INSERT INTO submission (id) VALUES (\(id))")
            }
            let line = Array("queued \(id)\n".utf8)
            guard Glibc.write(descriptor, line, line.count) == line.count else { exit(1) }
        }
    }
}
