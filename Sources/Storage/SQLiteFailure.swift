import CSQLite
import Glibc

extension StorageFailure {
    /// What an SQLite result code means. `handle` is asked for the operating system's reason and,
    /// for a constraint, its name; of other messages nothing is kept.
    init(sqlite code: Int32, on handle: OpaquePointer?) {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: self.init(.busy, code: code)
        case SQLITE_FULL: self.init(.full, code: code)
        case SQLITE_READONLY: self.init(.readOnly, code: code)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self.init(.corrupt, code: code)
        case SQLITE_CONSTRAINT:
            self.init(.constraint(StorageFailure.constraintName(code, handle)), code: code)
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            let found = StorageFailure(systemError: sqlite3_system_errno(handle), orElse: code)
            self = found.isOfForcing ? StorageFailure(.notForced, code: code) : found
        default: self.init(.other, code: code)
        }
    }

    /// What an `errno` means for a file that could not be opened or written.
    init(systemError: Int32, orElse code: Int32 = 0) {
        switch systemError {
        // SQLite itself reports only ENOSPC of a write as full.
        case ENOSPC, EDQUOT, EFBIG: self.init(.full, code: code)
        case EROFS, EACCES, EPERM: self.init(.readOnly, code: code)
        default:
            let isInputOutput = code & 0xFF == SQLITE_IOERR
            self.init(isInputOutput ? .other : .cannotOpen, code: code)
        }
    }

    /// Check, not null, primary key, unique, row id: these messages end with names of the schema.
    /// A trigger's message is free text and is not read.
    private static func constraintName(_ code: Int32, _ handle: OpaquePointer?) -> String {
        guard [1, 5, 6, 8, 10].contains(code >> 8), let message = sqlite3_errmsg(handle) else {
            return ""
        }
        let words = String(cString: message)
        let marker = " constraint failed: "
        guard let range = words.firstRange(of: marker) else { return "" }
        return String(words[range.upperBound...])
    }
}
