package import LibCrypto

/// A Merkle tree over byte strings (RFC 9162 section 2.1, the tree of RFC 6962), on SHA-256 or SM3.
///
/// A leaf's digest is over 0x00 and its bytes, a node's over 0x01 and its two children, so that
/// neither can be passed off as the other. A proof needs no more than the base-2 logarithm of the
/// leaves.
package struct HashTree: Sendable {
    private let hash: Hash
    /// `levels[k]` has the digests over the leaves `i << k ..< (i + 1) << k`, 32 bytes each, one
    /// behind the other.
    private var levels: [[UInt8]]

    /// Digests every leaf once; about 64 bytes a leaf stay in memory.
    package init(_ leaves: some Sequence<[UInt8]>, hash: Hash) {
        var growing = Growing(hash)
        for leaf in leaves { growing.add(leaf) }
        self = growing.grown
    }

    /// Leaves that come one by one.
    package struct Growing {
        private let hash: Hash
        private var digests: [UInt8] = []

        package init(_ hash: Hash) {
            self.hash = hash
        }

        /// Adds a leaf's bytes; 32 of its digest stay in memory.
        package mutating func add(_ leaf: [UInt8]) {
            digests += HashTree.leaf(leaf, hash)
        }

        /// The tree over what was added.
        package var grown: HashTree { HashTree(digests: digests, hash: hash) }
    }

    private init(digests: [UInt8], hash: Hash) {
        self.hash = hash
        levels = [digests]
        while let below = levels.last, below.count > HashTree.width {
            var level: [UInt8] = []
            level.reserveCapacity(below.count / 2)
            for pair in 0..<below.count / (2 * HashTree.width) {
                let start = 2 * HashTree.width * pair
                level += hash.digest([1] + below[start..<start + 2 * HashTree.width])
            }
            levels.append(level)
        }
    }

    /// Bytes of a digest.
    private static let width = 32

    package var count: Int { levels[0].count / HashTree.width }

    /// The tree's head over all leaves, 32 bytes.
    package var root: [UInt8] { root(count) }

    /// The head over the first `size` leaves; the digest of nothing for 0.
    ///
    /// - Parameter size: at most `count`.
    package func root(_ size: Int) -> [UInt8] {
        precondition((0...count).contains(size), "a tree has no more leaves than it was given")
        return size == 0 ? hash.digest([]) : digest(0, size)
    }

    /// The digests that lead from leaf `index` to the root (RFC 9162 section 2.1.3).
    ///
    /// - Parameter index: from 0, below `count`.
    package func inclusionProof(of index: Int) -> [[UInt8]] {
        precondition((0..<count).contains(index), "a tree has no such leaf")
        var proof: [[UInt8]] = []
        var start = 0
        var end = count
        while end - start > 1 {
            let split = start + HashTree.split(end - start)
            if index < split {
                proof.append(digest(split, end))
                end = split
            } else {
                proof.append(digest(start, split))
                start = split
            }
        }
        return proof.reversed()
    }

    /// The digests that show the first `size` leaves unchanged in this tree (RFC 9162 section
    /// 2.1.4); none for 0 and for `count`.
    package func consistencyProof(from size: Int) -> [[UInt8]] {
        precondition((0...count).contains(size), "a tree has no more leaves than it was given")
        guard size > 0, size < count else { return [] }
        var proof: [[UInt8]] = []
        var start = 0
        var end = count
        // The old head itself is left out while the walk stays on the left edge.
        var isWholeOldTree = true
        while size != end {
            let split = start + HashTree.split(end - start)
            if size <= split {
                proof.append(digest(split, end))
                end = split
            } else {
                proof.append(digest(start, split))
                start = split
                isWholeOldTree = false
            }
        }
        if !isWholeOldTree { proof.append(digest(start, end)) }
        return proof.reversed()
    }

    /// Whether the proof leads from the leaf's bytes to `root` (RFC 9162 section 2.1.3.2).
    package static func isIncluded(
        leaf bytes: [UInt8], at index: Int, of count: Int, proof: [[UInt8]], root: [UInt8],
        hash: Hash
    ) -> Bool {
        guard index >= 0, index < count else { return false }
        var place = index
        var last = count - 1
        var digest = leaf(bytes, hash)
        for step in proof {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                digest = node(step, digest, hash)
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                digest = node(digest, step, hash)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && digest == root
    }

    /// Whether the proof shows that the tree with `newRoot` begins with the one of `oldRoot`
    /// (RFC 9162 section 2.1.4.2).
    package static func isConsistent(
        from oldCount: Int, _ oldRoot: [UInt8], to newCount: Int, _ newRoot: [UInt8],
        proof: [[UInt8]], hash: Hash
    ) -> Bool {
        guard oldCount >= 0, oldCount <= newCount else { return false }
        if oldCount == newCount { return proof.isEmpty && oldRoot == newRoot }
        if oldCount == 0 { return proof.isEmpty && oldRoot == hash.digest([]) }
        var steps = proof[...]
        if oldCount & (oldCount - 1) == 0 { steps = [oldRoot] + steps }
        guard let first = steps.popFirst() else { return false }
        var place = oldCount - 1
        var last = newCount - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        var old = first
        var new = first
        for step in steps {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                old = node(step, old, hash)
                new = node(step, new, hash)
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                new = node(new, step, hash)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }

    /// The digest over the leaves from `start` to before `end`, where `start` is a place at which
    /// a walk from the root splits.
    private func digest(_ start: Int, _ end: Int) -> [UInt8] {
        let size = end - start
        if size & (size - 1) == 0 {
            let level = size.trailingZeroBitCount
            let place = HashTree.width * (start >> level)
            return Array(levels[level][place..<place + HashTree.width])
        }
        let split = start + HashTree.split(size)
        return HashTree.node(digest(start, split), digest(split, end), hash)
    }

    /// The largest power of two below `size`, which is at least 2.
    private static func split(_ size: Int) -> Int {
        1 << (Int.bitWidth - 1 - (size - 1).leadingZeroBitCount)
    }

    private static func leaf(_ bytes: [UInt8], _ hash: Hash) -> [UInt8] {
        hash.digest([0] + bytes)
    }

    private static func node(_ left: [UInt8], _ right: [UInt8], _ hash: Hash) -> [UInt8] {
        hash.digest([1] + left + right)
    }
}
