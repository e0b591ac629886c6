import CSQLite

/// One open SQLite connection with its prepared statements. Used by one thread at a time.
final class SQLiteHandle {
    /// Statements are literals of the program, so there are far fewer; a limit all the same.
    private static let preparedLimit = 512
    static let busyTimeoutMilliseconds: Int32 = 5_000

    let handle: OpaquePointer
    let log = SQLiteLog()
    /// Kept so that the file stays ours until the last connection is closed.
    private let locks: [ProcessLock]
    private var prepared: [String: OpaquePointer] = [:]

    /// Opens an existing file. Throws `cannotOpen`, `readOnly`, `full`.
    convenience init(_ file: DatabaseFile, readOnly: Bool) throws(StorageFailure) {
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        try self.init(path: file.path, locks: file.locks, access: access)
    }

    /// A database in memory, empty and gone with the handle.
    convenience init(inMemory: Void) throws(StorageFailure) {
        try self.init(path: ":memory:", locks: [], access: SQLITE_OPEN_READWRITE)
    }

    private init(path: String, locks: [ProcessLock], access: Int32) throws(StorageFailure) {
        var opened: OpaquePointer?
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let failure = StorageFailure(sqlite: code, on: opened)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        self.locks = locks
        sqlite3_busy_timeout(handle, SQLiteHandle.busyTimeoutMilliseconds)
        checkpointsWhenClosed(false)
    }

    deinit {
        for statement in prepared.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Whether closing the last connection may move the log into the file.
    func checkpointsWhenClosed(_ enabled: Bool) {
        _ = shangbao_set_checkpoint_on_close(handle, enabled ? 1 : 0)
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs a script of one or several statements without values.
    func execute(_ script: String) throws(StorageFailure) {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw textFailure(code) }
    }

    /// Runs one statement and returns its rows.
    func run(_ text: String, _ values: [StoredValue] = []) throws(StorageFailure) -> [Row] {
        let statement = try statement(for: text)
        // Bound values do not stay in memory with the cached statement.
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try bind(values, to: statement)
        var names: [String] = []
        var rows: [Row] = []
        while try step(statement) {
            if rows.isEmpty { names = columnNames(of: statement) }
            var cells: [StoredValue] = []
            cells.reserveCapacity(names.count)
            for position in names.indices {
                cells.append(try cell(of: statement, at: Int32(position), named: names[position]))
            }
            rows.append(Row(names: names, values: cells))
        }
        return rows
    }

    /// Runs one statement for each element and returns how many rows changed.
    func runEach<Rows: Sequence>(
        _ text: String, _ rows: Rows, bind: (Rows.Element, inout Parameters) -> Void
    ) throws(StorageFailure) -> Int {
        let statement = try statement(for: text)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        var changed = 0
        var parameters = Parameters()
        for row in rows {
            parameters.removeAll()
            bind(row, &parameters)
            try self.bind(parameters.values, to: statement)
            while try step(statement) {}
            changed += Int(sqlite3_changes(handle))
            sqlite3_reset(statement)
        }
        return changed
    }

    /// One step; whether there is a row. The code that ends the rows is looked at, so that a
    /// damaged file is never taken for a short answer.
    private func step(_ statement: OpaquePointer) throws(StorageFailure) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw StorageFailure(sqlite: code, on: handle)
        }
    }
}

// MARK: - Statements

extension SQLiteHandle {
    private func statement(for text: String) throws(StorageFailure) -> OpaquePointer {
        if let statement = prepared[text] { return statement }
        if prepared.count == SQLiteHandle.preparedLimit {
            for statement in prepared.values { sqlite3_finalize(statement) }
            prepared.removeAll()
        }
        let statement = try prepare(text)
        prepared[text] = statement
        return statement
    }

    private func prepare(_ text: String) throws(StorageFailure) -> OpaquePointer {
        var statement: OpaquePointer?
        var hasMore = false
        let code = text.withCString { start in
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(
                handle, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &rest)
            hasMore = rest.map { String(cString: $0).contains { !$0.isWhitespace } } ?? false
            return code
        }
        guard code == SQLITE_OK else { throw textFailure(code) }
        guard let statement, !hasMore else {
            sqlite3_finalize(statement)
            throw StorageFailure(.invalidStatement("not exactly one statement"))
        }
        for position in 0..<sqlite3_bind_parameter_count(statement) {
            let name = sqlite3_bind_parameter_name(statement, position + 1)
            guard let name, String(cString: name) == "$\(position + 1)" else {
                sqlite3_finalize(statement)
                throw StorageFailure(.invalidStatement("placeholders are not $1, $2, … in order"))
            }
        }
        return statement
    }

    /// Before anything is bound, SQLite's message can only speak of the statement's text.
    private func textFailure(_ code: Int32) -> StorageFailure {
        guard code & 0xFF == SQLITE_ERROR, let message = sqlite3_errmsg(handle) else {
            return StorageFailure(sqlite: code, on: handle)
        }
        return StorageFailure(.invalidStatement(String(cString: message)), code: code)
    }

    private func bind(
        _ values: [StoredValue], to statement: OpaquePointer
    ) throws(StorageFailure) {
        let count = Int(sqlite3_bind_parameter_count(statement))
        guard values.count == count else {
            let words = "\(values.count) values for \(count) placeholders"
            throw StorageFailure(.invalidStatement(words))
        }
        var position: Int32 = 0
        for value in values {
            position += 1
            let code = SQLiteHandle.bind(value, to: statement, at: position)
            guard code == SQLITE_OK else { throw StorageFailure(sqlite: code, on: handle) }
        }
    }

    private static func bind(
        _ value: StoredValue, to statement: OpaquePointer, at position: Int32
    ) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(statement, position)
        case .integer(let number):
            return sqlite3_bind_int64(statement, position, number)
        case .text(var text):
            return text.withUTF8 { utf8 in
                // A missing address would bind NULL.
                guard let start = utf8.baseAddress, !utf8.isEmpty else {
                    return shangbao_bind_text(statement, position, "", 0)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                    shangbao_bind_text(statement, position, $0, UInt64(utf8.count))
                }
            }
        case .bytes(let bytes):
            // As above.
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, position, 0) }
            return bytes.withUnsafeBytes {
                shangbao_bind_bytes(statement, position, $0.baseAddress, UInt64($0.count))
            }
        }
    }
}

// MARK: - Columns

extension SQLiteHandle {
    private func columnNames(of statement: OpaquePointer) -> [String] {
        (0..<sqlite3_column_count(statement)).map { position in
            sqlite3_column_name(statement, position).map { String(cString: $0) } ?? ""
        }
    }

    private func cell(
        of statement: OpaquePointer, at position: Int32, named name: String
    ) throws(StorageFailure) -> StoredValue {
        switch sqlite3_column_type(statement, position) {
        case SQLITE_NULL:
            return .null
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(statement, position))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(statement, position)
            let count = Int(sqlite3_column_bytes(statement, position))
            let utf8 = UnsafeBufferPointer(start: start, count: count)
            guard let text = String(validating: utf8, as: UTF8.self) else {
                throw StorageFailure(.corrupt)
            }
            return .text(text)
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, position)
            let count = Int(sqlite3_column_bytes(statement, position))
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default:
            // A floating point number: we count in whole units.
            throw StorageFailure(.unexpectedColumn(name))
        }
    }
}
