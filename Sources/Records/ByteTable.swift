/// A fixed table from byte strings to numbers: open addressing, no `String` at look-up.
package struct ByteTable: Sendable {
    private var slots: [Int32]
    private var keys: [[UInt8]] = []
    private var numbers: [Int] = []

    /// - Parameter entries: a key that stands twice keeps its first number.
    package init(_ entries: some Collection<(key: [UInt8], number: Int)>) {
        var size = 16
        while size < entries.count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for entry in entries {
            let slot = entry.key.withUnsafeBufferPointer { find($0) }
            guard slots[slot] < 0 else { continue }
            slots[slot] = Int32(keys.count)
            keys.append(entry.key)
            numbers.append(entry.number)
        }
    }

    /// The number of a key, or `nil`.
    package func number(of key: UnsafeBufferPointer<UInt8>) -> Int? {
        let index = slots[find(key)]
        return index < 0 ? nil : numbers[Int(index)]
    }

    /// The slot that holds the key, or the free one where it would go.
    private func find(_ key: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while slots[slot] >= 0 {
            let candidate = keys[Int(slots[slot])]
            if candidate.count == key.count, candidate.elementsEqual(key) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
