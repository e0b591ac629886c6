import Delivery
import Records
import Storage
import Synchronization

/// The rules of the state machine, written down once more and independently: looked at in every
/// transaction that changes something, by what stands in the tables before and after.
final class Rules: Sendable {
    /// Whose transaction it was.
    enum Author: Sendable {
        case machine(Machine)
        /// The left half queues, an operator decides.
        case person
        /// An older copy was put back.
        case restore
    }

    let world: Links
    private let last = Mutex<Snapshot?>(nil)
    /// Who claimed what, by submission and fence.
    private let claims = Mutex<[Snapshot.AttemptKey: String]>([:])

    /// What the rules look at besides the tables.
    struct Links: Sendable {
        let referee: Referee
        let nation: Nation
        let dice: Dice
        let thread: VirtualThread
        let hasClockJumps: Bool
        let isOneAtATime: Bool
    }

    init(_ world: Links) { self.world = world }

    var snapshot: Snapshot? { last.withLock { $0 } }

    /// At the end of a transaction, still inside it.
    func look(_ transaction: any Transaction, after author: Author) throws {
        world.referee.cover { $0.commits += 1 }
        let texts = try Snapshot.texts(in: transaction)
        let before = snapshot
        guard texts != before?.texts else { return }
        let after = try Snapshot(texts)
        last.withLock { $0 = after }
        for text in texts { world.referee.trace(text) }
        if case .restore = author { return }
        guard let before else { return }
        judge(before, after, author)
        if before.cursor != after.cursor { try judgeCursor(after.cursor, in: transaction) }
    }

    private func judge(_ before: Snapshot, _ after: Snapshot, _ author: Author) {
        for (id, now) in after.submissions.sorted(by: { $0.key < $1.key }) {
            guard let was = before.submissions[id] else {
                if now.state != .due { world.referee.object("M1 \(id) begins as \(now.state)") }
                continue
            }
            judgeMove(id, was, now, author)
            judgeItems(of: id, before, after, author)
            cover(id, was, now, before, after)
        }
        for id in before.submissions.keys where after.submissions[id] == nil {
            world.referee.object("P-02 \(id) is gone")
        }
        if case .machine(let machine) = author, machine.isOvertaken {
            judgeOvertaken(machine, before, after)
        }
    }

    /// Moves between states that a transaction may make, and by whom. One transaction may hold
    /// several steps.
    private static let moves: [DeliveryState: Set<DeliveryState>] = [
        .due: [.leased, .inDoubt, .awaiting, .final, .held, .cancelled],
        .leased: [.due, .onWire, .inDoubt, .awaiting, .final, .held],
        .onWire: [.due, .inDoubt, .awaiting, .final, .held],
        .inDoubt: [.due, .awaiting, .final, .held],
        .awaiting: [.due, .inDoubt, .final, .held],
        .held: [.final, .due, .inDoubt, .cancelled],
        .final: [],
        .cancelled: [],
    ]

    private func judgeMove(
        _ id: String, _ was: Snapshot.Submission, _ now: Snapshot.Submission, _ author: Author
    ) {
        let referee = world.referee
        if was.state != now.state, Rules.moves[was.state]?.contains(now.state) != true {
            referee.object("P-05 \(id) went from \(was.state) to \(now.state)")
        }
        if now.fence < was.fence { referee.object("P-08 the fence of \(id) fell") }
        if now.state == .leased, was.state != .leased, now.fence != was.fence + 1 {
            referee.object("P-08 \(id) was claimed under the fence \(now.fence)")
        }
        if now.state == .leased, let owner = now.owner {
            let key = Snapshot.AttemptKey(submission: id, fence: now.fence)
            claims.withLock { $0[key] = owner }
        }
        if now.state == .awaiting, was.state != .awaiting,
            !world.nation.hasStored(SubmissionID(id))
        {
            referee.object("M5 \(id) is awaiting what was never there")
        }
        guard case .machine(let machine) = author else { return }
        if now.state == .leased || now.state == .onWire, was.state != now.state,
            now.owner != machine.epoch
        {
            referee.object("M2 \(id) is not with who took it")
        }
        let isPersons =
            now.state == .cancelled || (was.state == .held && now.state != .held)
        if isPersons, now.state != .final, now.state != was.state {
            referee.object("M15 \(id) left \(was.state) for \(now.state) by itself")
        }
    }

    private func judgeItems(
        of id: String, _ before: Snapshot, _ after: Snapshot, _ author: Author
    ) {
        let referee = world.referee
        for (key, now) in after.items where key.submission == id {
            guard let was = before.items[key], was != now else { continue }
            if !Rules.mayBecome(was, now, author) {
                referee.object("P-05 \(id) record \(key.position) went from \(was) to \(now)")
            }
        }
        guard let state = after.submissions[id]?.state else { return }
        let isOpen = after.states(of: id).contains { $0 == .open || $0 == .unknown }
        if state == .final, isOpen { referee.object("I09 \(id) is final and has open records") }
        if state != .final, state != .cancelled, !isOpen {
            referee.object("I09 \(id) is \(state) and every record has its verdict")
        }
    }

