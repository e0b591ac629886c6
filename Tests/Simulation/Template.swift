import Delivery
import Evidence
import Foundation
import Storage

/// An empty database, made once: each run begins with a copy of it.
enum Template {
    static let migrations = [
        Migration(number: 1, statements: evidenceMigration),
        Migration(number: 2, statements: deliveryMigration),
        Migration(number: 3, statements: workersMigration),
        Migration(number: 4, statements: retryMigration),
        Migration(number: 5, statements: reversalMigration),
        Migration(number: 6, statements: resendMigration),
        Migration(number: 7, statements: assistedMigration),
        Migration(number: 8, statements: refusedSignaturesMigration),
        Migration(number: 9, statements: renewalMigration),
    ]

    /// Where runs work: a file system in memory if there is one.
    static let folder: URL = {
        let shared = URL(fileURLWithPath: "/dev/shm")
        let isThere = FileManager.default.isWritableFile(atPath: shared.path)
        return isThere ? shared : FileManager.default.temporaryDirectory
    }()

    static let content: Data? = {
        let path = folder.appendingPathComponent("simulation-\(UUID().uuidString).db").path
        defer {
            for end in ["", "-wal", "-shm", ".lock", ".turn"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
        }
        let thread = VirtualThread(seed: 0, from: Parties.monday)
        let isMade = thread.run {
            guard
                let made = try? await SQLiteDatabase.open(
                    path, migrations: migrations, on: VirtualQueue(thread))
            else { return false }
            await made.close()
            return true
        }
        return isMade == true ? FileManager.default.contents(atPath: path) : nil
    }()
}
