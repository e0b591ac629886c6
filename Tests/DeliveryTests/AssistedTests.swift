import Delivery
import Evidence
import LibCrypto
import Records
import Storage
import Testing

/// Cases that people type: how they move on, and what lists of results count beside receipts.
struct AssistedTests {
    private func entry(_ number: Int, _ isAccepted: Bool) -> UnsignedReceipt.Entry {
        UnsignedReceipt.Entry(
            record: recordID(number), version: 1, isAccepted: isAccepted,
            serial: isAccepted ? "N\(number)" : nil, code: isAccepted ? nil : "E2104")
    }

    private func list(
        of parcel: Parcel, _ entries: [UnsignedReceipt.Entry], digit: String = "a"
    ) -> SignedDocument {
        UnsignedReceipt(
            list: String(repeating: digit, count: 64), submission: parcel.id,
            digest: parcel.digest, sender: sender, received: monday, entries: entries
        ).document(namespace: namespace)
    }

    @discardableResult
    private func handOut(_ desk: DeliveryDesk) async throws -> [Handout] {
        let now = desk.clock.now
        let handouts = try await desk.database.read {
            try desk.outbox.handouts(profile, programme: "preconception-check", in: $0)
        }
        try await desk.database.write {
            try desk.outbox.handOut(
                handouts, workbook: String(repeating: "0", count: 64), cases: handouts.count,
                by: "somebody", now: now, in: $0)
        }
        return handouts
    }

