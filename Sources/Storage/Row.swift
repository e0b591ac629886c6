/// One row of an answer: values by column name or position.
///
/// Every accessor throws `StorageFailure` with the reason `unexpectedColumn` if there is no such
/// column or it holds another kind of value. Never prints its values.
package struct Row: Sendable {
    /// A column, by its name or its position from 0: `row.text("state")`, `row.int64(0)`.
    package enum Column: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case name(String)
        case position(Int)

        package init(stringLiteral name: String) { self = .name(name) }
        package init(integerLiteral position: Int) { self = .position(position) }
    }

    private let names: [String]
    private let values: [StoredValue]

    init(names: [String], values: [StoredValue]) {
        self.names = names
        self.values = values
    }

    /// A whole number.
    package func int64(_ column: Column) throws(StorageFailure) -> Int64 {
        guard case .integer(let number) = try value(column) else { throw unexpected(column) }
        return number
    }

    /// A whole number, as Swift counts.
    package func int(_ column: Column) throws(StorageFailure) -> Int {
        Int(try int64(column))
    }

    /// Kept as 0 or 1; anything else is unexpected.
    package func flag(_ column: Column) throws(StorageFailure) -> Bool {
        switch try int64(column) {
        case 0: return false
        case 1: return true
        default: throw unexpected(column)
        }
    }

    /// Text.
    package func text(_ column: Column) throws(StorageFailure) -> String {
        guard case .text(let text) = try value(column) else { throw unexpected(column) }
        return text
    }

    /// Bytes.
    package func bytes(_ column: Column) throws(StorageFailure) -> [UInt8] {
        guard case .bytes(let bytes) = try value(column) else { throw unexpected(column) }
        return bytes
    }

    /// A whole number, or `nil` where the column is `NULL`.
    package func optionalInt64(_ column: Column) throws(StorageFailure) -> Int64? {
        try value(column) == .null ? nil : int64(column)
    }

    /// Text, or `nil` where the column is `NULL`.
    package func optionalText(_ column: Column) throws(StorageFailure) -> String? {
        try value(column) == .null ? nil : text(column)
    }

    /// Bytes, or `nil` where the column is `NULL`.
    package func optionalBytes(_ column: Column) throws(StorageFailure) -> [UInt8]? {
        try value(column) == .null ? nil : bytes(column)
    }

    private func value(_ column: Column) throws(StorageFailure) -> StoredValue {
        switch column {
        case .name(let name):
            // A handful of short names: a scan beats a hash table.
            if let position = names.firstIndex(of: name) { return values[position] }
        case .position(let position):
            if values.indices.contains(position) { return values[position] }
        }
        throw unexpected(column)
    }

    private func unexpected(_ column: Column) -> StorageFailure {
        switch column {
        case .name(let name): StorageFailure(.unexpectedColumn(name))
        case .position(let position): StorageFailure(.unexpectedColumn("\(position)"))
        }
    }
}

extension Row: CustomStringConvertible, CustomReflectable {
    /// The names of the columns; never a value.
    package var description: String { names.joined(separator: ", ") }
    package var customMirror: Mirror { Mirror(self, children: ["columns": names]) }
}
