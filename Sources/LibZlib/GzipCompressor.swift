internal import CZlib

/// Packs one byte string after the other as gzip, with one set of buffers (about 256 KiB).
///
/// The header holds no time and no name: the same bytes give the same bytes. Not for two threads at
/// once.
package final class GzipCompressor {
    // zlib keeps the address of the stream in its state: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 0 (store) to 9 (smallest); 6 is zlib's own choice.
    /// - Throws: `internalFault`.
    package init(level: Int = 6) throws(GzipFailure) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard let level = Int32(exactly: level), shangbao_zlib_start_gzip(stream, level) == Z_OK
        else {
            stream.deallocate()
            throw .internalFault
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Packs `bytes` into one gzip member.
    /// - Throws: `tooLarge` for 4 GiB and more, `internalFault`.
    package func compress(_ bytes: UnsafeRawBufferPointer) throws(GzipFailure) -> [UInt8] {
        guard let count = UInt32(exactly: bytes.count) else { throw .tooLarge }
        guard deflateReset(stream) == Z_OK else { throw .internalFault }
        let bound = Int(deflateBound(stream, UInt(count)))
        guard let room = UInt32(exactly: bound) else { throw .tooLarge }
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, used in
            // zlib declares its input mutable and does not write to it.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = count
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = room
            isWhole = deflate(stream, Z_FINISH) == Z_STREAM_END
            used = isWhole ? bound - Int(stream.pointee.avail_out) : 0
        }
        guard isWhole else { throw .internalFault }
        return output
    }
}
