import CLibPQ

/// One open connection to a PostgreSQL server with its prepared statements. Used by one thread at a
/// time.
final class PostgreSQLHandle {
    /// Statements are literals of the program, so there are far fewer; a limit all the same.
    private static let preparedLimit = 512
    /// Runs of one statement that are under way together, and bytes: few enough that neither side
    /// waits with full hands for the other.
    private static let pipelineRuns = 64
    private static let pipelineBytes = 1 << 18

    /// A statement as the server knows it: its name, and what goes in and comes out.
    private struct Prepared {
        let name: String
        let parameters: [Oid]
        let columns: [String]
    }

    let connection: OpaquePointer
    private var prepared: [String: Prepared] = [:]
    private var names = 0
    private let warnings = Warnings()

    /// How many warnings the server gave.
    private final class Warnings {
        var count = 0
    }

    /// How a transaction ended, as far as the server said.
    enum Ending {
        case kept
        case undone
        /// The connection broke, or the server stopped waiting for its standby: ask it again.
        case unsure
    }

    /// Connects. Throws `unreachable`, `denied`.
    init(_ address: PostgreSQLAddress) throws(StorageFailure) {
        let keys = address.words.map(\.0)
        let values = address.words.map(\.1)
        let opened = PostgreSQLHandle.withAddresses(of: keys) { keys in
            PostgreSQLHandle.withAddresses(of: values) { PQconnectdbParams(keys, $0, 0) }
        }
        guard let opened else { throw StorageFailure(.server(.unreachable)) }
        guard PQstatus(opened) == CONNECTION_OK else {
            let isDenied =
                PQconnectionNeedsPassword(opened) == 1 || PQconnectionUsedPassword(opened) == 1
            PQfinish(opened)
            throw StorageFailure(.server(isDenied ? .denied : .unreachable))
        }
        connection = opened
        // libpq would print notices. One warning matters: see `commit`.
        let note: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?) -> Void = {
            warnings, result in
            guard let warnings, SQLState(result).text.hasPrefix("01") else { return }
            Unmanaged<Warnings>.fromOpaque(warnings).takeUnretainedValue().count += 1
        }
        PQsetNoticeReceiver(connection, note, Unmanaged.passUnretained(warnings).toOpaque())
    }

    deinit { PQfinish(connection) }

    private static func withAddresses<Outcome>(
        of texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Outcome
    ) -> Outcome {
        var whole: [CChar] = []
        var starts: [Int] = []
        for text in texts {
            starts.append(whole.count)
            whole.append(contentsOf: text.utf8CString)
        }
        return whole.withUnsafeBufferPointer { buffer in
            let addresses = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
            return body(addresses)
        }
    }

    /// Whether the connection is there, as far as libpq has noticed.
    var isConnected: Bool { PQstatus(connection) == CONNECTION_OK }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool {
        let status = PQtransactionStatus(connection)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE
    }

    /// Runs a script of one or several statements without values; the first cell of the last one's
    /// rows, as text.
    @discardableResult
    func execute(_ script: String) throws(StorageFailure) -> String? {
        let result = PQexec(connection, script)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return nil
        case PGRES_TUPLES_OK:
            guard PQntuples(result) > 0, PQnfields(result) > 0, PQgetisnull(result, 0, 0) == 0
            else { return nil }
            return String(cString: PQgetvalue(result, 0, 0))
        default: throw StorageFailure(postgreSQL: result, on: connection)
        }
    }

    /// Ends the transaction, after a last statement of its own. A server that has to undo it
    /// instead answers without an error.
    ///
    /// A server that was told to stop waiting for its standby warns, and has committed all the
    /// same: that is never a rollback (F-055).
    func commit(leaving mark: String = "") throws(StorageFailure) -> Ending {
        let before = warnings.count
        let result = PQexec(connection, mark + "COMMIT")
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            let failure = StorageFailure(postgreSQL: result, on: connection)
            if failure.reason == .server(.unreachable) { return .unsure }
            // It was the mark that failed; a failed COMMIT has ended already.
            if isInTransaction { _ = try? execute("ROLLBACK") }
            throw failure
        }
        guard isConnected else { return .unsure }
        guard warnings.count == before else { return .unsure }
        return PQcmdStatus(result).map { String(cString: $0) } == "COMMIT" ? .kept : .undone
    }

    /// Runs one statement and returns its rows.
    func run(_ text: String, _ values: [StoredValue] = []) throws(StorageFailure) -> [Row] {
        let statement = try statement(for: text, values)
        let bound = try BoundValues(values, as: statement.parameters)
        let result = bound.lend { count, addresses, lengths, forms in
            PQexecPrepared(
                connection, statement.name, count, addresses, lengths, forms, 1)
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return []
        case PGRES_TUPLES_OK: return try rows(of: result, statement.columns)
        default: throw StorageFailure(postgreSQL: result, on: connection)
        }
    }

    private func rows(
        of result: OpaquePointer?, _ names: [String]
    ) throws(StorageFailure) -> [Row] {
        let types = names.indices.map { PQftype(result, Int32($0)) }
        var rows: [Row] = []
        rows.reserveCapacity(Int(PQntuples(result)))
        for line in 0..<PQntuples(result) {
            var cells: [StoredValue] = []
            cells.reserveCapacity(names.count)
            for (position, type) in types.enumerated() {
                let position = Int32(position)
                guard PQgetisnull(result, line, position) == 0 else {
                    cells.append(.null)
                    continue
                }
                let bytes = UnsafeRawBufferPointer(
                    start: PQgetvalue(result, line, position),
                    count: Int(PQgetlength(result, line, position)))
                let cell = PostgreSQLCell(bytes: bytes, type: type)
                cells.append(try cell.value(named: names[Int(position)]))
            }
            rows.append(Row(names: names, values: cells))
        }
        return rows
    }
}

