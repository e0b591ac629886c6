import Foundation
import Glibc
import Synchronization

/// Stands between a client and a PostgreSQL server's socket, and cuts the line at a commit: the one
/// moment at which nobody may guess (F-054).
package final class SocketRelay: Sendable {
    /// Where the line is cut, once.
    package enum Cut: Sendable {
        /// The server never gets the word.
        case beforeCommit
        /// The server has committed, and its answer is lost.
        case afterCommit
    }

    package let folder: String
    private let target: String
    private let cut: Mutex<Cut?>
    private let listener: Int32

    /// Listens in a folder of its own; the first `COMMIT` after `arm()` is cut.
    package init(to server: PostgreSQLServer) throws {
        folder = "/tmp/sb-relay-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        target = server.folder + "/.s.PGSQL.5432"
        cut = Mutex(nil)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = SocketRelay.address(folder + "/.s.PGSQL.5432")
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        let relay = self
        Thread.detachNewThread { relay.accept() }
    }

    package func arm(_ cut: Cut) { self.cut.withLock { $0 = cut } }
    package var isArmed: Bool { cut.withLock { $0 != nil } }

    package func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = SocketRelay.address(target)
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            Thread.detachNewThread { self.relay(client, server) }
        }
    }

    /// Passes bytes on in both directions until one side ends or the line is cut.
    private func relay(_ client: Int32, _ server: Int32) {
        defer {
            Glibc.close(client)
            Glibc.close(server)
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isLost = false
        while true {
            var sides = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sides, 2, -1) > 0 else { return }
            if sides[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                guard count > 0 else { return }
                if buffer[..<count].firstRange(of: Array("COMMIT\0".utf8)) != nil {
                    let armed = cut.withLock { cut in
                        defer { cut = nil }
                        return cut
                    }
                    if armed == .beforeCommit { return }
                    isLost = armed == .afterCommit
                }
                guard write(server, buffer, count) == count else { return }
            }
            if sides[1].revents != 0 {
                let count = read(server, &buffer, buffer.count)
                guard count > 0, !isLost, write(client, buffer, count) == count else { return }
            }
        }
    }

    private static func address(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            place.copyBytes(from: path.utf8.prefix(place.count - 1))
        }
        return address
    }
}
