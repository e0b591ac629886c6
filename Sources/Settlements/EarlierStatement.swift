import Evidence
import Foundation
import LibCrypto
package import Records

/// The statement that was issued last for a year, as its pack has it (上次结算).
package struct EarlierStatement: Sendable {
    /// One line of its `ledger/leaves.jsonl`.
    package struct Leaf: Sendable {
        package let seq: Int
        package let record: RecordID
        package let version: Int
        package let item: String
        package let fen: Int64
        /// The receipt that had accepted it, SHA-256 hex.
        package let receipt: String
    }

    /// SHA-256 of its JSON, hex.
    package let digest: String
    package let leaves: [Leaf]

    /// Reads a pack's settled lines; `nil` where they are not those whose root the ledger has.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of the statement's JSON, hex.
    ///   - root: of the tree over the lines, SHA-256 hex, as `Fact.settled` has it.
    ///   - bytes: the whole of `ledger/leaves.jsonl`.
    package init?(digest: String, root: String, leaves bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0A).map { Array($0) }
        guard Hex.encode(HashTree(lines, hash: .sha256).root) == root else { return nil }
        var leaves: [Leaf] = []
        for line in lines {
            guard let written = try? JSONDecoder().decode(Written.self, from: Data(line)) else {
                return nil
            }
            leaves.append(
                Leaf(
                    seq: written.seq, record: RecordID(written.record), version: written.version,
                    item: written.item, fen: written.fen, receipt: written.receipt))
        }
        self.digest = digest
        self.leaves = leaves
    }

    /// The keys of a line that matter here.
    private struct Written: Decodable {
        let seq: Int
        let record: String
        let version: Int
        let item: String
        let fen: Int64
        let receipt: String

        enum CodingKeys: String, CodingKey {
            case seq, record, version, item, fen
            case receipt = "ack_sha256"
        }
    }
}
