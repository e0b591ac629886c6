/// A ZIP archive written from front to back (APPNOTE 4.3): entries are stored, and length and
/// checksum follow each, since they are not known before.
struct StoredArchive {
    private var offset = 0
    private var directory: [UInt8] = []
    private var entries = 0
    // The entry that is being written.
    private var name: [UInt8] = []
    private var start = 0
    private var checksum: UInt32 = 0
    private var length = 0

    /// 2012-01-01, 00:00, as MS-DOS counts; the same for the same sample.
    private static let date = 0x4021
    /// Bit 3: length and checksum follow; bit 11: names are UTF-8.
    private static let flags = 0x0808
    private static let version = 20

    mutating func begin(_ name: String, _ bytes: inout [UInt8]) {
        self.name = Array(name.utf8)
        (start, checksum, length) = (offset, 0xFFFF_FFFF, 0)
        var header: [UInt8] = []
        StoredArchive.append(0x0403_4B50, 4, to: &header)
        appendMethod(to: &header)
        StoredArchive.append(0, 12, to: &header)
        StoredArchive.append(self.name.count, 2, to: &header)
        StoredArchive.append(0, 2, to: &header)
        put(header + self.name, &bytes)
    }

    /// More of the entry's content.
    mutating func append(_ content: [UInt8], to bytes: inout [UInt8]) {
        var sum = checksum
        StoredArchive.table.withUnsafeBufferPointer { table in
            content.withUnsafeBufferPointer { content in
                for byte in content {
                    sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8)
                }
            }
        }
        checksum = sum
        length += content.count
        put(content, &bytes)
    }

    mutating func end(_ bytes: inout [UInt8]) {
        var trailer: [UInt8] = []
        StoredArchive.append(0x0807_4B50, 4, to: &trailer)
        appendSums(to: &trailer)
        put(trailer, &bytes)
        StoredArchive.append(0x0201_4B50, 4, to: &directory)
        StoredArchive.append(StoredArchive.version, 2, to: &directory)
        appendMethod(to: &directory)
        appendSums(to: &directory)
        StoredArchive.append(name.count, 2, to: &directory)
        StoredArchive.append(0, 12, to: &directory)
        StoredArchive.append(start, 4, to: &directory)
        directory.append(contentsOf: name)
        entries += 1
    }

    /// The directory, after the last entry.
    mutating func finish(_ bytes: inout [UInt8]) {
        let place = offset
        put(directory, &bytes)
        var last: [UInt8] = []
        StoredArchive.append(0x0605_4B50, 4, to: &last)
        StoredArchive.append(0, 4, to: &last)
        StoredArchive.append(entries, 2, to: &last)
        StoredArchive.append(entries, 2, to: &last)
        StoredArchive.append(directory.count, 4, to: &last)
        StoredArchive.append(place, 4, to: &last)
        StoredArchive.append(0, 2, to: &last)
        put(last, &bytes)
    }

    private func appendMethod(to bytes: inout [UInt8]) {
        StoredArchive.append(StoredArchive.version, 2, to: &bytes)
        StoredArchive.append(StoredArchive.flags, 2, to: &bytes)
        StoredArchive.append(0, 2, to: &bytes)
        StoredArchive.append(0, 2, to: &bytes)
        StoredArchive.append(StoredArchive.date, 2, to: &bytes)
    }

    private func appendSums(to bytes: inout [UInt8]) {
        StoredArchive.append(Int(checksum ^ 0xFFFF_FFFF), 4, to: &bytes)
        StoredArchive.append(length, 4, to: &bytes)
        StoredArchive.append(length, 4, to: &bytes)
    }

    private mutating func put(_ content: [UInt8], _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: content)
        offset += content.count
    }

    /// A number of so many bytes, the lowest first.
    private static func append(_ number: Int, _ width: Int, to bytes: inout [UInt8]) {
        for place in 0..<width {
            bytes.append(place < 8 ? UInt8(truncatingIfNeeded: number >> (8 * place)) : 0)
        }
    }

    /// CRC-32 of every byte (ISO 3309).
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in
            sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1
        }
    }
}
