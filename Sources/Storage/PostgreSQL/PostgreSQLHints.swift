import Blocking
import CLibPQ
import Glibc

/// Says that there may be something to do: another process has queued a submission (LISTEN).
///
/// Only a hint. It may fail to come, and come for nothing: whoever waits for it looks anyway after
/// a few seconds.
package actor PostgreSQLHints {
    /// The name under which processes tell each other.
    static let channel = "shangbao_queued"

    private let executor = ThreadExecutor()
    private let address: PostgreSQLAddress
    private var handle: PostgreSQLHandle?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    package init(_ address: PostgreSQLAddress) {
        self.address = address
    }

    /// Waits for a hint, but no longer than this; whether one came. Without a connection it only
    /// waits, and makes it again the next time: the work goes on by looking (F-051).
    package func wait(seconds: Double) -> Bool {
        let milliseconds = Int32(max(0, min(seconds, 60)) * 1_000)
        guard let handle = listening() else {
            usleep(UInt32(milliseconds) * 1_000)
            return false
        }
        if takeHints(handle) { return true }
        var socket = pollfd(fd: PQsocket(handle.connection), events: Int16(POLLIN), revents: 0)
        guard poll(&socket, 1, milliseconds) > 0 else { return false }
        guard PQconsumeInput(handle.connection) == 1, handle.isConnected else {
            self.handle = nil
            return false
        }
        return takeHints(handle)
    }

    /// Ends the connection; the next wait would make it again.
    package func close() {
        handle = nil
    }

    private func listening() -> PostgreSQLHandle? {
        if let handle, handle.isConnected { return handle }
        handle = nil
        do {
            let opened = try PostgreSQLHandle(address)
            try opened.execute("LISTEN \(PostgreSQLHints.channel)")
            handle = opened
            return opened
        } catch {
            return nil
        }
    }

    /// All hints that have come are one.
    private func takeHints(_ handle: PostgreSQLHandle) -> Bool {
        var hasCome = false
        while let hint = PQnotifies(handle.connection) {
            hasCome = true
            PQfreemem(hint)
        }
        return hasCome
    }
}
