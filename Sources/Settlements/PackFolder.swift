import Foundation
import LibCrypto

/// A pack being written under another name, with the digests of every file in it.
///
/// Nothing stands under the pack's own name until `finish` has written everything through to disk.
final class PackFolder {
    private struct Entry {
        let path: String
        let sha256: [UInt8]
        let sm3: [UInt8]
    }

    private let final: String
    private let partial: String
    private var entries: [Entry] = []

    /// Throws `exists` where something has that name. What a crash left half-written is removed.
    init(_ path: String) throws(PackFailure) {
        final = path
        partial = path + ".part"
        guard !FileManager.default.fileExists(atPath: final) else {
            throw PackFailure(.exists, final)
        }
        do {
            if FileManager.default.fileExists(atPath: partial) {
                try FileManager.default.removeItem(atPath: partial)
            }
            try FileManager.default.createDirectory(
                atPath: partial, withIntermediateDirectories: true)
        } catch {
            throw PackFailure(.unwritten, partial)
        }
    }

    /// Writes one file; the manifests will cover it.
    func add(_ path: String, _ bytes: [UInt8]) throws {
        try add(path) { try $0.append(bytes) }
    }

    /// Writes one file piece by piece; the manifests will cover it.
    func add(_ path: String, _ body: (PackFile) throws -> Void) throws {
        let digests = try write(path, body)
        entries.append(Entry(path: path, sha256: digests.sha256, sm3: digests.sm3))
    }

    /// Writes `MANIFEST.sm3`, then `MANIFEST.sha256`, which covers it too; the latter is what is
    /// signed. Both are sorted by path as bytes (`LC_ALL=C`). Returns its bytes.
    func writeManifests() throws -> [UInt8] {
        let sm3 = manifest(\.sm3)
        try add("MANIFEST.sm3", sm3)
        let sha256 = manifest(\.sha256)
        _ = try write("MANIFEST.sha256") { try $0.append(sha256) }
        return sha256
    }

    /// Writes a file that no manifest covers, since it is made of one.
    func addUncovered(_ path: String, _ bytes: [UInt8]) throws {
        _ = try write(path) { try $0.append(bytes) }
    }

    /// Gives the whole pack its name.
    func finish() throws(PackFailure) {
        do {
            try FileManager.default.moveItem(atPath: partial, toPath: final)
        } catch {
            throw PackFailure(.unwritten, final)
        }
    }

    /// Removes what was written so far.
    func discard() {
        try? FileManager.default.removeItem(atPath: partial)
    }

    private func manifest(_ digest: KeyPath<Entry, [UInt8]>) -> [UInt8] {
        let sorted = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let lines = sorted.map { "\(Hex.encode($0[keyPath: digest]))  \($0.path)\n" }
        return Array(lines.joined().utf8)
    }

    private func write(
        _ path: String, _ body: (PackFile) throws -> Void
    ) throws -> (sha256: [UInt8], sm3: [UInt8]) {
        guard PackFolder.isPlain(path) else { throw PackFailure(.incomplete, "file name") }
        let place = "\(partial)/\(path)"
        let folder = String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)])
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw PackFailure(.unwritten, folder)
        }
        let file = try PackFile(place)
        try body(file)
        return try file.finish()
    }

    /// Letters, digits, `._-` and `/` between parts; no part begins with a dot.
    private static func isPlain(_ path: String) -> Bool {
        path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.first != "."
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                    default: false
                    }
                }
        }
    }
}

/// One file of a pack being written; its digests grow with it.
final class PackFile {
    private let path: String
    private let file: FileHandle
    private let sha256 = HashStream(.sha256)
    private let sm3 = HashStream(.sm3)
    private var buffer: [UInt8] = []

    fileprivate init(_ path: String) throws(PackFailure) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw PackFailure(.unwritten, path) }
        self.path = path
        self.file = file
    }

    deinit {
        try? file.close()
    }

    func append(_ bytes: [UInt8]) throws(PackFailure) {
        sha256.update(bytes)
        sm3.update(bytes)
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 16 { try flush() }
    }

    /// Writes everything through to disk.
    fileprivate func finish() throws(PackFailure) -> (sha256: [UInt8], sm3: [UInt8]) {
        try flush()
        do {
            try file.synchronize()
        } catch {
            throw PackFailure(.unwritten, path)
        }
        return (sha256.finish(), sm3.finish())
    }

    private func flush() throws(PackFailure) {
        do {
            try file.write(contentsOf: Data(buffer))
        } catch {
            throw PackFailure(.unwritten, path)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
