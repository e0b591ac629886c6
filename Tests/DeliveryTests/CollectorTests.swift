import Delivery
import Evidence
import LibCrypto
import Records
import Storage
import Testing

/// The rows of RELIABILITY's table of acknowledgements.
struct CollectorTests {
    private let records = [submitted(1), submitted(2), submitted(3)]

    private func onWire() async throws -> (DeliveryDesk, Parcel, Collector) {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        try await desk.send(sent)
        return (desk, sent, try desk.collector())
    }

    @Test func `the first verdicts of all records end the submission`() async throws {
        let (desk, sent, collector) = try await onWire()
        let taken = try await collector.take(
            receipt(for: sent, [.accepted(1), .rejected(2), .accepted(3)]))
        #expect(taken.disposition == .applied)
        #expect(taken.submission == sent.id)
        #expect(try await desk.state("s-1") == .final)
        #expect(try await desk.itemStates("s-1") == [.accepted, .rejected, .accepted])
        let items = try await desk.show("s-1").items
        #expect(items[0].serial == "N1")
        #expect(items[1].code == "E2104")
        #expect(items[0].receipt == taken.digest)
        #expect(
            try await desk.kinds() == ["onWire", "receiptKept", "acknowledged", "receiptKept"])
    }

    /// The national side has a new key, and the county adds it a day late.
    @Test(arguments: [true, false])
    func `a receipt that came before its key counts once the key is there`(again: Bool)
        async throws
    {
        let (desk, sent, collector) = try await onWire()
        let keyless = Collector(
            database: desk.database, outbox: desk.outbox,
            endpoint: Endpoint(
                name: profile, sender: sender, namespace: namespace,
                keys: ["national-2025": try Keys.nation.verifyingKey()], codes: codes),
            clock: desk.clock.clock)
        let document = try receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        #expect(try await keyless.take(document).disposition == .forged)
        try await keyless.applyStored()
        #expect(try await keyless.take(document).disposition == .forged)
        #expect(try await desk.itemStates("s-1") == [.open, .open, .open])
        if again {
            #expect(try await collector.take(document).disposition == .applied)
        } else {
            try await collector.applyStored()
        }
        #expect(try await desk.itemStates("s-1") == [.accepted, .accepted, .accepted])
        // What was genuine stays so while the key is missing once more.
        try await keyless.applyStored()
        #expect(try await keyless.take(document).disposition == .applied)
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `the same bytes again change nothing`() async throws {
        let (desk, sent, collector) = try await onWire()
        let document = try receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        try await collector.take(document)
        let before = try await desk.facts().count
        let again = try await collector.take(document)
        #expect(again.disposition == .applied)
        #expect(try await desk.facts().count == before)
        let kept = try await desk.show("s-1").receipts
        #expect(kept.count == 1)
    }

    @Test func `other bytes with the same verdicts are kept as further evidence`() async throws {
        let (desk, sent, collector) = try await onWire()
        let answers: [Answer] = [.accepted(1), .accepted(2), .accepted(3)]
        try await collector.take(receipt(for: sent, answers, id: "r-1"))
        let second = try await collector.take(receipt(for: sent, answers, id: "r-2"))
        #expect(second.disposition == .duplicate)
        #expect(try await desk.show("s-1").receipts.count == 2)
        #expect(try await desk.kinds().filter { $0 == "acknowledged" }.count == 1)
    }

    @Test func `another verdict for a final record freezes it, and only it`() async throws {
        let (desk, sent, collector) = try await onWire()
        try await collector.take(
            receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)], id: "r-1"))
        let second = try await collector.take(receipt(for: sent, [.rejected(2)], id: "r-2"))
        #expect(second.disposition == .conflict)
        #expect(try await desk.itemStates("s-1") == [.accepted, .disputed, .accepted])
        #expect(try await desk.show("s-1").items[1].serial == "N2")
        let disputes = try await desk.facts().compactMap { fact -> Fact.Disputed? in
            if case .disputed(let dispute) = fact { dispute } else { nil }
        }
        #expect(disputes.map(\.record) == [recordID(2)])
        #expect(disputes.first?.receipt == second.digest)
        let standing = try await desk.database.read {
            try desk.outbox.standing(of: [recordID(1), recordID(2)], in: $0)
        }
        #expect(standing.map(\.isFrozen) == [false, true])
    }

    @Test func `a receipt may come while its bytes are still on the wire`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        let claim = try await desk.send(sent)
        try await desk.collector().take(
            receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)]))
        #expect(try await desk.state("s-1") == .final)
        #expect(try await desk.settle(claim, .failed(.uncertain(.init(.timeout)))))
        #expect(try await desk.state("s-1") == .final)
        #expect(try await desk.show("s-1").attempts.first?.outcome == "T-TIMEOUT")
    }

    @Test func `a late receipt ends what is held`() async throws {
        let (desk, sent, collector) = try await onWire()
        let now = desk.clock.now
        try await desk.database.write {
            try desk.outbox.hold(
                sent.id, Decision(by: "lin", because: "x"), now: now, in: $0)
        }
        let part = try await collector.take(receipt(for: sent, [.accepted(1)], id: "r-1"))
        #expect(part.disposition == .applied)
        #expect(try await desk.state("s-1") == .held)
        try await collector.take(
            receipt(for: sent, [.accepted(2), .rejected(3)], id: "r-2"))
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `a part leaves the others open, and pending ones too`() async throws {
        let (desk, sent, collector) = try await onWire()
        try await collector.take(receipt(for: sent, [.accepted(1), .pending(2)], id: "r-1"))
        #expect(try await desk.state("s-1") == .awaiting)
        #expect(try await desk.itemStates("s-1") == [.accepted, .open, .open])
        try await collector.take(receipt(for: sent, [.rejected(2), .pending(3)], id: "r-2"))
        try await collector.take(receipt(for: sent, [.accepted(3)], id: "r-3"))
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `received means that they have it and nothing more`() async throws {
        let (desk, sent, collector) = try await onWire()
        let taken = try await collector.take(receipt(for: sent, [], status: "received"))
        #expect(taken.disposition == .applied)
        #expect(try await desk.state("s-1") == .awaiting)
        #expect(try await desk.itemStates("s-1") == [.open, .open, .open])
    }

    @Test func `duplicate counts as accepted`() async throws {
        let (desk, sent, collector) = try await onWire()
        try await collector.take(
            receipt(
                for: sent,
                [
                    Answer(number: 1, status: "duplicate", serial: "N-FIRST"),
                    Answer(
                        number: 2, status: "accepted-with-warnings", code: "0100", serial: "N2"),
                    .accepted(3),
                ]))
        #expect(try await desk.itemStates("s-1") == [.accepted, .accepted, .accepted])
        #expect(try await desk.show("s-1").items[0].serial == "N-FIRST")
    }

    @Test(
        arguments: [
            [Answer.accepted(1), .accepted(9)],
            [.accepted(1), .accepted(1)],
            [.accepted(1), Answer(number: 2, version: 7, status: "accepted")],
        ])
    func `entries that were not asked, or twice, apply nothing and hold the submission`(
        answers: [Answer]
    ) async throws {
        let (desk, sent, collector) = try await onWire()
        let taken = try await collector.take(receipt(for: sent, answers))
        #expect(taken.disposition == .malformed)
        #expect(try await desk.itemStates("s-1") == [.open, .open, .open])
        #expect(try await desk.show("s-1").line.reason == "Q-RECEIPT")
    }

    @Test func `a receipt for an unknown submission is kept, and fits after a restore`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", records)
        let document = try receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        let taken = try await desk.collector().take(document)
        #expect(taken.disposition == .unknown)
        try await desk.send(sent)
        try await desk.collector().applyStored()
        #expect(try await desk.state("s-1") == .final)
        #expect(try await desk.show("s-1").receipts.map(\.disposition) == ["applied"])
    }

    @Test func `a receipt for what we never sent waits until it was sent, as after a backup`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let waiting = try parcel("s-1", records)
        try await desk.enqueue(waiting)
        let taken = try await desk.collector().take(receipt(for: waiting, [.accepted(1)]))
        #expect(taken.disposition == .unknown)
        #expect(try await desk.state("s-1") == .due)
        #expect(try await desk.itemStates("s-1") == [.open, .open, .open])
        let claim = try #require(try await desk.claim().last)
        #expect(try await desk.mark(claim) != nil)
        let again = try await desk.collector().take(receipt(for: waiting, [.accepted(1)]))
        #expect(again.disposition == .applied)
        #expect(try await desk.itemStates("s-1") == [.accepted, .open, .open])
    }

    @Test func `another sender or another digest changes nothing`() async throws {
        let (desk, sent, collector) = try await onWire()
        let answers: [Answer] = [.accepted(1), .accepted(2), .accepted(3)]
        let strange = try signed(
            receiptBytes(for: sent, answers, sender: "91990101MA0000T1XG"))
        let other = try signed(
            receiptBytes(for: sent, answers, digest: String(repeating: "0", count: 64)))
        let elsewhere = try signed(
            receiptBytes(
                for: sent, answers, sender: "91990101MA0000T1XG", submission: "s-elsewhere"))
        #expect(try await collector.take(strange).disposition == .misaddressed)
        #expect(try await collector.take(other).disposition == .misaddressed)
        #expect(try await collector.take(elsewhere).disposition == .misaddressed)
        #expect(try await desk.state("s-1") == .onWire)
        #expect(try await desk.itemStates("s-1") == [.open, .open, .open])
    }

    @Test func `what is unsigned, wrongly signed or changed is kept and changes nothing`()
        async throws
    {
        let (desk, sent, collector) = try await onWire()
        let bytes = receiptBytes(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        let unsigned = SignedDocument(bytes: bytes, signature: nil, key: "national-2026")
        let changed = SignedDocument(
            bytes: bytes + [0x20], signature: try Keys.nation.sign(bytes), key: "national-2026")
        let unknownKey = SignedDocument(
            bytes: bytes + [0x0A], signature: try Keys.nation.sign(bytes + [0x0A]),
            key: "national-1999")
        for document in [
            unsigned, changed, unknownKey, try signed(bytes + [0x09], by: Keys.stranger),
        ] {
            #expect(try await collector.take(document).disposition == .forged)
        }
        #expect(try await desk.state("s-1") == .onWire)
        let kept = try await desk.database.read {
            try $0.run("SELECT count(*) FROM receipt_body")[0].int(0)
        }
        // One of them may yet count: its key may be added. Of the others the digest is enough.
        #expect(kept == 1)
    }

    @Test func `bytes that came unsigned first count once they come signed`() async throws {
        let (desk, sent, collector) = try await onWire()
        let bytes = receiptBytes(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        let unsigned = SignedDocument(bytes: bytes, signature: nil, key: nil)
        #expect(try await collector.take(unsigned).disposition == .forged)
        #expect(try await collector.take(unsigned).disposition == .forged)
        #expect(try await collector.take(signed(bytes)).disposition == .applied)
        #expect(try await collector.take(unsigned).disposition == .applied)
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `a signed document that is no receipt is malformed`() async throws {
        let (desk, _, collector) = try await onWire()
        let taken = try await collector.take(signed(Array("<Nonsense/>".utf8)))
        #expect(taken.disposition == .malformed)
        #expect(try await desk.state("s-1") == .onWire)
    }

    @Test func `an unknown code is not guessed, and is read again once it is known`()
        async throws
    {
        let (desk, sent, collector) = try await onWire()
        let taken = try await collector.take(
            receipt(for: sent, [.accepted(1), .rejected(2, "E2999"), .accepted(3)]))
        #expect(taken.disposition == .stored)
        #expect(try await desk.itemStates("s-1") == [.accepted, .unknown, .accepted])
        #expect(try await desk.show("s-1").line.reason == "Q-CODE")
        let before = try await desk.facts().count
        try await collector.applyStored()
        #expect(try await desk.facts().count == before)
        let wiser = AcknowledgementCodes([
            AcknowledgementCode(
                code: "E2999", effect: .final, meaning: Wording(zh: "新", en: "new"),
                repair: "clinic")
        ])
        try await desk.collector(wiser).applyStored()
        #expect(try await desk.itemStates("s-1") == [.accepted, .rejected, .accepted])
        #expect(try await desk.state("s-1") == .final)
        #expect(try await desk.show("s-1").receipts.map(\.disposition) == ["applied"])
    }

    /// Found by the simulator: seed 5488, `person,tooLarge,unknownCode`.
    @Test func `a 413 leaves what waits for its code where it is`() async throws {
        let (desk, sent, collector) = try await onWire()
        try await collector.take(
            receipt(for: sent, [.accepted(1), .rejected(2, "E2999"), .accepted(3)]))
        let now = desk.clock.now
        try await desk.database.write { transaction in
            try desk.outbox.retry(
                sent.id, Decision(by: "invented", because: "once more"), now: now,
                in: transaction)
        }
        let claim = try #require(try await desk.claim().first)
        #expect(try await desk.mark(claim) != nil)
        try await desk.settle(claim, .failed(.refused(.init(.tooLarge))))
        #expect(try await desk.itemStates("s-1") == [.accepted, .unknown, .accepted])
        #expect(try await desk.state("s-1") == .held)
        #expect(try await desk.show("s-1").line.reason == "Q-CODE")
    }

    @Test(
        arguments: [
            ("E1001", ItemState.rejected, DeliveryState.final), ("E5001", .transient, .final),
            ("E9999", .unknown, .held),
        ])
    func `a refusal answers for the whole document`(
        code: String, item: ItemState, state: DeliveryState
    ) async throws {
        let (desk, sent, collector) = try await onWire()
        try await collector.take(receipt(for: sent, [], status: "refused", code: code))
        #expect(try await desk.itemStates("s-1") == [item, item, item])
        #expect(try await desk.state("s-1") == state)
    }

    @Test func `bytes stored before a crash are applied at the start`() async throws {
        let (desk, sent, _) = try await onWire()
        let cut = CutDatabase(desk.database, writes: 1, isAfterCommit: false)
        let dying = Collector(
            database: cut, outbox: desk.outbox, endpoint: try endpoint(), clock: desk.clock.clock)
        let document = try receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        await #expect(throws: PowerCut.self) { try await dying.take(document) }
        #expect(try await desk.state("s-1") == .onWire)
        try await desk.collector().applyStored()
        #expect(try await desk.state("s-1") == .final)
    }

    /// Found by the simulator: seed 91, `forged,unknownCode`.
    @Test func `what waits for its code stays genuine when its bytes come again unsigned`()
        async throws
    {
        let (desk, sent, collector) = try await onWire()
        let genuine = try receipt(for: sent, [.rejected(1, "E2999"), .accepted(2), .accepted(3)])
        let unsigned = SignedDocument(bytes: genuine.bytes, signature: nil, key: nil)
        #expect(try await collector.take(genuine).disposition == .stored)
        #expect(try await collector.take(unsigned).disposition == .stored)
        let kept = try await desk.show("s-1").receipts
        #expect(kept.map(\.disposition) == ["stored"])
        let digest = try #require(kept.first?.digest)
        let stored = try await desk.database.read { try desk.outbox.receipt(digest, in: $0) }
        #expect(stored?.signature == genuine.signature)
    }

    @Test func `bytes stored unsigned before a crash count once they come signed`() async throws {
        let (desk, sent, collector) = try await onWire()
        let genuine = try receipt(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        let unsigned = SignedDocument(bytes: genuine.bytes, signature: nil, key: nil)
        let cut = CutDatabase(desk.database, writes: 1, isAfterCommit: false)
        let dying = Collector(
            database: cut, outbox: desk.outbox, endpoint: try endpoint(), clock: desk.clock.clock)
        await #expect(throws: PowerCut.self) { try await dying.take(unsigned) }
        #expect(try await collector.take(genuine).disposition == .applied)
        let digest = try #require(try await desk.show("s-1").receipts.first?.digest)
        let stored = try await desk.database.read { try desk.outbox.receipt(digest, in: $0) }
        #expect(stored?.signature == genuine.signature)
        #expect(try await desk.state("s-1") == .final)
    }
}
