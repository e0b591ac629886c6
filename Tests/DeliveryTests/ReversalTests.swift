import Delivery
import Evidence
import Records
import Storage
import Testing

/// The national side takes an acceptance back: a fact, an alarm, and a case in force no more.
struct ReversalTests {
    private let records = [submitted(1), submitted(2)]

    private func standing(_ desk: DeliveryDesk, _ number: Int) async throws -> RecordStanding {
        try await desk.database.read { try desk.outbox.standing(of: [recordID(number)], in: $0)[0] }
    }

    @Test func `a code that says so reverses an acceptance, with fact, alarm and both receipts`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        let collector = try desk.collector()
        let accepting = try await collector.take(
            receipt(for: sent, [.accepted(1), .accepted(2)], id: "r-1"))
        let taking = try await collector.take(
            receipt(for: sent, [.rejected(2, "E3301")], id: "r-2"))
        #expect(taking.disposition == .applied)
        #expect(try await desk.itemStates("s-1") == [.accepted, .reversed])
        #expect(try await desk.state("s-1") == .final)
        let after = try await standing(desk, 2)
        #expect(after.versionInForce == nil && !after.isFrozen && after.openVersion == nil)
        guard
            case .reversed(let fact) = try await desk.facts().first(where: { $0.kind == "reversed" }
            )
        else {
            Issue.record("no fact of the reversal")
            return
        }
        #expect(fact.record == recordID(2) && fact.code == "E3301")
        #expect(fact.accepted == accepting.digest && fact.receipt == taking.digest)
        let alarms = try await desk.database.read { try desk.outbox.alarms(in: $0).open }
        #expect(alarms.map(\.kind) == [.reversed] && alarms[0].kind.entry.code == "A-REVERSED")
        let trace = try await desk.database.read { try Trace(of: recordID(2), in: $0) }
        #expect(trace.lines.contains { $0.summary.en.contains("took its acceptance") })
        #expect(try await desk.broken().isEmpty)
    }

    @Test func `an amendment that is taken back does not bring the version before it back`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let first = try parcel("s-1", [submitted(1)])
        let second = try parcel("s-2", [submitted(1, version: 2, action: .amend)])
        let collector = try desk.collector()
        try await desk.send(first)
        try await collector.take(receipt(for: first, [.accepted(1)]))
        try await desk.send(second)
        var accepted = Answer.accepted(1)
        accepted.version = 2
        try await collector.take(receipt(for: second, [accepted], id: "r-2"))
        #expect(try await standing(desk, 1).versionInForce == 2)
        var taken = Answer.rejected(1, "E3301")
        taken.version = 2
        try await collector.take(receipt(for: second, [taken], id: "r-3"))
        #expect(try await standing(desk, 1).versionInForce == nil)
        #expect(try await standing(desk, 1).latestVersion == 2)
        // What is reported anew counts again.
        let third = try parcel("s-3", [submitted(1, version: 3)])
        try await desk.send(third)
        accepted.version = 3
        try await collector.take(receipt(for: third, [accepted], id: "r-4"))
        #expect(try await standing(desk, 1).versionInForce == 3)
    }

    @Test func `a dispute is decided by the receipt that takes back, and the case is reversed`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.accepted(1), .accepted(2)], id: "r-1"))
        try await collector.take(receipt(for: sent, [.rejected(2)], id: "r-2"))
        let taking = try await collector.take(
            receipt(for: sent, [.rejected(2, "E3301")], id: "r-3"))
        #expect(try await desk.itemStates("s-1") == [.accepted, .disputed])
        let (now, endpoint) = (desk.clock.now, try endpoint())
        let verdict = try await desk.database.write {
            try desk.outbox.decide(
                recordID(2), as: .rejected, by: taking.digest, of: endpoint,
                Decision(by: "lin", because: "their letter"), now: now, in: $0)
        }
        #expect(verdict.verdict == .reversed)
        #expect(try await desk.itemStates("s-1") == [.accepted, .reversed])
    }

    @Test func `a database of the steps before keeps every record when the table is made anew`()
        async throws
    {
        let before = Array(DeliveryDesk.migrations.prefix(4))
        let desk = try await DeliveryDesk()
        let folder = desk.folder
        let database = try await SQLiteDatabase.open(
            folder + "/old.db", migrations: before, place: .anywhere)
        let outbox = Outbox(epoch: "e")
        let sent = try parcel("s-1", records)
        try await database.write { try outbox.enqueue(sent, in: $0) }
        await database.close()
        let renewed = try await SQLiteDatabase.open(
            folder + "/old.db", migrations: DeliveryDesk.migrations, place: .anywhere)
        let items = try await renewed.read { try outbox.items(of: SubmissionID("s-1"), in: $0) }
        #expect(items.map(\.record) == records.map(\.record))
        // One open version of a record is still the most.
        let again = try parcel("s-2", records)
        await #expect(throws: StorageFailure.self) {
            try await renewed.write { try outbox.enqueue(again, in: $0) }
        }
        await renewed.close()
    }
}