// MARK: - Statements

extension PostgreSQLHandle {
    /// The statement, prepared; its placeholders are declared as the kinds of these values.
    private func statement(
        for text: String, _ values: [StoredValue]
    ) throws(StorageFailure) -> Prepared {
        if let statement = prepared[text] { return statement }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw StorageFailure(.invalidStatement("no statement"))
        }
        if prepared.count == PostgreSQLHandle.preparedLimit {
            try execute("DEALLOCATE ALL")
            prepared.removeAll()
        }
        names += 1
        let name = "s\(names)"
        let types = values.map { PostgreSQLType.declared($0) }
        let made = PQprepare(connection, name, text, Int32(types.count), types)
        defer { PQclear(made) }
        guard PQresultStatus(made) == PGRES_COMMAND_OK else {
            throw StorageFailure(postgreSQL: made, on: connection)
        }
        let described = PQdescribePrepared(connection, name)
        defer { PQclear(described) }
        guard PQresultStatus(described) == PGRES_COMMAND_OK else {
            throw StorageFailure(postgreSQL: described, on: connection)
        }
        let statement = Prepared(
            name: name,
            parameters: (0..<PQnparams(described)).map { PQparamtype(described, $0) },
            columns: (0..<PQnfields(described)).map { position in
                PQfname(described, position).map { String(cString: $0) } ?? ""
            })
        prepared[text] = statement
        return statement
    }

    /// Runs one statement for each element, many under way at once, and returns how many rows
    /// changed.
    func runEach<Rows: Sequence>(
        _ text: String, _ rows: Rows, bind: (Rows.Element, inout Parameters) -> Void
    ) throws(StorageFailure) -> Int {
        var changed = 0
        var parameters = Parameters()
        var waiting: [BoundValues] = []
        var bytes = 0
        for row in rows {
            parameters.removeAll()
            bind(row, &parameters)
            let statement = try statement(for: text, parameters.values)
            let bound = try BoundValues(parameters.values, as: statement.parameters)
            waiting.append(bound)
            bytes += bound.byteCount
            if waiting.count == PostgreSQLHandle.pipelineRuns
                || bytes >= PostgreSQLHandle.pipelineBytes
            {
                changed += try runTogether(waiting, statement.name)
                waiting.removeAll(keepingCapacity: true)
                bytes = 0
            }
        }
        if !waiting.isEmpty {
            changed += try runTogether(waiting, try statement(for: text, parameters.values).name)
        }
        return changed
    }

    private func runTogether(_ runs: [BoundValues], _ name: String) throws(StorageFailure) -> Int {
        guard PQenterPipelineMode(connection) == 1 else {
            throw StorageFailure(.server(.unreachable))
        }
        defer { _ = PQexitPipelineMode(connection) }
        for bound in runs {
            let isSent = bound.lend { count, addresses, lengths, forms in
                PQsendQueryPrepared(connection, name, count, addresses, lengths, forms, 1)
            }
            guard isSent == 1 else { throw StorageFailure(postgreSQL: nil, on: connection) }
        }
        guard PQpipelineSync(connection) == 1 else {
            throw StorageFailure(postgreSQL: nil, on: connection)
        }
        var changed = 0
        var failure: StorageFailure?
        for _ in runs {
            while let result = PQgetResult(connection) {
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                    changed += PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
                case PGRES_PIPELINE_ABORTED: break
                default:
                    failure = failure ?? StorageFailure(postgreSQL: result, on: connection)
                }
                guard isConnected else { throw StorageFailure(.server(.unreachable)) }
            }
        }
        // The end of the batch.
        PQclear(PQgetResult(connection))
        if let failure { throw failure }
        return changed
    }
}
