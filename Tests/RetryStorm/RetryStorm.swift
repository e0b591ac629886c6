import Delivery
import Foundation
import Simulation
import Storage

/// `RetryStorm [BACKLOG]`: half an hour of 503 on a backlog of that many, and what came of it. Ends
/// with 1 where a promise was broken.
@main
enum RetryStorm {
    static func main() async throws {
        guard let backlog = CommandLine.arguments.dropFirst().first.map(Int.init) ?? 5_000,
            backlog >= 100
        else {
            print("用法 usage: scripts/storm [BACKLOG]")
            exit(2)
        }
        let storm = try Storm(backlog: backlog)
        let begun = ContinuousClock.now
        let troubled = try await course(of: storm, isStorm: true)
        let calm = try await course(of: storm, isStorm: false)
        let full = troubled.drained.filter { $0 == storm.pace.count }.count
        print(
            """
            积压 \(backlog) 份 backlog \(backlog), \(begun.duration(to: .now).components.seconds) s
            503 半小时内 in the half hour of 503: \(troubled.sends) sends, \(troubled.looks) looks
            恢复后每 10 秒 each ten seconds after it: \(troubled.drained.prefix(12)) …, \
            \(full) of \(troubled.drained.count) at the limit of \(storm.pace.count); \
            \(troubled.left) left
            同时在途 at once: \(troubled.atOnce.prefix(40)) … \(troubled.widthAtEnd)
            其他四家 the four others: \(troubled.others), without a storm \(calm.others)
            """)
        let objections = storm.objections(to: troubled, beside: calm)
        print(objections.isEmpty ? "守住了 all kept" : objections.joined(separator: "\n"))
        exit(objections.isEmpty ? 0 : 1)
    }

    /// On a database of its own, in memory if there is room for files there.
    private static func course(of storm: Storm, isStorm: Bool) async throws -> Storm.Course {
        let path = Storm.folder + "/storm-\(UUID().uuidString).db"
        defer {
            for end in ["", "-wal", "-shm", ".lock", ".turn"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
        }
        let database = try await SQLiteDatabase.open(
            path, migrations: Storm.migrations, place: .anywhere)
        let course = try await storm.course(on: database, isStorm: isStorm)
        await database.close()
        return course
    }
}
