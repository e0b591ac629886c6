/// The database could not do what it was asked. Holds names of the schema and codes; never a
/// bound value.
package struct StorageFailure: Error, Hashable, Sendable {
    /// What went wrong, as far as the next step differs.
    package enum Reason: Hashable, Sendable {
        /// Another program holds the file; trying again may help.
        case busy
        /// The disk or the quota is full. Nothing of the transaction was kept.
        case full
        /// The disk did not confirm a forced write. What was committed before is in the file or its
        /// log; this process writes nothing more.
        case notForced
        /// The file, its folder or this connection may not be written.
        case readOnly
        /// The file is damaged, or is not a database.
        case corrupt
        /// A constraint of the schema said no. Its columns or name, as the schema has them;
        /// empty where the database gives none (a foreign key of SQLite).
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
        /// Something about a database server, or the way to it.
        case server(ServerTrouble)
        /// Anything else; see `code`.
        case other
    }

    /// Whether it may heal while the program waits: a full disk is cleared, a server comes back.
    package var mayPass: Bool {
        switch reason {
        case .busy, .full: true
        case .server(let trouble): trouble == .unreachable
        case .notForced, .readOnly, .corrupt, .constraint, .lockedByAnotherProcess, .cannotOpen,
            .networkFileSystem, .schemaTooNew, .schemaTooOld, .closed, .unexpectedColumn,
            .invalidStatement, .other:
            false
        }
    }

    package let reason: Reason
    /// SQLite's extended result code (`sqlite.org/rescode.html`), or PostgreSQL's SQLSTATE read as
    /// a number of base 36; 0 where the database was not asked.
    package let code: Int32

    package init(_ reason: Reason, code: Int32 = 0) {
        self.reason = reason
        self.code = code
    }
}

/// What can be the matter with a database server. Each has a next step of its own.
package enum ServerTrouble: String, Hashable, Sendable, CaseIterable {
    /// It does not answer, or takes no more connections. Nothing of the transaction was kept.
    case unreachable
    /// It does not let this user in.
    case denied
    /// The connection broke while a transaction was being committed, and it could not be found out
    /// what became of it: it must be read again, and never be repeated blindly.
    case outcomeUnknown
    /// Another server has taken over, and may lack what the one before had confirmed.
    case failedOver
    /// Older than PostgreSQL 15.
    case tooOld
    /// It only follows another server.
    case standby
    /// A proxy stands in front that lends server connections by the transaction.
    case pooled
    /// A password stands where others can read it.
    case passwordInSight
    /// The connection's words are wrong, or the way leaves the machine and the server would not be
    /// verified.
    case address
    /// The server does not force commits to its disk.
    case notDurable
    /// The database sorts text by a language, or is not UTF-8.
    case collation
}
