import Delivery
import Evidence
import Records
import Storage
import Testing

/// What a person must look at stays until a person has.
struct AlarmTests {
    private let records = [submitted(1), submitted(2)]

    private func alarms(_ desk: DeliveryDesk) async throws -> (open: [Alarm], attended: Int) {
        try await desk.database.read { try desk.outbox.alarms(in: $0) }
    }

    private func attend(_ desk: DeliveryDesk, _ seq: Int64) async throws {
        let now = desk.clock.now
        try await desk.database.write {
            try desk.outbox.attend(
                to: seq, Decision(by: "lin", because: "asked them"), now: now, in: $0)
        }
    }

    @Test func `a forged receipt is an alarm until somebody has seen to it, once`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        let bytes = receiptBytes(for: sent, [.accepted(1)])
        let taken = try await desk.collector().take(
            SignedDocument(bytes: bytes, signature: nil, key: nil))
        #expect(taken.disposition == .forged)
        let alarm = try #require(try await alarms(desk).open.first)
        #expect(alarm.kind == .forged && alarm.receipt == taken.digest)

        try await attend(desk, alarm.seq)
        #expect(try await alarms(desk).open.isEmpty)
        #expect(try await alarms(desk).attended == 1)
        guard case .attended(let fact) = try await desk.facts().last else {
            Issue.record("no fact of it")
            return
        }
        #expect(fact.alarm == alarm.seq && fact.by == "lin" && fact.because == "asked them")

        let count = try await desk.facts().count
        for other in [alarm.seq, 1, 9_999] {
            await #expect(throws: AlarmFailure.self) { try await attend(desk, other) }
        }
        #expect(try await desk.facts().count == count)
    }

    @Test func `an alarm that comes after one was seen to is open`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        for id in ["r-1", "r-2"] {
            let bytes = receiptBytes(for: sent, [.accepted(1)], id: id)
            try await desk.collector().take(SignedDocument(bytes: bytes, signature: nil, key: nil))
            let open = try await alarms(desk).open
            #expect(open.count == 1)
            if id == "r-1", let first = open.first { try await attend(desk, first.seq) }
        }
        #expect(try await alarms(desk).attended == 1)
    }

    @Test func `a second acceptance under another serial keeps the first and raises an alarm`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.accepted(1), .accepted(2)], id: "r-1"))
        #expect(try await alarms(desk).open.isEmpty)
        let second = try await collector.take(
            receipt(
                for: sent,
                [Answer(number: 1, status: "duplicate", serial: "N-OTHER"), .accepted(2)],
                id: "r-2"))
        #expect(second.disposition == .duplicate)
        let item = try await desk.show("s-1").items[0]
        #expect(item.state == .accepted && item.serial == "N1")
        let open = try await alarms(desk).open
        #expect(open.map(\.kind) == [.serial])
        #expect(open.first?.receipt == second.digest)
        #expect(open.first?.kind.entry.code == "A-SERIAL")
        let told = try await desk.facts().compactMap { fact -> Fact.Renumbered? in
            if case .renumbered(let renumbered) = fact { renumbered } else { nil }
        }
        #expect(told.map(\.record) == [recordID(1)])
        #expect(told.first?.kept == "N1" && told.first?.given == "N-OTHER")
        let trace = try await desk.database.read { try Trace(of: recordID(1), in: $0) }
        #expect(trace.lines.contains { $0.kind == "renumbered" })
        // The very same bytes again are no second alarm.
        try await collector.applyStored()
        #expect(try await alarms(desk).open.count == 1)
    }

    /// Sends records and takes a receipt of both, then one that gives each another serial.
    private func renumbered(_ desk: DeliveryDesk, _ id: String, _ numbers: [Int]) async throws {
        let sent = try parcel(id, numbers.map { submitted($0) })
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(
            receipt(for: sent, numbers.map { .accepted($0) }, id: "first-\(id)"))
        try await collector.take(
            receipt(
                for: sent,
                numbers.map { Answer(number: $0, status: "duplicate", serial: "OTHER-\($0)") },
                id: "second-\(id)"))
    }

    @Test func `what one receipt says of many records is one alarm, with their count`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await renumbered(desk, "s-1", [1, 2, 3])
        let open = try await alarms(desk).open
        #expect(open.map(\.kind) == [.serial] && open.map(\.count) == [3])
        try await attend(desk, open[0].seq)
        #expect(try await alarms(desk).open.isEmpty)
        #expect(try await alarms(desk).attended == 1)
        // Another receipt is another alarm.
        try await renumbered(desk, "s-2", [4, 5])
        #expect(try await alarms(desk).open.map(\.count) == [2])
    }

    @Test func `all alarms of a kind can be seen to at once, and no other`() async throws {
        let desk = try await DeliveryDesk()
        try await renumbered(desk, "s-1", [1, 2])
        try await renumbered(desk, "s-2", [3])
        let sent = try parcel("s-3", [submitted(4)])
        try await desk.send(sent)
        try await desk.collector().take(
            SignedDocument(
                bytes: receiptBytes(for: sent, [.accepted(4)]), signature: nil, key: nil))
        #expect(try await alarms(desk).open.count == 3)
        let now = desk.clock.now
        for expected in [2, 0] {
            let count = try await desk.database.write {
                try desk.outbox.attend(
                    toAll: .serial, Decision(by: "lin", because: "asked them"), now: now, in: $0)
            }
            #expect(count == expected)
        }
        #expect(try await alarms(desk).open.map(\.kind) == [.forged])
        #expect(try await alarms(desk).attended == 2)
    }

    @Test func `the same serial again, or none, is no alarm`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.accepted(1), .accepted(2)], id: "r-1"))
        try await collector.take(
            receipt(
                for: sent,
                [
                    Answer(number: 1, status: "duplicate", serial: "N1"),
                    Answer(number: 2, status: "accepted"),
                ], id: "r-2"))
        #expect(try await alarms(desk).open.isEmpty)
    }
}
