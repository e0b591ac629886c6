internal import Glibc
package import Records

/// What the closure says of an item that it was offered.
package enum ItemFate: Sendable {
    /// Its fate is on disk; it goes to `done/`.
    case taken
    /// It cannot be taken as a whole; it goes to `refused/`.
    case refused
}

/// A file as a folder offers it.
package struct OfferedFile: Sendable, Hashable {
    /// Name in the folder.
    package let name: String
    package let path: String
    /// As it was when listed; a file that differs at the end is not moved.
    package let state: FileState

    /// Whether something of that name is in the folder still.
    package var isThere: Bool { access(path, F_OK) == 0 }
}

/// What a folder has just now.
package struct FolderListing: Sendable {
    /// By time of modification, then by name.
    package let offered: [OfferedFile]
    /// Files that may still be being written.
    package let waitingCount: Int
    /// Of the right name, but a link, folder or pipe; or a name that is not UTF-8. Never opened.
    package let passedOverCount: Int
}

/// Takes files from a folder into which a county's systems drop them.
///
/// Returning from the closure is the acknowledgement: only then is the file moved. What was not
/// moved is offered again.
package struct FolderChannel: Sendable {
    private let folder: String
    private let endings: [[UInt8]]
    private let settleSeconds: Int64
    private let clock: Clock

    /// - Parameters:
    ///   - endings: of the names of files to take, lower case and without the dot: those of the
    ///     source's reader.
    ///   - settleSeconds: a file modified less than this long ago waits.
    package init(
        folder: String, endings: [String] = CSVReader.fileEndings, settleSeconds: Int64,
        clock: @escaping Clock
    ) {
        self.folder = folder
        self.endings = endings.map { Array(".\($0)".utf8) }
        self.settleSeconds = settleSeconds
        self.clock = clock
    }

    /// The files to take. Hidden ones and names ending in `.part` or `.tmp` are left alone; a file
    /// dated in the future waits for its day, since nothing tells whether it is still growing.
    ///
    /// - Throws: `E-NOFILE` where the folder is missing, `E-IO`.
    package func listing() throws(ReadFailure) -> FolderListing {
        let descriptor = try openFolder()
        defer { close(descriptor) }
        var offered: [OfferedFile] = []
        var (waitingCount, passedOverCount) = (0, 0)
        let latest = clock().adding(seconds: -settleSeconds).microseconds
        for bytes in try names(in: descriptor) where isOffered(bytes) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                passedOverCount += 1
                continue
            }
            // A name that is gone by now needs no word.
            guard let state = FileState(folder: descriptor, name: name) else { continue }
            if !state.isRegular {
                passedOverCount += 1
            } else if state.modifiedNanoseconds > latest * 1000 {
                waitingCount += 1
            } else {
                offered.append(OfferedFile(name: name, path: "\(folder)/\(name)", state: state))
            }
        }
        offered.sort {
            ($0.state.modifiedNanoseconds, $0.name) < ($1.state.modifiedNanoseconds, $1.name)
        }
        return FolderListing(
            offered: offered, waitingCount: waitingCount, passedOverCount: passedOverCount)
    }

    /// Hands one file to the closure and moves it where the closure's answer says, never over
    /// another file. Runs on the caller's actor, so that the move blocks the caller's thread only.
    ///
    /// - Throws: what the closure throws, and then the file stays; `E-CHANGED` where the file was
    ///   replaced or written to meanwhile, and then it stays and is offered again; `E-IO`.
    package func offer(
        _ file: OfferedFile, isolation: isolated (any Actor)? = #isolation,
        to take: (OfferedFile) async throws -> ItemFate
    ) async throws {
        switch try await take(file) {
        case .taken: try move(file, into: "done")
        case .refused: try move(file, into: "refused")
        }
    }

    /// One of the endings in any case, not hidden. `.part` and `.tmp` are other endings.
    private func isOffered(_ name: [UInt8]) -> Bool {
        let name = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return name.first != UInt8(ascii: ".")
            && endings.contains { name.count > $0.count && name.suffix($0.count) == $0[...] }
    }

    private func openFolder() throws(ReadFailure) -> Int32 {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENOENT
                ? .noFile(place: folder, detail: nil)
                : .inputOutput(place: folder, detail: "open: errno \(code)")
        }
        return descriptor
    }

    private func names(in descriptor: Int32) throws(ReadFailure) -> [[UInt8]] {
        // The stream closes the descriptor that it is given.
        let copy = dup(descriptor)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw .inputOutput(place: folder, detail: "opendir: errno \(code)")
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
        }
        let code = errno
        guard code == 0 else {
            throw .inputOutput(place: folder, detail: "readdir: errno \(code)")
        }
        return names
    }

    private func move(_ file: OfferedFile, into subfolder: String) throws(ReadFailure) {
        let from = try openFolder()
        defer { close(from) }
        guard FileState(folder: from, name: file.name) == file.state else {
            throw .changed(place: file.name, detail: nil)
        }
        guard mkdirat(from, subfolder, 0o750) == 0 || errno == EEXIST else {
            throw .inputOutput(place: subfolder, detail: "mkdir: errno \(errno)")
        }
        let to = openat(from, subfolder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard to >= 0 else {
            throw .inputOutput(place: subfolder, detail: "open: errno \(errno)")
        }
        defer { close(to) }
        let dot = file.name.lastIndex(of: ".") ?? file.name.endIndex
        let (stem, ending) = (file.name[..<dot], file.name[dot...])
        var copy = 1
        while true {
            let name = copy == 1 ? file.name : "\(stem)-\(copy)\(ending)"
            switch renameWithoutReplacing(from, file.name, to, name) {
            case 0: return
            case EEXIST: copy += 1
            case let code: throw .inputOutput(place: file.name, detail: "rename: errno \(code)")
            }
        }
    }

    /// 0 or the error number.
    private func renameWithoutReplacing(
        _ from: Int32, _ name: String, _ to: Int32, _ newName: String
    ) -> Int32 {
        // A second link never replaces a file. A crash in between leaves both names, and then the
        // file is offered once more.
        if linkat(from, name, to, newName, 0) == 0 {
            return unlinkat(from, name, 0) == 0 ? 0 : errno
        }
        if errno == EEXIST { return EEXIST }
        // Network shares may have no links. Nobody but the gateway writes to done/ and refused/.
        if FileState(folder: to, name: newName) != nil { return EEXIST }
        return renameat(from, name, to, newName) == 0 ? 0 : errno
    }
}
