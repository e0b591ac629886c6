import Flow
import Foundation
import Glibc

/// A new file with people's data in it, for one person: `0600`, never over another file, never
/// through a link, and never in the site's folder.
struct PrivateFile {
    let path: String
    private let descriptor: Int32

    /// Makes it, empty: after this nothing but the disk can be in the way.
    init(at path: String, outside site: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            .resolvingSymlinksInPath().path
        let inside = URL(fileURLWithPath: site).resolvingSymlinksInPath().path
        guard folder != inside, !folder.hasPrefix(inside + "/") else {
            throw AssistedFailure(.insideSite, place: Places.shown(path))
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason: CommandFailure.Reason = errno == EEXIST ? .exists : .unwritable
            throw CommandFailure(reason, place: Places.shown(path))
        }
        self.path = path
    }

    /// Writes all of it to the disk; false where that failed.
    func write(_ bytes: [UInt8]) -> Bool {
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return fsync(descriptor) == 0
    }

    /// Takes it back, while nothing stands in it.
    func discard() {
        close(descriptor)
        unlink(path)
    }
}
