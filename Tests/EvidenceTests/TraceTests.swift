import Evidence
import Records
import Storage
import Testing

struct TraceTests {
    private let mine = RecordID("0f00000000000000000000000000000a")
    private let other = RecordID("0f00000000000000000000000000000b")

    private func submitted(_ record: RecordID) -> SubmittedRecord {
        SubmittedRecord(
            record: record, version: 1, action: .submit, institution: "PDY990101",
            servedOn: CalendarDate(daysSince1970: 15_000),
            traits: SettlementTraits(isFree: true, spouses: [true, true], isComplete: true),
            claimant: nil, childOrder: nil)
    }

    private func enqueued(_ submission: String, _ records: [RecordID]) -> Fact {
        .enqueued(
            .init(
                submission: SubmissionID(submission), programme: "preconception-check",
                profile: "reference-1", suite: "gm", digest: "d", digestSM3: "e",
                signingKey: "k", records: records.map(submitted), warnings: [:]))
    }

    @Test func `a trace has the record's facts and those of what carried it, no others`()
        async throws
    {
        let desk = try await EvidenceDesk()
        let kept = Fact.KeptRow(
            row: 7, record: mine, version: 1, fate: "quarantined",
            findings: [Finding(code: "R-05", effect: .quarantined)], institution: nil, month: nil)
        try await desk.append([
            .taken(.init(intake: IntakeID("i"), nextRow: 9, rows: 8, unchanged: 0, kept: [kept])),
            enqueued("sub-1", [other, mine]),
            enqueued("sub-2", [other]),
            .onWire(.init(submission: SubmissionID("sub-1"), attempt: 1)),
            .onWire(.init(submission: SubmissionID("sub-2"), attempt: 1)),
            .acknowledged(
                .init(
                    submission: SubmissionID("sub-1"), receipt: "r1",
                    verdicts: [
                        RecordVerdict(
                            record: mine, version: 1, verdict: .rejected, code: "E2104",
                            field: "laboratory/haemoglobin")
                    ])),
            .acknowledged(
                .init(
                    submission: SubmissionID("sub-1"), receipt: "r2",
                    verdicts: [RecordVerdict(record: other, version: 1, verdict: .accepted)])),
        ])
        let trace = try await desk.database.read { [mine] in try Trace(of: mine, in: $0) }
        #expect(trace.lines.map(\.seq) == [1, 2, 4, 6])
        #expect(trace.lines.map(\.kind) == ["taken", "enqueued", "onWire", "acknowledged"])
        #expect(trace.lines[0].summary.en == "row 7: quarantined R-05")
        #expect(trace.lines[3].summary.en.contains("E2104"))
        #expect(trace.lines[3].summary.zh.contains("laboratory/haemoglobin"))
    }

    @Test func `a record that nobody named has an empty trace`() async throws {
        let desk = try await EvidenceDesk()
        try await desk.append([enqueued("sub-1", [other])])
        let trace = try await desk.database.read { [mine] in try Trace(of: mine, in: $0) }
        #expect(trace.lines.isEmpty)
    }
}
