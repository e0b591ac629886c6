import Evidence
import Foundation
import LibCrypto
package import Records

/// Lines of a statement that are drawn for inspection (平时抽查、年终考核, R-40): by a seed that is public
/// after the pack was sealed, so that both sides draw the same and neither could choose.
///
/// A line's ticket is SHA-256 over the ASCII text `SHANGBAO-SAMPLE-1`, a line feed, the hex of the
/// tree's SHA-256 root, a line feed, the seed, a line feed and the line's number; those with the
/// smallest tickets are drawn. The root binds the draw to what was sealed.
package struct InspectionSample: Sendable {
    /// One line that was drawn, with its proof.
    package struct Item: Sendable, Codable, Hashable {
        /// Its number in `ledger/leaves.jsonl`, from 1.
        package let seq: Int
        /// The line itself, without its line feed: ASCII.
        package let line: String
        /// From the line to the root (RFC 9162 section 2.1.3), SHA-256, hex.
        package let path: [String]
        /// All lines, and the root: as in `ledger/tree-head.txt`.
        package let size: Int
        package let root: String
        /// SHA-256, hex.
        package let ticket: String
    }

    /// What an inspector looks for, read off the line.
    package struct Facts: Sendable, Decodable {
        package let record: String
        package let version: Int
        package let period: String
        package let item: String
        package let fen: Money
    }

    /// The lines that were drawn, the smallest ticket first.
    package let items: [Item]

    /// Why no sample can be drawn.
    package enum Failure: Error, Sendable, Equatable {
        /// 1 to 128 printable ASCII characters: what all sides type alike.
        case seed
        /// Fewer than one, or more than there are lines.
        case count(of: Int)
        /// The lines are not those of the tree head.
        case lines
    }

    /// Draws from the lines of `ledger/leaves.jsonl`.
    ///
    /// - Parameters:
    ///   - leaves: the file's bytes.
    ///   - root: `root-sha256` of the tree head, hex.
    package init(
        leaves: [UInt8], root: String, seed: String, count: Int
    ) throws(Failure) {
        guard (1...128).contains(seed.utf8.count),
            seed.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .seed }
        let lines = leaves.split(separator: 0x0A).map { [UInt8]($0) }
        let tree = HashTree(lines, hash: .sha256)
        guard Hex.encode(tree.root) == root else { throw .lines }
        guard count >= 1, count <= lines.count else { throw .count(of: lines.count) }
        let tickets = lines.indices.map { index in
            (
                ticket: Hex.encode(
                    Hash.sha256.digest(
                        Array("SHANGBAO-SAMPLE-1\n\(root)\n\(seed)\n\(index + 1)".utf8))),
                index: index
            )
        }
        items = tickets.sorted { $0.ticket < $1.ticket }.prefix(count).map { drawn in
            Item(
                seq: drawn.index + 1, line: String(decoding: lines[drawn.index], as: UTF8.self),
                path: tree.inclusionProof(of: drawn.index).map { Hex.encode($0) },
                size: lines.count, root: root, ticket: drawn.ticket)
        }
    }
}

extension InspectionSample.Item {
    /// What its line says; `nil` for a line of another form.
    package var facts: InspectionSample.Facts? {
        try? JSONDecoder().decode(InspectionSample.Facts.self, from: Data(line.utf8))
    }
}
