internal import CZlib

/// Unpacks one raw deflate stream (RFC 1951) step by step, into room that its owner gives: nothing
/// that the packed bytes say makes it take more.
package final class Inflation {
    /// How far one step came.
    package struct Step: Sendable {
        /// Packed bytes that were used up.
        package let consumed: Int
        /// Bytes that came out.
        package let written: Int
        /// The stream says that it has ended.
        package let isFinished: Bool
    }

    // zlib keeps the address of the stream in its state: it must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    /// - Throws: `internalFault` where there is no memory.
    package init() throws(GzipFailure) {
        stream.initialize(to: z_stream())
        guard shangbao_zlib_start_inflate(stream) == Z_OK else { throw .internalFault }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks on until the input is used up, the room is full or the stream has ended.
    ///
    /// - Throws: `corrupt`, `internalFault`.
    package func step(
        from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(GzipFailure) -> Step {
        let (given, room) = (UInt32(clamping: input.count), UInt32(clamping: output.count))
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = given
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = room
        let result = inflate(stream, Z_NO_FLUSH)
        switch result {
        // Z_BUF_ERROR: nothing could be done with this input and this room, and no harm is done.
        case Z_OK, Z_STREAM_END, Z_BUF_ERROR:
            return Step(
                consumed: Int(given - stream.pointee.avail_in),
                written: Int(room - stream.pointee.avail_out), isFinished: result == Z_STREAM_END)
        case Z_DATA_ERROR, Z_NEED_DICT: throw .corrupt
        default: throw .internalFault
        }
    }
}

/// The checksum of ZIP and gzip (CRC-32 of ISO 3309): it finds accidents, not forgeries.
package struct CRC32: Sendable {
    /// Of all bytes so far.
    package private(set) var value: UInt32 = 0

    package init() {}

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
        value = UInt32(
            truncatingIfNeeded: crc32_z(UInt(value), base, bytes.count))
    }
}
