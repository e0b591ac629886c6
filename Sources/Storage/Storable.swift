/// One value as a database keeps it. Never prints its content.
package enum StoredValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

extension StoredValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind of value; never the value.
    package var description: String {
        switch self {
        case .null: "null"
        case .integer: "integer"
        case .text: "text"
        case .bytes: "bytes"
        }
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What can be bound to a placeholder of a statement.
package protocol Storable {
    /// The value as the database keeps it.
    var stored: StoredValue { get }
}

extension Int64: Storable {
    package var stored: StoredValue { .integer(self) }
}
extension Int: Storable {
    package var stored: StoredValue { .integer(Int64(self)) }
}
/// Kept as 0 or 1.
extension Bool: Storable {
    package var stored: StoredValue { .integer(self ? 1 : 0) }
}
extension String: Storable {
    package var stored: StoredValue { .text(self) }
}
extension [UInt8]: Storable {
    package var stored: StoredValue { .bytes(self) }
}
