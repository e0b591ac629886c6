internal import Glibc

/// A TCP connection that is made in a time that is known beforehand.
enum Connection {
    /// - Returns: a connected socket, to be closed by the caller.
    /// - Throws: `unreachable`.
    static func open(
        host: String, port: Int, timeoutMilliseconds: Int
    ) throws(SFTPFailure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0 else { throw .unreachable }
        defer { freeaddrinfo(found) }
        var next = found
        while let address = next?.pointee {
            if let open = open(address, timeoutMilliseconds) { return open }
            next = address.ai_next
        }
        throw .unreachable
    }

    private static func open(_ address: addrinfo, _ timeoutMilliseconds: Int) -> Int32? {
        let kind = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(address.ai_family, kind, address.ai_protocol)
        guard number >= 0 else { return nil }
        if connect(number, address.ai_addr, address.ai_addrlen) == 0 { return number }
        var waiting = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        var fault: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard errno == EINPROGRESS, poll(&waiting, 1, Int32(timeoutMilliseconds)) == 1,
            getsockopt(number, SOL_SOCKET, SO_ERROR, &fault, &size) == 0, fault == 0
        else {
            close(number)
            return nil
        }
        var on: Int32 = 1
        // A server that is gone without a farewell is found out, even between two questions.
        setsockopt(number, SOL_SOCKET, SO_KEEPALIVE, &on, size)
        return number
    }
}
