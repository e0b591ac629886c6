import Delivery
import Evidence
import LibCrypto
import Records
import Storage
import Testing

/// A person decides what contradicting receipts have frozen, by one of those receipts.
struct DecidingTests {
    private let records = [submitted(1), submitted(2)]

    /// Record 2 accepted by the first receipt, rejected by the second.
    private func frozen() async throws -> (DeliveryDesk, accepting: String, rejecting: String) {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        let collector = try desk.collector()
        let first = try await collector.take(
            receipt(for: sent, [.accepted(1), .accepted(2)], id: "r-1"))
        let second = try await collector.take(receipt(for: sent, [.rejected(2)], id: "r-2"))
        #expect(second.disposition == .conflict)
        return (desk, first.digest, second.digest)
    }

    @discardableResult
    private func decide(
        _ desk: DeliveryDesk, _ number: Int, _ ruling: Outbox.Ruling, _ digest: String,
        by endpoint: Endpoint? = nil
    ) async throws -> RecordVerdict {
        let (now, endpoint) = (desk.clock.now, try endpoint ?? DeliveryTests.endpoint())
        return try await desk.database.write {
            try desk.outbox.decide(
                recordID(number), as: ruling, by: digest, of: endpoint,
                Decision(by: "lin", because: "their letter of Monday"), now: now, in: $0)
        }
    }

    private func refusal(_ work: () async throws -> Void) async -> DecisionFailure.Reason? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? DecisionFailure)?.reason
        }
    }

    private func isFrozen(_ desk: DeliveryDesk, _ number: Int) async throws -> Bool {
        try await desk.database.read {
            try desk.outbox.standing(of: [recordID(number)], in: $0)[0].isFrozen
        }
    }

    @Test func `accepted by the receipt that accepted it: thawed, with the fact and its serial`()
        async throws
    {
        let (desk, accepting, _) = try await frozen()
        let verdict = try await decide(desk, 2, .accepted, accepting)
        #expect(verdict.verdict == .accepted && verdict.version == 1 && verdict.serial == "N2")
        #expect(try await desk.itemStates("s-1") == [.accepted, .accepted])
        #expect(try await !isFrozen(desk, 2))
        guard case .decided(let fact) = try await desk.facts().last else {
            Issue.record("no fact of the decision")
            return
        }
        #expect(fact.receipt == accepting && fact.verdict == verdict)
        #expect(fact.by == "lin" && fact.because == "their letter of Monday")
        let trace = try await desk.database.read { try Trace(of: recordID(2), in: $0) }
        #expect(trace.lines.last?.kind == "decided")
        #expect(trace.lines.last?.summary.en.contains("decided accepted by lin") == true)
    }

    @Test func `rejected by the receipt that rejected it, named by its beginning`() async throws {
        let (desk, _, rejecting) = try await frozen()
        let verdict = try await decide(desk, 2, .rejected, String(rejecting.prefix(8)))
        #expect(verdict.verdict == .rejected && verdict.code == "E2104")
        let item = try await desk.show("s-1").items[1]
        #expect(item.state == .rejected && item.code == "E2104" && item.serial == nil)
        #expect(item.receipt == rejecting)
    }

    @Test func `what is not frozen, not kept or not said is refused and nothing changes`()
        async throws
    {
        let (desk, accepting, rejecting) = try await frozen()
        let before = try await desk.facts().count
        let refusals: [(Int, Outbox.Ruling, String, DecisionFailure.Reason)] = [
            (1, .accepted, accepting, .notDisputed),
            (9, .accepted, accepting, .notDisputed),
            (2, .accepted, rejecting, .notEvidence),
            (2, .rejected, accepting, .notEvidence),
            (2, .accepted, String(repeating: "0", count: 64), .noEvidence),
            (2, .accepted, String(accepting.prefix(7)), .noEvidence),
            (2, .accepted, "", .noEvidence),
        ]
        for (number, ruling, digest, reason) in refusals {
            let found = await refusal { try await decide(desk, number, ruling, digest) }
            #expect(found == reason, "\(number) \(ruling) \(digest)")
        }
        #expect(try await desk.itemStates("s-1") == [.accepted, .disputed])
        #expect(try await desk.facts().count == before)
    }

    @Test func `a receipt whose key is no longer trusted is no evidence`() async throws {
        let (desk, accepting, _) = try await frozen()
        let strange = Endpoint(
            name: profile, sender: sender, namespace: namespace,
            keys: ["national-2026": try Keys.stranger.verifyingKey()], codes: codes)
        let found = await refusal {
            try await decide(desk, 2, .accepted, accepting, by: strange)
        }
        #expect(found == .notEvidence)
        #expect(try await isFrozen(desk, 2))
    }

    @Test func `a decided case is frozen again by a new receipt that contradicts it`()
        async throws
    {
        let (desk, accepting, rejecting) = try await frozen()
        try await decide(desk, 2, .accepted, accepting)
        #expect(await refusal { try await decide(desk, 2, .rejected, rejecting) } == .notDisputed)
        let sent = try parcel("s-1", records)
        let third = try await desk.collector().take(
            receipt(for: sent, [.rejected(2)], id: "r-3"))
        #expect(third.disposition == .conflict)
        #expect(try await isFrozen(desk, 2))
        try await decide(desk, 2, .rejected, third.digest)
        #expect(try await desk.itemStates("s-1") == [.accepted, .rejected])
    }
}
