import Foundation
import LibCrypto
import LibZip

/// A pack while it is written: a folder of its files, which becomes one container (ASiC-E, ETSI EN
/// 319 162-1) that has its name only when all of it is there.
final class PackFolder {
    private struct Entry {
        let path: String
        let sha256: [UInt8]
        let sm3: [UInt8]
    }

    /// The first file of the container, so that it is known without being unpacked.
    private static let kind = "application/vnd.etsi.asic-e+zip"

    /// Where the files lie.
    let files: String
    private let final: String
    /// The container before it has its name.
    private let partial: String
    /// What the manifests cover.
    private var entries: [Entry] = []
    private var names: [String] = []

    /// - Parameter path: the container's name; nothing may be there yet.
    /// - Throws: `exists`, `unwritten`.
    init(_ path: String) throws(PackFailure) {
        final = path
        partial = path + ".part"
        files = path + ".files"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw PackFailure(.exists, path)
        }
        discard()
        do {
            try FileManager.default.createDirectory(
                atPath: files, withIntermediateDirectories: true)
        } catch {
            throw PackFailure(.unwritten, files)
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

    /// Covers a file that something else wrote.
    func addWritten(_ path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: place(of: path)) else {
            throw PackFailure(.unwritten, path)
        }
        let bare = [UInt8](bytes)
        entries.append(
            Entry(path: path, sha256: Hash.sha256.digest(bare), sm3: Hash.sm3.digest(bare)))
        names.append(path)
    }

    /// Where a file of the pack lies now.
    func place(of path: String) -> String { "\(files)/\(path)" }

    /// Writes both manifests and what is signed: `META-INF/ASiCManifest001.xml`, which names every
    /// file and its SHA-256, the manifests too. Returns its bytes.
    ///
    /// - Parameter signature: the file under `META-INF/` that will sign it, and its media type.
    func writeManifests(signedBy signature: (file: String, kind: String)) throws -> [UInt8] {
        try add("mimetype", Array(PackFolder.kind.utf8))
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        // Neither covers the other: what is signed covers both.
        let covered = entries.count
        for (name, digest) in [("MANIFEST.sm3", \Entry.sm3), ("MANIFEST.sha256", \Entry.sha256)] {
            try add(name) { file in
                for entry in entries[..<covered] {
                    let line = "\(Hex.encode(entry[keyPath: digest]))  \(entry.path)\n"
                    try file.append(Array(line.utf8))
                }
            }
        }
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var bytes = Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" \
            xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
            <asic:SigReference URI="META-INF/\(signature.file)" MimeType="\(signature.kind)"/>

            """.utf8)
        // Of one entry, with room for a long name.
        bytes.reserveCapacity(bytes.count + 320 * entries.count)
        for entry in entries where entry.path != "mimetype" {
            bytes +=
                """
                <asic:DataObjectReference URI="\(entry.path)">\
                <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>\
                <ds:DigestValue>\(Base64.standard.encode(entry.sha256))</ds:DigestValue>\
                </asic:DataObjectReference>

                """.utf8
        }
        bytes += "</asic:ASiCManifest>\n".utf8
        try addUncovered("META-INF/ASiCManifest001.xml", bytes)
        return bytes
    }

    /// Writes a file that no manifest covers, since it is made of one.
    func addUncovered(_ path: String, _ bytes: [UInt8]) throws {
        _ = try write(path) { try $0.append(bytes) }
    }

    /// Packs the files, and has all of it on disk; `finish` is left.
    func pack() throws(PackFailure) {
        do {
            let writer = try ZipWriter(path: partial)
            try writer.add("mimetype", file: place(of: "mimetype"), isStored: true)
            let others = names.filter { $0 != "mimetype" }
            for name in others.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                try writer.add(name, file: place(of: name))
            }
            try writer.close()
        } catch {
            throw PackFailure(.unwritten, partial)
        }
    }

    /// Gives the container its name.
    func finish() throws(PackFailure) {
        do {
            try FileManager.default.moveItem(atPath: partial, toPath: final)
        } catch {
            throw PackFailure(.unwritten, final)
        }
        try? FileManager.default.removeItem(atPath: files)
    }

    /// Removes what was written so far.
    func discard() {
        try? FileManager.default.removeItem(atPath: partial)
        try? FileManager.default.removeItem(atPath: files)
    }

    private func write(
        _ path: String, _ body: (PackFile) throws -> Void
    ) throws -> (sha256: [UInt8], sm3: [UInt8]) {
        guard ZipName.isPlain(path) else { throw PackFailure(.incomplete, "file name") }
        let place = place(of: path)
        let folder = String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)])
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw PackFailure(.unwritten, folder)
        }
        let file = try PackFile(place)
        try body(file)
        names.append(path)
        return try file.finish()
    }
}

/// One file of a pack being written; its digests grow with it. The disk is asked to keep the
/// container, not these.
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
        if bytes.count < PackFile.chunk {
            buffer.append(contentsOf: bytes)
            if buffer.count >= PackFile.chunk { try flush() }
        } else {
            // What is large already is not copied once more.
            try flush()
            try write(bytes)
        }
    }

    private static let chunk = 1 << 16

    fileprivate func finish() throws(PackFailure) -> (sha256: [UInt8], sm3: [UInt8]) {
        try flush()
        return (sha256.finish(), sm3.finish())
    }

    private func flush() throws(PackFailure) {
        try write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: [UInt8]) throws(PackFailure) {
        sha256.update(bytes)
        sm3.update(bytes)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + PackFile.chunk)
            do {
                try file.write(contentsOf: Data(bytes[start..<end]))
            } catch {
                throw PackFailure(.unwritten, path)
            }
            start = end
        }
    }
}
