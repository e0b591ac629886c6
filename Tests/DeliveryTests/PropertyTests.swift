import Delivery
import Evidence
import Records
import Storage
import Testing

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct PropertyTests {
    /// What is known in the end, apart from when and by which of several like receipts.
    private struct Known: Equatable {
        let state: DeliveryState
        let items: [ItemState]
        let codes: [String?]
        let serials: [String?]
        let standings: [RecordStanding]
    }

    private func known(
        after documents: [SignedDocument], on sent: Parcel
    ) async throws -> Known {
        let desk = try await DeliveryDesk()
        try await desk.send(sent)
        let collector = try desk.collector()
        for document in documents { try await collector.take(document) }
        let entry = try await desk.show(sent.id.text)
        let standings = try await desk.database.read {
            try desk.outbox.standing(of: sent.records.map(\.record), in: $0)
        }
        return Known(
            state: entry.line.state, items: entry.items.map(\.state),
            codes: entry.items.map(\.code), serials: entry.items.map(\.serial),
            standings: standings)
    }

    /// Receipts that together answer all records and never contradict each other.
    private func agreeingReceipts(
        for sent: Parcel, _ numbers: inout SeededNumbers
    ) throws -> [SignedDocument] {
        let verdicts = sent.records.indices.map { place -> Answer in
            Bool.random(using: &numbers) ? .accepted(place) : .rejected(place)
        }
        var documents = [try receipt(for: sent, [], id: "r-first", status: "received")]
        for number in 0..<6 {
            let part = verdicts.filter { _ in Bool.random(using: &numbers) }.map { answer in
                Int.random(in: 0..<4, using: &numbers) == 0 ? .pending(answer.number) : answer
            }
            documents.append(try receipt(for: sent, part, id: "r-\(number)"))
        }
        documents.append(try receipt(for: sent, verdicts, id: "r-last"))
        return documents
    }

    @Test(arguments: 1...6)
    func `receipts in any order and any number of times give the same`(seed: Int) async throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let sent = try parcel("s-1", (0..<5).map { submitted($0) })
        let documents = try agreeingReceipts(for: sent, &numbers)
        let expected = try await known(after: documents, on: sent)
        #expect(expected.state == .final)
        for _ in 0..<4 {
            var order = documents + documents.filter { _ in Bool.random(using: &numbers) }
            order.shuffle(using: &numbers)
            #expect(try await known(after: order, on: sent) == expected, "seed \(seed)")
        }
    }

    @Test(arguments: 1...6)
    func `contradicting receipts end in a dispute in any order`(seed: Int) async throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let sent = try parcel("s-1", (0..<3).map { submitted($0) })
        var documents = [
            try receipt(for: sent, [.accepted(0), .accepted(1), .rejected(2)], id: "a"),
            try receipt(for: sent, [.rejected(0), .rejected(2, "E5001")], id: "b"),
            try receipt(for: sent, [.accepted(0), .pending(1)], id: "c"),
        ]
        documents += documents
        documents.shuffle(using: &numbers)
        let end = try await known(after: documents, on: sent)
        #expect(end.items == [.disputed, .accepted, .rejected], "seed \(seed)")
        #expect(end.standings[0].isFrozen)
        #expect(end.standings[0].versionInForce == nil)
    }

    /// An acceptance and its reversal agree in any order; with a plain rejection neither does.
    @Test(arguments: 1...8)
    func `a reversal in any order ends reversed, and in a dispute beside a rejection`(seed: Int)
        async throws
    {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let sent = try parcel("s-1", (0..<4).map { submitted($0) })
        var documents = [
            try receipt(
                for: sent, [.accepted(0), .accepted(1), .rejected(2), .accepted(3)], id: "a"),
            try receipt(for: sent, [.rejected(0, "E3301"), .rejected(2, "E3301")], id: "b"),
            try receipt(for: sent, [.rejected(3, "E3301"), .accepted(0)], id: "c"),
            try receipt(for: sent, [.rejected(3)], id: "d"),
        ]
        documents += documents
        documents.shuffle(using: &numbers)
        let end = try await known(after: documents, on: sent)
        #expect(end.items == [.reversed, .accepted, .disputed, .disputed], "seed \(seed)")
        #expect(end.standings[0].versionInForce == nil && !end.standings[0].isFrozen)
        #expect(end.standings[1].versionInForce == 1)
        #expect(end.codes[0] == "E3301" && end.serials[0] == nil)
    }

    /// A process that dies at every one of its writes in turn, before or after the commit.
    @Test(arguments: [false, true])
    func `whatever write a process dies at, each record has one effect and one verdict`(
        isAfterCommit: Bool
    ) async throws {
        var writes = -1
        var hasDied = true
        while hasDied {
            writes += 1
            hasDied = false
            let desk = try await DeliveryDesk()
            let parcels = try (1...2).map { number in
                try parcel("s-\(number)", (0..<3).map { submitted(number * 100 + $0) })
            }
            for parcel in parcels { try await desk.enqueue(parcel) }
            let nation = PretendNation(parcels)
            await nation.next([.later, .storeAndLose(.uncertain(.init(.broken)))])
            let cut = CutDatabase(desk.database, writes: writes, isAfterCommit: isAfterCommit)
            let dying = try desk.courier(nation, over: cut)
            do {
                try await dying.start()
                for _ in 0..<3 {
                    try await dying.round(limit: 2)
                    desk.clock.advance(seconds: 60)
                }
            } catch is PowerCut {
                // What is on disk is all that the next process has.
                hasDied = true
            }
            let next = try desk.courier(nation, epoch: "epoch-2")
            try await next.start()
            for _ in 0..<4 {
                desk.clock.advance(seconds: 700)
                try await next.round(limit: 2)
            }
            for parcel in parcels {
                let id = parcel.id.text
                #expect(try await desk.state(id) == .final, "died at write \(writes)")
                #expect(try await desk.itemStates(id) == [.accepted, .accepted, .rejected])
                #expect(await nation.sent[parcel.id]?.allSatisfy { $0 == parcel.wire } == true)
            }
            #expect(await nation.effects.values.allSatisfy { $0 == 1 })
            let verdicts = try await desk.facts().flatMap { fact -> [RecordID] in
                if case .acknowledged(let told) = fact { told.verdicts.map(\.record) } else { [] }
            }
            #expect(verdicts.count == 6 && Set(verdicts).count == 6, "died at write \(writes)")
            #expect(try await desk.broken().isEmpty, "died at write \(writes)")
        }
        #expect(writes > 15)
    }
}