    @Test func `what is handed out waits for its answer, with an attempt and a fact`() async throws
    {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        try await desk.enqueue(try parcel("s-2", [submitted(2)]))
        #expect(try await handOut(desk).count == 2)
        #expect(try await desk.state("s-1") == .awaiting)
        let shown = try await desk.show("s-2")
        #expect(shown.wasSent && shown.attempts.map(\.outcome) == ["WORKLIST"])
        #expect(
            try await desk.kinds()
                == ["onWire", "attempted", "onWire", "attempted", "handedOut"])
        let handouts = try await desk.database.read {
            try desk.outbox.handouts(programme: "preconception-check", in: $0)
        }
        #expect(handouts.map { $0.submissions.map(\.text) } == [["s-1", "s-2"]])
    }

    @Test func `nothing is handed out twice, nor what another took, nor while sends are stopped`()
        async throws
    {
        let desk = try await DeliveryDesk()
        try await desk.enqueue(try parcel("s-1", [submitted(1)]))
        let handouts = try await desk.database.read {
            try desk.outbox.handouts(profile, programme: "preconception-check", in: $0)
        }
        try await handOut(desk)
        #expect(try await handOut(desk).isEmpty)
        let now = desk.clock.now
        await #expect(throws: HandoutFailure.self) {
            try await desk.database.write {
                try desk.outbox.handOut(
                    handouts, workbook: "", cases: 1, by: "another", now: now, in: $0)
            }
        }
        #expect(try await desk.show("s-1").attempts.count == 1)
        _ = try await desk.database.write {
            try desk.outbox.stopLane(
                profile, .sends, Decision(by: "x", because: "y"), now: now, in: $0)
        }
        await #expect(throws: HandoutFailure.self) {
            _ = try await desk.database.read {
                try desk.outbox.handouts(profile, programme: "preconception-check", in: $0)
            }
        }
    }

    @Test func `a list is taken as unsigned receipts, twice without a change`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.enqueue(sent)
        try await handOut(desk)
        let document = list(of: sent, [entry(1, true), entry(2, false)])
        let collector = try desk.collector()
        #expect(try await collector.take(document).disposition == .applied)
        #expect(try await desk.itemStates("s-1") == [.accepted, .rejected])
        #expect(try await desk.state("s-1") == .final)
        #expect(try await desk.show("s-1").items.allSatisfy { $0.grade == .unsigned })
        let lines = try await desk.facts().count
        #expect(try await collector.take(document).disposition == .applied)
        #expect(try await desk.facts().count == lines)
        // A later list says the same.
        #expect(
            try await collector.take(list(of: sent, [entry(1, true)], digit: "b")).disposition
                == .duplicate)
        let endpoint = try endpoint()
        let history = try await desk.database.read {
            try desk.outbox.history(of: recordID(1), by: endpoint, in: $0)
        }
        #expect(history.versions.allSatisfy { $0.isAsDerived })
        #expect(history.versions[0].answers.allSatisfy { $0.receipt.grade == .unsigned })
    }

    @Test func `the same bytes over a wire are forged, and still count when a person brings them`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(sent)
        try await handOut(desk)
        let document = list(of: sent, [entry(1, true)])
        let collector = try desk.collector()
        let wire = SignedDocument(bytes: document.bytes, signature: nil, key: nil)
        #expect(try await collector.take(wire).disposition == .forged)
        #expect(try await desk.itemStates("s-1") == [.open])
        #expect(try await collector.take(document).disposition == .applied)
        #expect(try await desk.itemStates("s-1") == [.accepted])
        #expect(try await collector.take(wire).disposition == .applied)
        #expect(try await desk.show("s-1").items[0].grade == .unsigned)
    }

    /// An answer of a test: by whom, and whether it accepts.
    struct Said: Sendable, CustomTestStringConvertible {
        let isSigned: Bool
        let isAccepted: Bool

        var testDescription: String {
            (isSigned ? "signed " : "list ") + (isAccepted ? "accepts" : "rejects")
        }
    }

    private static let yes = Said(isSigned: true, isAccepted: true)
    private static let no = Said(isSigned: true, isAccepted: false)
    private static let listYes = Said(isSigned: false, isAccepted: true)
    private static let listNo = Said(isSigned: false, isAccepted: false)

    /// What three answers come to, in whatever order they come.
    static let tales: [(said: [Said], state: ItemState, grade: AnswerGrade?)] = [
        ([listYes, yes], .accepted, nil), ([listNo, yes], .accepted, nil),
        ([listYes, no], .rejected, nil), ([listYes, listNo], .disputed, .unsigned),
        ([listYes, listNo, yes], .accepted, nil), ([listYes, listNo, no], .rejected, nil),
        ([listYes, listYes], .accepted, .unsigned), ([listNo, no], .rejected, nil),
        ([yes, no, listYes], .disputed, nil),
    ]

    private func orders<Each>(_ all: [Each]) -> [[Each]] {
        guard all.count > 1 else { return [all] }
        return all.indices.flatMap { index in
            var rest = all
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }

    @Test(arguments: tales.indices)
    func `a signed answer replaces what lists say, in any order`(number: Int) async throws {
        let tale = AssistedTests.tales[number]
        for order in orders(Array(tale.said.enumerated())) {
            let desk = try await DeliveryDesk()
            let sent = try parcel("s-1", [submitted(1)])
            try await desk.enqueue(sent)
            try await handOut(desk)
            let collector = try desk.collector()
            for (place, said) in order {
                let document =
                    said.isSigned
                    ? try receipt(
                        for: sent, [said.isAccepted ? .accepted(1) : .rejected(1)],
                        id: "r-\(place)")
                    : list(of: sent, [entry(1, said.isAccepted)], digit: "\(place)")
                try await collector.take(document)
            }
            let item = try await desk.show("s-1").items[0]
            let told = order.map(\.element.testDescription).joined(separator: ", ")
            #expect(item.state == tale.state, "\(told)")
            #expect(item.grade == tale.grade, "\(told)")
            try await desk.assertInvariants()
        }
    }

    @Test func `a list that says otherwise than a signed receipt raises an alarm`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(sent)
        try await handOut(desk)
        let collector = try desk.collector()
        try await collector.take(receipt(for: sent, [.accepted(1)]))
        let taken = try await collector.take(list(of: sent, [entry(1, false)]))
        #expect(taken.disposition == .conflict)
        #expect(try await desk.itemStates("s-1") == [.accepted])
        let alarms = try await desk.database.read { try desk.outbox.alarms(in: $0).open }
        #expect(alarms.map(\.kind) == [.conflict])
    }

    @Test func `two lists that contradict each other are decided by one of them, marked`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(sent)
        try await handOut(desk)
        let collector = try desk.collector()
        try await collector.take(list(of: sent, [entry(1, true)]))
        let second = try await collector.take(list(of: sent, [entry(1, false)], digit: "b"))
        let (endpoint, now) = (try endpoint(), desk.clock.now)
        try await desk.database.write {
            try desk.outbox.decide(
                recordID(1), as: .rejected, by: second.digest, of: endpoint,
                Decision(by: "a", because: "b"), now: now, in: $0)
        }
        #expect(try await desk.itemStates("s-1") == [.rejected])
        guard case .decided(let fact) = try await desk.facts().last else {
            Issue.record("no fact of the decision")
            return
        }
        #expect(fact.grade == .unsigned)
        try await desk.assertInvariants()
    }

    @Test func `a kept list comes back in its pieces, and is kept once`() async throws {
        let desk = try await DeliveryDesk()
        let digest = String(repeating: "c", count: 64)
        for _ in 0..<2 {
            _ = try await desk.database.write {
                try desk.outbox.keepList(
                    digest, sealed: ["one", "two"], byteCount: 9, by: "a", now: monday, in: $0)
            }
        }
        let kept = try await desk.database.read {
            try desk.outbox.keptList(beginning: "CCCCCCCC", in: $0)
        }
        #expect(kept?.digest == digest && kept?.sealed == ["one", "two"])
        #expect(try await desk.kinds() == ["listKept"])
    }
}
