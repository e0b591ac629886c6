import LibCrypto
package import Records

/// One line of the ledger as it is kept, with its place in the chain.
package struct LedgerLine: Sendable, Equatable {
    /// From 1, without gaps.
    package let seq: Int64
    package let at: Timestamp
    package let kind: String
    /// The fact as canonical JSON.
    package let body: String
    /// The line before's `hash`, 32 bytes; zeros for the first.
    package let prev: [UInt8]
    /// SHA-256 over `"GWL1"`, `prev`, `seq` and `at` (microseconds) as 8 bytes big-endian each,
    /// `kind`, a zero byte and `body`.
    package let hash: [UInt8]

    package init(
        seq: Int64, at: Timestamp, kind: String, body: String, prev: [UInt8], hash: [UInt8]
    ) {
        self.seq = seq
        self.at = at
        self.kind = kind
        self.body = body
        self.prev = prev
        self.hash = hash
    }
}

/// The last line's number and hash; 0 and zeros while there is none.
package struct LedgerHead: Sendable, Equatable {
    package let seq: Int64
    package let hash: [UInt8]

    package init(seq: Int64, hash: [UInt8]) {
        self.seq = seq
        self.hash = hash
    }

    /// Before the first line.
    package static let empty = LedgerHead(seq: 0, hash: [UInt8](repeating: 0, count: 32))
}

/// What a walk over the whole chain found.
package struct ChainReport: Sendable, Equatable {
    /// Lines that are whole, from the first on.
    package let lines: Int64
    /// The last whole line.
    package let head: LedgerHead
    /// The first thing that is wrong; `nil` for a whole chain.
    package let fault: ChainFault?
}

/// What breaks a chain, with the line's number.
package enum ChainFault: Sendable, Equatable {
    /// This number is missing, though a later line or the head is there.
    case missing(Int64)
    /// This line does not name the hash of the line before it.
    case wrongLink(Int64)
    /// This line was changed: its hash is not that of its content.
    case wrongHash(Int64)
    /// There are lines beyond the head, or the head has another hash.
    case wrongHead
}

/// Computes links. One thread at a time.
struct HashChain {
    private let stream = HashStream(.sha256)

    func hash(
        seq: Int64, at moment: Timestamp, kind: String, body: String, prev: [UInt8]
    ) -> [UInt8] {
        stream.update(Array("GWL1".utf8))
        stream.update(prev)
        withUnsafeBytes(of: seq.bigEndian) { stream.update($0) }
        withUnsafeBytes(of: moment.microseconds.bigEndian) { stream.update($0) }
        update(kind)
        stream.update([0])
        update(body)
        return stream.finish()
    }

    /// The text's own bytes, which are not copied: a year's ledger has half a gigabyte of them.
    private func update(_ text: String) {
        var text = text
        text.withUTF8 { stream.update(UnsafeRawBufferPointer($0)) }
    }

    /// What is wrong with `line` as the one after `head`, if anything.
    func fault(of line: LedgerLine, after head: LedgerHead) -> ChainFault? {
        guard line.seq == head.seq + 1 else { return .missing(head.seq + 1) }
        guard line.prev == head.hash else { return .wrongLink(line.seq) }
        return isOfContent(line) ? nil : .wrongHash(line.seq)
    }

    /// Whether a line's hash is that of its content.
    func isOfContent(_ line: LedgerLine) -> Bool {
        line.hash
            == hash(seq: line.seq, at: line.at, kind: line.kind, body: line.body, prev: line.prev)
    }
}
