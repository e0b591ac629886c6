import Delivery
import Records
import Storage
import Synchronization

/// The process dies here, as far as the code under test can tell.
struct Died: Error {}

/// One process of the program, from its start until it ends or dies.
final class Machine: Sendable {
    private struct State {
        var isDead = false
        var isStopped = false
        var isOvertaken = false
        var isOver = true
        var waiting: UnsafeContinuation<Void, Never>?
    }

    let epoch: String
    private let state = Mutex(State())

    init(epoch: String) { self.epoch = epoch }

    /// Nothing that it does from here on reaches the disk or the wire.
    var isDead: Bool { state.withLock { $0.isDead } }
    /// It stands still, and may go on hours later as if nothing had been.
    var isStopped: Bool { state.withLock { $0.isStopped } }
    /// Another process has begun: nothing that this one still ends may change a claim.
    var isOvertaken: Bool { state.withLock { $0.isOvertaken } }

    func die() { state.withLock { $0.isDead = true } }
    func overtake() { state.withLock { $0.isOvertaken = true } }

    /// It stands still; whoever waits for its round goes on without it.
    func stop() {
        state.withLock { $0.isStopped = true }
        roundIsOver()
    }

    func roundBegins() { state.withLock { $0.isOver = false } }

    func roundIsOver() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            state.isOver = true
            return state.waiting
        }
        waiting?.resume()
    }

    /// Until the round has ended or the process stands still.
    func waitForRound() async {
        await withUnsafeContinuation { waiting in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting = waiting }
                return state.isOver
            }
            if isOver { waiting.resume() }
        }
    }
}

/// The database as a command has it that a person calls.
struct PersonDatabase: Database {
    let real: any Database
    let rules: Rules

    func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await real.write { transaction in
            let outcome = try work(transaction)
            try rules.look(transaction, after: .person)
            return outcome
        }
    }

    func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        try await real.read(work)
    }
}

/// The database as one process has it: while the process lives it is the real one.
struct MachineDatabase: Database {
    let real: any Database
    let machine: Machine
    let world: World

    func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        guard !machine.isDead else { throw Died() }
        if world.dice.strikes(.deathAtCommit, 0.02) {
            world.died(machine)
            throw Died()
        }
        if world.dice.strikes(.fullDisk, 0.05) { throw StorageFailure(.full) }
        let rules = world.rules
        let outcome = try await real.write { transaction in
            let outcome = try work(transaction)
            try rules.look(transaction, after: .machine(machine))
            return outcome
        }
        world.mayBackUp()
        if world.dice.strikes(.deathAtCommit, 0.02) {
            world.died(machine)
            throw Died()
        }
        return outcome
    }

    func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        guard !machine.isDead else { throw Died() }
        return try await real.read(work)
    }
}
