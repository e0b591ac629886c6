import Evidence
import Records
import Testing

/// Before a commit: no row of it is lost.
@Suite struct TieOutTests {
    private static let intake = IntakeID("file")

    private func taken(_ rows: Int, unchanged: Int = 0, kept: Int = 0) -> Fact {
        .taken(
            Fact.Taken(
                intake: Self.intake, nextRow: rows + 2, rows: rows, unchanged: unchanged,
                kept: (0..<kept).map {
                    Fact.KeptRow(
                        row: $0 + 2, record: nil, version: 0, fate: "quarantined", findings: [],
                        institution: nil, month: nil)
                }))
    }

    /// - Parameter rows: where its records came from; 0 for one that came by no row.
    private func enqueued(_ rows: [Int]) -> Fact {
        .enqueued(
            Fact.Enqueued(
                submission: SubmissionID("s"), programme: "p", profile: "n", suite: "gm",
                digest: "", digestSM3: "", signingKey: "k", records: [], warnings: [:],
                intake: Self.intake, rows: rows))
    }

    @Test func `what came is what was known, kept and queued`() throws {
        let facts = [enqueued([2, 3]), enqueued([4]), taken(6, unchanged: 1, kept: 2)]
        #expect(TieOut.rowsWithoutFate(in: facts) == 0)
        try TieOut.check(facts)
    }

    @Test func `a row of which nothing is said stops the commit`() {
        let facts = [enqueued([2, 0]), taken(3, unchanged: 1)]
        let failure = #expect(throws: TieOutFailure.self) { try TieOut.check(facts) }
        #expect(failure?.rows == 1 && failure?.entry.code == "E-TIE-OUT")
    }

    @Test func `parts and persons of lists are counted elsewhere`() throws {
        try TieOut.check([taken(4)], elsewhere: 4)
        #expect(TieOut.rowsWithoutFate(in: [taken(4)], elsewhere: 3) == 1)
    }

    @Test func `rows that were counted when they came count no second time`() throws {
        try TieOut.check([enqueued([5]), taken(0, kept: 1)])
    }
}
