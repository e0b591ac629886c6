/// The database could not do what it was asked. Holds names of the schema and codes; never a
/// bound value.
package struct StorageFailure: Error, Hashable, Sendable {
    /// What went wrong, as far as the next step differs.
    package enum Reason: Hashable, Sendable {
        /// Another program holds the file; trying again may help.
        case busy
        /// The disk or the quota is full. Nothing of the transaction was kept.
        case full
        /// The file, its folder or this connection may not be written.
        case readOnly
        /// The file is damaged, or is not a database.
        case corrupt
        /// A constraint of the schema said no. Its columns or name, as the schema has them;
        /// empty where the database gives none (a foreign key).
        case constraint(String)
        /// Another process works on this file. Nothing was written.
        case lockedByAnotherProcess
        /// The file or its folder cannot be opened or made.
        case cannotOpen
        /// The file is on a network file system, where locks cannot be trusted.
        case networkFileSystem
        /// The file was written by a newer version of this program. Nothing was changed.
        case schemaTooNew(found: Int, known: Int)
        /// The file was written by an older version; reading alone does not bring it up to date.
        case schemaTooOld(found: Int, known: Int)
        /// `close()` was called before.
        case closed
        /// A row has no such column, or another kind of value in it.
        case unexpectedColumn(String)
        /// The statement itself is wrong: the database's words about its text, made before any
        /// value was bound.
        case invalidStatement(String)
        /// Anything else; see `code`.
        case other
    }

    package let reason: Reason
    /// SQLite's extended result code (`sqlite.org/rescode.html`); 0 where SQLite was not asked.
    package let code: Int32

    package init(_ reason: Reason, code: Int32 = 0) {
        self.reason = reason
        self.code = code
    }
}
