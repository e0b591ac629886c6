import Delivery
import Records
import Storage
import Testing

/// What the wire knows and what was decided are told apart: nothing that was sent is called
/// accepted.
struct BearingsTests {
    private func transport(
        _ state: DeliveryState, reason: QueueReason? = nil, sent: Bool = false,
        typed: Bool = false, laid: Bool = false, answered: Bool = false
    ) -> TransportState {
        TransportState(
            state, reason: reason?.rawValue, wasSent: sent, isTyped: typed, isLaidDown: laid,
            isAnswered: answered)
    }

    @Test func `before the first byte it is not sent, and after a refusal to take it not taken`() {
        for state in [DeliveryState.due, .leased, .held] {
            #expect(transport(state, reason: .person) == .notSent, "\(state)")
        }
        #expect(transport(.due, sent: true) == .notTaken)
        #expect(transport(.leased, sent: true) == .notTaken)
        #expect(transport(.held, reason: .refused, sent: true) == .notTaken)
        #expect(transport(.final, sent: true) == .notTaken, "a document that was too large")
    }

    @Test func `only what they have shown to have is delivered`() {
        for state in [DeliveryState.onWire, .inDoubt] {
            #expect(transport(state, sent: true) != .delivered, "\(state)")
        }
        #expect(transport(.held, reason: .doubt, sent: true) == .unclear)
        #expect(transport(.held, reason: .deadline, sent: true) == .unclear)
        #expect(transport(.held, reason: .unknownCode, sent: true, answered: true) == .delivered)
        #expect(transport(.awaiting, sent: true) == .delivered)
        #expect(transport(.awaiting, sent: true, laid: true) == .laidDown)
        #expect(transport(.awaiting, sent: true, laid: true, answered: true) == .delivered)
        #expect(transport(.final, sent: true, answered: true) == .delivered)
        #expect(transport(.cancelled) == .cancelled)
    }

    @Test func `what was handed to a person is not delivered until a list speaks of it`() {
        #expect(transport(.awaiting, sent: true, typed: true) == .handedOut)
        #expect(transport(.held, reason: .person, sent: true, typed: true) == .handedOut)
        #expect(transport(.awaiting, sent: true, typed: true, answered: true) == .delivered)
    }

    @Test func `a submission is delivered while its records have none, one or all verdicts`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let id = SubmissionID("s-1")
        let sent = try parcel(id.text, [submitted(1), submitted(2)])
        func bearings() async throws -> Bearings? {
            try await desk.database.read { try desk.outbox.bearings(of: [id], in: $0)[id] }
        }
        #expect(try await bearings() == nil)
        try await desk.enqueue(sent)
        #expect(try await bearings() == Bearings(transport: .notSent, business: [.open: 2]))
        let claim = try #require(try await desk.claim().first)
        _ = try await desk.mark(claim)
        #expect(try await bearings() == Bearings(transport: .underWay, business: [.open: 2]))
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.pending(1), .rejected(2)], id: "r-1"))
        #expect(
            try await bearings()
                == Bearings(transport: .delivered, business: [.open: 1, .rejected: 1]))
        try await collector.take(receipt(for: sent, [.accepted(1)], id: "r-2"))
        #expect(try await desk.state(id.text) == .final)
        #expect(
            try await bearings()
                == Bearings(transport: .delivered, business: [.accepted: 1, .rejected: 1]))
    }
}
