import Delivery
import Foundation
import Records
import Storage
import Synchronization

/// Everything that one run is made of.
final class World: Sendable {
    private struct State {
        /// By how much the machine's clock is wrong.
        var offset: Int64 = 0
        /// An older copy of the database, and what was queued by then.
        var backup: Backup?
        /// When the poisonous submission has killed, since somebody last let it go.
        var killed: [Timestamp] = []
    }

    /// The files of a database as they were at one moment.
    struct Backup: Sendable {
        let file: Data
        let log: Data?
    }

    let scenario: Scenario
    let dice: Dice
    let thread: VirtualThread
    let referee: Referee
    let nation: Nation
    let rules: Rules
    let folder: String
    /// How many submissions a process has on the wire at once.
    let inFlight: Int
    private let state = Mutex(State())

    init(_ scenario: Scenario, folder: String) {
        self.scenario = scenario
        self.folder = folder
        dice = Dice(scenario)
        thread = VirtualThread(
            seed: SplitMix.mixed(scenario.seed &+ 7), from: Parties.monday)
        referee = Referee()
        nation = Nation(dice, referee)
        // One where a process may stand still: then all of it stands still.
        inFlight = scenario.faults.contains(.pause) ? 1 : 1 + Int(scenario.seed % 3)
        rules = Rules(
            Rules.Links(
                referee: referee, nation: nation, dice: dice, thread: thread,
                hasClockJumps: scenario.faults.contains(.clock),
                isOneAtATime: inFlight == 1))
    }

    var path: String { folder + "/shangbao.db" }

    /// What the machine's clock shows.
    var clock: Clock {
        { self.thread.now.adding(seconds: self.state.withLock { $0.offset }) }
    }

    func moveClock(seconds: Int64) { state.withLock { $0.offset += seconds } }

    func died(_ machine: Machine) {
        machine.die()
        rules.lost(machine)
    }

    /// The first submission kills whoever sends it, wherever the fault is.
    func isPoison(_ id: SubmissionID) -> Bool {
        scenario.faults.contains(.poison) && id == Parties.submissionID(1)
    }

    /// Three times in two days, and it must have been put aside (S-10).
    func diedOfPoison(_ machine: Machine) {
        _ = dice.strikes(.poison, 1)
        let now = thread.now
        let times = state.withLock { state in
            state.killed.append(now)
            return state.killed.count { $0.adding(seconds: 48 * 3_600) > now }
        }
        if times > 3, !scenario.faults.contains(.clock) {
            referee.object("S-10 one submission has killed \(times) processes")
        }
        died(machine)
    }

    /// A person let it go again, or an older copy knows less of it.
    func forgetPoison() { state.withLock { $0.killed = [] } }

    /// A process comes by one of the places where a crash would hurt most.
    func comesBy(_ point: FailPoint, _ machine: Machine) {
        guard !machine.isDead else { return }
        referee.cover { $0.passed[point, default: 0] += 1 }
        if point == .beforeLeased { mayStir(4) }
        guard dice.strikes(.death, 0.04) else { return }
        referee.cover { $0.deaths[point, default: 0] += 1 }
        died(machine)
    }

    /// Who stands still may go on just when another begins something: the worst moment for it.
    ///
    /// - Parameter chance: one in so many times.
    func mayStir(_ chance: Int) {
        guard scenario.faults.contains(.pause), dice.number(.pause, below: chance) == 0 else {
            return
        }
        thread.stir()
    }

    /// Keeps a copy of the database now and then, between two transactions.
    func mayBackUp() {
        guard dice.strikes(.restore, 0.03) else { return }
        let files = FileManager.default
        guard let file = files.contents(atPath: path) else { return }
        let backup = Backup(file: file, log: files.contents(atPath: path + "-wal"))
        state.withLock { $0.backup = backup }
    }

    /// Puts the kept copy in the place of the database, which nobody has open; false if there is
    /// none.
    func putBack() throws -> Bool {
        let backup = state.withLock { state in
            defer { state.backup = nil }
            return state.backup
        }
        guard let backup else { return false }
        let files = FileManager.default
        for end in ["", "-wal", "-shm"] { try? files.removeItem(atPath: path + end) }
        try backup.file.write(to: URL(fileURLWithPath: path))
        try backup.log?.write(to: URL(fileURLWithPath: path + "-wal"))
        return true
    }

    var hasBackup: Bool { state.withLock { $0.backup != nil } }

    func open() async throws -> SQLiteDatabase {
        try await SQLiteDatabase.open(
            path, migrations: Template.migrations, on: VirtualQueue(thread))
    }
}
