import Delivery
import Evidence
import Records
import Storage
import Testing

/// A list of what is missing: begun once, paced, stopped, and never one record twice.
struct ResendTests {
    private let decision = Decision(by: "lin", because: "agreed by phone")

    private func candidates(_ desk: DeliveryDesk, _ filter: ResendFilter = ResendFilter())
        async throws -> [ResendCandidate]
    {
        try await desk.database.read { try desk.outbox.resendCandidates(filter, in: $0) }
    }

    private func plan(_ candidates: [ResendCandidate], _ step: ResendStep) -> ResendPlan {
        ResendPlan(
            candidates.map {
                ResendPlan.Line(
                    record: $0.record, version: $0.version, programme: $0.programme,
                    institution: $0.institution, month: $0.month, submission: $0.submission,
                    state: $0.state, code: $0.code, step: step)
            })
    }

    /// Notes that a plan wrote the list, and begins it.
    private func start(_ desk: DeliveryDesk, _ plan: ResendPlan, records: Int = 2) async throws
        -> Bool
    {
        let now = desk.clock.now
        try await desk.database.write {
            try desk.outbox.notePlanned(
                ResendPlan.digest(of: plan.csv), records: plan.lines.count, by: "lin", now: now,
                in: $0)
        }
        return try await begin(desk, plan, records: records)
    }

    private func begin(_ desk: DeliveryDesk, _ plan: ResendPlan, records: Int = 2) async throws
        -> Bool
    {
        let (now, decision) = (desk.clock.now, decision)
        return try await desk.database.write {
            try desk.outbox.startResend(
                plan, digest: ResendPlan.digest(of: plan.csv),
                pace: ResendPace(records: records, seconds: 600), decision, now: now, in: $0)
        }
    }

    private func turns(_ desk: DeliveryDesk) async throws -> [ResendTurn] {
        let now = desk.clock.now
        return try await desk.database.read { try desk.outbox.resendTurns(now: now, in: $0) }
    }

    /// Records 1 to 5 in one submission: accepted but for the last, which is rejected.
    private func answered() async throws -> (DeliveryDesk, Parcel) {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", (1...5).map { submitted($0) })
        try await desk.send(sent)
        try await desk.collector().take(
            receipt(for: sent, (1...4).map { .accepted($0) } + [.rejected(5)]))
        return (desk, sent)
    }

    @Test func `each state has its step, and what they hold has none`() async throws {
        let (desk, _) = try await answered()
        try await desk.enqueue(parcel("s-2", [submitted(6)]))
        let doubtful = try parcel("s-3", [submitted(7)])
        let claims = try await { () async throws -> [Outbox.Claim] in
            try await desk.enqueue(doubtful)
            return try await desk.claim()
        }()
        for claim in claims where claim.submission.text == "s-3" {
            _ = try await desk.mark(claim)
            try await desk.settle(claim, .failed(.uncertain(.init(.timeout))))
        }
        let now = desk.clock.now
        try await desk.enqueue(parcel("s-4", [submitted(8)]))
        try await desk.database.write { [decision] in
            try desk.outbox.hold(SubmissionID("s-4"), decision, now: now, in: $0)
        }
        let all = try await candidates(desk)
        var byCode = ResendFilter()
        byCode.code = "E2104"
        func step(_ number: Int, isLost: Bool = false, by filter: ResendFilter = ResendFilter())
            -> ResendStep?
        {
            all.first { $0.record == recordID(number) }?.step(isLost: isLost, by: filter)
        }
        #expect(all.count == 8)
        #expect(step(1) == nil && step(1, isLost: true) == .again)
        #expect(step(5) == nil && step(5, by: byCode) == .again)
        #expect(step(6) == nil, "it is on its way")
        #expect(step(7) == .ask)
        #expect(step(8) == .release)
        var filter = ResendFilter()
        filter.code = "E2104"
        #expect(try await candidates(desk, filter).map(\.record) == [recordID(5)])
        filter = ResendFilter()
        filter.state = .accepted
        filter.institution = "PDY99010000000000000A1"
        let month = submitted(1).servedOn.month
        filter.months = month...month
        filter.accepted = monday.day...monday.day
        #expect(try await candidates(desk, filter).count == 4)
        filter.accepted = monday.day.adding(days: 1)...monday.day.adding(days: 2)
        #expect(try await candidates(desk, filter).isEmpty)
    }

