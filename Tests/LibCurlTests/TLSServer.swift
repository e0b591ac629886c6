import Foundation
import Testing

/// A real TLS server in Python with certificates that `openssl` made, one port for each
/// certificate.
///
/// It asks every client for a certificate of its own authority. It ends when the test process does,
/// because its input is then at an end, and takes the folder with it.
final class TLSServer: Sendable {
    let folder: URL
    /// Its ports by what answers there; the names stand in the last lines of the server.
    let ports: [String: Int]
    private let process: Process
    private let leash: Pipe

    /// One for all tests of the process: it keeps no state but a count of connections.
    static let shared = Result { try TLSServer() }

    private init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = folder.appendingPathComponent("make.sh")
        try Data(Self.certificates.utf8).write(to: script)
        let maker = Process()
        maker.executableURL = URL(fileURLWithPath: "/bin/sh")
        maker.arguments = ["-e", script.path]
        maker.currentDirectoryURL = folder
        maker.standardOutput = FileHandle.nullDevice
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0)

        let program = folder.appendingPathComponent("server.py")
        try Data(Self.server.utf8).write(to: program)
        process = Process()
        leash = Pipe()
        let answer = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", program.path]
        process.currentDirectoryURL = folder
        process.standardInput = leash
        process.standardOutput = answer
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = answer.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            line += more
        }
        ports = try JSONDecoder().decode([String: Int].self, from: line)
        // The default action ends the process: a broken connection must not come to that.
        signal(SIGPIPE, SIG_DFL)
    }

    func file(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }

    func url(_ path: String, port: String = "good", host: String = "localhost") -> String {
        "https://\(host):\(ports[port] ?? 0)/\(path)"
    }

    /// Text of a file that the certificates' script wrote.
    func text(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static let certificates = """
        key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
        authority() {
            key $1
            openssl req -x509 -new -key $1.key -out $1.pem -days 2 -subj "/CN=Test authority $1"
        }
        leaf() { # name, authority, host, days
            key $1
            openssl req -new -key $1.key -out $1.csr -subj "/CN=$1"
            printf 'subjectAltName=DNS:%s' $3 > $1.ext
            openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -days $4 -extfile $1.ext -out $1.pem
        }
        authority national
        authority rogue
        leaf good national localhost 2
        leaf expired national localhost -1
        leaf wrongHost national elsewhere.example 2
        leaf county national county.example 2
        leaf stranger rogue county.example 2
        leaf late national county.example -1
        openssl ec -in county.key -aes256 -passout pass:correct -out locked.key
        openssl x509 -in good.pem -pubkey -noout | openssl pkey -pubin -outform DER \\
            | openssl dgst -sha256 -binary | openssl base64 > good.pin
        openssl x509 -in good.pem -outform DER -out good.der
        """

    private static let server = #"""
        import hashlib, http.server, json, os, shutil, socket, ssl, struct, sys, threading

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            connections = 0
            left = 0

            def setup(self):
                Handler.connections += 1
                self.number = Handler.connections
                super().setup()

            def log_message(self, *parts):
                pass

            def reply(self, body, status=200, fields=()):
                self.send_response(status)
                for name, value in fields:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def body(self):
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))

            def drop(self, politely=False):
                self.close_connection = True
                if politely:
                    self.connection.unwrap().close()
                else:
                    self.connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    socket.socket(fileno=self.connection.detach()).close()

            def chunked(self):
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()

            def do_GET(self):
                if self.path == "/redirect":
                    self.reply(b"", 302, [("Location", "/number")])
                elif self.path == "/number":
                    self.reply(str(self.number).encode())
                elif self.path == "/left":
                    self.reply(str(Handler.left).encode())
                elif self.path == "/head":
                    self.reply(json.dumps(self.headers.items()).encode())
                elif self.path == "/twice":
                    self.reply(b"x", 503, [("Retry-After", "7"), ("A", "1"), ("a", "2")])
                elif self.path == "/client":
                    name = self.connection.getpeercert()["subject"][0][0][1]
                    self.reply(name.encode())
                elif self.path == "/big":
                    self.chunked()
                    try:
                        for _ in range(250):
                            self.wfile.write(b"%x\r\n" % 100_000 + bytes(100_000) + b"\r\n")
                        self.wfile.write(b"0\r\nSignature: late\r\n\r\n")
                    except OSError:
                        pass
                    self.close_connection = True
                elif self.path == "/long-head":
                    self.send_response(200)
                    for number in range(100):
                        self.send_header("X-%d" % number, "x" * 1000)
                    self.end_headers()
                    self.close_connection = True
                elif self.path == "/short":
                    self.send_response(200)
                    self.send_header("Content-Length", "100")
                    self.end_headers()
                    self.wfile.write(b"0123456789")
                    self.wfile.flush()
                    self.drop(politely=True)
                elif self.path == "/unended":
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(b"0123456789")
                    self.wfile.flush()
                    self.drop()
                elif self.path in ("/cut", "/cut-chunk"):  # TCP ends, TLS does not
                    if self.path == "/cut":
                        self.send_response(200)
                        self.end_headers()
                    else:
                        self.chunked()
                    self.wfile.write(b"a\r\n0123456789\r\n")
                    self.wfile.flush()
                    self.close_connection = True
                    socket.socket(fileno=self.connection.detach()).close()
                elif self.path == "/nonsense":
                    self.wfile.write(b"this is not HTTP\r\n\r\n")
                    self.close_connection = True
                elif self.path == "/slow":
                    self.rfile.read(1)  # until the client gives up

            def do_POST(self):
                if self.path == "/abort":
                    return self.drop()
                data = self.body()
                if self.path == "/swallow":
                    return self.drop()
                if self.path == "/leave":  # a kept connection that ends as the next request comes
                    Handler.left += 1
                    self.close_connection = True
                    return
                if self.path == "/number":
                    return self.reply(str(self.number).encode())
                if self.path == "/slow":
                    self.rfile.read(1)
                    return
                self.send_response_only(100)
                self.end_headers()
                self.reply(data, 202, [
                    ("X-Digest", hashlib.sha256(data).hexdigest()),
                    ("X-Head", json.dumps(self.headers.items())),
                ])

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def __init__(self, context):
                super().__init__(("127.0.0.1", 0), Handler)
                self.context = context

            def finish_request(self, request, address):
                with self.context.wrap_socket(request, server_side=True) as secure:
                    super().finish_request(secure, address)

            def handle_error(self, request, address):
                pass

        def serve(name, newest=None):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(name + ".pem", name + ".key")
            context.load_verify_locations("national.pem")
            context.verify_mode = ssl.CERT_REQUIRED
            if newest:
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = newest
            server = Server(context)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return server.server_address[1]

        def mute():
            # Accepts connections and never begins a handshake.
            listener = socket.create_server(("127.0.0.1", 0))
            mute.listener = listener
            return listener.getsockname()[1]

        def closed():
            # A port that is bound and not listened on stays refused for as long as we live.
            closed.bound = socket.socket()
            closed.bound.bind(("127.0.0.1", 0))
            return closed.bound.getsockname()[1]

        print(json.dumps({
            "good": serve("good"), "expired": serve("expired"), "wrongHost": serve("wrongHost"),
            "tls12": serve("good", ssl.TLSVersion.TLSv1_2),
            "tls11": serve("good", ssl.TLSVersion.TLSv1_1), "mute": mute(), "closed": closed(),
        }), flush=True)
        sys.stdin.read()
        shutil.rmtree(os.getcwd())
        """#
}
