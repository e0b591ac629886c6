internal import Glibc

/// A regular file, opened once and read by offset; it closes with its last reference.
///
/// Calls block; the owner decides on which thread. A symbolic link, FIFO, device or folder is
/// never opened for reading (T06).
package final class SourceFile {
    /// Last component of the path, for people.
    package let name: String
    /// Bytes at opening. What is added later is not read.
    package let byteCount: Int
    private let descriptor: Int32
    private let opened: FileState

    /// - Parameter byteLimit: the largest file to take, in bytes.
    /// - Throws: `E-NOFILE`, `E-TOOLARGE`, `E-IO`.
    package init(path: String, byteLimit: Int) throws(ReadFailure) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // Without O_NONBLOCK a FIFO would hold the call until somebody writes to it.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            switch code {
            case ENOENT, ENOTDIR: throw .noFile(place: name, detail: nil)
            case ELOOP: throw .noFile(place: name, detail: "symbolic link")
            case ENXIO: throw .noFile(place: name, detail: "not a regular file")
            default: throw .inputOutput(place: name, detail: "open: errno \(code)")
            }
        }
        guard let state = FileState(descriptor: descriptor) else {
            let code = errno
            close(descriptor)
            throw .inputOutput(place: name, detail: "fstat: errno \(code)")
        }
        guard state.isRegular else {
            close(descriptor)
            throw .noFile(place: name, detail: "not a regular file")
        }
        guard state.byteCount <= byteLimit else {
            close(descriptor)
            throw .tooLarge(place: name, detail: "\(state.byteCount) > \(byteLimit) bytes")
        }
        self.name = name
        self.descriptor = descriptor
        opened = state
        byteCount = state.byteCount
    }

    deinit {
        close(descriptor)
    }

    /// The bytes of a range of the file.
    ///
    /// - Throws: `E-IO` for a range beyond the file, `E-CHANGED` where the file has become shorter.
    package func bytes(_ range: Range<Int>) throws(ReadFailure) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw .inputOutput(place: name, detail: "range beyond the file")
        }
        var bytes = [UInt8](repeating: 0, count: range.count)
        _ = try read(at: range.lowerBound, count: range.count, into: &bytes, from: 0)
        return bytes
    }

    /// Reads exactly `count` bytes at `offset` into `buffer` from `index` on; answers `count`.
    func read(
        at offset: Int, count: Int, into buffer: inout [UInt8], from index: Int
    ) throws(ReadFailure) -> Int {
        var done = 0
        while done < count {
            let wanted = index + done..<index + count
            let (result, code) = buffer.withUnsafeMutableBytes { bytes in
                let target = UnsafeMutableRawBufferPointer(rebasing: bytes[wanted])
                return (pread(descriptor, target.baseAddress, target.count, offset + done), errno)
            }
            if result > 0 {
                done += result
            } else if result == 0 {
                throw .changed(place: name, detail: "shorter than at opening")
            } else if code != EINTR {
                throw .inputOutput(place: name, detail: "read: errno \(code)")
            }
        }
        return done
    }

    /// - Throws: `E-CHANGED` where size, time of modification or identity are not those of opening.
    package func verifyUnchanged() throws(ReadFailure) {
        guard FileState(descriptor: descriptor) == opened else {
            throw .changed(place: name, detail: nil)
        }
    }
}

/// What tells one state of a file from another.
package struct FileState: Sendable, Hashable {
    package let device: UInt64
    package let inode: UInt64
    package let byteCount: Int
    /// Time of modification, in nanoseconds since 1970.
    package let modifiedNanoseconds: Int64
    package let isRegular: Bool

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int(status.st_size)
        modifiedNanoseconds =
            Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    /// `nil` where the system refuses; `errno` says why.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// A name in an open folder; a symbolic link is not followed.
    init?(folder: Int32, name: String) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(status)
    }
}
