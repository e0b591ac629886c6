import Blocking
import Foundation
import Glibc
package import Records
package import Storage
import Synchronization

/// A small file beside each worker that is only added to: what might have been sent (发送日志).
///
/// A line is on the disk before the first byte of its submission leaves. It answers where the
/// database cannot: after a standby without the last commits took over, and after a restore. So it
/// lies apart from the database, and is never restored with it.
package actor WireJournal {
    /// A new file is begun after so many bytes.
    private static let segmentBytes = 4 << 20
    /// Files whose every line is older are removed: as long as a backup may be needed.
    private static let keptSeconds: Int64 = 35 * 86_400

    private let executor: any SerialExecutor
    private let folder: String
    private let clock: Clock
    private var lock: ProcessLock?
    private var descriptor: Int32 = -1
    private var segment = 0
    private var written = 0
    /// Lines that wait for the disk: one forced write serves all of them.
    private nonisolated let waiting = Mutex<[WireEntry]>([])

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - folder: made if it is not there; one worker has it at a time.
    ///   - executor: where its calls run; `nil` for a thread of its own.
    package init(
        folder: String, clock: @escaping Clock, on executor: (any SerialExecutor)? = nil
    ) {
        self.executor = executor ?? ThreadExecutor()
        self.folder = folder
        self.clock = clock
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Takes the folder, and begins a new file in it.
    ///
    /// - Returns: all lines that are kept, oldest first. A torn line is none: nothing was sent
    ///   before it was whole.
    /// - Throws: `StorageFailure`: `lockedByAnotherProcess`, `cannotOpen`, `readOnly`, `full`.
    package func open() throws(StorageFailure) -> [WireEntry] {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch { throw StorageFailure(.cannotOpen) }
        if lock == nil { lock = try ProcessLock(folder + "/lock") }
        let oldest = clock().adding(seconds: -WireJournal.keptSeconds)
        var entries: [WireEntry] = []
        for name in try segments() {
            guard let text = FileManager.default.contents(atPath: folder + "/" + name) else {
                throw StorageFailure(.cannotOpen)
            }
            let found = String(decoding: text, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: true)
                .compactMap { WireEntry(line: $0) }
            segment = max(segment, Int(name.dropFirst(5).dropLast(4)) ?? 0)
            if found.allSatisfy({ $0.at < oldest }) {
                unlink(folder + "/" + name)
            } else {
                entries += found
            }
        }
        try beginSegment()
        return entries
    }

    /// Puts a line on the disk. When this returns it is there; when it throws, nothing may be sent.
    package nonisolated func note(_ entry: WireEntry) async throws {
        waiting.withLock { $0.append(entry) }
        try await write()
    }

    /// Ends the writing and gives the folder back.
    package func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
        lock = nil
    }

    /// Writes what waits, for whoever put it there: a caller whose line went with another's finds
    /// nothing left, and knows that it is on the disk.
    private func write() throws(StorageFailure) {
        let entries = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !entries.isEmpty else {
            // Ours went with another's write; if that failed, so has ours.
            guard descriptor >= 0 else { throw StorageFailure(.closed) }
            return
        }
        do throws(StorageFailure) {
            guard descriptor >= 0 else { throw StorageFailure(.closed) }
            if written > WireJournal.segmentBytes { try beginSegment() }
            let bytes = Array(entries.map(\.line).joined().utf8)
            guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
                fdatasync(descriptor) == 0
            else { throw StorageFailure(errno == ENOSPC ? .full : .cannotOpen) }
            written += bytes.count
        } catch {
            // What the system did with a forced write that failed is not to be known: the next
            // opening begins a new file, and until then nothing is sent.
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
            throw error
        }
    }

    private func segments() throws(StorageFailure) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw StorageFailure(.cannotOpen)
        }
        return names.filter { $0.hasPrefix("wire-") && $0.hasSuffix(".log") }.sorted()
    }

    private func beginSegment() throws(StorageFailure) {
        if descriptor >= 0 { Glibc.close(descriptor) }
        segment += 1
        let number = String(segment)
        let path =
            folder + "/wire-" + String(repeating: "0", count: max(0, 8 - number.count)) + number
            + ".log"
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageFailure(errno == ENOSPC ? .full : .cannotOpen)
        }
        written = 0
        // The file's name is on the disk too.
        let parent = Glibc.open(folder, O_RDONLY | O_CLOEXEC)
        guard parent >= 0, fsync(parent) == 0 else { throw StorageFailure(.cannotOpen) }
        Glibc.close(parent)
    }
}