    /// Answers only ever raise; the rest is for the left half and for people.
    private static func mayBecome(
        _ was: ItemState, _ now: ItemState, _ author: Author
    ) -> Bool {
        switch (was, now) {
        case (.open, .unknown), (.open, .transient), (.unknown, .transient),
            (.accepted, .disputed), (.rejected, .disputed):
            return true
        case (.open, .accepted), (.open, .rejected), (.unknown, .accepted),
            (.unknown, .rejected), (.transient, .accepted), (.transient, .rejected),
            (.repacked, .accepted), (.repacked, .rejected):
            return true
        case (.open, .void), (.void, .transient), (.transient, .repacked), (.rejected, .transient),
            (.disputed, .accepted), (.disputed, .rejected):
            if case .person = author { return true }
            return false
        default: return false
        }
    }

    /// P-08: who was overtaken may bring receipts, and take what is free; no claim of another's.
    private func judgeOvertaken(_ machine: Machine, _ before: Snapshot, _ after: Snapshot) {
        for (id, now) in after.submissions {
            guard let was = before.submissions[id], was != now, was.owner != machine.epoch,
                was.state == .leased || was.state == .onWire
            else { continue }
            if ![.awaiting, .final, .held].contains(now.state) {
                world.referee.object("P-08 an overtaken process moved \(id) to \(now.state)")
            }
        }
        for (key, now) in after.attempts where before.attempts[key] != now {
            if claims.withLock({ $0[key] }) != machine.epoch {
                world.referee.object("P-08 an overtaken process wrote into an attempt")
            }
        }
    }

    /// Every receipt before the cursor is on disk.
    private func judgeCursor(_ cursor: Int, in transaction: any Transaction) throws {
        let kept = Set(try transaction.run("SELECT digest FROM receipt").map { try $0.text(0) })
        for digest in world.nation.digests(before: cursor) where !kept.contains(digest) {
            world.referee.object("P-02 the cursor passed a receipt that was not kept")
        }
    }
}

// MARK: - The wire

extension Rules {
    /// Before the first byte: what the tables must say by now.
    func judgeSend(_ id: SubmissionID, by machine: Machine) -> Referee.Send {
        let now = snapshot?.submissions[id.text]
        if !isMarked(id, now, by: machine) {
            world.referee.object("M4 \(id) goes out as \(now?.state.rawValue ?? "nothing")")
        }
        if snapshot?.isReconciling == true {
            world.referee.object("S-86 \(id) goes out while it is reconciled")
        }
        let send = Referee.Send(submission: id, fence: now?.fence ?? 0)
        world.referee.judgeSend(send, now: world.thread.now)
        return send
    }

    /// Whether the process has marked it as sent. Between that commit and the first byte a receipt
    /// may come by another, about an attempt before.
    private func isMarked(
        _ id: SubmissionID, _ now: Snapshot.Submission?, by machine: Machine
    ) -> Bool {
        guard let now else { return false }
        if now.state == .onWire { return now.owner == machine.epoch }
        let key = Snapshot.AttemptKey(submission: id.text, fence: now.fence)
        return [.awaiting, .final, .held].contains(now.state) && snapshot?.attempts[key] != nil
            && claims.withLock { $0[key] } == machine.epoch
    }

    /// Before a question or a look into the feed.
    func judgeQuestion(by machine: Machine) {
        if !machine.isOvertaken { world.referee.judgeQuestion(now: world.thread.now) }
    }

    /// They asked for quiet, and the process that heard it is well.
    func quiet(seconds: Int64, heardBy machine: Machine) {
        // Where the machine's clock jumps, its wait is another one than ours.
        guard !world.hasClockJumps, !machine.isOvertaken, !machine.isDead else { return }
        let now = world.thread.now
        // Others may be at the door in this very moment; where one goes at a time, nobody is.
        let since = world.isOneAtATime ? Timestamp(microseconds: now.microseconds - 1) : now
        world.referee.quiet(since: since, until: now.adding(seconds: seconds))
    }

    /// A process is gone, or stands still: what it had on the wire must be asked for.
    ///
    /// - Parameter machine: `nil` for all that were before a new one begins.
    func lost(_ machine: Machine?) {
        for (id, submission) in snapshot?.submissions ?? [:] where submission.state == .onWire {
            if let machine, machine.epoch != submission.owner { continue }
            world.referee.endedInDoubt(
                Referee.Send(submission: SubmissionID(id), fence: submission.fence))
        }
        world.referee.forgetQuiet()
    }
}
