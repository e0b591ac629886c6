internal import Foundation

/// The name of a column as it is compared with a mapping's: trimmed, in Unicode's form C.
enum ColumnName {
    static func trimmed(_ text: String) -> String {
        // A second byte order mark is what joining files leaves behind.
        let outside = CharacterSet.whitespacesAndNewlines.union(CharacterSet(["\u{FEFF}"]))
        return text.trimmingCharacters(in: outside).precomposedStringWithCanonicalMapping
    }
}
