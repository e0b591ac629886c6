/// A fixed table from byte strings to numbers: open addressing, no `String` at look-up.
///
/// Keys lie one after the other in one block, so that a look-up follows no reference but its own.
package final class ByteTable: Sendable {
    private struct Slot: Sendable {
        /// Where the key begins in `keys`; -1 where the slot is free.
        var start: Int32 = -1
        var count: Int32 = 0
        var number: Int32 = 0
    }

    private let slots: [Slot]
    private let keys: [UInt8]
    /// The bytes that keys begin with, a bit each, and the longest key: most misses end here.
    private let begins: (UInt64, UInt64, UInt64, UInt64)
    private let longest: Int

    /// - Parameter entries: a key that stands twice keeps its first number, which fits 32 bits.
    package init(_ entries: some Collection<(key: [UInt8], number: Int)>) {
        var size = 16
        while size < entries.count * 2 { size *= 2 }
        var slots = Array(repeating: Slot(), count: size)
        var keys: [UInt8] = []
        for entry in entries {
            let place = entry.key.withUnsafeBufferPointer { ByteTable.find($0, in: slots, keys) }
            guard slots[place].start < 0 else { continue }
            slots[place] = Slot(
                start: Int32(keys.count), count: Int32(entry.key.count),
                number: Int32(entry.number))
            keys.append(contentsOf: entry.key)
        }
        var begins: [UInt64] = [0, 0, 0, 0]
        for entry in entries {
            if let first = entry.key.first { begins[Int(first >> 6)] |= 1 << UInt64(first & 63) }
        }
        self.slots = slots
        self.keys = keys
        self.begins = (begins[0], begins[1], begins[2], begins[3])
        longest = entries.map(\.key.count).max() ?? 0
    }

    /// The number of a key, or `nil`.
    package func number(of key: UnsafeBufferPointer<UInt8>) -> Int? {
        guard key.count <= longest else { return nil }
        if let first = key.first, !isBeginning(first) { return nil }
        let slot = slots[ByteTable.find(key, in: slots, keys)]
        return slot.start < 0 ? nil : Int(slot.number)
    }

    private func isBeginning(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: begins.0
            case 1: begins.1
            case 2: begins.2
            default: begins.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }

    /// The slot that holds the key, or the free one where it would go.
    private static func find(
        _ key: UnsafeBufferPointer<UInt8>, in slots: [Slot], _ keys: [UInt8]
    ) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while slots[place].start >= 0 {
            let slot = slots[place]
            if Int(slot.count) == key.count, sameBytes(key, keys, Int(slot.start)) { return place }
            place = (place + 1) & mask
        }
        return place
    }

    private static func sameBytes(
        _ key: UnsafeBufferPointer<UInt8>, _ keys: [UInt8], _ start: Int
    ) -> Bool {
        for offset in 0..<key.count where key[offset] != keys[start + offset] { return false }
        return true
    }
}
