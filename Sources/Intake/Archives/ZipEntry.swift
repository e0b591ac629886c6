/// What the central directory says of one entry (section 4.3.12).
struct ZipEntry: Sendable {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    let packedBytes: Int
    /// Unpacked; nothing more than this comes out.
    let byteCount: Int
    let headerOffset: Int

    /// Bytes of the header in front of an entry, without its name and extra field.
    static let headerBytes = 30

    /// - Returns: the entry, and where the next one stands.
    static func read(
        _ bytes: LittleEndian, at: Int
    ) throws(ReadFailure) -> (ZipEntry, next: Int) {
        guard try bytes.number(at, 4) == 0x0201_4B50 else {
            throw .workbook(place: bytes.place, detail: "central directory")
        }
        let flags = try bytes.number(at + 8, 2)
        // Bit 0: encrypted; bit 6: strongly; bit 13: with a masked directory.
        guard flags & 0x2041 == 0 else { throw .locked(place: bytes.place) }
        let method = try bytes.number(at + 10, 2)
        guard method == 0 || method == 8 else {
            throw .workbook(place: bytes.place, detail: "compression method \(method)")
        }
        let (nameBytes, extraBytes) = (try bytes.number(at + 28, 2), try bytes.number(at + 30, 2))
        let commentBytes = try bytes.number(at + 32, 2)
        let entry = ZipEntry(
            name: String(decoding: try bytes.slice(at + 46, nameBytes), as: UTF8.self),
            isDeflated: method == 8, checksum: UInt32(try bytes.number(at + 16, 4)),
            packedBytes: try bytes.number(at + 20, 4), byteCount: try bytes.number(at + 24, 4),
            headerOffset: try bytes.number(at + 42, 4))
        guard try bytes.number(at + 34, 2) == 0,
            ![entry.packedBytes, entry.byteCount, entry.headerOffset].contains(0xFFFF_FFFF),
            entry.isDeflated || entry.packedBytes == entry.byteCount
        else { throw .workbook(place: bytes.place, detail: "split or 64-bit entry") }
        return (entry, at + 46 + nameBytes + extraBytes + commentBytes)
    }

    /// Where the entry's packed bytes begin, once its own header says the same as the directory.
    func packedStart(in file: SourceFile) throws(ReadFailure) -> Int {
        let end = min(file.byteCount, headerOffset + ZipEntry.headerBytes + 0xFFFF)
        guard headerOffset < end else {
            throw .workbook(place: file.name, detail: "an entry beyond the file")
        }
        let header = LittleEndian(bytes: try file.bytes(headerOffset..<end), place: file.name)
        let nameBytes = try header.number(26, 2)
        let start = ZipEntry.headerBytes + nameBytes + (try header.number(28, 2))
        guard try header.number(0, 4) == 0x0403_4B50,
            try header.number(8, 2) == (isDeflated ? 8 : 0), try header.number(6, 2) & 0x2041 == 0,
            try header.slice(ZipEntry.headerBytes, nameBytes).elementsEqual(name.utf8),
            headerOffset + start + packedBytes <= file.byteCount
        else { throw .workbook(place: file.name, detail: "header of an entry") }
        return headerOffset + start
    }
}

/// Numbers as ZIP stores them, read within bounds.
struct LittleEndian {
    let bytes: [UInt8]
    /// The file's name, for a failure.
    let place: String

    func number(_ at: Int, _ count: Int) throws(ReadFailure) -> Int {
        try slice(at, count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func slice(_ at: Int, _ count: Int) throws(ReadFailure) -> ArraySlice<UInt8> {
        guard at >= 0, at + count <= bytes.count else {
            throw .workbook(place: place, detail: "cut off")
        }
        return bytes[at..<at + count]
    }
}
