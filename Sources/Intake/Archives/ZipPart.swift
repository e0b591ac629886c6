internal import LibZlib

/// One entry's content, unpacked as it is asked for and checked when it ends.
final class ZipPart {
    let entry: ZipEntry
    private let file: SourceFile
    private let inflation: Inflation?
    private var packed: [UInt8] = []
    private var packedUsed = 0
    /// File offsets of the packed bytes that were not read yet.
    private var left: Range<Int>
    private var given = 0
    private var checksum = CRC32()
    private var hasEnded = false

    private static let blockBytes = 65_536

    /// - Throws: `E-WORKBOOK`, `E-IO`, `E-CHANGED`.
    init(_ entry: ZipEntry, of file: SourceFile) throws(ReadFailure) {
        self.entry = entry
        self.file = file
        let start = try entry.packedStart(in: file)
        left = start..<start + entry.packedBytes
        do {
            inflation = entry.isDeflated ? try Inflation() : nil
        } catch {
            throw .inputOutput(place: file.name, detail: "zlib")
        }
    }

    /// Puts the next bytes into `room`; 0 once all were given and their length and checksum hold.
    ///
    /// - Throws: `E-WORKBOOK` where they do not hold, `E-IO`, `E-CHANGED`.
    func read(into room: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
        guard !hasEnded, !room.isEmpty else { return 0 }
        let count: Int
        if let inflation {
            count = try unpack(by: inflation, into: room)
        } else {
            count = try copy(into: room)
        }
        given += count
        guard given <= entry.byteCount else {
            throw .expands(place: file.name, detail: "an entry larger than it says")
        }
        checksum.update(UnsafeRawBufferPointer(rebasing: room[..<count]))
        if count == 0 {
            guard given == entry.byteCount, checksum.value == entry.checksum else {
                throw .workbook(place: file.name, detail: "length or checksum of an entry")
            }
            hasEnded = true
        }
        return count
    }

    /// All of it, where a part is small enough to be held whole.
    ///
    /// - Throws: as `read`, and `E-EXPANDS` for more than `limit` bytes.
    func whole(limit: Int) throws(ReadFailure) -> [UInt8] {
        guard entry.byteCount <= limit else {
            throw .expands(place: file.name, detail: "a part of \(entry.byteCount) bytes")
        }
        // One byte more, so that a part that lies about its length is found out.
        var bytes = [UInt8](repeating: 0, count: entry.byteCount + 1)
        var filled = 0
        while true {
            let count = try bytes.withUnsafeMutableBufferPointer { (all) throws(ReadFailure) in
                try read(
                    into: UnsafeMutableRawBufferPointer(
                        UnsafeMutableBufferPointer(rebasing: all[filled...])))
            }
            guard count > 0 else { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    private func copy(into room: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
        try refill()
        let count = min(room.count, packed.count - packedUsed)
        room.copyBytes(from: packed[packedUsed..<packedUsed + count])
        packedUsed += count
        return count
    }

    private func unpack(
        by inflation: Inflation, into room: UnsafeMutableRawBufferPointer
    ) throws(ReadFailure) -> Int {
        while true {
            try refill()
            let step: Inflation.Step
            do {
                step = try packed.withUnsafeBufferPointer { (bytes) throws(GzipFailure) in
                    let unused = UnsafeBufferPointer(rebasing: bytes[packedUsed...])
                    return try inflation.step(from: UnsafeRawBufferPointer(unused), into: room)
                }
            } catch {
                throw .workbook(place: file.name, detail: "packed bytes of an entry")
            }
            packedUsed += step.consumed
            if step.written > 0 { return step.written }
            if step.isFinished {
                guard packedUsed == packed.count, left.isEmpty else {
                    throw .workbook(place: file.name, detail: "bytes behind an entry")
                }
                return 0
            }
            guard step.consumed > 0 || packedUsed == packed.count, !left.isEmpty else {
                throw .workbook(place: file.name, detail: "an entry that is cut off")
            }
        }
    }

    private func refill() throws(ReadFailure) {
        guard packedUsed == packed.count, !left.isEmpty else { return }
        let end = min(left.upperBound, left.lowerBound + ZipPart.blockBytes)
        packed = try file.bytes(left.lowerBound..<end)
        packedUsed = 0
        left = end..<left.upperBound
    }
}
