import Glibc
package import Records

/// The trail of who did and looked at what (审计记录): a file that only grows, beside the database
/// and apart from those who run it.
///
/// Each line bears the hash over all before it. The file may belong to another account and be
/// append-only for everybody (`chattr +a`): nothing here ever changes or shortens it.
package struct AuditTrail: Sendable {
    package let path: String

    /// A line is shorter than this.
    static let longestLine = 1 << 16
    /// Rows were not bounded once: one has what fits into a process' arguments (6 MiB), each byte
    /// written as six at most, and so may what a power cut left behind it.
    private static let longestEver = 2 * 36 << 20

    package init(path: String) {
        self.path = path
    }

    /// Adds a row and has it on disk. Several processes may do so at once.
    ///
    /// Throws `AuditFailure`: what cannot be written down must not be done.
    @discardableResult
    package func append(
        _ entry: AuditEntry, at moment: Timestamp
    ) throws(AuditFailure) -> AuditHead {
        let file = try open()
        // Closing gives the lock back too.
        defer { close(file) }
        guard flock(file, LOCK_EX) == 0 else { throw failure(errno) }
        let (head, unfinished) = try last(in: file)
        // What a power cut left behind is ended, and counted by the row that follows.
        let end: [UInt8] = unfinished.isEmpty || unfinished.last == 0x0A ? [] : [0x0A]
        let torn = unfinished.count + end.count
        let row = AuditRow(entry, seq: head.seq + 1, at: moment, torn: torn > 0 ? torn : nil)
        let line = AuditLine(row, after: head)
        try write(end + line.bytes, to: file)
        return AuditHead(seq: row.seq, hash: line.hash)
    }

    /// The last whole row. Throws `AuditFailure` where it is none of ours.
    package func head() throws(AuditFailure) -> AuditHead {
        let file = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        if file < 0, errno == ENOENT { return .none }
        guard file >= 0 else { throw failure(errno) }
        defer { close(file) }
        return try last(in: file).head
    }

    private func open() throws(AuditFailure) -> Int32 {
        if let cut = path.lastIndex(of: "/") {
            _ = path[..<cut].withCString { mkdir($0, 0o700) }
        }
        let file = Glibc.open(
            path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
        guard file >= 0 else { throw failure(errno) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o007 == 0
        else {
            close(file)
            throw AuditFailure(.exposed, place: path)
        }
        return file
    }

    /// The last whole line, and what stands behind it.
    private func last(
        in file: Int32
    ) throws(AuditFailure) -> (head: AuditHead, unfinished: ArraySlice<UInt8>) {
        let size = lseek(file, 0, SEEK_END)
        guard size >= 0 else { throw failure(errno) }
        var reach = 2 * AuditTrail.longestLine
        while true {
            var bytes = [UInt8](repeating: 0, count: min(Int(size), reach))
            let start = Int(size) - bytes.count
            guard pread(file, &bytes, bytes.count, off_t(start)) == bytes.count else {
                throw failure(errno)
            }
            if let found = AuditTrail.last(in: bytes, isWhole: start == 0) { return found }
            // Without a whole line it is the very first one that was broken off, or no trail.
            guard start > 0 else {
                guard bytes.count < AuditTrail.longestLine else { break }
                return (.none, bytes[...])
            }
            guard reach < AuditTrail.longestEver else { break }
            reach *= 4
        }
        throw AuditFailure(.broken, place: path)
    }

    /// The same within the end of a file; `nil` where no line of it is ours.
    ///
    /// - Parameter isWhole: the bytes are the file's first ones, too.
    private static func last(
        in bytes: [UInt8], isWhole: Bool
    ) -> (head: AuditHead, unfinished: ArraySlice<UInt8>)? {
        var end = bytes.endIndex
        while let feed = bytes[..<end].lastIndex(of: 0x0A) {
            let before = bytes[..<feed].lastIndex(of: 0x0A)
            guard let begin = before.map({ $0 + 1 }) ?? (isWhole ? 0 : nil) else { return nil }
            if let line = AuditLine(Array(bytes[begin..<feed])) {
                let head = AuditHead(seq: line.row.seq, hash: line.hash)
                return (head, bytes[(feed + 1)...])
            }
            end = feed
        }
        return nil
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(AuditFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(errno) }
            written += count
        }
        guard fsync(file) == 0 else { throw failure(errno) }
    }

    func failure(_ error: Int32) -> AuditFailure {
        AuditFailure(.unwritten, place: path, detail: PrivateFile.words(error))
    }
}
