import Delivery
import Evidence
import Records
import Storage
import Testing

/// What is taken out of a submission that is held sets nothing free that went with it.
struct RecallingTests {
    private let lin = Decision(by: "lin", because: "their letter of Monday")

    /// Three records in one submission that never left.
    private func queued() async throws -> DeliveryDesk {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", (1...3).map { submitted($0) }))
        return desk
    }

    private func recall(_ desk: DeliveryDesk, _ number: Int, from id: String = "s-1") async throws {
        let now = desk.clock.now
        let isAny = try await desk.database.write {
            try desk.outbox.recall([recordID(number)], now: now, in: $0)
        }
        #expect(isAny)
        #expect(try await desk.state(id) == .cancelled)
    }

    /// The other records in a new submission, as the left half queues them.
    private func packAnew(
        _ desk: DeliveryDesk, _ numbers: [Int], as id: String, from earlier: String = "s-1"
    ) async throws {
        let now = desk.clock.now
        let found = try await desk.database.read { try desk.outbox.repackable(now: now, in: $0) }
        let item = try #require(found.first)
        #expect(item.submission.text == earlier)
        let new = try parcel(id, numbers.map { submitted($0) }, created: now)
        try await desk.database.write { transaction in
            #expect(try desk.outbox.stillWaits(item, in: transaction))
            try desk.outbox.enqueue(new, in: transaction)
            try desk.outbox.keepHeld([new.id], as: item.submission, now: now, in: transaction)
            // Whoever comes second finds them gone.
            #expect(try !desk.outbox.stillWaits(item, in: transaction))
        }
    }

    private func held(_ desk: DeliveryDesk) async throws -> [String: String?] {
        let lines = try await desk.database.read {
            try desk.outbox.list(.held, limit: 10, in: $0)
        }
        return Dictionary(uniqueKeysWithValues: lines.map { ($0.submission.text, $0.reason) })
    }

    @Test func `what a person held stays held in its new packing, by the same decision`()
        async throws
    {
        let desk = try await queued()
        let now = desk.clock.now
        try await desk.database.write { [lin] in
            try desk.outbox.hold(SubmissionID("s-1"), lin, now: now, in: $0)
        }
        try await recall(desk, 1)
        try await packAnew(desk, [2, 3], as: "s-2")
        #expect(try await held(desk) == ["s-2": "Q-PERSON"])
        #expect(try await desk.claim().isEmpty)
        guard case .intervened(let fact) = try await desk.facts().last else {
            Issue.record("no fact of it")
            return
        }
        #expect(fact.submission.text == "s-2" && fact.step == "held")
        #expect(fact.by == lin.by && fact.because == lin.because)
        // And so on, however often something is taken out of it.
        try await recall(desk, 2, from: "s-2")
        try await packAnew(desk, [3], as: "s-3", from: "s-2")
        #expect(try await held(desk) == ["s-3": "Q-PERSON"])
        let end = desk.clock.now
        try await desk.database.write { [lin] in
            try desk.outbox.release(SubmissionID("s-3"), lin, now: end, in: $0)
        }
        #expect(try await desk.state("s-3") == .due)
    }

    @Test func `what only waits to go again is taken back, and a late acceptance of it counts`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", (1...2).map { submitted($0) })
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.rejected(1, "E5001"), .accepted(2)]))
        #expect(try await desk.itemStates("s-1") == [.transient, .accepted])
        let later = desk.clock.now.adding(seconds: 86_400)
        let now = desk.clock.now
        let isAny = try await desk.database.write {
            try desk.outbox.recall([recordID(1), recordID(2)], now: now, in: $0)
        }
        #expect(isAny)
        #expect(try await desk.itemStates("s-1") == [.void, .accepted])
        let waiting = try await desk.database.read {
            try desk.outbox.repackable(now: later, in: $0)
        }
        #expect(waiting.isEmpty)
        guard case .intervened(let fact) = try await desk.facts().last else {
            Issue.record("no fact of it")
            return
        }
        #expect(fact.step == "recalled" && fact.records == [recordID(1)])
        try await collector.take(receipt(for: sent, [.accepted(1)], id: "r-2"))
        #expect(try await desk.itemStates("s-1") == [.accepted, .accepted])
    }

    @Test func `nobody packs anew what the clinic took back`() async throws {
        let desk = try await queued()
        try await recall(desk, 1)
        let now = desk.clock.now
        try await desk.database.write { [lin] in
            try desk.outbox.repack(SubmissionID("s-1"), lin, now: now, in: $0)
        }
        #expect(try await desk.itemStates("s-1") == [.void, .transient, .transient])
    }

    @Test func `what was late stays held as late`() async throws {
        let desk = try await queued()
        desk.clock.advance(seconds: 8 * 86_400)
        let now = desk.clock.now
        try await desk.database.write {
            try desk.outbox.expire(endpoint: profile, now: now, in: $0)
        }
        #expect(try await held(desk) == ["s-1": "Q-DEADLINE"])
        try await recall(desk, 1)
        try await packAnew(desk, [2, 3], as: "s-2")
        #expect(try await held(desk) == ["s-2": "Q-DEADLINE"])
    }

    @Test func `what was not held, or was let go before, is due in its new packing`() async throws {
        for isReleased in [false, true] {
            let desk = try await queued()
            let now = desk.clock.now
            if isReleased {
                try await desk.database.write { [lin] transaction in
                    let id = SubmissionID("s-1")
                    try desk.outbox.hold(id, lin, now: now, in: transaction)
                    try desk.outbox.release(id, lin, now: now, in: transaction)
                }
            }
            try await recall(desk, 1)
            try await packAnew(desk, [2, 3], as: "s-2")
            #expect(try await held(desk).isEmpty)
            #expect(try await desk.state("s-2") == .due)
        }
    }

    @Test func `what a person cancelled and had packed anew is that person's decision`()
        async throws
    {
        let desk = try await queued()
        let now = desk.clock.now
        try await desk.database.write { [lin] transaction in
            let id = SubmissionID("s-1")
            try desk.outbox.hold(id, lin, now: now, in: transaction)
            try desk.outbox.cancel(id, lin, now: now, in: transaction)
            try desk.outbox.repack(id, lin, now: now, in: transaction)
        }
        desk.clock.advance(seconds: 86_400)
        try await packAnew(desk, [1, 2, 3], as: "s-2")
        #expect(try await desk.state("s-2") == .due)
    }
}
