/// Finds out a file's encoding without ever guessing at a character.
///
/// First rung that holds: byte order mark, declared encoding, UTF-8 over the whole file, GB 18030
/// over the whole file; the one of these two in which all but a few rows hold, see `DamagedText`.
/// Where none holds the file is refused.
package enum EncodingLadder {
    /// What the ladder found.
    package struct Answer: Sendable, Equatable {
        package let encoding: TextEncoding
        /// Bytes of the byte order mark, which are no text.
        package let markBytes: Int
    }

    private static let looked: [TextEncoding] = [.utf8, .gb18030]
    private static let marks: [(bytes: [UInt8], encoding: TextEncoding)] = [
        ([0xEF, 0xBB, 0xBF], .utf8),
        ([0xFF, 0xFE], .utf16le),
        ([0x84, 0x31, 0x95, 0x33], .gb18030),
    ]

    /// Climbs the ladder. A declared encoding is taken at its word: the row in which it does not
    /// hold says so.
    ///
    /// - Parameters:
    ///   - declared: what was declared, or found before.
    ///   - options: how the file is read.
    /// - Throws: `E-ENCODING` with the first byte that is neither, `E-IO`, `E-CHANGED`.
    package static func climb(
        _ file: SourceFile, declared: TextEncoding?, _ options: CSVOptions
    ) throws(ReadFailure) -> Answer {
        let start = try file.bytes(0..<min(4, file.byteCount))
        for mark in marks where start.starts(with: mark.bytes) {
            return Answer(encoding: mark.encoding, markBytes: mark.bytes.count)
        }
        if let declared { return Answer(encoding: declared, markBytes: 0) }
        var refusals: [String] = []
        for encoding in looked {
            let malformed = try firstMalformedByte(
                of: file, as: encoding, blockBytes: options.blockBytes)
            guard let malformed else { return Answer(encoding: encoding, markBytes: 0) }
            refusals.append("\(encoding.rawValue): byte \(malformed)")
        }
        if let held = try DamagedText.encoding(of: file, options, among: looked) {
            return Answer(encoding: held, markBytes: 0)
        }
        throw .encoding(place: file.name, detail: refusals.joined(separator: ", "))
    }

    /// The offset of the first byte that is no character of the encoding. Characters which are
    /// refused for other reasons (private use, controls) do not speak against an encoding.
    private static func firstMalformedByte(
        of file: SourceFile, as encoding: TextEncoding, blockBytes: Int
    ) throws(ReadFailure) -> Int? {
        let decoder = try TextDecoder(encoding)
        // Three bytes of a cut character may be carried over from the block before.
        var block = [UInt8](repeating: 0, count: blockBytes + 3)
        var scratch = [UInt8](repeating: 0, count: TextDecoder.room(for: block.count))
        var carried = 0
        var offset = 0
        while offset < file.byteCount {
            let wanted = min(blockBytes, file.byteCount - offset)
            let read = try file.read(at: offset, count: wanted, into: &block, from: carried)
            let filled = carried + read
            let stop = wellFormedPrefix(of: &block, count: filled, by: decoder, &scratch)
            offset += read
            let blockStart = offset - filled
            guard stop.fault == nil else { return blockStart + stop.consumed }
            carried = filled - stop.consumed
            block.withUnsafeMutableBufferPointer { bytes in
                for index in 0..<carried { bytes[index] = bytes[stop.consumed + index] }
            }
        }
        return carried == 0 ? nil : offset - carried
    }

    /// Decodes past refused characters, to the end or the first malformed byte.
    private static func wellFormedPrefix(
        of block: inout [UInt8], count: Int, by decoder: TextDecoder, _ scratch: inout [UInt8]
    ) -> TextDecoder.Stop {
        block.withUnsafeBufferPointer { bytes in
            scratch.withUnsafeMutableBufferPointer { target in
                guard let source = bytes.baseAddress, let room = target.baseAddress else {
                    return TextDecoder.Stop()
                }
                var consumed = 0
                while true {
                    var stop = decoder.decode(
                        source + consumed, count: count - consumed, into: room)
                    consumed += stop.consumed
                    stop.consumed = consumed
                    guard let fault = stop.fault, fault != .malformed else { return stop }
                    consumed += stop.faultBytes
                }
            }
        }
    }
}
