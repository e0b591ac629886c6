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
    private let line: Child

    package init(to upstream: Int, after bytes: Int, _ trouble: Trouble) throws {
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("cut-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        line = try Child(
            ["/usr/bin/python3", "-c", Self.program, "\(upstream)", "\(bytes)", trouble.rawValue],
            output: output.path)
        var said = ""
        var looks = 0
        while !said.hasSuffix("\n"), looks < 400 {
            looks += 1
            usleep(25_000)
            said = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        }
        guard let port = Int(said.dropLast()) else {
            line.end()
            throw DropServer.Unusable(what: "python3: \(said)")
        }
        self.port = port
    }

    deinit { line.end() }

    private static let program = #"""
        import os, socket, struct, sys, threading, time

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
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)
        """#
}
