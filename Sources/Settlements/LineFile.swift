import Foundation

/// A file of lines, read some at a time: a year of leaves is larger than memory should be.
struct LineFile {
    private static let chunk = 1 << 20
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Hands over each line without its line feed. Throws `unwritten` where the file cannot be read
    /// back, and what `each` throws.
    func lines(_ each: ([UInt8]) throws -> Void) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw PackFailure(.unwritten, path)
        }
        defer { try? file.close() }
        var rest: [UInt8] = []
        while true {
            let read: Data?
            do { read = try file.read(upToCount: LineFile.chunk) } catch {
                throw PackFailure(.unwritten, path)
            }
            guard let read, !read.isEmpty else { break }
            rest += read
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: 0x0A) {
                try each(Array(rest[start..<end]))
                start = end + 1
            }
            rest.removeSubrange(..<start)
        }
        if !rest.isEmpty { try each(rest) }
    }
}

/// A settled line whose values are looked up in its text: reading JSON a million times takes long.
///
/// The text is canonical (`SettledLeaf.text`): a name with its quotes and colon stands once, since
/// a quote within a value is escaped.
struct LeafText {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A text value without escapes; `nil` where there is none of that name.
    func text(_ name: StaticString) -> String? {
        guard let start = place(of: name), start < bytes.endIndex, bytes[start] == 0x22,
            let end = bytes[(start + 1)...].firstIndex(of: 0x22)
        else { return nil }
        let value = bytes[(start + 1)..<end]
        return value.contains(0x5C) ? nil : String(decoding: value, as: UTF8.self)
    }

    /// A whole number.
    func number(_ name: StaticString) -> Int64? {
        guard let start = place(of: name) else { return nil }
        let end = bytes[start...].firstIndex { $0 == 0x2C || $0 == 0x7D } ?? bytes.endIndex
        return Int64(String(decoding: bytes[start..<end], as: UTF8.self))
    }

    /// Where the value of a name begins.
    private func place(of name: StaticString) -> Int? {
        let count = name.utf8CodeUnitCount
        return bytes.withUnsafeBufferPointer { bytes in
            var place = 1
            while place + count + 3 <= bytes.count {
                if bytes[place] == 0x22, bytes[place + count + 1] == 0x22,
                    bytes[place + count + 2] == 0x3A,
                    (0..<count).allSatisfy({ bytes[place + 1 + $0] == name.utf8Start[$0] })
                {
                    return place + count + 3
                }
                place += 1
            }
            return nil
        }
    }
}
