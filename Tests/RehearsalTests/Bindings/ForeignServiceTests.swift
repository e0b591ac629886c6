import Delivery
import LibCrypto
import Testing

/// Our side of the SOAP binding against a service that owes us nothing.
@Suite(.serialized)
struct ForeignServiceTests {
    private let submission: PostedSubmission = {
        var submission = PostedSubmission(1, [PostedCase(11), PostedCase(12)])
        submission.suite = .intl
        return submission
    }()

    private func expect(
        _ moods: [String], sends: Int, _ end: DeliveryState = .final
    ) async throws {
        let service = try ForeignService(County.made.get(), moods: moods)
        try await withBinding(.soap, service: service) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.work()
            let entry = try await desk.show(submission)
            #expect(service.complaints() == [])
            #expect(entry.line.state == end)
            #expect(entry.attempts.count == sends)
            guard end == .final else { return }
            #expect(entry.items.map(\.state) == [.accepted, .accepted])
            #expect(service.effects() == submission.records.map(\.id))
        }
    }

    @Test func `answered at once, or stored and collected`() async throws {
        try await expect(["answer"], sends: 1)
        try await expect(["store"], sends: 1)
    }

    @Test func `busy first`() async throws {
        try await expect(["busy"], sends: 2)
    }

    @Test func `a fault of theirs, a word of success, another's answer: asked for`() async throws {
        for mood in ["server", "success", "other"] { try await expect([mood], sends: 1) }
    }

    @Test func `a fault of ours waits for a person`() async throws {
        try await expect(["client"], sends: 1, .held)
    }
}
