import DatabaseKit
import Delivery
import Evidence
import Records
import Storage
import Testing

/// Each damage is caught, by its own invariant and by no other.
struct InvariantTests {
    /// A damage that somebody with a tool could do, and the invariant that finds it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let id: String
        let statements: [SQL]
        var testDescription: String { id }

        init(_ id: String, _ statements: SQL...) {
            self.id = id
            self.statements = statements
        }
    }

    /// Answered `s-1`, frozen `s-2`, received `s-3`, and `s-4` that is due.
    private func finished() async throws -> DeliveryDesk {
        let desk = try await DeliveryDesk()
        let collector = try desk.collector()
        let first = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.settle(try await desk.send(first), .answered("HTTP-202"))
        _ = try await collector.take(receipt(for: first, [.accepted(1), .rejected(2)]))
        let second = try parcel("s-2", [submitted(3)])
        try await desk.settle(try await desk.send(second), .answered("HTTP-202"))
        _ = try await collector.take(receipt(for: second, [.accepted(3)], id: "r-2"))
        _ = try await collector.take(receipt(for: second, [.rejected(3)], id: "r-3"))
        let third = try parcel("s-3", [submitted(4), submitted(5)])
        try await desk.settle(try await desk.send(third), .answered("HTTP-202"))
        _ = try await collector.take(
            receipt(for: third, [], id: "r-4", status: "received"))
        try await desk.enqueue(parcel("s-4", [submitted(6)]))
        #expect(try await desk.state("s-2") == .final)
        #expect(try await desk.itemStates("s-2") == [.disputed])
        #expect(try await desk.state("s-3") == .awaiting)
        return desk
    }

    private static let damages = [
        Damage(
            "I05",
            """
            INSERT INTO item (submission, position, record, version, action, state, at)
            SELECT 's-1', 9, record, version, action, 'transient', at FROM item
            WHERE submission = 's-3' AND position = 0
            """, "UPDATE submission SET record_count = record_count + 1 WHERE id = 's-1'"),
        Damage("I08", "UPDATE submission SET record_count = record_count + 1 WHERE id = 's-1'"),
        Damage("I09", "UPDATE submission SET state = 'awaiting' WHERE id = 's-1'"),
        Damage("I09", "UPDATE submission SET state = 'final' WHERE id = 's-3'"),
        Damage(
            "I10",
            "UPDATE submission SET state = 'leased', lease_owner = 'x' WHERE id = 's-4'"),
        Damage(
            "I11",
            """
            UPDATE attempt SET wire_digest = (SELECT wire_digest FROM submission WHERE id = 's-2')
            WHERE submission = 's-1'
            """),
        Damage("I12", "DELETE FROM attempt WHERE submission = 's-3'"),
        Damage(
            "I12", "UPDATE submission SET state = 'cancelled' WHERE id = 's-3'",
            "UPDATE item SET state = 'void' WHERE submission = 's-3'"),
        Damage("I13", "UPDATE attempt SET fence = fence + 100 WHERE submission = 's-1'"),
        Damage("I14", "UPDATE receipt SET disposition = 'forged' WHERE submission = 's-1'"),
        Damage("I14", "UPDATE receipt SET endpoint = 'another' WHERE submission = 's-1'"),
        Damage(
            "I15", "UPDATE item SET state = 'rejected' WHERE submission = 's-1' AND position = 0"),
        Damage(
            "I16",
            """
            UPDATE item SET state = 'accepted', receipt = (SELECT digest FROM receipt
                WHERE submission = 's-3') WHERE submission = 's-3' AND position = 1
            """),
        Damage(
            "I16",
            "UPDATE item SET state = 'disputed' WHERE submission = 's-3' AND position = 1"),
        Damage(
            "I17",
            """
            INSERT INTO receipt (digest, endpoint, received, disposition)
            VALUES ('00', 'reference-1', 0, 'stored')
            """),
        Damage("I24", "UPDATE ledger SET prev = hash WHERE seq = 2"),
        // Neither its time nor its words may be others, though every link holds.
        Damage("I24", "UPDATE ledger SET at = at + 1 WHERE seq = 2"),
        Damage("I24", "UPDATE ledger SET body = body || ' ' WHERE seq = 2"),
        Damage("I24", "DELETE FROM ledger WHERE seq = 3"),
    ]

    @Test func `a queue that was worked on as it should be breaks none`() async throws {
        try await finished().assertInvariants()
    }

    @Test(arguments: damages)
    func `a damage is found by its own invariant alone`(_ damage: Damage) async throws {
        let desk = try await finished()
        try await desk.database.write { transaction in
            for name in ["ledger_keeps_lines", "ledger_keeps_all_lines"] {
                try transaction.run(TestDatabase.chosen.dropTrigger(name, "ledger"))
            }
            for statement in damage.statements { try transaction.run(statement) }
        }
        let broken = try await desk.brokenInvariants()
        #expect(Set(broken.keys) == [damage.id], "\(broken)")
        #expect(broken.values.allSatisfy { !$0.isEmpty && $0.count <= 2 })
    }

    @Test func `a receipt that came just now is given its time`() async throws {
        let desk = try await finished()
        let now = desk.clock.now
        try await desk.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO receipt (digest, endpoint, received, disposition)
                VALUES ('00', 'reference-1', \(now.adding(seconds: -899).microseconds), 'stored')
                """)
        }
        try await desk.assertInvariants()
    }

    @Test func `every invariant of the queue has its damage here`() {
        let known = Set((Ledger.invariants + Outbox.invariants).map(\.id))
        #expect(known == Set(InvariantTests.damages.map(\.id)))
    }
}

extension DeliveryDesk {
    /// Where the queue or the ledger is not as it always is, by the invariant.
    func brokenInvariants() async throws -> [String: [String]] {
        let now = clock.now
        return try await database.read { transaction in
            var broken: [String: [String]] = [:]
            for invariant in Ledger.invariants + Outbox.invariants {
                let places = try invariant.violations(in: transaction, now: now)
                if !places.isEmpty { broken[invariant.id] = places }
            }
            return broken
        }
    }

    /// The queue and the ledger are as they always are.
    func assertInvariants(_ place: SourceLocation = #_sourceLocation) async throws {
        let broken = try await brokenInvariants()
        #expect(broken.isEmpty, "\(broken)", sourceLocation: place)
    }
}
