import Storage
import Synchronization

/// The process dies here, as far as the code under test can tell.
struct PowerCut: Error {}

/// A database that lets a number of writes through and then fails every one: a process that died.
///
/// With `isAfterCommit`, the write at which it dies is on disk, but nobody learns of it.
final class CutDatabase: Database {
    private let real: any Database
    private let left: Mutex<Int>
    private let isAfterCommit: Bool

    init(_ real: any Database, writes: Int, isAfterCommit: Bool) {
        self.real = real
        left = Mutex(writes)
        self.isAfterCommit = isAfterCommit
    }

    func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        let count = left.withLock { count in
            count -= 1
            return count
        }
        if count >= 0 { return try await real.write(work) }
        if count == -1, isAfterCommit { _ = try await real.write(work) }
        throw PowerCut()
    }

    func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        if left.withLock({ $0 }) < 0 { throw PowerCut() }
        return try await real.read(work)
    }
}
