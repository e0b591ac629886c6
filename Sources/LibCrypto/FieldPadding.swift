/// Length hiding of sealed fields: 0x80 and zeros up to a multiple (ISO/IEC 7816-4).
enum FieldPadding {
    /// Bytes after padding `count` bytes to a multiple of `pad`; `count` itself for a pad of 0.
    /// At least one byte is always added. Throws `malformed` for a pad outside 0 to 4096.
    static func paddedCount(_ count: Int, pad: Int) throws(CryptoFailure) -> Int {
        guard (0...4096).contains(pad) else { throw CryptoFailure(.malformed, "padding") }
        return pad == 0 ? count : (count / pad + 1) * pad
    }

    /// Writes `plaintext` to `room`, which has the padded count, and fills the rest.
    static func write(_ plaintext: UnsafeRawBufferPointer, to room: UnsafeMutableRawBufferPointer) {
        room.copyMemory(from: plaintext)
        guard plaintext.count < room.count else { return }
        room[plaintext.count] = 0x80
        for index in (plaintext.count + 1)..<room.count { room[index] = 0 }
    }

    /// What was padded. Throws `malformed` when the bytes do not end as `write` ends them.
    static func stripped(
        _ padded: UnsafeRawBufferPointer, pad: Int
    ) throws(CryptoFailure) -> UnsafeRawBufferPointer {
        if pad == 0 { return padded }
        guard let mark = padded.lastIndex(where: { $0 != 0 }), padded[mark] == 0x80,
            try paddedCount(mark, pad: pad) == padded.count
        else { throw CryptoFailure(.malformed, "padding") }
        return UnsafeRawBufferPointer(rebasing: padded[..<mark])
    }
}
