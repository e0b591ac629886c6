import Foundation
import LibCurl
import Records
import Rehearsal
import Testing

/// A pretend national system behind its real server, for one test.
struct Nation: Sendable {
    let system: NationalSystem
    let county: County
    let port: Int
    /// How long answers were held back; nobody waits for it.
    let pauses: Pauses

    /// Notes pauses instead of making them.
    actor Pauses {
        private(set) var all: [Duration] = []
        func note(_ duration: Duration) { all.append(duration) }
    }

    var ledger: EffectLedger { system.ledger }

    func get(_ path: String) async throws -> HTTPSResponse {
        try await county.get(path)
    }

    func post(_ outgoing: County.Outgoing) async throws -> HTTPSResponse {
        try await county.post(outgoing)
    }

    func post(_ submission: PostedSubmission) async throws -> HTTPSResponse {
        try await county.post(submission)
    }

    /// The feed behind a cursor.
    func feed(after cursor: String = "0", limit: Int = 500) async throws -> FeedPage {
        try FeedPage(await county.get("/receipts?after=\(cursor)&limit=\(limit)"), county)
    }

    /// Posts, and checks that the answer is 200 with a signed receipt.
    func accept(_ submission: PostedSubmission) async throws -> CheckedReceipt {
        let answer = try await county.post(submission)
        #expect(answer.status == 200)
        return try CheckedReceipt(answer, county)
    }

    /// The newest receipt of a submission.
    func newest(_ submission: PostedSubmission) async throws -> CheckedReceipt {
        let answer = try await county.get("/submissions/\(submission.id)/receipt")
        #expect(answer.status == 200)
        return try CheckedReceipt(answer, county)
    }
}

/// Opens a system with its own ledger and server, lends it to `body`, and stops both.
func withNation(
    mode: AnswerMode = .atOnce, faults: String = "", counties: [RegisteredCounty]? = nil,
    clientFolder: String? = nil, _ body: (Nation) async throws -> Void
) async throws {
    let made = try County.made.get()
    let folder = try County.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clock: Clock = { Timestamp(microseconds: 1_330_956_009_000_000) }
    let system = try await NationalSystem.open(
        NationalSystem.Setting(
            identity: made.identity, counties: try counties ?? [made.registered()],
            schemas: [
                "preconception-check": .init(main: Array(tinySchema.utf8)),
                "prenatal-screening": .init(main: try PostedScreening.schema()),
            ], clock: clock),
        ledgerFile: folder + "/ledger.sqlite", mode: mode,
        faults: try FaultScript(parsing: faults))
    let pauses = Nation.Pauses()
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = RehearsalServer(
        desk: system, identity: made.identity, clock: clock, pause: { await pauses.note($0) },
        listening: { listening.yield($0) })
    let running = Task {
        defer { listening.finish() }
        try await server.run()
    }
    var found = ports.makeAsyncIterator()
    let port = try #require(await found.next())
    let outcome: Result<Void, any Error>
    do {
        let county = try County(port: port, folder: clientFolder)
        try await body(Nation(system: system, county: county, port: port, pauses: pauses))
        outcome = .success(())
    } catch {
        outcome = .failure(error)
    }
    running.cancel()
    _ = await running.result
    await system.close()
    try outcome.get()
}
