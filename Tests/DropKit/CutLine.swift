import Foundation

/// A network between a client and a server on this machine, whose first connection goes wrong after
/// a number of bytes; the later ones hold. It ends when it is let go.
package final class CutLine: Sendable {
    /// What happens once the client has sent so many bytes.
    package enum Trouble: String, Sendable {
        /// The connection is reset on both sides.
        case cut
        /// Nothing gets through any more, either way, and nothing is closed.
        case hang
    }

    package let port: Int
    private let process: Process
    private let leash: Pipe

    package init(to upstream: Int, after bytes: Int, _ trouble: Trouble) throws {
        process = Process()
        leash = Pipe()
        let answer = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.program, "\(upstream)", "\(bytes)", trouble.rawValue]
        process.standardInput = leash
        process.standardOutput = answer
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = answer.fileHandleForReading.availableData
            guard !more.isEmpty else { throw DropServer.Unusable(what: "python3") }
            line += more
        }
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        guard let port = Int(text) else { throw DropServer.Unusable(what: text) }
        self.port = port
    }

    deinit {
        // Its input may be held open by a server that was started meanwhile.
        process.terminate()
        process.waitUntilExit()
    }

    private static let program = #"""
        import os, socket, struct, sys, threading

        upstream, limit, trouble = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)

        class Line:
            def __init__(self, client, limit):
                self.client, self.server = client, socket.create_connection(("127.0.0.1", upstream))
                self.left, self.ended = limit, threading.Event()

            def run(self):
                threading.Thread(target=self.pump, args=(self.client, self.server, True),
                                 daemon=True).start()
                threading.Thread(target=self.pump, args=(self.server, self.client, False),
                                 daemon=True).start()

            def pump(self, source, target, counts):
                try:
                    while data := source.recv(65536):
                        if self.ended.is_set():
                            return
                        if counts and self.left is not None:
                            part, self.left = data[:self.left], self.left - len(data)
                            target.sendall(part)
                            if self.left <= 0:
                                self.ended.set()
                                if trouble == "cut":
                                    self.reset()
                                return
                        else:
                            target.sendall(data)
                    target.shutdown(socket.SHUT_WR)
                except OSError:
                    pass

            def reset(self):
                for end in (self.client, self.server):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RD)
                    end.close()

        def accept():
            number = 0
            lines = []
            while True:
                client, _ = listener.accept()
                number += 1
                lines.append(Line(client, limit if number == 1 else None))
                lines[-1].run()

        threading.Thread(target=accept, daemon=True).start()
        sys.stdin.read()
        os._exit(0)
        """#
}