    @Test func `what they took back is reported anew only where a person asks for it`() async throws
    {
        let (desk, sent) = try await answered()
        try await desk.collector().take(receipt(for: sent, [.rejected(3, "E3301")], id: "r-2"))
        var filter = ResendFilter()
        filter.record = recordID(3)
        let found = try await candidates(desk, filter)
        #expect(found.map(\.state) == [.reversed])
        #expect(found[0].step(isLost: false, by: filter) == nil)
        filter.state = .reversed
        #expect(found[0].step(isLost: false, by: filter) == .renew)
        #expect(try await start(desk, plan(found, .renew)))
        let turn = try #require(try await turns(desk).first)
        let now = desk.clock.now
        let kept = try await desk.database.write { transaction in
            let kept = try desk.outbox.screen(turn, now: now, in: transaction) { _ in nil }
            _ = try desk.outbox.screen(turn, now: now, in: transaction) { _ in .entitled }
            return kept
        }
        #expect(kept.positions == [2])
        let standing = try await desk.database.read { try desk.outbox.resends(in: $0) }[0]
        #expect(standing.reasons == ["entitled": 1])
        // A step that packs the same version again never touches it.
        let again = plan(try await candidates(desk, filter), .again)
        #expect(try await start(desk, again))
        let other = try #require(try await turns(desk).first)
        let left = try await desk.database.write {
            try desk.outbox.screen(other, now: now, in: $0) { _ in nil }
        }
        #expect(left.positions.isEmpty)
    }

    @Test func `a list is read as it was written, and nothing else is one`() async throws {
        let (desk, _) = try await answered()
        let list = plan(try await candidates(desk), .again)
        #expect(try ResendPlan(csv: list.csv).lines == list.lines)
        let text = String(decoding: list.csv, as: UTF8.self)
        for spoiled in [
            "", "record,version\n", text.replacing("again", with: "twice"),
            String(text.dropLast()), text.replacing(",1,", with: ",one,"),
        ] {
            #expect(throws: ResendFailure.self) { try ResendPlan(csv: Array(spoiled.utf8)) }
        }
        #expect(!text.contains("claimant"))
    }

