import CLibPQ

extension StorageFailure {
    /// What a failed result means. Of the server's messages only names of the schema are kept, and
    /// its words about a statement's text: others may quote values.
    init(postgreSQL result: OpaquePointer?, on connection: OpaquePointer) {
        // Without a result libpq could not even ask, though it may not have noticed the end yet.
        guard let result, PQstatus(connection) == CONNECTION_OK, SQLState(result).text != "00000"
        else {
            self.init(.server(.unreachable), code: SQLState(result).number)
            return
        }
        self.init(SQLState(result), result)
    }

    private init(_ state: SQLState, _ result: OpaquePointer?) {
        let code = state.number
        switch state.text {
        case "25006": self.init(.readOnly, code: code)
        case "53100", "53200": self.init(.full, code: code)
        case "55P03", "40001", "40P01": self.init(.busy, code: code)
        case "XX001", "XX002": self.init(.corrupt, code: code)
        // An administrator's end, a crash, a server that starts or stops: the way is gone.
        case "57P01", "57P02", "57P03", "57P05", "25P03", "53300":
            self.init(.server(.unreachable), code: code)
        case let text where text.hasPrefix("23"):
            self.init(.constraint(StorageFailure.constraintName(state, result)), code: code)
        case let text where text.hasPrefix("28"): self.init(.server(.denied), code: code)
        case let text where text.hasPrefix("42"):
            let words = ResultField.message.text(of: result) ?? ""
            self.init(.invalidStatement(words), code: code)
        default: self.init(.other, code: code)
        }
    }

    /// Whether the same transaction may pass if it is tried again: a deadlock, or two that could
    /// not have happened one after the other.
    var isCollision: Bool {
        code == SQLState("40001").number || code == SQLState("40P01").number
    }

    /// As SQLite names them where the server says which column; else the constraint's name.
    private static func constraintName(_ state: SQLState, _ result: OpaquePointer?) -> String {
        if let name = ResultField.constraint.text(of: result) { return name }
        guard let table = ResultField.table.text(of: result),
            let column = ResultField.column.text(of: result)
        else { return "" }
        return "\(table).\(column)"
    }
}

/// PostgreSQL's five characters for what happened
/// (`postgresql.org/docs/15/errcodes-appendix.html`).
struct SQLState: Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    init(_ result: OpaquePointer?) {
        text = ResultField.state.text(of: result) ?? "00000"
    }

    /// The characters as a number of base 36, which fits a `StorageFailure`.
    var number: Int32 { Int32(text, radix: 36) ?? 0 }
}

/// A field of a failed result, by libpq's letter for it: its macros do not import.
enum ResultField: UInt8 {
    case state = 0x43  // C
    case message = 0x4D  // M
    case table = 0x74  // t
    case column = 0x63  // c
    case constraint = 0x6E  // n

    func text(of result: OpaquePointer?) -> String? {
        PQresultErrorField(result, Int32(rawValue)).map { String(cString: $0) }
    }
}
