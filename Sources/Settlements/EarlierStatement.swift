package import Evidence
import LibCrypto
package import Records

/// What was issued last for a year (上次结算): its lines that still pay, and its place in the tree.
package struct EarlierStatement: Sendable {
    /// One line that pays and was not taken off since.
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
    /// SHA-256 of its tree head's text, hex.
    package let head: String
    /// All lines of the year so far, and the root over them, SHA-256 hex.
    package let size: Int
    package let root: String
    package let leaves: [Leaf]

    /// Reads the lines one by one, since a year has many.
    package struct Reading {
        private let fact: Fact.Settled
        private var peaks = HashPeaks(.sha256)
        private var open: [Int: Leaf] = [:]
        private var isReadable = true

        /// - Parameter fact: what the ledger says of the statement.
        package init(_ fact: Fact.Settled) {
            self.fact = fact
        }

        /// Adds the next line, without its line feed.
        package mutating func add(_ line: String) {
            let bytes = Array(line.utf8)
            peaks.add(bytes)
            let leaf = LeafText(bytes)
            guard let previous = leaf.number("prev_state_seq"), let record = leaf.text("record"),
                let version = leaf.number("version"), let item = leaf.text("item"),
                let fen = leaf.number("fen"), let receipt = leaf.text("ack_sha256")
            else {
                isReadable = false
                return
            }
            if previous > 0 {
                open[Int(previous)] = nil
            } else {
                open[peaks.count] = Leaf(
                    seq: peaks.count, record: RecordID(record), version: Int(version), item: item,
                    fen: fen, receipt: receipt)
            }
        }

        /// The statement; `nil` where the lines are not those whose root the ledger has.
        package func statement() -> EarlierStatement? {
            guard isReadable, let size = fact.size, let head = fact.head, peaks.count == size,
                Hex.encode(peaks.root) == fact.root
            else { return nil }
            return EarlierStatement(
                digest: fact.statement, head: head, size: size, root: fact.root,
                leaves: open.values.sorted { $0.seq < $1.seq })
        }
    }
}
