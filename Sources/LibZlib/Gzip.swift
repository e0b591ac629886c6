internal import CZlib

/// Packing and unpacking of whole byte strings as gzip (RFC 1952).
package enum Gzip {
    /// Packs `bytes`; the same bytes give the same result.
    /// - Throws: `tooLarge` for 4 GiB and more, `internalFault`.
    package static func compress(_ bytes: [UInt8]) throws(GzipFailure) -> [UInt8] {
        let compressor = GzipCompressor()
        return try bytes.span.withUnsafeBytes { (raw) throws(GzipFailure) in
            try compressor.compress(raw)
        }
    }

    /// Unpacks exactly one gzip member.
    /// - Parameter limit: the most bytes that may come out; what the packed bytes say of themselves
    ///   is not believed.
    /// - Throws: `tooLarge` as soon as one byte more than `limit` comes out; `truncated`;
    ///   `corrupt`;
    ///   `trailingBytes`; `internalFault`.
    package static func decompress(_ bytes: [UInt8], limit: Int) throws(GzipFailure) -> [UInt8] {
        guard let count = UInt32(exactly: bytes.count) else { throw .tooLarge }
        return try bytes.span.withUnsafeBytes { (raw) throws(GzipFailure) in
            // zlib keeps the address of the stream in its state: it must not move.
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            defer { stream.deallocate() }
            guard shangbao_zlib_start_gunzip(stream) == Z_OK else { throw .internalFault }
            defer { inflateEnd(stream) }
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: raw.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = count
            return try drain(stream, limit: limit)
        }
    }

    private static let blockBytes = 65_536

    private static func drain(
        _ stream: UnsafeMutablePointer<z_stream>, limit: Int
    ) throws(GzipFailure) -> [UInt8] {
        var output: [UInt8] = []
        var result = Z_OK
        while result == Z_OK {
            let block = [UInt8](unsafeUninitializedCapacity: blockBytes) { buffer, used in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(blockBytes)
                result = inflate(stream, Z_NO_FLUSH)
                used = blockBytes - Int(stream.pointee.avail_out)
            }
            guard output.count + block.count <= limit else { throw .tooLarge }
            output += block
        }
        switch result {
        case Z_STREAM_END:
            guard stream.pointee.avail_in == 0 else { throw .trailingBytes }
            return output
        case Z_BUF_ERROR: throw .truncated
        case Z_DATA_ERROR, Z_NEED_DICT: throw .corrupt
        default: throw .internalFault
        }
    }
}
