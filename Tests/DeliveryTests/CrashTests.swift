import Delivery
import Records
import Storage
import Testing

/// What a submission is charged with when the process dies (程序中断).
struct CrashTests {
    @Test func `a submission that kills the process three times is held, and others go on`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        for number in 2...4 {
            #expect(try await desk.claim(by: Outbox(epoch: "epoch-\(number - 1)")).count == 1)
            desk.clock.advance(seconds: 3600)
            let now = desk.clock.now
            try await desk.database.write {
                _ = try Outbox(epoch: "epoch-\(number)").recover(now: now, in: $0)
            }
            desk.clock.advance(seconds: 3600)
        }
        let line = try await desk.show("s-1").line
        #expect(line.state == .held)
        #expect(line.reason == "Q-POISON")
        try await desk.enqueue(try parcel("s-2", [submitted(2)]))
        #expect(try await desk.claim().map(\.submission.text) == ["s-2"])
    }

    /// An operator's kill -9 and a power cut take down everything that is under way.
    @Test func `many that were under way together are not held for it; one that kills alone is`()
        async throws
    {
        let desk = try await DeliveryDesk()
        for number in 1...5 {
            try await desk.enqueue(try parcel("s-\(number)", [submitted(number)]))
        }
        var epoch = 1
        func crash() async throws {
            epoch += 1
            let (next, now) = (Outbox(epoch: "epoch-\(epoch)"), desk.clock.now)
            try await desk.database.write { _ = try next.recover(now: now, in: $0) }
            desk.clock.advance(seconds: 3600)
        }
        for _ in 1...2 {
            #expect(try await desk.claim(by: Outbox(epoch: "epoch-\(epoch)")).count == 5)
            try await crash()
        }
        var alone: [String] = []
        for _ in 1...5 {
            let outbox = Outbox(epoch: "epoch-\(epoch)")
            let claim = try #require(try await desk.claim(by: outbox).first)
            alone.append(claim.submission.text)
            #expect(try await desk.claim(by: outbox).isEmpty)
            if claim.submission.text == "s-3" {
                try await crash()
            } else {
                _ = try await desk.mark(claim, by: outbox)
                try await desk.settle(claim, .answered("HTTP-202"))
            }
        }
        #expect(alone == ["s-1", "s-2", "s-3", "s-4", "s-5"])
        let held = try await desk.database.read { transaction in
            try desk.outbox.list(limit: 9, in: transaction).filter { $0.state == .held }
        }
        #expect(held.map(\.submission.text) == ["s-3"] && held.first?.reason == "Q-POISON")
    }

    @Test func `crashes more than three days apart are no poison`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        for number in 2...6 {
            _ = try await desk.claim(by: Outbox(epoch: "epoch-\(number - 1)"))
            let now = desk.clock.now
            try await desk.database.write {
                _ = try Outbox(epoch: "epoch-\(number)").recover(now: now, in: $0)
            }
            desk.clock.advance(seconds: 73 * 3600)
        }
        #expect(try await desk.state("s-1") == .due)
    }

    @Test func `an orderly end gives the charged crash back`() async throws {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        for _ in 1...6 {
            let claim = try #require(try await desk.claim().first)
            _ = try await desk.mark(claim)
            try await desk.settle(claim, .failed(.notSent(.init(.unreachable))))
            desk.clock.advance(seconds: 4000)
        }
        #expect(try await desk.claim().count == 1)
        let now = desk.clock.now
        try await desk.database.write {
            _ = try Outbox(epoch: "epoch-2").recover(now: now, in: $0)
        }
        #expect(try await desk.state("s-1") == .due)
    }
}
