package import Records
package import Validation

/// What is to be said of one row of an item: its fate and all its findings, never a value.
package struct RowNote: Sendable, Codable {
    /// As Excel counts.
    package let row: Int
    package let fate: Fate
    package let findings: [Finding]
}
