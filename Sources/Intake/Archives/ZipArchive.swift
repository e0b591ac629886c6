/// A ZIP archive (PKWARE APPNOTE 6.3) as office programs write it, read by its central directory.
///
/// What is odd is refused whole: encrypted, split and 64-bit archives, names that stand twice or
/// lead out of the folder, entries that overlap, and archives that grow too much (T04).
final class ZipArchive {
    /// What is too much for a county's workbook.
    struct Limits: Sendable {
        var entries = 200
        /// Of all entries together, unpacked.
        var byteCount = 200_000_000
        /// Unpacked bytes for each packed one, of entries larger than `ratioFrom`.
        var ratio = 100
        /// A small entry does no harm, however well it was packed.
        var ratioFrom = 1 << 20
    }

    let file: SourceFile
    let entries: [ZipEntry]

    /// - Throws: `E-WORKBOOK`, `E-LOCKED`, `E-EXPANDS`, `E-IO`, `E-CHANGED`.
    init(_ file: SourceFile, limits: Limits = Limits()) throws(ReadFailure) {
        self.file = file
        let end = try ZipArchive.directoryEnd(of: file)
        guard end.count <= limits.entries else {
            throw .expands(place: file.name, detail: "\(end.count) > \(limits.entries) entries")
        }
        let directory = LittleEndian(
            bytes: try file.bytes(end.offset..<end.offset + end.byteCount), place: file.name)
        var entries: [ZipEntry] = []
        var at = 0
        for _ in 0..<end.count {
            let (entry, next) = try ZipEntry.read(directory, at: at)
            entries.append(entry)
            at = next
        }
        guard at == end.byteCount else {
            throw .workbook(place: file.name, detail: "central directory")
        }
        self.entries = entries
        try checkNames()
        try checkSizes(limits)
        try checkPlaces(upTo: end.offset)
    }

    /// The entry of this name, in any case of its letters, as office programs compare them.
    func entry(_ name: String) -> ZipEntry? {
        let wanted = name.lowercased()
        return entries.first { $0.name.lowercased() == wanted }
    }

    private func checkNames() throws(ReadFailure) {
        var names: Set<String> = []
        for entry in entries {
            let name = entry.name
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\\"), !name.contains(":"),
                !name.utf8.contains(0), !parts.contains(".."), !parts.contains(".")
            else { throw .workbook(place: file.name, detail: "a name that leads outside") }
            guard names.insert(name.lowercased()).inserted else {
                throw .workbook(place: file.name, detail: "a name that stands twice")
            }
        }
    }

    private func checkSizes(_ limits: Limits) throws(ReadFailure) {
        var total = 0
        for entry in entries {
            total += entry.byteCount
            let isTooDense =
                entry.byteCount > limits.ratioFrom
                && entry.byteCount / limits.ratio > entry.packedBytes
            guard total <= limits.byteCount, !isTooDense else {
                throw .expands(
                    place: file.name,
                    detail: isTooDense
                        ? "more than \(limits.ratio) to 1" : "> \(limits.byteCount) bytes")
            }
        }
    }

    /// Entries that lie over each other are how a small archive unpacks to petabytes.
    private func checkPlaces(upTo end: Int) throws(ReadFailure) {
        var before = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard entry.headerOffset >= before else {
                throw .workbook(place: file.name, detail: "entries that overlap")
            }
            before = entry.headerOffset + ZipEntry.headerBytes + entry.packedBytes
        }
        guard before <= end else {
            throw .workbook(place: file.name, detail: "an entry beyond the directory")
        }
    }

    private struct DirectoryEnd {
        let count: Int
        let byteCount: Int
        let offset: Int
    }

    private static let endBytes = 22

    /// The record at the end (section 4.3.16), whose comment ends with the file.
    private static func directoryEnd(of file: SourceFile) throws(ReadFailure) -> DirectoryEnd {
        let tailBytes = min(file.byteCount, endBytes + 0xFFFF)
        let start = file.byteCount - tailBytes
        let tail = LittleEndian(bytes: try file.bytes(start..<file.byteCount), place: file.name)
        var at = tailBytes - endBytes
        while at >= 0 {
            if try tail.number(at, 4) == 0x0605_4B50,
                try tail.number(at + 20, 2) == tailBytes - at - endBytes
            {
                break
            }
            at -= 1
        }
        guard at >= 0 else {
            throw .workbook(place: file.name, detail: "no end of a ZIP archive")
        }
        let end = DirectoryEnd(
            count: try tail.number(at + 10, 2), byteCount: try tail.number(at + 12, 4),
            offset: try tail.number(at + 16, 4))
        guard try tail.number(at + 4, 4) == 0, try tail.number(at + 8, 2) == end.count,
            end.count < 0xFFFF, end.offset + end.byteCount == start + at
        else { throw .workbook(place: file.name, detail: "split, 64-bit or prefixed archive") }
        return end
    }
}
