package import LibCrypto

/// The head of a growing `HashTree`, without the tree: it remembers one digest for each whole
/// subtree, at most 64.
package struct HashPeaks {
    private let hash: Hash
    private let stream: HashStream
    private var peaks: [(size: Int, digest: [UInt8])] = []
    package private(set) var count = 0

    package init(_ hash: Hash) {
        self.hash = hash
        stream = HashStream(hash)
    }

    /// Adds a leaf's bytes. One thread at a time.
    package mutating func add(_ leaf: [UInt8]) {
        stream.update([0])
        stream.update(leaf)
        var peak = (size: 1, digest: stream.finish())
        while let last = peaks.last, last.size == peak.size {
            peaks.removeLast()
            peak = (2 * peak.size, node(last.digest, peak.digest))
        }
        peaks.append(peak)
        count += 1
    }

    /// The head over all leaves so far, 32 bytes (RFC 9162 section 2.1.1).
    package var root: [UInt8] {
        guard var root = peaks.last?.digest else { return hash.digest([]) }
        for peak in peaks.dropLast().reversed() { root = node(peak.digest, root) }
        return root
    }

    private func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        stream.update([1])
        stream.update(left)
        stream.update(right)
        return stream.finish()
    }
}
