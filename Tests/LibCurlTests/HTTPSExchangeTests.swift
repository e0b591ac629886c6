import Foundation
import LibCurl
import Testing

/// Exchanges over the loopback with the real server of `TLSServer`.
struct HTTPSExchangeTests {
    let server: TLSServer

    init() throws {
        server = try TLSServer.shared.get()
    }

    func identity(
        certificate: String = "county", key: String? = nil, authority: String = "national",
        passphrase: String? = nil, pins: [String] = []
    ) -> TLSIdentity {
        let bytes = Array((passphrase ?? "").utf8)
        let giver: @Sendable () -> [UInt8] = { bytes }
        return TLSIdentity(
            certificateFile: server.file("\(certificate).pem"),
            keyFile: server.file("\(key ?? certificate).key"),
            authorityFile: server.file("\(authority).pem"),
            keyPassphrase: passphrase == nil ? nil : giver,
            pinnedPublicKeys: pins)
    }

    func settings(_ identity: TLSIdentity? = nil) -> HTTPSSettings {
        HTTPSSettings(
            identity: identity ?? self.identity(), allowedHosts: ["localhost"],
            connectTimeoutMilliseconds: 5_000, totalTimeoutMilliseconds: 10_000,
            allowsLocalAddresses: true)
    }

    /// The failure of one request, or nil if there was an answer.
    func failure(_ request: HTTPSRequest, _ settings: HTTPSSettings) -> ExchangeFailure? {
        do throws(ExchangeFailure) {
            _ = try HTTPSExchange(settings).perform(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func `Both sides show their certificates, and the body arrives as it was`() throws {
        let exchange = try HTTPSExchange(settings())
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let answer = try exchange.perform(
            HTTPSRequest(
                .post, server.url("echo"),
                headers: [
                    HTTPSHeader("Content-Type", "application/xml"), HTTPSHeader("X-Empty", ""),
                    HTTPSHeader("Signature", "AAAA=="),
                ], body: body))
        #expect(answer.status == 202)
        #expect(answer.body == body)
        // The interim answer's head is not in it, and the status line is the final one's.
        #expect(answer.headerBytes.starts(with: "HTTP/1.1 202 ".utf8))
        #expect(answer.headerBytes.suffix(4).elementsEqual("\r\n\r\n".utf8))
        let head = try #require(answer.header("x-HEAD"))
        #expect(head.contains(#"["Content-Type", "application/xml"]"#))
        #expect(head.contains(#"["X-Empty", ""]"#))
        #expect(head.contains(#"["Signature", "AAAA=="]"#))
        #expect(!head.contains("Expect"))
        let shown = try [UInt8](Data(contentsOf: URL(fileURLWithPath: server.file("good.der"))))
        #expect(answer.peerCertificate == shown)
        let client = try exchange.perform(HTTPSRequest(.get, server.url("client")))
        #expect(client.body.elementsEqual("county".utf8))
        #expect(client.peerCertificate == shown)
        let old = try exchange.perform(HTTPSRequest(.get, server.url("client", port: "tls12")))
        #expect(old.status == 200)
    }

    @Test func `A post without a body and a get after it keep to themselves`() throws {
        let exchange = try HTTPSExchange(settings())
        let empty = try exchange.perform(HTTPSRequest(.post, server.url("echo")))
        #expect(empty.status == 202)
        #expect(empty.body.isEmpty)
        #expect(empty.header("X-Head")?.contains("Content-Type") == false)
        let get = try exchange.perform(HTTPSRequest(.get, server.url("head")))
        #expect(!String(decoding: get.body, as: UTF8.self).contains("Content-Length"))
    }

    @Test func `The connection is kept from one request to the next`() throws {
        let exchange = try HTTPSExchange(settings())
        let bodies = try (0..<3).map { _ in
            try exchange.perform(HTTPSRequest(.get, server.url("number"))).body
        }
        let posts = try (0..<3).map { _ in
            try exchange.perform(HTTPSRequest(.post, server.url("number"), body: [1])).body
        }
        #expect(Set(bodies + posts).count == 1)
    }

    @Test func `A kept connection that ends as a post comes does not make it go twice`() throws {
        let exchange = try HTTPSExchange(settings())
        for request in 1...3 {
            #expect(try exchange.perform(HTTPSRequest(.get, server.url("number"))).status == 200)
            #expect(throws: ExchangeFailure.uncertain(.connectionLost)) {
                try exchange.perform(HTTPSRequest(.post, server.url("leave"), body: [1, 2, 3]))
            }
            let left = try exchange.perform(HTTPSRequest(.get, server.url("left"))).body
            #expect(String(decoding: left, as: UTF8.self) == "\(request)")
        }
    }

    @Test func `A redirect is an answer and is not followed`() throws {
        let answer = try HTTPSExchange(settings())
            .perform(HTTPSRequest(.get, server.url("redirect")))
        #expect(answer.status == 302)
        #expect(answer.header("location") == "/number")
    }

    @Test func `Fields that say two things count as absent`() throws {
        let answer = try HTTPSExchange(settings()).perform(HTTPSRequest(.get, server.url("twice")))
        #expect(answer.status == 503)
        #expect(answer.header("RETRY-AFTER") == "7")
        #expect(answer.header("a") == nil)
        #expect(answer.header("b") == nil)
    }

    @Test func `What another authority, another time or another host vouches for is refused`()
        throws
    {
        let get = HTTPSRequest(.get, server.url("number"))
        let refused = ExchangeFailure.notSent(.certificateRefused)
        #expect(failure(get, settings(identity(authority: "rogue"))) == refused)
        #expect(
            failure(HTTPSRequest(.get, server.url("number", port: "expired")), settings())
                == refused)
        #expect(
            failure(HTTPSRequest(.get, server.url("number", port: "wrongHost")), settings())
                == refused)
    }

