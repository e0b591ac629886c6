import Delivery
import Records
import Storage
import Testing

struct StandingTests {
    private func standing(_ desk: DeliveryDesk, _ number: Int = 1) async throws -> RecordStanding {
        let found = try await desk.database.read {
            try desk.outbox.standing(of: [recordID(number)], in: $0)
        }
        return try #require(found.first)
    }

    private func answer(
        _ desk: DeliveryDesk, _ id: String, _ record: SubmittedRecord, _ status: String,
        _ code: String? = nil
    ) async throws {
        let sent = try parcel(id, [record], created: desk.clock.now)
        try await desk.send(sent)
        let answer = Answer(
            number: 1, version: record.version, status: status, code: code, serial: "N")
        try await desk.collector().take(receipt(for: sent, [answer], id: "r-\(id)"))
    }

    @Test func `a record passes through open, in force, amended, withdrawn and back`()
        async throws
    {
        let desk = try await DeliveryDesk()
        #expect(try await standing(desk).latestVersion == 0)
        try await desk.enqueue(try parcel("s-0", [submitted(2)]))
        try await answer(desk, "s-1", submitted(1), "accepted")
        #expect(try await standing(desk).versionInForce == 1)
        #expect(try await standing(desk).openVersion == nil)
        try await answer(desk, "s-2", submitted(1, version: 3, action: .amend), "rejected", "E2104")
        #expect(try await standing(desk).versionInForce == 1)
        #expect(try await standing(desk).latestVersion == 3)
        try await answer(desk, "s-3", submitted(1, version: 4, action: .withdraw), "accepted")
        #expect(try await standing(desk).versionInForce == nil)
        try await desk.enqueue(try parcel("s-4", [submitted(1, version: 5)]))
        #expect(try await standing(desk).openVersion == 5)
    }

    @Test func `a transient verdict keeps the record open until it goes again`() async throws {
        let desk = try await DeliveryDesk()
        try await answer(desk, "s-1", submitted(1), "rejected", "E5001")
        #expect(try await standing(desk).openVersion == 1)
        let early = desk.clock.now.adding(seconds: 599)
        let ready = desk.clock.now.adding(seconds: 600)
        let (none, one) = try await desk.database.read { transaction in
            (
                try desk.outbox.repackable(now: early, in: transaction),
                try desk.outbox.repackable(now: ready, in: transaction)
            )
        }
        #expect(none.isEmpty)
        #expect(one.map(\.submission.text) == ["s-1"])
        #expect(one.first?.recordLimit == nil)
        desk.clock.advance(seconds: 600)
        try await answer(desk, "s-2", submitted(1), "rejected", "E5001")
        // The second time it waits twice as long.
        let now = desk.clock.now
        let (soon, later) = try await desk.database.read { transaction in
            (
                try desk.outbox.repackable(now: now.adding(seconds: 1199), in: transaction),
                try desk.outbox.repackable(now: now.adding(seconds: 1200), in: transaction)
            )
        }
        #expect(soon.isEmpty)
        #expect(later.map(\.submission.text) == ["s-2"])
        desk.clock.advance(seconds: 1200)
        try await answer(desk, "s-3", submitted(1), "duplicate")
        #expect(try await standing(desk).versionInForce == 1)
        #expect(try await standing(desk).openVersion == nil)
    }

    @Test func `what was refused as a whole may be packed anew, by a person`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.send(sent)
        try await desk.collector().take(
            receipt(for: sent, [], status: "refused", code: "E1001"))
        try await answer(desk, "s-2", submitted(1, version: 2), "accepted")
        let now = desk.clock.now
        let decision = Decision(by: "lin", because: "the key is mended")
        try await desk.database.write {
            try desk.outbox.repack(sent.id, decision, now: now, in: $0)
        }
        // The record that has a newer version stays behind.
        #expect(try await desk.itemStates("s-1") == [.rejected, .transient])
        await #expect(throws: OutboxFailure.self) {
            try await desk.database.write {
                try desk.outbox.repack(SubmissionID("s-2"), decision, now: now, in: $0)
            }
        }
    }
}
