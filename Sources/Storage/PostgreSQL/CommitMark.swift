/// What a connection leaves in the database with each transaction that changed something, so that
/// it can find out what became of one whose commit nobody answered (F-054).
///
/// The server's own number of a transaction would not do: one that a crash undid before anything of
/// it was on disk gives its number back, and another writer's commit then answers to it (F-050).
final class CommitMark {
    /// Days after which the row of a connection that is gone is taken out.
    static let keptDays = 7

    /// The connection, by a number that no other one will ever have.
    private let writer = UInt64.random(in: 0 ..< .max)
    private var number = 0

    /// The mark of the next transaction; each is used once.
    func next() -> Int {
        number += 1
        return number
    }

    /// The last statement of a transaction; one that changed nothing leaves nothing, and need not
    /// wait for the disk.
    func leaving(_ number: Int) -> String {
        """
        INSERT INTO commit_mark (writer, number, at)
        SELECT '\(name)', \(number), now() WHERE pg_current_xact_id_if_assigned() IS NOT NULL
        ON CONFLICT (writer) DO UPDATE SET number = excluded.number, at = excluded.at;

        """
    }

    /// One row if that transaction was kept.
    func asking(_ number: Int) -> String {
        "SELECT 1 FROM commit_mark WHERE writer = '\(name)' AND number = \(number)"
    }

    /// Waits for this connection's transaction before. Two connections that share a lock by chance
    /// wait for each other, and no more.
    var locking: String {
        "SELECT pg_advisory_xact_lock(600371, \(Int32(truncatingIfNeeded: writer)))"
    }

    private var name: String { String(writer, radix: 16) }
}

extension PostgreSQLHandle {
    /// Makes the place for marks, and takes out old ones.
    func prepareMarks() throws(StorageFailure) {
        try execute(Dialect.postgreSQL.begin.text)
        do throws(StorageFailure) {
            if try execute("SELECT to_regclass('commit_mark')") == nil {
                try execute(
                    """
                    CREATE TABLE commit_mark (
                        writer text PRIMARY KEY, number bigint NOT NULL, at timestamptz NOT NULL)
                    """)
            }
            try execute(
                """
                DELETE FROM commit_mark WHERE at < now() - interval '\(CommitMark.keptDays) days'
                """)
        } catch {
            if isConnected, isInTransaction { _ = try? execute("ROLLBACK") }
            throw error
        }
        guard case .kept = try commit() else {
            throw StorageFailure(.server(.unreachable))
        }
    }
}
