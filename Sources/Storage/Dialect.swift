/// What differs between databases, and nothing more: one SQL text serves them all.
///
/// Beyond these fragments: ids are ours, times are `bigint` microseconds, text is `text`, bytes
/// are `bytea`, and statements keep to `ON CONFLICT`, `RETURNING` and common table expressions.
package struct Dialect: Sendable {
    /// A piece of SQL that may stand in a statement unbound. Only this file makes them.
    package struct Fragment: Sendable {
        let text: String
        fileprivate init(_ text: String) { self.text = text }
    }

    /// How a transaction that writes begins.
    package let begin: Fragment
    /// Ends a `SELECT` that claims rows which no other worker holds.
    package let skipLocked: Fragment
    /// Whether a claim needs an end: where several processes may write.
    package let countsLeases: Bool
    /// When a lease that is taken or renewed now ends: a `bigint`, by the database's own clock, or
    /// `NULL` where the one process that works on the file is the lease.
    package let leaseEnd: Fragment
    /// Whether the lease of a row with a column `lease_until` counts no longer. Where the process
    /// is the lease, whoever asks has its lock, so that the others' are over.
    package let leaseIsOver: Fragment
    /// The database's own clock: a `bigint`; `NULL` where that is ours.
    package let clock: Fragment
    /// Behind a text column that holds JSON, before `->` and `->>`.
    package let asJSON: Fragment
    /// Before and behind a column that holds a member's name, after `->` and `->>`: SQLite takes
    /// one that begins with a digit for a place in an array.
    package let memberBegins: Fragment
    package let memberEnds: Fragment
}

extension Dialect {
    /// SQLite has one writer: it takes its lock at the beginning, since a later upgrade from
    /// reading fails at once, and there is never a row that another worker holds.
    package static let sqlite = Dialect(
        begin: Fragment("BEGIN IMMEDIATE"), skipLocked: Fragment(""),
        countsLeases: false, leaseEnd: Fragment("NULL"), leaseIsOver: Fragment("1 = 1"),
        clock: Fragment("CAST(NULL AS bigint)"), asJSON: Fragment(""),
        memberBegins: Fragment("('$.\"' || "), memberEnds: Fragment(" || '\"')"))

    /// Writers of this program take turns: see `PostgreSQLDatabase`. The number names their lock,
    /// and is never changed.
    package static let postgreSQL = Dialect(
        begin: Fragment(
            """
            BEGIN ISOLATION LEVEL READ COMMITTED;
            SELECT pg_advisory_xact_lock(6003711286493278017)
            """),
        skipLocked: Fragment("FOR UPDATE SKIP LOCKED"),
        countsLeases: true,
        leaseEnd: Fragment("\(databaseTime) + 180000000"),
        leaseIsOver: Fragment("(lease_until IS NULL OR lease_until < \(databaseTime))"),
        clock: Fragment(databaseTime), asJSON: Fragment("::json"),
        memberBegins: Fragment("("), memberEnds: Fragment(")"))

    /// The database's clock as microseconds since 1970.
    private static let databaseTime =
        "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
}
