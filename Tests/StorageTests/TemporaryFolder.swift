import Foundation
import Glibc
import Storage

/// A folder of one test, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/test.sqlite" }

    /// Every file's name, mode and bytes.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            contents[name] = try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
        }
        return contents
    }

    func mode(of name: String) throws -> Int {
        var status = stat()
        guard stat(path + "/" + name, &status) == 0 else { throw POSIXError(.ENOENT) }
        return Int(status.st_mode & 0o777)
    }
}

/// A small file system of its own in memory, for tests that fill a disk. Needs root.
final class SmallDisk: Sendable {
    let folder: TemporaryFolder

    /// `nil` if this process may not mount.
    init?(bytes: Int) throws {
        folder = try TemporaryFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(bytes)") == 0 else { return nil }
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }

    static let isAvailable = (try? SmallDisk(bytes: 65_536)) != nil
}

/// The schema of these tests.
let schema = [
    Migration(
        number: 1,
        statements: """
            CREATE TABLE person (id bigint PRIMARY KEY, name text NOT NULL);
            CREATE TABLE block (
                id bigint PRIMARY KEY,
                person_id bigint REFERENCES person,
                body bytea,
                note text UNIQUE,
                state text CONSTRAINT known_state CHECK (state IN ('due', 'final'))
            );
            """)
]

extension Database {
    /// How many blocks are stored.
    func blockCount() async throws -> Int {
        try await read { transaction in
            try transaction.run("SELECT count(*) AS count FROM block")[0].int("count")
        }
    }
}

/// Runs `work` and returns the storage failure it throws.
func failure(of work: () async throws -> Void) async throws -> StorageFailure? {
    do {
        try await work()
        return nil
    } catch let failure as StorageFailure {
        return failure
    }
}