    @Test func `Only a pinned key is accepted if there are pins`() throws {
        let get = HTTPSRequest(.get, server.url("number"))
        let other = Data(repeating: 1, count: 32).base64EncodedString()
        let good = try server.text("good.pin")
        #expect(failure(get, settings(identity(pins: [other, good]))) == nil)
        #expect(
            failure(get, settings(identity(pins: [other]))) == .notSent(.certificateRefused))
    }

    @Test func `TLS 1.1 is not spoken`() {
        let get = HTTPSRequest(.get, server.url("number", port: "tls11"))
        #expect(failure(get, settings()) == .notSent(.tls))
    }

    @Test(arguments: [("stranger", CertificateAlert.unknownAuthority), ("late", .expired)])
    func `Our own certificate must be one the other side takes`(
        name: String, alert: CertificateAlert
    ) {
        let ours = settings(identity(certificate: name))
        for port in ["tls12", "good"] {
            for request in [
                HTTPSRequest(.get, server.url("number", port: port)),
                HTTPSRequest(.post, server.url("echo", port: port), body: [1]),
                HTTPSRequest(
                    .post, server.url("echo", port: port),
                    body: [UInt8](repeating: 1, count: 1 << 20)),
            ] {
                let found = failure(request, ours)
                // With TLS 1.3 the request may hide the alert, and the next connection shows it.
                let isSeen =
                    found == .refused(alert)
                    || (port == "good" && found == .uncertain(.certificateRefused))
                #expect(isSeen, "\(port) \(request.method) \(String(describing: found))")
            }
        }
    }

    @Test func `A probe shows that our certificate is not taken, with TLS 1.3 too`() throws {
        for port in ["tls12", "good"] {
            let stranger = try HTTPSExchange(settings(identity(certificate: "stranger")))
            #expect(throws: ExchangeFailure.refused(.unknownAuthority)) {
                _ = try stranger.probe(server.url("", port: port))
            }
        }
    }

    @Test func `What was refused once is not said of the next failure`() throws {
        let exchange = try HTTPSExchange(settings(identity(certificate: "stranger")))
        func outcome(_ port: String) -> ExchangeFailure? {
            do throws(ExchangeFailure) {
                _ = try exchange.perform(HTTPSRequest(.get, server.url("number", port: port)))
                return nil
            } catch { return error }
        }
        #expect(outcome("tls12") == .refused(.unknownAuthority))
        #expect(outcome("closed") == .notSent(.connectionRefused))
        #expect(outcome("tls11") == .notSent(.tls))
    }

    @Test func `Only an alert about a certificate is one`() {
        func alert(_ bytes: [UInt8]) -> CertificateAlert? {
            bytes.withUnsafeBytes { CertificateAlert(message: $0) }
        }
        #expect(alert([2, 116]) == .required)
        #expect(alert([2, 44]) == .revoked)
        // The end of a connection, a handshake that failed, a message of another kind, nothing.
        for other in [[1, 0], [2, 40], [3, 48], [2, 48, 0], [2], []] as [[UInt8]] {
            #expect(alert(other) == nil, "\(other)")
        }
    }

    @Test func `A locked key needs its passphrase`() {
        let get = HTTPSRequest(.get, server.url("number"))
        #expect(failure(get, settings(identity(key: "locked", passphrase: "correct"))) == nil)
        for wrong in ["wrong", nil] {
            #expect(
                failure(get, settings(identity(key: "locked", passphrase: wrong)))
                    == .notSent(.configuration))
        }
    }

    @Test func `Missing files are a matter of configuration`() {
        let get = HTTPSRequest(.get, server.url("number"))
        #expect(failure(get, settings(identity(certificate: "none"))) == .notSent(.configuration))
        #expect(failure(get, settings(identity(authority: "none"))) == .notSent(.configuration))
    }

    @Test(arguments: [
        "http://localhost/x", "file:///etc/hostname", "ftp://localhost/", "localhost/x", "",
        "https://user@localhost/", "https://user:pass@localhost/", "https://127.0.0.1/",
        "https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://[::1]/",
        "https://other.example/", "https://localhost.other.example/", "https://localhost@other/",
        "https:///x", "https://localhost:99999/",
    ])
    func `A URL that is not https to an allowed name is refused`(url: String) {
        var settings = settings()
        settings.allowedHosts = ["localhost", "127.0.0.1", "[::1]", "::1"]
        #expect(failure(HTTPSRequest(.get, url), settings) == .notSent(.urlRefused))
    }

    @Test func `A name that leads to this machine is refused unless that is allowed`() {
        var settings = settings()
        settings.allowsLocalAddresses = false
        let get = HTTPSRequest(.get, server.url("number"))
        #expect(failure(get, settings) == .notSent(.addressRefused))
    }

    @Test func `A second field cannot be written through a first`() {
        for header in [
            HTTPSHeader("A", "1\r\nB: 2"), HTTPSHeader("A\n", "1"), HTTPSHeader("", "1"),
            HTTPSHeader("A B", "1"), HTTPSHeader("A", "\0"),
        ] {
            let get = HTTPSRequest(.get, server.url("head"), headers: [header])
            #expect(failure(get, settings()) == .notSent(.configuration))
        }
    }

    @Test func `Nothing was sent if nobody listens, nobody answers or there is no such name`() {
        #expect(
            failure(HTTPSRequest(.post, server.url("echo", port: "closed"), body: [1]), settings())
                == .notSent(.connectionRefused))
        var hasty = settings()
        hasty.connectTimeoutMilliseconds = 200
        #expect(
            failure(HTTPSRequest(.post, server.url("echo", port: "mute"), body: [1]), hasty)
                == .notSent(.timeout))
        var unknown = settings()
        unknown.allowedHosts = ["nowhere.invalid"]
        #expect(
            failure(HTTPSRequest(.get, "https://nowhere.invalid/"), unknown)
                == .notSent(.hostNotFound))
    }

    @Test func `What became of a request is uncertain once it may have left`() {
        let one = [UInt8](repeating: 7, count: 1_000)
        let post = { (path: String) in HTTPSRequest(.post, server.url(path), body: one) }
        #expect(failure(post("swallow"), settings()) == .uncertain(.connectionLost))
        // More than fits into the buffers: the connection breaks while we write.
        let much = [UInt8](repeating: 7, count: 15_000_000)
        #expect(
            failure(HTTPSRequest(.post, server.url("abort"), body: much), settings())
                == .uncertain(.connectionLost))
        var hasty = settings()
        hasty.totalTimeoutMilliseconds = 300
        #expect(failure(post("slow"), hasty) == .uncertain(.timeout))
        let get = { (path: String) in HTTPSRequest(.get, server.url(path)) }
        #expect(failure(get("short"), settings()) == .uncertain(.truncated))
        #expect(failure(get("unended"), settings()) == .uncertain(.connectionLost))
        #expect(failure(get("cut"), settings()) == .uncertain(.truncated))
        #expect(failure(get("cut-chunk"), settings()) == .uncertain(.truncated))
        #expect(failure(get("nonsense"), settings()) == .uncertain(.malformedAnswer))
    }

    @Test func `An answer that is too large stops`() throws {
        #expect(
            failure(HTTPSRequest(.get, server.url("big")), settings()) == .uncertain(.tooLarge))
        #expect(
            failure(HTTPSRequest(.get, server.url("long-head")), settings())
                == .uncertain(.tooLarge))
        var roomy = settings()
        roomy.answerByteLimit = 25_000_000
        let answer = try HTTPSExchange(roomy).perform(HTTPSRequest(.get, server.url("big")))
        #expect(answer.body.count == 25_000_000)
        // A field behind the body is not one of the head.
        #expect(answer.header("Signature") == nil)
    }

    @Test func `An exchange is good for the next request after a failure`() throws {
        let exchange = try HTTPSExchange(settings())
        for path in ["swallow", "abort"] {
            #expect(throws: ExchangeFailure.uncertain(.connectionLost)) {
                try exchange.perform(HTTPSRequest(.post, server.url(path), body: [1, 2, 3]))
            }
            #expect(try exchange.perform(HTTPSRequest(.get, server.url("number"))).status == 200)
        }
    }

    @Test func `A probe shows the other side's certificate and sends nothing`() throws {
        let exchange = try HTTPSExchange(settings())
        let shown = try [UInt8](Data(contentsOf: URL(fileURLWithPath: server.file("good.der"))))
        #expect(try exchange.probe(server.url("swallow")) == shown)
        #expect(throws: ExchangeFailure.notSent(.connectionRefused)) {
            try exchange.probe(server.url("", port: "closed"))
        }
        #expect(throws: ExchangeFailure.notSent(.certificateRefused)) {
            try exchange.probe(server.url("", port: "expired"))
        }
        #expect(try exchange.perform(HTTPSRequest(.get, server.url("number"))).status == 200)
    }

    @Test func `A proxy of the environment is not asked, and a given one must be plain`() throws {
        // Of the whole process (`EarlyEnvironment`): every test shows that it is not asked.
        #expect(getenv("https_proxy") != nil)
        let get = HTTPSRequest(.get, server.url("number"))
        #expect(failure(get, settings()) == nil)
        var given = settings()
        given.proxy = "http://localhost:\(server.ports["closed"] ?? 0)"
        #expect(failure(get, given) == .notSent(.connectionRefused))
        given.proxy = "socks5://localhost:1"
        #expect(failure(get, given) == .notSent(.configuration))
    }
}
