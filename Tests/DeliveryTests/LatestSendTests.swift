import Delivery
import Records
import Storage
import Testing

/// A reporting deadline may end a submission's time before its lifetime does.
struct LatestSendTests {
    private let week: Int64 = 7 * 86_400

    private func deadline(of id: String, latest: Timestamp?) async throws -> Timestamp {
        let desk = try await DeliveryDesk()
        let outbox = Outbox(epoch: "epoch-1", latestSend: { _ in latest })
        try await desk.enqueue(try parcel(id, [submitted(1)]), by: outbox)
        let line = try await desk.database.read { try outbox.list(limit: 1, in: $0).first }
        return try #require(line).deadline
    }

    @Test func `the earlier of lifetime and deadline holds`() async throws {
        let lifetime = monday.adding(seconds: week)
        #expect(try await deadline(of: "a", latest: nil) == lifetime)
        #expect(try await deadline(of: "a", latest: lifetime.adding(seconds: 1)) == lifetime)
        let sooner = monday.adding(seconds: 3600)
        #expect(try await deadline(of: "a", latest: sooner) == sooner)
    }

    @Test func `what was not sent by then is held, never dropped, and a person lets it go on`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let latest = monday.adding(seconds: 3600)
        let outbox = Outbox(epoch: "epoch-1", latestSend: { _ in latest })
        let id = SubmissionID("a")
        try await desk.enqueue(try parcel("a", [submitted(1)]), by: outbox)
        func line(at now: Timestamp) async throws -> QueueLine? {
            try await desk.database.write { transaction in
                try outbox.expire(endpoint: profile, now: now, in: transaction)
                return try outbox.list(limit: 1, in: transaction).first
            }
        }
        #expect(try await line(at: latest)?.state == .due)
        let held = try #require(try await line(at: latest.adding(seconds: 1)))
        #expect(held.state == .held && held.reason == "Q-DEADLINE")
        let later = latest.adding(seconds: 60)
        try await desk.database.write {
            try outbox.release(
                id, Decision(by: "li", because: "late is taken"), now: later, in: $0)
        }
        let released = try #require(try await line(at: later.adding(seconds: 1)))
        #expect(released.state == .due)
        #expect(released.deadline == later.adding(seconds: week))
    }

    @Test func `while the clock may be wrong a round holds nothing`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("a", [submitted(1)]))
        desk.clock.advance(seconds: 30 * 86_400)
        let courier = Courier(
            database: desk.database, outbox: desk.outbox, transport: DeafTransport(),
            endpoint: try endpoint(), clock: desk.clock.clock, jitter: { 0 })
        func state() async throws -> DeliveryState? {
            try await desk.database.read { try desk.outbox.list(limit: 1, in: $0).first?.state }
        }
        try await courier.round(limit: 0, expires: false)
        #expect(try await state() == .due)
        try await courier.round(limit: 0)
        #expect(try await state() == .held)
    }
}

/// Nobody answers.
private struct DeafTransport: Transport {
    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        throw .notSent(.init(.unreachable))
    }

    func receipt(of submission: SubmissionID) async throws(TransportFailure) -> InquiryAnswer {
        throw .notSent(.init(.unreachable))
    }

    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        throw .notSent(.init(.unreachable))
    }

    func receipts(after cursor: String, limit: Int) async throws(TransportFailure) -> FeedPage {
        throw .notSent(.init(.unreachable))
    }
}
