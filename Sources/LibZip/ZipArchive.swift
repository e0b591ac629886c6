internal import CLibZip
import Foundation

/// Why a container could not be written or read.
package enum ZipFailure: Error, Sendable, Equatable {
    /// The file cannot be made or written, or the disk is full.
    case unwritten
    /// It is no ZIP file, or a part of it is damaged.
    case malformed
    /// A name that leads elsewhere, a name that stands twice, or more bytes than are accepted.
    case refused
}

/// A ZIP container being written (PKWARE APPNOTE 6.3): the same files in the same order give the
/// same bytes.
package final class ZipWriter {
    private var archive: OpaquePointer?
    private let path: String

    /// - Parameter path: a new file; it is there, whole, once `close` has returned.
    package init(path: String) throws(ZipFailure) {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else { throw .unwritten }
        self.archive = archive
        self.path = path
    }

    deinit {
        // What was not closed is thrown away.
        if let archive { zip_discard(archive) }
    }

    /// Adds a file, which must not change before `close`.
    ///
    /// - Parameters:
    ///   - name: its name in the container, ASCII.
    ///   - file: where it lies.
    ///   - isStored: as it is, not compressed.
    package func add(_ name: String, file: String, isStored: Bool = false) throws(ZipFailure) {
        guard let archive, let source = zip_source_file(archive, file, 0, -1) else {
            throw .unwritten
        }
        let index = zip_file_add(archive, name, source, 0)
        guard index >= 0 else {
            zip_source_free(source)
            throw .refused
        }
        let place = zip_uint64_t(index)
        let method = isStored ? ZIP_CM_STORE : ZIP_CM_DEFLATE
        // 1980-01-01: when it was packed says nothing, and would change the bytes.
        guard zip_set_file_compression(archive, place, method, isStored ? 0 : 1) == 0,
            zip_file_set_dostime(archive, place, 0, 0x21, 0) == 0,
            zip_file_set_external_attributes(
                archive, place, 0, zip_uint8_t(ZIP_OPSYS_UNIX), 0o100644 << 16) == 0
        else { throw .unwritten }
    }

    /// Writes everything, through to the disk.
    package func close() throws(ZipFailure) {
        guard let archive, zip_close(archive) == 0 else { throw .unwritten }
        self.archive = nil
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw .unwritten }
        do {
            try file.synchronize()
            try file.close()
        } catch {
            throw .unwritten
        }
    }
}

/// A ZIP container being read; it is trusted in nothing.
package final class ZipReader {
    private let archive: OpaquePointer
    /// In their order.
    package let names: [String]

    /// Opens a container. Throws `malformed`.
    package init(path: String) throws(ZipFailure) {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code) else {
            throw .malformed
        }
        var names: [String] = []
        for index in 0..<zip_get_num_entries(archive, 0) {
            guard let name = zip_get_name(archive, zip_uint64_t(index), 0) else {
                zip_discard(archive)
                throw .malformed
            }
            names.append(String(cString: name))
        }
        self.archive = archive
        self.names = names
    }

    deinit {
        zip_discard(archive)
    }

    /// The bytes of one file; `nil` where there is none of that name. Throws `malformed`, `refused`
    /// for more than `limit` bytes.
    package func bytes(of name: String, limit: Int) throws(ZipFailure) -> [UInt8]? {
        guard let index = names.firstIndex(of: name) else { return nil }
        var bytes: [UInt8] = []
        try read(index, limit: limit) { (chunk: [UInt8].SubSequence) throws(ZipFailure) in
            bytes += chunk
        }
        return bytes
    }

    /// Unpacks everything into a new folder.
    ///
    /// - Parameter limit: of all bytes together.
    /// - Throws: `refused` for a name that is not of letters, digits, `._-` and `/`, that leads
    ///   elsewhere or stands twice; `malformed`, `unwritten`.
    package func extract(to folder: String, limit: Int) throws(ZipFailure) {
        guard Set(names).count == names.count, names.allSatisfy(ZipName.isPlain) else {
            throw .refused
        }
        var left = limit
        for (index, name) in names.enumerated() {
            let path = folder + "/" + name
            let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            do {
                try FileManager.default.createDirectory(
                    atPath: parent, withIntermediateDirectories: true)
            } catch { throw .unwritten }
            guard !FileManager.default.fileExists(atPath: path),
                FileManager.default.createFile(atPath: path, contents: nil),
                let file = FileHandle(forWritingAtPath: path)
            else { throw .unwritten }
            defer { try? file.close() }
            var count = 0
            try read(index, limit: left) { (chunk: [UInt8].SubSequence) throws(ZipFailure) in
                count += chunk.count
                do { try file.write(contentsOf: Data(chunk)) } catch { throw .unwritten }
            }
            left -= count
        }
    }

    private func read(
        _ index: Int, limit: Int, _ each: ([UInt8].SubSequence) throws(ZipFailure) -> Void
    ) throws(ZipFailure) {
        guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
            throw .malformed
        }
        defer { zip_fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var left = limit
        while true {
            let count = Int(zip_fread(file, &buffer, zip_uint64_t(buffer.count)))
            // A wrong checksum shows at the end.
            guard count >= 0 else { throw .malformed }
            if count == 0 { return }
            left -= count
            guard left >= 0 else { throw .refused }
            try each(buffer[..<count])
        }
    }
}

/// What a file in a container may be called.
package enum ZipName {
    /// Letters, digits, `._-` and `/` between parts; no part begins with a dot.
    package static func isPlain(_ name: String) -> Bool {
        name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
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
