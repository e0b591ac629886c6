import COpenSSL

/// Random bytes drawn from OpenSSL a block at a time, for values that are not secret (counters of
/// sealed fields, serial numbers): one draw a field would cost more than sealing it.
final class RandomBlock {
    private static let byteCount = 1024
    private let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
    private var used = byteCount

    deinit {
        memory.deallocate()
    }

    /// Fills `room`, at most 1024 bytes, with bytes that were never given out before.
    /// Throws `randomUnavailable`.
    func fill(_ room: UnsafeMutableRawBufferPointer) throws(CryptoFailure) {
        if Self.byteCount - used < room.count {
            let octets = memory.assumingMemoryBound(to: UInt8.self)
            guard RAND_bytes(octets, Int32(Self.byteCount)) == 1 else {
                throw .openSSL(.randomUnavailable, "RAND_bytes")
            }
            used = 0
        }
        room.copyMemory(from: UnsafeRawBufferPointer(start: memory + used, count: room.count))
        used += room.count
    }
}