    @Test func `a list that was cancelled, or left some out, begins again with what has not gone`()
        async throws
    {
        let (desk, _) = try await answered()
        let accepted = try await candidates(desk).filter { $0.state == .accepted }
        let list = plan(accepted, .again)
        let digest = ResendPlan.digest(of: list.csv)
        #expect(try await start(desk, list))
        try await finish(desk, try #require(try await turns(desk).first))
        try await change(desk, digest, to: .cancelled)
        #expect(try await start(desk, list))
        desk.clock.advance(seconds: 601)
        let turn = try #require(try await turns(desk).first)
        #expect(turn.positions == [2, 3], "the first two have gone")
        try await change(desk, digest, to: .paused)
        await #expect(throws: ResendFailure.self) { try await begin(desk, list) }
        try await change(desk, digest, to: .running)
        // What is left out for a reason of the day may go another day.
        for place in turn.places {
            try await desk.database.write {
                try $0.run(
                    """
                    UPDATE resend_item SET state = 'skipped', reason = 'entitled'
                    WHERE place = \(place)
                    """)
            }
        }
        try await finish(desk, turn)
        #expect(try await start(desk, list))
        #expect(try await turns(desk).first?.positions == [2, 3])
        try await finish(desk, try #require(try await turns(desk).first))
        #expect(try await !start(desk, list), "all of them have gone")
    }

    @Test func `started twice it begins once, at its pace, and stops when told`() async throws {
        let (desk, _) = try await answered()
        let accepted = try await candidates(desk).filter { $0.state == .accepted }
        let list = plan(accepted, .again)
        #expect(try await start(desk, list))
        #expect(try await !start(desk, list))
        var turn = try #require(try await turns(desk).first)
        #expect(turn.positions == [0, 1] && turn.step == .again)
        try await finish(desk, turn)
        #expect(try await turns(desk).isEmpty, "the pace is spent")
        desk.clock.advance(seconds: 601)
        let digest = ResendPlan.digest(of: list.csv)
        try await change(desk, digest, to: .paused)
        #expect(try await turns(desk).isEmpty)
        try await change(desk, digest, to: .running)
        turn = try #require(try await turns(desk).first)
        #expect(turn.positions == [2, 3])
        try await finish(desk, turn)
        let standing = try await desk.database.read { try desk.outbox.resends(in: $0) }
        #expect(standing.map(\.state) == [.done] && standing[0].gone == 4)
        await #expect(throws: ResendFailure.self) { try await change(desk, digest, to: .paused) }
        let steps = try await desk.facts().compactMap { fact -> String? in
            if case .resent(let told) = fact { told.step } else { nil }
        }
        #expect(steps == ["planned", "started", "paused", "resumed", "finished"])
    }

    @Test func `a list that no plan wrote, or that was changed since, does not begin`() async throws
    {
        let (desk, _) = try await answered()
        let accepted = try await candidates(desk).filter { $0.state == .accepted }
        let list = plan(accepted, .again)
        let error = await #expect(throws: ResendFailure.self) { try await begin(desk, list) }
        #expect(error?.entry.code == "Q-PLAN-OTHER")
        #expect(try await start(desk, list))
        let shorter = plan(Array(accepted.dropLast()), .again)
        await #expect(throws: ResendFailure.self) { try await begin(desk, shorter) }
        #expect(try await desk.database.read { try desk.outbox.resends(in: $0) }.count == 1)
        // Begun once it is known, whoever brings it.
        #expect(try await !begin(desk, list))
    }

    @Test func `records that are late at a resend are queued held, until a person lets them go`()
        async throws
    {
        let (desk, _) = try await answered()
        let now = desk.clock.now
        let (late, timely) = (try parcel("s-2", [submitted(1)]), try parcel("s-3", [submitted(2)]))
        try await desk.database.write { transaction in
            try desk.outbox.enqueue(late, ofLate: true, now: now, in: transaction)
            try desk.outbox.enqueue(timely, ofLate: false, now: now, in: transaction)
        }
        #expect(try await desk.state("s-2") == .held)
        #expect(try await desk.show("s-2").line.reason == "Q-DEADLINE")
        #expect(try await desk.state("s-3") == .due)
        try await desk.database.write { [decision] in
            try desk.outbox.release(SubmissionID("s-2"), decision, now: now, in: $0)
        }
        #expect(try await desk.state("s-2") == .due)
    }

    @Test func `what another worker has seen to, or a person has stopped, is in no turn`()
        async throws
    {
        let (desk, _) = try await answered()
        let list = plan(try await candidates(desk).filter { $0.state == .accepted }, .again)
        _ = try await start(desk, list, records: 10)
        let turn = try #require(try await turns(desk).first)
        let now = desk.clock.now
        func screened() async throws -> [Int] {
            try await desk.database.write {
                try desk.outbox.screen(turn, now: now, in: $0) { _ in nil }.positions
            }
        }
        #expect(try await screened() == [0, 1, 2, 3])
        let first = turn.places[0]
        try await desk.database.write {
            try $0.run("UPDATE resend_item SET state = 'gone' WHERE place = \(first)")
        }
        #expect(try await screened() == [1, 2, 3])
        try await change(desk, turn.plan, to: .paused)
        #expect(try await screened() == [])
    }

    @Test func `a list that is cancelled leaves the rest where it is`() async throws {
        let (desk, _) = try await answered()
        let list = plan(try await candidates(desk).filter { $0.state == .accepted }, .again)
        _ = try await start(desk, list)
        let digest = ResendPlan.digest(of: list.csv)
        try await change(desk, digest, to: .cancelled)
        #expect(try await turns(desk).isEmpty)
        await #expect(throws: ResendFailure.self) { try await change(desk, digest, to: .running) }
        let found = try await desk.database.read { transaction in
            try desk.outbox.resend(beginning: String(digest.prefix(8)), in: transaction)
        }
        #expect(found == digest)
    }

    @Test func `when its turn comes, only what still needs it goes`() async throws {
        let (desk, _) = try await answered()
        let list = plan(try await candidates(desk), .again)
        _ = try await start(desk, list, records: 10)
        // Meanwhile: 1 has a newer version, 2 is frozen, 3 is taken back, 5 waits for an answer.
        let newer = try parcel("s-2", [submitted(1, version: 2, action: .amend)])
        try await desk.enqueue(newer)
        let sent = try parcel("s-1", (1...5).map { submitted($0) })
        try await desk.collector().take(
            receipt(for: sent, [.rejected(2), .rejected(3, "E3301")], id: "r-2"))
        try await desk.enqueue(parcel("s-3", [submitted(5)]))
        let turn = try #require(try await turns(desk).first)
        let now = desk.clock.now
        let kept = try await desk.database.write {
            try desk.outbox.screen(turn, now: now, in: $0) { _ in nil }
        }
        #expect(kept.positions == [3])
        let standing = try await desk.database.read { try desk.outbox.resends(in: $0) }[0]
        #expect(standing.reasons == ["replaced": 1, "frozen": 1, "settled": 2])
    }

    @Test func `a resent record that they refuse now freezes, and either receipt decides`()
        async throws
    {
        let (desk, _) = try await answered()
        let again = try parcel("s-2", [submitted(1), submitted(2), submitted(3)])
        try await desk.send(again)
        let collector = try desk.collector()
        var duplicate = Answer.accepted(1)
        duplicate.status = "duplicate"
        let taken = try await collector.take(
            receipt(for: again, [duplicate, .rejected(2), .rejected(3)], id: "r-2"))
        #expect(taken.disposition == .conflict)
        #expect(try await desk.itemStates("s-2") == [.accepted, .disputed, .disputed])
        let first =
            try await desk.database.read {
                try desk.outbox.show(SubmissionID("s-1"), in: $0)
            }?.receipts.first?.digest ?? ""
        let (now, endpoint, decision) = (desk.clock.now, try endpoint(), decision)
        try await desk.database.write { transaction in
            try desk.outbox.decide(
                recordID(2), as: .accepted, by: first, of: endpoint, decision, now: now,
                in: transaction)
            try desk.outbox.decide(
                recordID(3), as: .rejected, by: taken.digest, of: endpoint, decision, now: now,
                in: transaction)
        }
        #expect(try await desk.itemStates("s-2") == [.accepted, .accepted, .rejected])
        let standings = try await desk.database.read {
            try desk.outbox.standing(of: [recordID(2), recordID(3)], in: $0)
        }
        #expect(standings.map(\.versionInForce) == [1, nil])
        #expect(standings.allSatisfy { !$0.isFrozen })
        #expect(try await desk.broken().isEmpty)
    }

    @Test func `what is held goes on: asked for where it may have arrived`() async throws {
        let desk = try await DeliveryDesk()
        let now = desk.clock.now
        try await desk.send(parcel("s-1", [submitted(1)]))
        try await desk.enqueue(parcel("s-2", [submitted(2)]))
        try await desk.database.write { [decision] transaction in
            for id in ["s-1", "s-2"] {
                try desk.outbox.hold(SubmissionID(id), decision, now: now, in: transaction)
            }
        }
        let found = try await candidates(desk)
        let list = ResendPlan(
            found.compactMap { candidate in
                candidate.step(isLost: false, by: ResendFilter()).map {
                    plan([candidate], $0).lines[0]
                }
            })
        #expect(list.lines.map(\.step) == [.ask, .release])
        _ = try await start(desk, list)
        for turn in try await turns(desk) {
            try await desk.database.write { try desk.outbox.goOn(turn, now: now, in: $0) }
        }
        #expect(try await desk.state("s-1") == .inDoubt)
        #expect(try await desk.state("s-2") == .due)
        #expect(try await desk.database.read { try desk.outbox.resends(in: $0) }[0].state == .done)
    }

    private func finish(_ desk: DeliveryDesk, _ turn: ResendTurn) async throws {
        let now = desk.clock.now
        try await desk.database.write { try desk.outbox.finish(turn, now: now, in: $0) }
    }

    private func change(_ desk: DeliveryDesk, _ plan: String, to state: ResendStanding.State)
        async throws
    {
        let (now, decision) = (desk.clock.now, decision)
        try await desk.database.write {
            try desk.outbox.changeResend(plan, to: state, decision, now: now, in: $0)
        }
    }
}
