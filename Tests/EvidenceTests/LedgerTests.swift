import Evidence
import LibCrypto
import Records
import Storage
import Testing

struct LedgerTests {
    @Test func `facts come back in their order with the numbers 1, 2, 3`() async throws {
        let desk = try await EvidenceDesk()
        try await desk.append([onWire(1), onWire(2)])
        try await desk.append([onWire(3)], at: noon.adding(seconds: 1))
        let entries = try await desk.database.read { transaction in
            var entries: [(Int64, Timestamp, Int)] = []
            try desk.ledger.facts(in: transaction) { entry in
                guard case .onWire(let fact) = entry.fact else { return }
                entries.append((entry.seq, entry.at, fact.attempt))
            }
            return entries
        }
        #expect(entries.map(\.0) == [1, 2, 3])
        #expect(entries.map(\.2) == [1, 2, 3])
        #expect(entries.map(\.1) == [noon, noon, noon.adding(seconds: 1)])
    }

    @Test func `a line's hash is that of the written rule`() async throws {
        let desk = try await EvidenceDesk()
        try await desk.append([onWire(7)], at: Timestamp(microseconds: 0x0102_0304_0506))
        let lines = try await desk.lines()
        let body = #"{"onWire":{"_0":{"attempt":7,"submission":"s-7"}}}"#
        let expected = Hash.sha256.digest(
            Array("GWL1".utf8) + [UInt8](repeating: 0, count: 32)
                + [0, 0, 0, 0, 0, 0, 0, 1] + [0, 0, 1, 2, 3, 4, 5, 6]
                + Array("onWire".utf8) + [0] + Array(body.utf8))
        #expect(lines.first?.body == body)
        #expect(lines.first?.hash == expected)
    }

    @Test func `slashes and Chinese stand plainly in the body`() async throws {
        let desk = try await EvidenceDesk()
        try await desk.append([.refused(.init(name: "a/上报.csv", digest: "d", code: "C"))])
        let lines = try await desk.lines()
        #expect(
            lines.first?.body
                == #"{"refused":{"_0":{"code":"C","digest":"d","name":"a/上报.csv"}}}"#)
    }

    @Test func `a transaction that fails leaves no line`() async throws {
        struct Refusal: Error {}
        let desk = try await EvidenceDesk()
        try await desk.append([onWire(1)])
        await #expect(throws: Refusal.self) {
            try await desk.database.write { transaction in
                try desk.ledger.append([onWire(2)], at: noon, in: transaction)
                throw Refusal()
            }
        }
        let report = try await desk.report()
        #expect(report.lines == 1)
        #expect(report.fault == nil)
    }

    @Test func `a long chain is whole, and its head is the last line's hash`() async throws {
        let desk = try await EvidenceDesk()
        for block in 0..<6 { try await desk.append((0..<100).map { onWire(block * 100 + $0) }) }
        let report = try await desk.report()
        let last = try await desk.lines().last
        #expect(report.lines == 600)
        #expect(report.fault == nil)
        #expect(report.head.hash == last?.hash)
        let after = try await desk.database.read { transaction in
            var count = 0
            try desk.ledger.facts(after: 590, in: transaction) { _ in count += 1 }
            return count
        }
        #expect(after == 10)
    }

    @Test(
        arguments: [
            "UPDATE ledger SET body = 'x' WHERE seq = 1", "DELETE FROM ledger WHERE seq = 2",
            "DELETE FROM ledger_head",
        ] as [SQL])
    func `the database refuses to change or remove a line`(statement: SQL) async throws {
        let desk = try await EvidenceDesk()
        try await desk.append([onWire(1), onWire(2)])
        await #expect(throws: StorageFailure.self) {
            try await desk.database.write { try $0.run(statement) }
        }
        let report = try await desk.report()
        #expect(report.lines == 2)
        #expect(report.fault == nil)
    }

    @Test(
        arguments: [
            (
                "UPDATE ledger SET body = replace(body, 's-2', 's-9') WHERE seq = 2",
                ChainFault.wrongHash(2)
            ),
            ("UPDATE ledger SET at = at + 1 WHERE seq = 3", .wrongHash(3)),
            ("UPDATE ledger SET kind = 'settled' WHERE seq = 1", .wrongHash(1)),
            ("UPDATE ledger SET prev = zeroblob(32) WHERE seq = 3", .wrongLink(3)),
            ("DELETE FROM ledger WHERE seq = 2", .missing(2)),
            ("DELETE FROM ledger WHERE seq = 4", .missing(4)),
            ("UPDATE ledger_head SET seq = 3", .wrongHead),
            ("UPDATE ledger_head SET hash = zeroblob(32)", .wrongHead),
        ] as [(SQL, ChainFault)])
    func `whatever is changed by hand is found`(statement: SQL, fault: ChainFault) async throws {
        let desk = try await EvidenceDesk()
        try await desk.append((1...4).map { onWire($0) })
        try await desk.tamper(statement)
        #expect(try await desk.report().fault == fault)
    }
}

extension EvidenceDesk {
    func lines() async throws -> [LedgerLine] {
        try await database.read { transaction in
            var lines: [LedgerLine] = []
            try self.ledger.lines(after: 0, in: transaction) {
                lines.append($0)
                return true
            }
            return lines
        }
    }
}
