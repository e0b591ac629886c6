import DatabaseKit
import Delivery
import Evidence
import LibCrypto
import Records
import Storage
import Testing

struct OutboxTests {
    @Test func `a parcel comes back as it was queued`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.enqueue(sent)
        let kept = try await desk.database.read { try desk.outbox.parcel(of: sent.id, in: $0) }
        #expect(kept?.wire == sent.wire)
        #expect(kept?.signature == sent.signature)
        #expect(kept?.ownKey == sent.ownKey)
        #expect(kept?.records == sent.records)
        #expect(kept?.digest == sent.digest)
    }

    @Test func `a record that is open elsewhere cannot be queued again`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        let second = try parcel("s-2", [submitted(2), submitted(1, version: 2)])
        await #expect(throws: StorageFailure.self) { try await desk.enqueue(second) }
        let counts = try await desk.database.read { try desk.outbox.counts(in: $0) }
        #expect(counts == [.due: 1])
    }

    @Test func `claims come in order, up to the limit, and no submission twice`() async throws {
        let desk = try await DeliveryDesk()
        for number in 1...3 {
            try await desk.enqueue(
                try parcel(
                    "s-\(number)", [submitted(number)],
                    created: monday.adding(seconds: Int64(-number))))
        }
        #expect(try await desk.claim(limit: 2).map(\.submission.text) == ["s-3", "s-2"])
        #expect(try await desk.claim(limit: 2).map(\.submission.text) == ["s-1"])
        #expect(try await desk.claim(limit: 2).isEmpty)
    }

    @Test func `every attempt sends the same bytes`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(sent)
        for number in 1...4 {
            let claim = try #require(try await desk.claim().first)
            let shipment = try #require(try await desk.mark(claim))
            #expect(shipment.wire == sent.wire)
            #expect(shipment.signature == sent.signature)
            try await desk.settle(claim, .failed(.notSent(.init(.unreachable))))
            desk.clock.advance(seconds: 7200)
            #expect(try await desk.show("s-1").attempts.count == number)
        }
        let digests = try await desk.database.read {
            try $0.run("SELECT DISTINCT wire_digest FROM attempt").map { try $0.bytes(0) }
        }
        #expect(digests == [sent.wireDigest])
    }

    @Test func `bytes that changed on disk are not sent`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        try await desk.database.write { transaction in
            try transaction.run(TestDatabase.chosen.dropTrigger("block_stays", "block"))
            try transaction.run("UPDATE block SET wire = \([UInt8]([1, 2, 3]))")
        }
        let claim = try #require(try await desk.claim().first)
        #expect(try await desk.mark(claim) == nil)
        let line = try await desk.show("s-1").line
        #expect(line.state == .held)
        #expect(line.reason == "Q-BYTES")
        #expect(try await desk.kinds() == ["intervened"])
    }

    @Test func `stored bytes cannot be changed`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        await #expect(throws: StorageFailure.self) {
            try await desk.database.write { try $0.run("UPDATE block SET wire = 'x'") }
        }
    }

    @Test func `an older fence changes nothing`() async throws {
        let desk = try await DeliveryDesk()
        let stale = try await desk.send(try parcel("s-1", [submitted(1)]))
        let next = Outbox(epoch: "epoch-2")
        let now = desk.clock.now
        try await desk.database.write { _ = try next.recover(now: now, in: $0) }
        try await desk.database.write { transaction in
            let questions = try next.questions(
                endpoint: profile, limit: 9, now: now.adding(seconds: 60), in: transaction)
            for question in questions {
                try next.settle(question, .unknown, now: now, random: 0, in: transaction)
            }
        }
        let fresh = try #require(try await desk.claim(by: next).first)
        #expect(fresh.fence == stale.fence + 1)
        #expect(try await desk.mark(fresh, by: next) != nil)
        let before = try await desk.show("s-1")
        #expect(try await desk.settle(stale, .answered("HTTP-202")) == false)
        #expect(try await desk.mark(stale) == nil)
        let released = try await desk.database.write {
            try desk.outbox.release(stale, nextStep: now, in: $0)
        }
        #expect(!released)
        let after = try await desk.show("s-1")
        #expect(after.line.state == .onWire)
        #expect(after.attempts.map(\.outcome) == before.attempts.map(\.outcome))
    }

    @Test func `a claim that was given back is no claim on the next lease`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        let old = try #require(try await desk.claim().first)
        let now = desk.clock.now
        try await desk.database.write { try desk.outbox.release(old, nextStep: now, in: $0) }
        let new = try #require(try await desk.claim().first)
        #expect(try await desk.mark(old) == nil)
        #expect(try await desk.state("s-1") == .leased)
        #expect(try await desk.mark(new) != nil)
    }

    @Test func `a list shows the newest first and by state`() async throws {
        let desk = try await DeliveryDesk()
        for number in 1...4 {
            try await desk.enqueue(try parcel("s-\(number)", [submitted(number)]))
        }
        _ = try await desk.claim(limit: 1)
        let (all, due, leased) = try await desk.database.read { transaction in
            (
                try desk.outbox.list(limit: 3, in: transaction),
                try desk.outbox.list(.due, limit: 10, in: transaction),
                try desk.outbox.list(.leased, limit: 10, in: transaction)
            )
        }
        #expect(all.map(\.submission.text) == ["s-4", "s-3", "s-2"])
        #expect(due.count == 3)
        #expect(leased.count == 1)
    }
}

