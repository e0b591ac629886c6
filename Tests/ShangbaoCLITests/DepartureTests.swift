import Evidence
import Flow
import Foundation
import Privacy
import Records
import Storage
import Testing

/// What left is what may have left: a send of which no byte went is none.
struct DepartureTests {
    /// A rehearsal county's wiring, and a database that has made-up facts alone.
    private func counted(_ facts: [Fact]) async throws -> (left: Int, sent: Int, waiting: Int) {
        let folder = NSTemporaryDirectory() + "shangbao-departure-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try Program().run(["init", folder, "--rehearsal"]).status == 0)
        let moment = Timestamp(microseconds: 1_400_000_000_000_000)
        let site = try Site(folder: folder) { moment }
        let database = try await site.openDatabase()
        try await database.write { try Ledger().append(facts, at: moment, in: $0) }
        let report = try await site.disclosures(from: moment.day, through: moment.day, in: database)
        let annex = try await database.read { try site.recordsOfYear("p", in: $0) }
        await database.close()
        return (report.lines.reduce(0) { $0 + $1.records }, annex.sent, annex.waiting)
    }

    private static let submission = SubmissionID("s")

    private static let queued = Fact.enqueued(
        Fact.Enqueued(
            submission: submission, programme: "p", profile: "r", suite: "gm", digest: "",
            digestSM3: "", signingKey: "",
            records: [
                SubmittedRecord(
                    record: RecordID("a"), version: 1, action: .submit, institution: "ONE",
                    servedOn: CalendarDate(daysSince1970: 16_000),
                    traits: SettlementTraits(
                        isFree: true, spouses: [true, true], isComplete: true, service: nil),
                    claimant: "a", childOrder: 1)
            ], warnings: [:]))

    private static func begun(_ attempt: Int) -> Fact {
        .onWire(Fact.OnWire(submission: submission, attempt: attempt))
    }

    private static func ended(_ attempt: Int, _ outcome: String, _ state: String) -> Fact {
        .attempted(
            Fact.Attempted(
                submission: submission, attempt: attempt, state: state, outcome: outcome))
    }

    @Test(arguments: [
        ("T-UNREACHABLE", "due", false), ("T-TRUST", "due", false), ("T-SENDER", "due", false),
        ("T-BROKEN", "inDoubt", true), ("T-TIMEOUT", "inDoubt", true), ("T-DENIED", "held", true),
        ("T-BUSY", "due", true), ("T-CERTIFICATE", "held", true), ("HTTP-202", "awaiting", true),
        // The same word, and what became of it says otherwise.
        ("T-UNREACHABLE", "inDoubt", true),
    ])
    func `an attempt counts unless it ended before its first byte`(
        outcome: String, state: String, left: Bool
    ) async throws {
        let once = try await counted([
            Self.queued, Self.begun(1), Self.ended(1, outcome, state),
        ])
        let expected = left ? (1, 1, 0) : (0, 0, 1)
        #expect(once == expected)
    }

    @Test func `one attempt that may have left is enough, and what has no end may have`()
        async throws
    {
        let unsent = [Self.begun(1), Self.ended(1, "T-UNREACHABLE", "due")]
        #expect(try await counted([Self.queued]) == (0, 0, 1))
        #expect(try await counted([Self.queued] + unsent + [Self.begun(2)]) == (1, 1, 0))
        let later = [
            Self.begun(2), Self.ended(2, "HTTP-202", "awaiting"), Self.begun(3),
            Self.ended(3, "T-UNREACHABLE", "due"),
        ]
        #expect(try await counted([Self.queued] + unsent + later) == (1, 1, 0))
    }
}
