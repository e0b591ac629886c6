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
}

extension Dialect {
    /// SQLite has one writer: it takes its lock at the beginning, since a later upgrade from
    /// reading fails at once, and there is never a row that another worker holds.
    package static let sqlite = Dialect(
        begin: Fragment("BEGIN IMMEDIATE"), skipLocked: Fragment(""))
}