struct RecoveryTests {
    @Test func `what another process leased is due, what it had on the wire is in doubt`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await desk.send(try parcel("s-1", [submitted(1)]))
        try await desk.enqueue(try parcel("s-2", [submitted(2)]))
        _ = try await desk.claim()
        let next = Outbox(epoch: "epoch-2")
        let now = desk.clock.now
        let taken = try await desk.database.write { try next.recover(now: now, in: $0) }
        #expect(taken.count == 2)
        #expect(taken.reclaims == [.leased: 1, .onWire: 1])
        #expect(try await desk.state("s-1") == .inDoubt)
        #expect(try await desk.show("s-1").attempts.first?.outcome == "T-BROKEN")
        #expect(try await desk.state("s-2") == .due)
        #expect(try await desk.claim(by: next).map(\.submission.text) == ["s-2"])
        let again = try await desk.database.write { try next.recover(now: now, in: $0) }
        #expect(again.count == 0 && again.reclaims.isEmpty)
    }

    @Test func `what was cancelled can be packed anew, and goes`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1), submitted(2)]))
        let (id, now) = (SubmissionID("s-1"), desk.clock.now)
        let decision = Decision(by: "lin", because: "x")
        try await desk.database.write { try desk.outbox.cancel(id, decision, now: now, in: $0) }
        #expect(try await desk.itemStates("s-1") == [.void, .void])
        try await desk.database.write { try desk.outbox.repack(id, decision, now: now, in: $0) }
        desk.clock.advance(seconds: 3600)
        let later = desk.clock.now
        let found = try await desk.database.read {
            try desk.outbox.repackable(now: later, in: $0)
        }
        #expect(found.map(\.positions) == [[0, 1]])
        try await desk.enqueue(try parcel("s-2", [submitted(1), submitted(2)]))
        #expect(try await desk.itemStates("s-1") == [.repacked, .repacked])
        #expect(try await desk.claim().map(\.submission.text) == ["s-2"])
    }

    @Test func `what was not delivered in seven days is held`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        try await desk.send(try parcel("s-2", [submitted(2)]))
        desk.clock.advance(seconds: 7 * 86_400 + 1)
        let now = desk.clock.now
        try await desk.database.write {
            _ = try Outbox(epoch: "epoch-2").recover(now: now, in: $0)
            try desk.outbox.expire(endpoint: profile, now: now, in: $0)
        }
        #expect(try await desk.show("s-1").line.reason == "Q-DEADLINE")
        #expect(try await desk.show("s-2").line.reason == "Q-DEADLINE")
    }
}

struct InterventionTests {
    private let decision = Decision(by: "lin", because: "a reason")

