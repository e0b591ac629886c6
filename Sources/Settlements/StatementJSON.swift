import Foundation
import Records

extension Statement {
    /// The statement as JSON: keys sorted, no spaces, UTF-8, amounts in whole fen.
    ///
    /// The same statement always gives the same bytes: what `Fact.Settled` keeps the digest of.
    package func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// Reads what `json()` wrote. Throws `DecodingError`.
    package init(json bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Statement.self, from: Data(bytes))
    }
}

extension Statement {
    /// The same statement as if it had been made at another time by another one: to see whether
    /// anything changed.
    package func sayingSame(at made: String, by maker: String?) -> Statement {
        var copy = self
        copy.made = made
        copy.maker = maker
        return copy
    }

    /// The same statement without what it changed about the one before it.
    package var withoutCorrection: Statement {
        var copy = self
        copy.correction = nil
        return copy
    }
}
