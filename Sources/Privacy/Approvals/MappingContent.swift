import LibCrypto

/// What exactly was approved: the digests of every file that decides what leaves.
///
/// An auditor makes the same with `sha256sum FILES | LC_ALL=C sort -k 2 | sha256sum`, and with
/// `openssl dgst -sm3` for the other.
package struct MappingContent: Hashable, Sendable, Codable {
    /// 64 hexadecimal digits.
    package let sha256: String
    /// 64 hexadecimal digits.
    package let sm3: String

    /// The digest over a set of files, in whatever order they come: for each a line of its digest,
    /// two spaces and its path, the lines in the order of their paths. A file that comes twice
    /// counts once.
    ///
    /// - Parameter files: the mapping, every word table and code list that it uses, and the
    ///   programme's file, by their paths under `mappings/`; or the schemas of a profile.
    package static func digest(of files: [(path: String, bytes: [UInt8])]) -> MappingContent {
        MappingContent(sha256: digest(of: files, .sha256), sm3: digest(of: files, .sm3))
    }

    /// The first 16 digits: enough to name a file by.
    package var prefix: String { String(sha256.prefix(16)) }

    private static func digest(
        of files: [(path: String, bytes: [UInt8])], _ hash: Hash
    ) -> String {
        var lines = Set<[UInt8]>()
        for file in files { lines.insert(line(file.path, Hex.encode(hash.digest(file.bytes)))) }
        let sorted = lines.sorted { left, right in
            // By path; then by digest, should one path come with two contents.
            let (a, b) = (path(of: left), path(of: right))
            return a.elementsEqual(b)
                ? left.lexicographicallyPrecedes(right) : a.lexicographicallyPrecedes(b)
        }
        return Hex.encode(hash.digest(sorted.flatMap { $0 }))
    }

    /// As `sha256sum` writes it, with its escapes: a path with a line break cannot pose as two.
    private static func line(_ path: String, _ digest: String) -> [UInt8] {
        var escaped: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): escaped += Array("\\n".utf8)
            case UInt8(ascii: "\r"): escaped += Array("\\r".utf8)
            case UInt8(ascii: "\\"): escaped += Array("\\\\".utf8)
            default: escaped.append(byte)
            }
        }
        let mark = escaped.elementsEqual(path.utf8) ? "" : "\\"
        return Array("\(mark)\(digest)  ".utf8) + escaped + [UInt8(ascii: "\n")]
    }

    private static func path(of line: [UInt8]) -> ArraySlice<UInt8> {
        line.drop { $0 != UInt8(ascii: " ") }
    }
}
