import Blocking
import Foundation
import LibCrypto
import LibCurl
import LibXML
import LibZlib
import Records
import Rehearsal
import Testing

/// The county of the tests: its keys and certificate, and its side of the binding over libcurl.
actor County {
    static let sender = "12990101MA0000T1XF"

    /// One for all tests of the process: RSA keys take their time.
    static let made = Result { try Made() }

    /// The pretend nation's identity and the county's signing keys.
    struct Made: Sendable {
        let identity: NationalIdentity
        let signingKeys: [CipherSuite: SigningKey]

        init() throws {
            let folder = try County.newFolder()
            let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
            identity = try NationalIdentity.create(
                folder: folder, sender: County.sender, region: "990101",
                moment: Timestamp(microseconds: now))
            signingKeys = [
                .gm: try SigningKey(generating: .gm), .intl: try SigningKey(generating: .intl),
            ]
        }

        /// What the nation was told of the county.
        func registered(sender: String = County.sender) throws -> RegisteredCounty {
            try RegisteredCounty(
                sender: sender, region: "990101",
                programmes: ["preconception-check", "prenatal-screening"],
                signingKeys: [
                    "county-gm": try #require(signingKeys[.gm]).verifyingKey().pem(),
                    "county-intl": try #require(signingKeys[.intl]).verifyingKey().pem(),
                ])
        }
    }

    private let executor = ThreadExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private let settings: HTTPSSettings
    private var exchange: HTTPSExchange?
    private let base: String
    nonisolated let made: Made

    init(port: Int, folder: String? = nil) throws {
        made = try Self.made.get()
        let folder = folder ?? made.identity.exportFolder
        base = "https://localhost:\(port)"
        settings = HTTPSSettings(
            identity: TLSIdentity(
                certificateFile: folder + "/client.crt.pem", keyFile: folder + "/client.key.pem",
                authorityFile: made.identity.exportFolder + "/ca.pem"),
            allowedHosts: ["localhost"], connectTimeoutMilliseconds: 10_000,
            totalTimeoutMilliseconds: 30_000, allowsLocalAddresses: true)
    }

    /// Sends one request over a connection that is kept. Throws `ExchangeFailure`.
    func send(_ request: HTTPSRequest) throws -> HTTPSResponse {
        let exchange = try exchange ?? HTTPSExchange(settings)
        self.exchange = exchange
        return try exchange.perform(request)
    }

    func get(_ path: String) throws -> HTTPSResponse {
        try send(HTTPSRequest(.get, base + path))
    }

    /// Posts what `outgoing` holds.
    func post(_ outgoing: Outgoing) throws -> HTTPSResponse {
        try send(
            HTTPSRequest(
                .post, base + "/submissions",
                headers: outgoing.headers.sorted { $0.key < $1.key }
                    .map { HTTPSHeader($0.key, $0.value) }, body: outgoing.body))
    }

    /// Signs and posts a submission.
    func post(_ submission: PostedSubmission) throws -> HTTPSResponse {
        try post(try outgoing(submission))
    }

    /// The bytes and headers of a submission, all right unless changed afterwards.
    nonisolated func outgoing(
        _ submission: PostedSubmission, isPacked: Bool = false
    ) throws -> Outgoing {
        try outgoing(
            id: submission.id, xml: try submission.xml(for: made.identity),
            suite: submission.suite, isPacked: isPacked)
    }

    nonisolated func outgoing(
        id: String, xml: [UInt8], suite: CipherSuite = .gm, isPacked: Bool = false
    ) throws -> Outgoing {
        let signature = try #require(made.signingKeys[suite]).sign(xml)
        return Outgoing(
            id: id, xml: xml, body: isPacked ? try Gzip.compress(xml) : xml, isPacked: isPacked,
            signature: Base64.standard.encode(signature), key: "county-\(suite.rawValue)")
    }

    /// A document on its way.
    struct Outgoing {
        let xml: [UInt8]
        var body: [UInt8]
        var headers: [String: String]

        init(
            id: String, xml: [UInt8], body: [UInt8], isPacked: Bool, signature: String, key: String
        ) {
            self.xml = xml
            self.body = body
            headers = [
                "Content-Type": "application/xml", "Idempotency-Key": id,
                "Content-Digest": Self.digest(body), "Signature": signature, "Signature-Key": key,
            ]
            if isPacked { headers["Content-Encoding"] = "gzip" }
        }

        static func digest(_ bytes: [UInt8]) -> String {
            "sha-256=:\(Base64.standard.encode(Hash.sha256.digest(bytes))):"
        }
    }

    static func newFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("rehearsal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    static func text(_ folder: String, _ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }
}

/// A receipt whose signature was right.
struct CheckedReceipt {
    struct Entry: Equatable {
        let record: String
        let status: String
        let code: String?
    }

    let root: XMLTree.Element
    let bytes: [UInt8]

    var status: String? { root.attribute("status") }
    var code: String? { root.attribute("code") }
    var entries: [Entry] {
        root.children(named: "Entry").map {
            Entry(
                record: String(($0.attribute("record") ?? "").drop { $0 == "0" }),
                status: $0.attribute("status") ?? "", code: $0.attribute("code"))
        }
    }
    var verdicts: [String] { entries.map { $0.code ?? $0.status } }

    /// Checks digest, signature and schema of an answer with a document.
    init(_ answer: HTTPSResponse, _ county: County) throws {
        #expect(answer.header("Content-Type") == "application/xml")
        #expect(answer.header("Content-Digest") == County.Outgoing.digest(answer.body))
        try self.init(
            answer.body, signature: try #require(answer.header("Signature")),
            key: try #require(answer.header("Signature-Key")), county)
    }

    init(_ bytes: [UInt8], signature: String, key: String, _ county: County) throws {
        let isSigned = try Self.isSigned(bytes, signature, key, county.made.identity)
        #expect(isSigned)
        let schema =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
            + "/../../mappings/preconception/to-reference-1/schema/receipt.xsd"
        let xsd = try CompiledSchema(
            main: [UInt8](Data(contentsOf: URL(fileURLWithPath: schema))))
        try bytes.withUnsafeBytes { try xsd.validator().validate($0) }
        root = try bytes.withUnsafeBytes { try XMLTree.parse($0) }
        self.bytes = bytes
    }

    /// Whether one of the exported keys of this id signed the bytes.
    static func isSigned(
        _ bytes: [UInt8], _ signature: String, _ key: String, _ identity: NationalIdentity
    ) throws -> Bool {
        let suite = try #require(CipherSuite.allCases.first { identity.receiptsID($0) == key })
        let pem = try County.text(
            identity.exportFolder, "receipts-\(suite.rawValue).pub.pem")
        return try VerifyingKey(pem: pem).verify(
            signature: try Base64.standard.decode(signature), over: bytes)
    }
}

/// A page of the feed, each item checked.
struct FeedPage {
    let next: String
    let receipts: [CheckedReceipt]

    init(_ answer: HTTPSResponse, _ county: County) throws {
        #expect(answer.status == 200)
        #expect(answer.header("Content-Digest") == County.Outgoing.digest(answer.body))
        #expect(answer.header("Signature") == nil)
        let root = try answer.body.withUnsafeBytes { try XMLTree.parse($0) }
        #expect(root.name == "Receipts" && root.namespace == "urn:shangbao:reference:1")
        next = try #require(root.attribute("next"))
        receipts = try root.children(named: "Item").map { item in
            try CheckedReceipt(
                try Base64.standard.decode(item.text),
                signature: try #require(item.attribute("signature")),
                key: try #require(item.attribute("key")), county)
        }
    }
}
