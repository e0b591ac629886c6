/// The transaction that `SQLiteConnection` hands to its work.
///
/// Remembers the first failure: some failures make SQLite roll back by itself, and a statement
/// that came after would be on its own.
final class SQLiteTransaction: Transaction {
    private let handle: SQLiteHandle
    private(set) var failure: StorageFailure?
    /// Whether the log is to be emptied after the commit.
    private(set) var isErasing = false

    init(_ handle: SQLiteHandle) {
        self.handle = handle
    }

    var dialect: Dialect { .sqlite }

    func scrub() { isErasing = true }

    func run(_ statement: SQL) throws(StorageFailure) -> [Row] {
        if let failure { throw failure }
        do {
            return try handle.run(statement.text, statement.values)
        } catch {
            failure = error
            throw error
        }
    }

    func runEach<Rows: Sequence>(
        _ text: StaticString, _ rows: Rows, bind: (Rows.Element, inout Parameters) -> Void
    ) throws(StorageFailure) -> Int {
        if let failure { throw failure }
        do {
            return try handle.runEach(text.description, rows, bind: bind)
        } catch {
            failure = error
            throw error
        }
    }
}
