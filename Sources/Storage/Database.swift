/// A durable place with transactions. Two methods; everything else is SQL.
///
/// The work is synchronous, so nothing can wait for a network inside a transaction, and a
/// transaction cannot be nested. It runs on the database's own thread.
package protocol Database: Sendable {
    /// Runs `work` in one transaction that may change the database. When this returns, the
    /// changes are on disk; when it throws, there are none.
    ///
    /// Throws: what `work` threw, unchanged, or a `StorageFailure`.
    @discardableResult
    func write<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome

    /// Runs `work` on one unchanging snapshot of what was last written.
    ///
    /// Throws: what `work` threw, unchanged, or a `StorageFailure`; `readOnly` if it changes
    /// anything.
    func read<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome
}

/// A database that this process has opened, and gives back when it is done with it.
package protocol SteadyDatabase: Database {
    /// Which one it is.
    var stand: DatabaseStand { get }

    /// Ends after the transactions that are under way. What comes later throws `closed`. May be
    /// called again.
    func close() async
}

/// What the work of one `write` or `read` may do. Exists only inside it.
///
/// After a statement failed, all others fail with the same reason and nothing is kept, even if
/// the work catches the error: the same on every database.
package protocol Transaction {
    /// What differs between databases.
    var dialect: Dialect { get }

    /// Runs one statement and returns all its rows, if it has any.
    ///
    /// For a guarded change, end the statement with `RETURNING` and look at the count of rows.
    @discardableResult
    func run(_ statement: SQL) throws(StorageFailure) -> [Row]

    /// Runs one statement once for each element of `rows`: the fast way to insert or mark many.
    ///
    /// - Parameters:
    ///   - text: The statement, with placeholders `$1`, `$2`, … in the order they first appear.
    ///   - bind: Binds one element's values, in the order of the placeholders.
    /// - Returns: How many rows were inserted, updated or deleted, all together.
    @discardableResult
    func runEach<Rows: Sequence>(
        _ text: StaticString, _ rows: Rows, bind: (Rows.Element, inout Parameters) -> Void
    ) throws(StorageFailure) -> Int

    /// Tells other processes that there is something to do, once this transaction is kept. Only a
    /// hint: it may be lost. Does nothing where there are no others.
    func announce() throws(StorageFailure)

    /// Has what this transaction erases leave the log too, once it is committed, as soon as nobody
    /// looks at an older state. Does nothing where the log is not ours.
    func scrub()
}

extension Transaction {
    package func scrub() {}
    package func announce() throws(StorageFailure) {}
}
