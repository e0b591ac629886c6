import Foundation
import Testing

/// Real servers on this machine that take notices (收件服务器): mail over TLS with a login, by Python's
/// aiosmtpd, and HTTP robots that check DingTalk's signature by themselves. What they got is in a
/// file; how they behave is in another.
final class NoticeServers: Sendable {
    /// How all of them answer from now on.
    enum Mood: String {
        case ok
        /// The robots answer 200 and say no.
        case refuse
        /// An answer of 500, and 451 of the mail server.
        case away
    }

    let folder: String
    let mailPort: Int
    let webPort: Int
    private let process: Int32

    static let python = "/usr/bin/python3"

    init() throws {
        folder = NSTemporaryDirectory() + "shangbao-notices-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try NoticeServers.write(NoticeServers.script, folder + "/servers.py")
        for name in ["server", "other"] {
            try NoticeServers.run([
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                folder + "/\(name).key", "-out", folder + "/\(name).pem",
            ])
        }
        let server = Process()
        server.executableURL = URL(fileURLWithPath: NoticeServers.python)
        server.arguments = [folder + "/servers.py", folder]
        let log = folder + "/servers.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        server.standardOutput = FileHandle.nullDevice
        server.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try server.run()
        process = server.processIdentifier
        struct Ports: Decodable {
            let mail: Int
            let web: Int
        }
        var ports: Ports?
        for _ in 0..<300 where ports == nil && server.isRunning {
            if let bytes = FileManager.default.contents(atPath: folder + "/ports.json") {
                ports = try? JSONDecoder().decode(Ports.self, from: bytes)
            }
            if ports == nil { usleep(100_000) }
        }
        guard let ports else {
            let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            Issue.record("the servers did not start: \(said)")
            throw CocoaError(.executableLoad)
        }
        (mailPort, webPort) = (ports.mail, ports.web)
    }

    deinit {
        kill(process, SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }

    func become(_ mood: Mood) throws {
        try NoticeServers.write(mood.rawValue, folder + "/mood")
    }

    /// A secret in a file, readable by its owner alone.
    func secret(_ text: String, _ name: String, mode: Int = 0o600) throws -> String {
        let path = folder + "/" + name
        try NoticeServers.write(text + "\n", path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    struct Received: Decodable {
        let kind: String
        let path: String?
        let body: String
        let from: String?
        let to: [String]?
        let login: String?
        /// What the server itself thinks of the signature.
        let signed: Bool?
    }

    /// Everything that was taken so far.
    func received() throws -> [Received] {
        guard let text = try? String(contentsOfFile: folder + "/received", encoding: .utf8)
        else { return [] }
        return try text.split(separator: "\n").map {
            try JSONDecoder().decode(Received.self, from: Data($0.utf8))
        }
    }

    private static func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    private static let script = """
        import base64, hashlib, hmac, http.server, json, os, socket, ssl, sys, threading
        import urllib.parse
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult
        folder = sys.argv[1]
        lock = threading.Lock()
        def mood():
            try: return open(folder + '/mood').read().strip()
            except OSError: return 'ok'
        def note(fields):
            with lock, open(folder + '/received', 'a') as out: out.write(json.dumps(fields) + '\\n')
        class Mail:
            async def handle_DATA(self, server, session, envelope):
                if mood() == 'away': return '451 later'
                note({'kind': 'mail', 'body': envelope.content.decode('ascii'),
                      'from': envelope.mail_from, 'to': envelope.rcpt_tos,
                      'login': getattr(session, 'auth_data', None)})
                return '250 taken'
        def login(server, session, envelope, mechanism, data):
            good = data.login == b'gateway' and data.password == b'mail password'
            return AuthResult(success=good, handled=False, auth_data='gateway' if good else None)
        class Web(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                url = urllib.parse.urlparse(self.path)
                asked = urllib.parse.parse_qs(url.query)
                signed = None
                if url.path == '/dingtalk':
                    text = asked['timestamp'][0] + '\\nSECding'
                    good = hmac.new(b'SECding', text.encode(), hashlib.sha256).digest()
                    signed = asked['sign'][0] == base64.b64encode(good).decode()
                if url.path == '/webhook':
                    good = hmac.new(b'hook secret', body, hashlib.sha256).hexdigest()
                    signed = self.headers['X-Shangbao-Signature'] == 'sha256=' + good
                if mood() == 'away':
                    self.send_response(500); self.end_headers(); return
                asked_to = mood() == 'refuse' and url.path != '/webhook'
                refused = asked_to or signed is False
                if not refused:
                    note({'kind': 'web', 'path': url.path, 'body': body.decode(), 'signed': signed})
                self.send_response(200); self.end_headers()
                self.wfile.write(json.dumps({'errcode': 310000 if refused else 0}).encode())
        def free():
            with socket.socket() as probe:
                probe.bind(('127.0.0.1', 0)); return probe.getsockname()[1]
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(folder + '/server.pem', folder + '/server.key')
        port = free()
        Controller(Mail(), hostname='127.0.0.1', port=port, ssl_context=tls, authenticator=login,
                   auth_required=True, auth_require_tls=False).start()
        web = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Web)
        with open(folder + '/ports.part', 'w') as out:
            json.dump({'mail': port, 'web': web.server_address[1]}, out)
        os.rename(folder + '/ports.part', folder + '/ports.json')
        web.serve_forever()
        """
}
