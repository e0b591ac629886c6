import Delivery
import Evidence
import Records
import Storage
import Synchronization

/// The course of a run: queue, decide, go a round, wait, until the time is over.
actor Play {
    let run: Run
    let world: World
    let outbox: Outbox
    /// The real one; `nil` only while an older copy is put in its place.
    var database: SQLiteDatabase?
    var machine: Machine?
    var courier: Courier?
    var journal: WireJournal?
    var epochs = 0
    var queued = 0
    var numbered = 0
    /// Parcels by id, as they were queued.
    var parcels: [SubmissionID: Parcel] = [:]
    /// What a person has decided about a frozen record.
    var rulings: [Snapshot.ItemKey: Set<ItemState>] = [:]
    var hasRestored = false
    /// The left half has to take its files again.
    var mayLack = false
    /// Rounds that may still be under way.
    var tasks: [Task<Void, Never>] = []

    init(_ run: Run) {
        self.run = run
        world = run.world
        outbox = run.outbox
    }

    var dice: Dice { world.dice }
    var referee: Referee { world.referee }

    func whole() async throws {
        database = try await world.open()
        for step in 0..<world.scenario.steps {
            if queued < world.scenario.submissions,
                step == 0 || dice.number(.intake, below: 3) == 0
            {
                try await queue(records: 1 + dice.number(.intake, below: 3))
            }
            if dice.strikes(.clock, 0.15) {
                world.moveClock(seconds: Int64(dice.number(.clock, below: 260_000)) - 90_000)
            }
            if dice.strikes(.rot, 0.1) { try await rot() }
            if dice.strikes(.person, 0.4) { try await decideSomething() }
            if world.hasBackup, dice.strikes(.restore, 0.3) { try await restore() }
            try await round()
            try await packAgain()
            try await takeAgain()
            await world.thread.sleep(seconds: pause())
        }
        try await calm()
        guard let database else { return }
        if let machine { world.died(machine) }
        try await Books(
            world: world, parcels: parcels, rulings: rulings, database: database,
            journal: journal, hasRestored: hasRestored
        ).close()
        await database.close()
    }

    /// Mostly the next minute; now and then the next shift or the next day.
    private func pause() -> Double {
        let spread = dice.fraction(.timing)
        switch dice.number(.timing, below: 8) {
        case 0: return 1 + 5 * spread
        case 1, 2: return 20 + 100 * spread
        case 3, 4: return 300 + 1_500 * spread
        case 5, 6: return 3_600 + 7_200 * spread
        default: return 20_000 + 80_000 * spread
        }
    }

    /// The faults end, and what people have stopped they let go.
    private func calm() async throws {
        dice.calm()
        // What a full disk left unread is read at the next start.
        if let machine { world.died(machine) }
        while queued < world.scenario.submissions {
            try await queue(records: 1 + dice.number(.intake, below: 3))
        }
        try await endReconciling()
        try await round()
        try await endReconciling()
        try await takeAgain()
        // A second time for what came to its deadline just after the first.
        for _ in 0..<2 {
            try await letGo()
            try await goOn()
        }
        // Whoever was stopped goes on some time, and changes nothing any more.
        for task in tasks { await task.value }
        if !isSettled {
            for (id, left) in world.rules.snapshot?.submissions ?? [:]
            where !Play.ends.contains(left.state) {
                referee.object("P-04 \(id) is \(left.state) for good")
            }
        }
        referee.cover { $0.seconds += (world.thread.now.microseconds - Play.start) / 1_000_000 }
    }

    /// Rounds until everything is at its end, or for twelve days.
    private func goOn() async throws {
        var waits = [60.0, 60, 300, 900, 1_800, 3_600, 3_600]
        waits += Array(repeating: 6 * 3_600, count: 48)
        for wait in waits where !isSettled {
            await world.thread.sleep(seconds: wait)
            try await round()
            try await packAgain()
        }
    }

    private static let ends: Set<DeliveryState> = [.final, .held, .cancelled]
    private static let start = Parties.monday.microseconds

    private var isSettled: Bool {
        guard let snapshot = world.rules.snapshot else { return false }
        return snapshot.submissions.values.allSatisfy { Play.ends.contains($0.state) }
            && !snapshot.items.values.contains(.transient)
    }

    // MARK: - Rounds

    /// A round of the process that lives; a new one starts if there is none.
    func round() async throws {
        if machine == nil || machine?.isDead == true || machine?.isStopped == true {
            try await begin()
        }
        guard let machine, let courier, !machine.isDead else { return }
        referee.cover { $0.rounds += 1 }
        machine.roundBegins()
        let world = world
        tasks.append(
            Task(executorPreference: world.thread) {
                await Play.go(courier, machine, world: world)
                machine.roundIsOver()
            })
        await machine.waitForRound()
    }

    /// One round, and what its end means.
    private static func go(_ courier: Courier, _ machine: Machine, world: World) async {
        do {
            // At a meeting as many as there are wait here for their turn.
            let limit = 1 + world.dice.number(.timing, below: 3)
            _ = try await courier.round(limit: world.scenario.isMeeting ? 10 : limit)
        } catch is Died {
        } catch is StorageFailure {
            // A full disk, or another process has the journal: the next round tries again.
            world.referee.forgetQuiet()
        } catch {
            world.referee.object("a round threw \(error)")
        }
    }

    /// Starts a process, after whatever became of the one before.
    private func begin() async throws {
        guard let database else { return }
        machine?.overtake()
        if let journal { await journal.close() }
        world.rules.lost(nil)
        epochs += 1
        let next = Machine(epoch: "epoch-\(epochs)")
        let made = try Hand.courier(next, over: database, world)
        (machine, courier, journal) = (next, made.courier, made.journal)
        do {
            try await made.courier.start()
        } catch is Died {
        } catch is StorageFailure {
            next.die()
        }
    }
}

/// Puts the program's own pieces together, as the service does.
enum Hand {
    static func courier(
        _ machine: Machine, over real: any Database, _ world: World
    ) throws -> (courier: Courier, journal: WireJournal) {
        let database = MachineDatabase(real: real, machine: machine, world: world)
        let outbox = Outbox(epoch: machine.epoch)
        let journal = journal(world)
        let guarding = wireGuard(journal, over: database, outbox, world)
        let courier = Courier(
            database: database, outbox: outbox, transport: Wire(world: world, machine: machine),
            endpoint: try Parties.endpoint(), inFlight: world.inFlight, clock: world.clock,
            jitter: { world.dice.fraction(.jitter) }, wire: guarding,
            failPoint: { world.comesBy($0, machine) })
        return (courier, journal)
    }

    static func journal(_ world: World) -> WireJournal {
        WireJournal(
            folder: world.folder + "/journal", clock: world.clock, on: VirtualQueue(world.thread))
    }

    static func wireGuard(
        _ journal: WireJournal, over database: any Database, _ outbox: Outbox, _ world: World
    ) -> WireGuard {
        WireGuard(
            journal: journal, database: database, outbox: outbox, stand: .file,
            worker: "worker", clock: world.clock)
    }
}
