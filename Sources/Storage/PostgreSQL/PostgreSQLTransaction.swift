/// The transaction that `PostgreSQLConnection` hands to its work.
///
/// Remembers the first failure: after it the server refuses every other statement.
final class PostgreSQLTransaction: Transaction {
    private let handle: PostgreSQLHandle
    private(set) var failure: StorageFailure?

    init(_ handle: PostgreSQLHandle) {
        self.handle = handle
    }

    var dialect: Dialect { .postgreSQL }

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

    func announce() throws(StorageFailure) {
        if let failure { throw failure }
        try handle.execute("NOTIFY \(PostgreSQLHints.channel)")
    }
}
