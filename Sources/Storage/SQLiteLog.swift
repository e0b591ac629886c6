import CSQLite

/// Told each time that a log was moved into its file whole (检查点).
package typealias CheckpointHook = @Sendable () -> Void

/// What a connection knows of its log, and whether the disk has once said no to a forced write.
///
/// After that no later success can be believed: the system may have dropped the pages and call them
/// clean. So this process writes nothing more, and leaves the log where it is: whoever opens the
/// file next moves all of it once more.
final class SQLiteLog {
    /// Pages in the log after the last commit.
    fileprivate(set) var pages: Int32 = 0
    /// Whether pages in the log may still hold what was erased.
    var holdsErased = false
    /// The forced write that failed.
    fileprivate(set) var failure: StorageFailure?
    /// Told when nothing is left in the log that the file does not have.
    var isWhole: CheckpointHook = {}
}

extension SQLiteHandle {
    private static let checkpointPages: Int32 = 1_000

    /// Takes the moving of the log over: SQLite's own way passes over a disk that fails in it.
    func moveLogOurselves() {
        let me = Unmanaged.passUnretained(log).toOpaque()
        sqlite3_wal_hook(
            handle,
            { me, _, _, pages in
                me.map { Unmanaged<SQLiteLog>.fromOpaque($0).takeUnretainedValue() }?.pages = pages
                return SQLITE_OK
            }, me)
    }

    /// Throws the failure of a forced write that this connection has met before.
    func refuseAfterFailedForcing() throws(StorageFailure) {
        if let failure = log.failure { throw failure }
    }

    /// Remembers a forced write that failed.
    func note(_ failure: StorageFailure) {
        guard failure.isOfForcing, log.failure == nil else { return }
        log.failure = failure
        checkpointsWhenClosed(false)
    }

    /// Moves the log into the file once it is long, without waiting for readers, and empties it
    /// where it may hold what was erased. What was committed
    /// stays so if that fails: it is in the log.
    func shortenLog() {
        if log.holdsErased {
            sqlite3_busy_timeout(handle, 0)
            emptyLog()
            sqlite3_busy_timeout(handle, SQLiteHandle.busyTimeoutMilliseconds)
        }
        guard log.pages >= SQLiteHandle.checkpointPages else { return }
        moveLog(SQLITE_CHECKPOINT_PASSIVE)
    }

    /// Moves the whole log into the file and cuts it to nothing, as far as possible.
    func emptyLog() {
        guard log.failure == nil else { return }
        moveLog(SQLITE_CHECKPOINT_TRUNCATE)
    }

    private func moveLog(_ mode: Int32) {
        var (pages, moved): (Int32, Int32) = (-1, -1)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &pages, &moved)
        guard code == SQLITE_OK else { return note(StorageFailure(sqlite: code, on: handle)) }
        if mode == SQLITE_CHECKPOINT_TRUNCATE {
            log.holdsErased = false
            log.pages = 0
        }
        // A reader that still looks at an older state leaves pages in the log.
        if pages >= 0, pages == moved { log.isWhole() }
    }
}

extension StorageFailure {
    /// Whether the disk did not confirm a forced write (`SQLITE_IOERR_FSYNC`, `…_DIR_FSYNC`).
    var isOfForcing: Bool { [10 | 4 << 8, 10 | 5 << 8].contains(code) }
}
