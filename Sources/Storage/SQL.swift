/// One SQL statement, written as a string literal. What is interpolated is bound, never pasted:
/// `"SELECT body FROM block WHERE id = \(id)"` is the text `… WHERE id = $1` and one value.
///
/// Only a `Dialect.Fragment` can become part of the text, with `\(raw:)`, and only `Dialect` makes
/// those. Placeholders are `$1`, `$2`, …: PostgreSQL's own, and SQLite takes them as names.
package struct SQL: Sendable {
    /// The statement with placeholders. Holds no value.
    package let text: String
    /// The bound values, the first for `$1`.
    package let values: [StoredValue]
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        text = value
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    /// Collects the pieces of one literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        fileprivate var values: [StoredValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        /// Binds a value to the next placeholder.
        package mutating func appendInterpolation(_ value: some Storable) {
            values.append(value.stored)
            text += "$\(values.count)"
        }

        /// Binds a value, or `NULL`, to the next placeholder.
        package mutating func appendInterpolation(_ value: (some Storable)?) {
            values.append(value?.stored ?? .null)
            text += "$\(values.count)"
        }

        /// Puts a part of a statement, with what is bound in it, into the text.
        package mutating func appendInterpolation(clause: SQL) {
            let bound = values.count
            values += clause.values
            text += clause.text.replacing(/\$([0-9]+)/) { match in
                "$\((Int(match.1) ?? 0) + bound)"
            }
        }

        /// Puts a fragment of the dialect into the text.
        package mutating func appendInterpolation(raw fragment: Dialect.Fragment) {
            text += fragment.text
        }
    }
}

extension SQL: CustomStringConvertible, CustomReflectable {
    /// The text with placeholders; never a value.
    package var description: String { text }
    package var customMirror: Mirror { Mirror(self, children: ["text": text]) }
}
