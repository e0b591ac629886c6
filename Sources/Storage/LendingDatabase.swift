/// A database file that this process keeps for as long as it runs, and lends to others for one
/// short piece of work each (轮流写入): a person can steer a queue whose service never ends.
///
/// Whoever wants a turn asks for it (`SQLiteDatabase.openInTurn`). Then nobody here begins a
/// transaction, those under way end, the file is closed, and it is opened again when nobody wants
/// it any more; transactions of this process wait meanwhile. At no time do two write.
package final class LendingDatabase: SteadyDatabase {
    package let stand = DatabaseStand.file
    private let gate: Gate
    private let lending: Task<Void, Never>

    private init(gate: Gate, lending: Task<Void, Never>) {
        self.gate = gate
        self.lending = lending
    }

    /// Opens the file as `SQLiteDatabase.open` does, and lends it from now on.
    ///
    /// - Parameter checkpointed: told each time that the log was moved into the file whole.
    package static func open(
        _ path: String, migrations: [Migration], place: SQLiteDatabase.Place = .localOnly,
        checkpointed: @escaping CheckpointHook = {}
    ) async throws -> LendingDatabase {
        let path = try DatabaseFile.local(path, place)
        let residence = try ProcessLock(path + DatabaseFile.residence)
        @Sendable func opened() async throws -> SQLiteDatabase {
            try await SQLiteDatabase.open(
                try DatabaseFile.claim(path, place, as: .resident), migrations,
                checkpointed: checkpointed)
        }
        let gate = Gate(try await opened(), residence)
        let lending = Task {
            await gate.lend(
                whileWished: { ProcessLock.isHeld(path + DatabaseFile.wish) }, opened)
        }
        return LendingDatabase(gate: gate, lending: lending)
    }

    @discardableResult
    package func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        let database = try await gate.enter()
        do {
            let outcome = try await database.write(work)
            await gate.leave()
            return outcome
        } catch {
            await gate.leave()
            throw error
        }
    }

    package func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        let database = try await gate.enter()
        do {
            let outcome = try await database.read(work)
            await gate.leave()
            return outcome
        } catch {
            await gate.leave()
            throw error
        }
    }

    package func close() async {
        lending.cancel()
        await lending.value
        await gate.end(StorageFailure(.closed))
    }
}

/// Who is in the database, and whether anybody may go in.
private actor Gate {
    private enum State {
        case open(SQLiteDatabase)
        case lent
        case ended(StorageFailure)
    }

    private static let look = Duration.milliseconds(100)

    private var state: State
    /// Held until the end, whoever has the turn.
    private var residence: ProcessLock?
    private var inside = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var emptied: CheckedContinuation<Void, Never>?

    init(_ database: SQLiteDatabase, _ residence: ProcessLock) {
        state = .open(database)
        self.residence = residence
    }

    /// Goes in, once the database is back.
    func enter() async throws -> SQLiteDatabase {
        while true {
            switch state {
            case .open(let database):
                inside += 1
                return database
            case .lent: await withCheckedContinuation { waiting.append($0) }
            case .ended(let failure): throw failure
            }
        }
    }

    func leave() {
        inside -= 1
        guard inside == 0 else { return }
        emptied?.resume()
        emptied = nil
    }

    /// Lends whenever it is wished, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - isWished: whether somebody wants a turn, or has it.
    ///   - reopen: takes the turn back.
    func lend(
        whileWished isWished: @Sendable () -> Bool,
        _ reopen: @Sendable () async throws -> SQLiteDatabase
    ) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Gate.look)
            guard isWished(), case .open(let database) = state else { continue }
            state = .lent
            if inside > 0 { await withCheckedContinuation { emptied = $0 } }
            await database.close()
            while !Task.isCancelled, case .lent = state {
                try? await Task.sleep(for: Gate.look)
                if isWished() { continue }
                do {
                    change(to: .open(try await reopen()))
                } catch let failure as StorageFailure
                    where failure.reason == .lockedByAnotherProcess
                {
                    // Somebody else was faster.
                } catch let failure as StorageFailure {
                    change(to: .ended(failure))
                } catch {
                    change(to: .ended(StorageFailure(.other)))
                }
            }
        }
    }

    /// Nobody goes in any more; those inside come to their end first.
    func end(_ failure: StorageFailure) async {
        let before = state
        change(to: .ended(failure))
        if case .open(let database) = before { await database.close() }
        residence = nil
    }

    private func change(to next: State) {
        state = next
        for each in waiting { each.resume() }
        waiting = []
    }
}
