import Foundation
import LibCrypto
import Rehearsal
import Testing

/// A SOAP service that is not ours: Python with lxml, written from the exchange's page and the
/// profile's schemas alone. It holds every call and every answer of its own against them.
final class ForeignService: Sendable {
    let port: Int
    let folder: String
    /// The public key by which it signs receipts, and its id.
    let key: VerifyingKey
    static let keyID = "foreign-1"
    private let process: Process
    private let leash: Pipe

    /// - Parameter moods: how it takes one `submit` after the other: `answer`, `store`, `busy`,
    ///   `client`, `server` (a fault, and stored all the same), `success` (nothing but a word),
    ///   `other` (an answer that relates to another call); then `answer`.
    init(_ made: County.Made, moods: [String]) throws {
        folder = try County.newFolder()
        let identity = made.identity
        let county = try #require(made.signingKeys[.intl]).verifyingKey().pem()
        try Data(county.utf8).write(to: URL(fileURLWithPath: folder + "/county.pem"))
        try Data(Self.program.utf8).write(to: URL(fileURLWithPath: folder + "/service.py"))
        process = Process()
        leash = Pipe()
        let answer = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            folder + "/service.py", folder, identity.folder, Profile.folder + "/schema",
            moods.joined(separator: ","),
        ]
        process.standardInput = leash
        process.standardOutput = answer
        let log = folder + "/log"
        try Data().write(to: URL(fileURLWithPath: log))
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = answer.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the service did not start")
            line += more
        }
        port = try #require(Int(String(decoding: line.dropLast(), as: UTF8.self)))
        key = try VerifyingKey(
            pem: try String(contentsOfFile: folder + "/receipts.pub.pem", encoding: .utf8))
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Records in the order in which they had an effect there.
    func effects() -> [String] { lines("effects") }

    /// What it found wrong with a call, or with itself.
    func complaints() -> [String] { lines("complaints") }

    private func lines(_ name: String) -> [String] {
        let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    private static let program = #"""
        import base64, hashlib, http.server, ssl, subprocess, sys, threading
        from lxml import etree

        folder, identity, schemas, moods = sys.argv[1:5]
        moods = [mood for mood in moods.split(",") if mood]
        SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
        WSA = "http://www.w3.org/2005/08/addressing"
        M = "urn:shangbao:reference:1:soap"
        R = "urn:shangbao:reference:1"
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        schema = etree.XMLSchema(etree.parse(schemas + "/soap-envelope.xsd", parser))
        receipts = etree.XMLSchema(etree.parse(schemas + "/receipt.xsd", parser))
        openssl = lambda *words: subprocess.run(("openssl",) + words, capture_output=True)
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder + "/key.pem")
        openssl("ec", "-in", folder + "/key.pem", "-pubout", "-out", folder + "/receipts.pub.pem")
        stored, feed, lock = {}, [], threading.Lock()

        def note(name, text):
            with open(folder + "/" + name, "a") as file:
                file.write(text + "\n")

        def write(name, content):
            with open(folder + "/" + name, "wb") as file:
                file.write(content)
            return folder + "/" + name

        def sign(content):
            return openssl("dgst", "-sha256", "-sign", folder + "/key.pem",
                           write("receipt", content)).stdout

        def is_signed(content, signature):
            return openssl("dgst", "-sha256", "-verify", folder + "/county.pem", "-signature",
                           write("signature", signature), write("document", content)
                           ).returncode == 0

        def receipt(document, content):
            root = etree.Element("{%s}Receipt" % R, nsmap={None: R})
            for name, value in (
                    ("id", "F%d" % (len(feed) + 1)), ("submission", document.get("id")),
                    ("sender", document.get("sender")),
                    ("digest", hashlib.sha256(content).hexdigest()),
                    ("issued", "2012-03-05T22:00:09+08:00"), ("status", "processed")):
                root.set(name, value)
            for number, record in enumerate(document.iterfind("{%s}Record" % R)):
                note("effects", record.get("id"))
                etree.SubElement(root, "{%s}Entry" % R, record=record.get("id"),
                                 version=record.get("version"), status="accepted",
                                 serial="F%d-%d" % (len(feed) + 1, number))
            receipts.assertValid(root)
            content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
            feed.append((content, sign(content)))
            return feed[-1]

        def signed(parent, pair):
            for name, value in (("receipt", pair[0]), ("signature", pair[1])):
                etree.SubElement(parent, "{%s}%s" % (M, name)).text = base64.encodebytes(value)
            etree.SubElement(parent, "{%s}key" % M).text = "foreign-1"

        class Fault(Exception):
            pass

        def submit(call, answer):
            text = lambda name: call.findtext("{%s}%s" % (M, name))
            content = base64.b64decode(text("document"))
            if not is_signed(content, base64.b64decode(text("signature"))):
                raise Fault("Client")
            def state(word):
                etree.SubElement(answer, "{%s}state" % M).text = word
            mood = moods.pop(0) if moods else "answer"
            if mood == "client":
                raise Fault("Client")
            if mood == "busy":
                state("busy")
                etree.SubElement(answer, "{%s}retryAfter" % M).text = "120"
                return mood
            document = etree.fromstring(content, parser)
            key = document.get("id")
            if key in stored and stored[key][0] != content:
                state("conflict")
                return mood
            if key not in stored:
                stored[key] = (content, receipt(document, content))
            if mood == "server":
                raise Fault("Server")
            if mood in ("store", "other"):
                state("stored")
            elif mood == "answer":
                state("answered")
                signed(answer, stored[key][1])
            return mood

        def ask(call, answer):
            key = call.findtext("{%s}submission" % M)
            word = "answered" if key in stored else "unknown"
            etree.SubElement(answer, "{%s}state" % M).text = word
            if key in stored:
                signed(answer, stored[key][1])

        def page(call, answer):
            after = int(call.findtext("{%s}after" % M))
            items = feed[after:after + int(call.findtext("{%s}limit" % M))]
            etree.SubElement(answer, "{%s}next" % M).text = str(after + len(items))
            for item in items:
                signed(etree.SubElement(answer, "{%s}item" % M), item)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *parts):
                pass

            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    status, body = self.answer(content)
                self.send_response(status)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def answer(self, content):
                root = etree.fromstring(content, parser)
                if not schema.validate(root):
                    note("complaints", "call: %s" % schema.error_log.last_error.message)
                body = root.find("{%s}Body" % SOAP)
                call = body[0]
                name = etree.QName(call).localname
                if self.headers["SOAPAction"] != '"%s/%s"' % (M, name):
                    note("complaints", "SOAPAction")
                if not self.headers["Content-Type"].startswith("text/xml"):
                    note("complaints", "Content-Type")
                envelope = etree.Element("{%s}Envelope" % SOAP, nsmap={"e": SOAP, "m": M})
                header = etree.SubElement(envelope, "{%s}Header" % SOAP)
                relates = etree.SubElement(header, "{%s}RelatesTo" % WSA)
                relates.text = root.findtext(".//{%s}MessageID" % WSA)
                out = etree.SubElement(envelope, "{%s}Body" % SOAP)
                mood = None
                try:
                    reply = etree.SubElement(out, "{%s}%sResponse" % (M, name))
                    mood = {"submit": submit, "receipt": ask, "receipts": page}[name](call, reply)
                except Fault as fault:
                    out.remove(reply)
                    fault_element = etree.SubElement(out, "{%s}Fault" % SOAP)
                    etree.SubElement(fault_element, "faultcode").text = "e:" + str(fault)
                    etree.SubElement(fault_element, "faultstring").text = "no"
                    return 500, etree.tostring(envelope)
                if mood == "success":
                    return 200, b"<Success>True</Success>"
                if mood == "other":
                    relates.text = "urn:uuid:00000000-0000-0000-0000-000000000000"
                if not schema.validate(envelope):
                    note("complaints", "answer: %s" % schema.error_log.last_error.message)
                return 200, etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity + "/server.crt.pem", identity + "/server.key.pem")
        context.load_verify_locations(identity + "/authority.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        """#
}