    private func failure(_ work: () async throws -> Void) async -> OutboxFailure.Reason? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? OutboxFailure)?.reason
        }
    }

    @Test func `hold, release, retry and cancel each leave a fact with name and reason`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let id = SubmissionID("s-1")
        let decision = decision
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        let now = desk.clock.now
        try await desk.database.write { transaction in
            try desk.outbox.hold(id, decision, now: now, in: transaction)
            try desk.outbox.release(id, decision, now: now, in: transaction)
            try desk.outbox.hold(id, decision, now: now, in: transaction)
            try desk.outbox.retry(id, decision, now: now, in: transaction)
            try desk.outbox.cancel(id, decision, now: now, in: transaction)
        }
        #expect(try await desk.state("s-1") == .cancelled)
        #expect(try await desk.itemStates("s-1") == [.void])
        let steps = try await desk.facts().compactMap { fact -> String? in
            guard case .intervened(let step) = fact, step.by == "lin",
                step.because == "a reason"
            else { return nil }
            return step.step
        }
        #expect(steps == ["held", "released", "held", "retried", "cancelled"])
        // The record is free again.
        try await desk.enqueue(try parcel("s-2", [submitted(1)]))
    }

    @Test func `what may have been sent cannot be cancelled, and is asked for when released`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let id = SubmissionID("s-1")
        let decision = decision
        try await desk.send(try parcel("s-1", [submitted(1)]))
        let now = desk.clock.now
        let refusal = await failure {
            try await desk.database.write {
                try desk.outbox.cancel(id, decision, now: now, in: $0)
            }
        }
        #expect(refusal == .mayHaveBeenSent)
        try await desk.database.write { transaction in
            try desk.outbox.hold(id, decision, now: now, in: transaction)
            try desk.outbox.release(id, decision, now: now, in: transaction)
        }
        #expect(try await desk.state("s-1") == .inDoubt)
    }

    @Test func `an attempt of which nothing left does not stand in the way of cancelling`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let claim = try await desk.send(try parcel("s-1", [submitted(1)]))
        try await desk.settle(claim, .failed(.notSent(.init(.unreachable))))
        let now = desk.clock.now
        let decision = decision
        try await desk.database.write {
            try desk.outbox.cancel(SubmissionID("s-1"), decision, now: now, in: $0)
        }
        #expect(try await desk.state("s-1") == .cancelled)
    }

    @Test func `a step that does not fit the state changes nothing`() async throws {
        let desk = try await DeliveryDesk()
        let decision = decision
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        let now = desk.clock.now
        let wrong = await failure {
            try await desk.database.write {
                try desk.outbox.retry(SubmissionID("s-1"), decision, now: now, in: $0)
            }
        }
        let none = await failure {
            try await desk.database.write {
                try desk.outbox.hold(SubmissionID("s-9"), decision, now: now, in: $0)
            }
        }
        #expect(wrong == .wrongState)
        #expect(none == .unknownSubmission)
        #expect(try await desk.kinds().isEmpty)
    }

    /// P-08: the mutant `no-fence-after-the-question`.
    @Test func `an answer to a question of before the last send says nothing of it`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        func sendInVain() async throws {
            let claim = try #require(try await desk.claim().first)
            #expect(try await desk.mark(claim) != nil)
            try await desk.settle(claim, .failed(.uncertain(.init(.broken))))
            #expect(try await desk.state("s-1") == .inDoubt)
            desk.clock.advance(seconds: 60)
        }
        try await sendInVain()
        let then = desk.clock.now
        let question = try #require(
            try await desk.database.read {
                try desk.outbox.questions(endpoint: profile, limit: 1, now: then, in: $0)
            }.first)
        func answer() async throws -> Bool {
            let now = desk.clock.now
            return try await desk.database.write {
                try desk.outbox.settle(question, .unknown, now: now, random: 0.5, in: $0)
            }
        }
        #expect(try await answer())
        #expect(try await desk.state("s-1") == .due)
        try await sendInVain()
        #expect(try await answer() == false)
        #expect(try await desk.state("s-1") == .inDoubt)
    }

    @Test func `every code of delivery has words in both languages, and stands once`() {
        #expect(Set(deliveryCodes.map(\.code)).count == deliveryCodes.count)
        for entry in deliveryCodes {
            #expect(!entry.what.zh.isEmpty && !entry.what.en.isEmpty)
            #expect(!entry.next.zh.isEmpty && !entry.next.en.isEmpty)
        }
    }
}
