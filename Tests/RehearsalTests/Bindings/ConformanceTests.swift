import Delivery
import LibCrypto
import LibCurl
import Records
import Rehearsal
import Testing

/// The sentences of the exchange, over each binding alike (EXCHANGE 4): whatever the way and
/// whatever goes wrong on it, nothing is lost and nothing has its effect twice.
@Suite(.serialized)
struct ConformanceTests {
    private func couples(_ number: Int, _ count: Int = 2) -> PostedSubmission {
        PostedSubmission(number, (1...count).map { PostedCase(number * 10 + $0) })
    }

    @Test(arguments: Way.allCases, CipherSuite.allCases)
    func `accepted`(way: Way, suite: CipherSuite) async throws {
        try await withBinding(way) { desk async throws in
            var submission = couples(1)
            submission.suite = suite
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `rejected, record by record`(way: Way) async throws {
        try await withBinding(way, faults: "post 1 record 2: reject E2104") { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.items(submission) == [.accepted, .rejected])
            #expect(try await desk.show(submission).items[1].code == "E2104")
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `pending, then final`(way: Way) async throws {
        try await withBinding(way, faults: "post 1: pending-first") { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases, [true, false])
    func `stored, answered later`(way: Way, received: Bool) async throws {
        try await withBinding(way, mode: .later(collects: nil, received: received)) {
            desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.state(submission) == .awaiting)
            #expect(try await desk.items(submission) == [.open, .open])
            try await desk.nation.system.process()
            try await desk.work()
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.show(submission).attempts.count == 1)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `a half of the verdicts, then the rest`(way: Way) async throws {
        try await withBinding(way, faults: "post 1: partial") { desk async throws in
            let submission = couples(1, 4)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.state(submission) == .final)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `the same id with the same bytes is harmless`(way: Way) async throws {
        try await withBinding(way) { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            let shipment = try await desk.leaveOnWire()
            _ = try await desk.transport.send(shipment)
            _ = try await desk.transport.send(shipment)
            let courier = desk.courier(epoch: "second")
            try await courier.start()
            try await desk.work(by: courier)
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.nation.ledger.storedSubmissions().count == 1)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `the same id with other bytes is for a person`(way: Way) async throws {
        try await withBinding(way) { desk async throws in
            let submission = couples(1)
            try await desk.occupy(submission)
            try await desk.enqueue(submission)
            try await desk.work()
            let entry = try await desk.show(submission)
            #expect(entry.line.state == .held)
            #expect(entry.line.reason == QueueReason.refused.rawValue)
            #expect(entry.attempts.map(\.outcome) == [TransportCode.conflict.rawValue])
        }
    }

    @Test(arguments: Way.allCases)
    func `refused as a whole`(way: Way) async throws {
        try await withBinding(way, faults: "post 1: refuse E1003") { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.items(submission) == [.rejected, .rejected])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `a receipt for another sender changes nothing`(way: Way) async throws {
        try await withBinding(way, faults: "post 1: wrong-sender-receipt") { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.receipts(.misaddressed) == 1)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases, ["forged-receipt", "unsigned-receipt"])
    func `a forged receipt changes nothing`(way: Way, fault: String) async throws {
        try await withBinding(way, faults: "post 1: \(fault)") { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            #expect(try await desk.items(submission) == [.open, .open])
            try await desk.work()
            #expect(try await desk.receipts(.forged) == 1)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `an acceptance that is taken back is a dispute`(way: Way) async throws {
        try await withBinding(way, faults: "post 1: conflict") { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            try await desk.work()
            #expect(try await desk.items(submission).contains(.disputed))
            #expect(try await desk.receipts(.conflict) == 1)
        }
    }

    @Test(arguments: Way.allCases)
    func `the process dies after the bytes went`(way: Way) async throws {
        try await withBinding(way) { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            _ = try await desk.transport.send(try await desk.leaveOnWire())
            let courier = desk.courier(epoch: "second")
            try await courier.start()
            try await desk.work(by: courier)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.allCases)
    func `the process dies before a byte went`(way: Way) async throws {
        try await withBinding(way) { desk async throws in
            let submission = couples(1)
            try await desk.enqueue(submission)
            _ = try await desk.leaveOnWire()
            let courier = desk.courier(epoch: "second")
            try await courier.start()
            #expect(try await desk.state(submission) == .inDoubt)
            try await desk.work(by: courier)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }
}

/// What only a binding with an answer to each call can do wrongly.
@Suite(.serialized)
struct AnsweringBindingTests {
    private let submission = PostedSubmission(1, [PostedCase(11), PostedCase(12)])

    @Test(arguments: Way.answering, [429, 503])
    func `busy: nothing is taken and the lane waits as long as they say`(
        way: Way, status: Int
    ) async throws {
        try await withBinding(way, faults: "post 1: status-\(status) 120") { desk async throws in
            try await desk.enqueue(submission)
            let courier = desk.courier()
            try await courier.round(limit: 50)
            #expect(try await desk.state(submission) == .due)
            #expect(try await desk.nation.ledger.storedSubmissions().isEmpty)
            desk.hands.advance(seconds: 119)
            #expect(try await courier.round(limit: 50).sent == 0)
            desk.hands.advance(seconds: 26)
            #expect(try await courier.round(limit: 50).sent == 1)
            #expect(try await desk.state(submission) == .final)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.answering, ["drop-after-storing", "rubbish-200"])
    func `a lost answer is asked for, and nothing goes again`(
        way: Way, fault: String
    ) async throws {
        try await withBinding(way, faults: "post 1: \(fault)") { desk async throws in
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            #expect(try await desk.state(submission) == .inDoubt)
            try await desk.work()
            let entry = try await desk.show(submission)
            #expect(entry.line.state == .final)
            #expect(entry.attempts.count == 1)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.answering)
    func `what they never stored goes again once they say so`(way: Way) async throws {
        try await withBinding(way, faults: "post 1: drop-before-storing") { desk async throws in
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            #expect(try await desk.state(submission) == .inDoubt)
            try await desk.work()
            let entry = try await desk.show(submission)
            #expect(entry.line.state == .final)
            #expect(entry.attempts.count == 2)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test(arguments: Way.answering)
    func `counts come signed`(way: Way) async throws {
        try await withBinding(way) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.work()
            let query = CountsQuery(
                programme: "preconception-check", region: "990101",
                from: CalendarMonth(year: 2012, month: 1),
                to: CalendarMonth(year: 2012, month: 12))
            let document = try await desk.transport.counts(query)
            #expect(desk.endpoint.hasSigned(document))
            let counts = try #require(CountsGrammar(desk.endpoint).read(document, answering: query))
            #expect(counts.map(\.accepted) == [2])
        }
    }
}

extension Way {
    static let answering: [Way] = [.https, .soap]
}

extension BindingDesk {
    /// Uses the submission's id for other bytes, by another hand.
    func occupy(_ submission: PostedSubmission) async throws {
        var other = submission
        other.records = [PostedCase(999)]
        #expect(try await nation.post(other).status == 200)
    }
}
