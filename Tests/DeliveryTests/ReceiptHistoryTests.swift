import Delivery
import Records
import Storage
import Testing

/// What people see of receipts: lists, one of them, and a record's whole history.
struct ReceiptHistoryTests {
    private func lines(_ desk: DeliveryDesk, _ wanted: Set<Disposition>) async throws
        -> [ReceiptLine]
    {
        try await desk.database.read { try desk.outbox.receipts(wanted, limit: 50, in: $0) }
    }

    private func history(_ desk: DeliveryDesk, _ number: Int) async throws -> RecordHistory {
        let endpoint = try endpoint()
        return try await desk.database.read {
            try desk.outbox.history(of: recordID(number), by: endpoint, in: $0)
        }
    }

    @Test func `what was not applied is listed by what is the matter with it`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.accepted(1)], id: "good"))
        let stranger = try signed(
            receiptBytes(for: sent, [.rejected(1)], id: "forged"), by: Keys.stranger)
        try await collector.take(stranger)
        try await collector.take(
            signed(receiptBytes(for: sent, [.accepted(1)], id: "none", submission: "s-9")))
        try await collector.take(
            signed(receiptBytes(for: sent, [.accepted(1)], id: "other", digest: sent.wireHex)))
        try await collector.take(receipt(for: sent, [.accepted(1), .accepted(7)], id: "odd"))
        let unmatched = try await lines(desk, [.unknown, .misaddressed, .forged, .malformed])
        #expect(
            unmatched.map(\.disposition.rawValue).sorted()
                == ["forged", "malformed", "misaddressed", "unknown"])
        #expect(unmatched.first { $0.disposition == .forged }?.submission == nil)
        #expect(try await lines(desk, [.applied]).count == 1)

        let forged = try #require(unmatched.first { $0.disposition == .forged })
        let endpoint = try endpoint()
        let reading = try await desk.database.read { transaction in
            let found = try desk.outbox.receipts(
                beginning: String(forged.digest.prefix(10)), in: transaction)
            return try found.first.flatMap {
                try desk.outbox.reading(of: $0, by: endpoint, in: transaction)
            }
        }
        // What nobody we know has signed is not even read.
        #expect(reading?.isGenuine == false && reading?.entries.isEmpty == true)
    }

    @Test func `a forged signature is still shown after a genuine one took its place`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.send(sent)
        let collector = try desk.collector()
        let bytes = receiptBytes(for: sent, [.accepted(1)])
        let forged = try signed(bytes, by: Keys.stranger)
        let replaced = desk.clock.now
        for document in [forged, forged, SignedDocument(bytes: bytes, signature: nil, key: nil)] {
            #expect(try await collector.take(document).disposition == .forged)
        }
        let taken = try await collector.take(signed(bytes))
        #expect(taken.disposition == .applied)
        let endpoint = try endpoint()
        let reading = try await desk.database.read { transaction in
            let found = try desk.outbox.receipts(beginning: taken.digest, in: transaction)
            return try desk.outbox.reading(
                of: #require(found.first), by: endpoint, in: transaction)
        }
        #expect(reading?.isGenuine == true)
        #expect(
            reading?.refused == [
                RefusedSignature(signingKey: forged.key, replaced: replaced),
                RefusedSignature(signingKey: nil, replaced: replaced),
            ])
    }

    @Test func `a receipt tells what it says and which of our verdicts rest on it`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.send(sent)
        let collector = try desk.collector()
        let first = try await collector.take(
            receipt(for: sent, [.accepted(1), .pending(2)], id: "r-1"))
        try await collector.take(receipt(for: sent, [.rejected(2)], id: "r-2"))
        let endpoint = try endpoint()
        let reading = try #require(
            try await desk.database.read { transaction in
                try desk.outbox.receipts(beginning: first.digest, in: transaction).first.flatMap {
                    try desk.outbox.reading(of: $0, by: endpoint, in: transaction)
                }
            })
        #expect(reading.isGenuine)
        #expect(reading.entries.map(\.says) == ["accepted", "pending"])
        #expect(reading.entries.map(\.isGround) == [true, false])
        #expect(reading.entries.map(\.state) == [.accepted, .rejected])
    }

    @Test func `the history derives the verdict from the receipts alone`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.send(sent)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.pending(1), .accepted(2)], id: "r-1"))
        try await collector.take(receipt(for: sent, [.rejected(1, "E5001")], id: "r-2"))
        let accepting = try await collector.take(receipt(for: sent, [.accepted(1)], id: "r-3"))
        var version = try #require(try await history(desk, 1).versions.first)
        #expect(version.answers.map(\.says).sorted() == ["accepted", "pending", "rejected"])
        #expect(version.derived == .accepted && version.state == .accepted && version.isAsDerived)

        try await collector.take(receipt(for: sent, [.rejected(1)], id: "r-4"))
        version = try #require(try await history(desk, 1).versions.first)
        #expect(version.derived == .disputed && version.state == .disputed && version.isAsDerived)

        let now = desk.clock.now
        let endpoint = try endpoint()
        try await desk.database.write {
            try desk.outbox.decide(
                recordID(1), as: .accepted, by: accepting.digest, of: endpoint,
                Decision(by: "lin", because: "a letter"), now: now, in: $0)
        }
        version = try #require(try await history(desk, 1).versions.first)
        #expect(version.derived == .disputed && version.state == .accepted && version.isAsDerived)

        // A hand in the database is seen.
        try await desk.database.write {
            try $0.run("UPDATE item SET state = 'rejected' WHERE position = 1")
        }
        #expect(try await history(desk, 2).versions.first?.isAsDerived == false)
        #expect(try await history(desk, 5).versions.isEmpty)
    }

    @Test func `a submission is overdue once the profile's time is over, held or not`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.send(sent)
        try await desk.enqueue(parcel("s-2", [submitted(3)]))
        try await desk.collector().take(receipt(for: sent, [.accepted(1)], id: "r-1"))
        func overdue() async throws -> [OverdueLine] {
            let now = desk.clock.now
            return try await desk.database.read { try desk.outbox.overdue(now: now, in: $0) }
        }
        desk.clock.advance(seconds: 86_399)
        #expect(try await overdue().isEmpty)
        desk.clock.advance(seconds: 1)
        let line = try #require(try await overdue().first)
        #expect(line.submission.text == "s-1" && line.open == 1 && line.records == 2)
        #expect(line.since == monday && line.state == .awaiting)
        let now = desk.clock.now
        try await desk.database.write {
            try desk.outbox.hold(
                SubmissionID("s-1"), Decision(by: "lin", because: "x"), now: now, in: $0)
        }
        #expect(try await overdue().map(\.state) == [.held])
        try await desk.collector().take(receipt(for: sent, [.rejected(2)], id: "r-2"))
        #expect(try await overdue().isEmpty)
    }
}

extension Parcel {
    /// A digest, but not the document's.
    fileprivate var wireHex: String { String(digest.reversed()) }
}
