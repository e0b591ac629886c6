/// Turns bytes of one encoding into UTF-8, strictly: it stops at what is no text, and never puts
/// another character in its place.
///
/// The decoders are free functions over pointers: an ASCII run goes over in words of eight bytes.
struct TextDecoder: Sendable {
    /// How far one call came.
    struct Stop {
        /// `nil` at the end of the bytes, and where the last character is cut off.
        var fault: TextFault?
        /// The last character lacks bytes; more bytes may complete it.
        var isTruncated = false
        /// Bytes read, up to the fault.
        var consumed = 0
        /// UTF-8 bytes written.
        var written = 0
        /// Bytes to go past the fault.
        var faultBytes = 1
    }

    let encoding: TextEncoding
    private let table: GB18030Table?

    /// - Throws: `E-IO` where the system's iconv does not know GB 18030.
    init(_ encoding: TextEncoding) throws(ReadFailure) {
        self.encoding = encoding
        switch encoding {
        case .utf8, .utf16le:
            table = nil
        case .gb18030, .gbk:
            guard let shared = GB18030Table.shared else {
                throw .inputOutput(place: nil, detail: "iconv lacks GB18030")
            }
            table = shared
        }
    }

    /// UTF-8 bytes that `count` bytes can become at most, with room for writing whole words.
    static func room(for count: Int) -> Int { count * 3 + 8 }

    /// Decodes until the end or the first fault.
    ///
    /// - Parameter target: room for `room(for: count)` bytes.
    func decode(
        _ source: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<UInt8>
    ) -> Stop {
        switch encoding {
        case .utf8: decodeUTF8(source, count: count, into: target)
        case .utf16le: decodeUTF16(source, count: count, into: target)
        case .gb18030, .gbk:
            if let table {
                table.decode(
                    source, count: count, into: target, hasFourBytes: encoding == .gb18030)
            } else {
                Stop(fault: .malformed)
            }
        }
    }
}

/// Copies plain ASCII, at most eight bytes, and answers how many went over.
///
/// Stops before a control (TAB too) and before a byte of 0x80 and above. Reads eight bytes at
/// `source` and writes eight at `target`, whatever the answer.
@inline(__always)
func copyASCIIWord(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let word = UnsafeRawPointer(source).loadUnaligned(as: UInt64.self)
    UnsafeMutableRawPointer(target).storeBytes(of: word, as: UInt64.self)
    // A byte below 0x20 borrows and so sets its own high bit; what is wrong below the first
    // such byte cannot exist, hence the lowest set bit is exact.
    let order = UInt64(littleEndian: word)
    let unusual = (order | (order &- 0x2020_2020_2020_2020)) & 0x8080_8080_8080_8080
    return unusual == 0 ? 8 : unusual.trailingZeroBitCount >> 3
}

/// A byte below 0x80 that text may hold.
@inline(__always)
func isTextASCII(_ byte: UInt8) -> Bool {
    byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}

/// Writes a scalar above U+007F as UTF-8 and answers the number of bytes.
@inline(__always)
func writeUTF8(_ scalar: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if scalar < 0x800 {
        target[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
        return 2
    }
    if scalar < 0x1_0000 {
        target[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
        target[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
        return 3
    }
    target[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
    target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
    target[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
    target[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
    return 4
}