extension DeliveryDesk {
    /// The invariants that must hold at any moment; the names of those that do not.
    func broken() async throws -> [String] {
        let checks: [(String, SQL)] = [
            (
                "as many items as were counted",
                """
                SELECT id FROM submission WHERE record_count
                    <> (SELECT count(*) FROM item WHERE item.submission = submission.id)
                """
            ),
            (
                "final means that no item is open",
                """
                SELECT id FROM submission JOIN item ON item.submission = submission.id
                WHERE submission.state = 'final' AND item.state IN ('open', 'unknown')
                """
            ),
            (
                "all attempts had the same bytes",
                """
                SELECT attempt.submission FROM attempt
                JOIN submission ON submission.id = attempt.submission
                WHERE attempt.wire_digest <> submission.wire_digest
                """
            ),
            (
                "no fence is beyond the submission's",
                """
                SELECT attempt.submission FROM attempt
                JOIN submission ON submission.id = attempt.submission
                WHERE attempt.fence > submission.fence
                """
            ),
            (
                "what was answered had been on the wire",
                """
                SELECT id FROM submission WHERE state IN ('onWire', 'inDoubt', 'awaiting', 'final')
                    AND NOT EXISTS (SELECT 1 FROM attempt
                        WHERE attempt.submission = submission.id AND on_wire = 1)
                """
            ),
            (
                "a verdict rests on a receipt that was applied",
                """
                SELECT item.record FROM item LEFT JOIN receipt ON receipt.digest = item.receipt
                WHERE item.state IN ('accepted', 'rejected')
                    AND (receipt.disposition IS NULL
                        OR receipt.disposition NOT IN ('applied', 'conflict', 'stored'))
                """
            ),
        ]
        let tables = try await database.read { transaction in
            try checks.filter { try !transaction.run($0.1).isEmpty }.map(\.0)
        }
        let chain = try await database.read { try Ledger().verify(in: $0) }
        return tables + (chain.fault == nil ? [] : ["the chain is whole"])
    }
}
