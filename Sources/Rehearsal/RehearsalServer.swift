import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import LibCrypto
import Logging
import NIOCore
import NIOPosix
import NIOSSL
package import Records
import ServiceLifecycle

/// What stands behind the door and answers.
package protocol ExchangeDesk: Sendable {
    /// - Parameter client: the common name of the certificate that the TLS handshake has verified;
    ///   nil if it has none.
    func answer(_ request: ExchangeRequest, client: String?) async -> ExchangeAnswer
}

/// The HTTPS door of the pretend national system, on this machine only: TLS 1.2 or newer, and
/// nobody comes in without a certificate of the rehearsal's own authority.
package struct RehearsalServer: Service {
    private let desk: any ExchangeDesk
    private let identity: NationalIdentity
    private let port: Int
    private let clock: Clock
    private let pause: @Sendable (Duration) async throws -> Void
    private let listening: @Sendable (Int) async -> Void

    /// More than this is not read; what exceeds it is answered with 413. A SOAP call bears its
    /// document as base64.
    private static let largestBodyByteCount = PostedDocument.largestByteCount / 3 * 4 + 65_536

    /// - Parameters:
    ///   - desk: the pretend national system itself, or who stands in for it.
    ///   - port: on 127.0.0.1; 0 for any that is free.
    ///   - clock: what time each answer says it is.
    ///   - pause: how a delayed answer waits.
    ///   - listening: told the port as soon as requests can come.
    package init(
        desk: any ExchangeDesk, identity: NationalIdentity, port: Int = 0, clock: @escaping Clock,
        pause: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        listening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.desk = desk
        self.identity = identity
        self.port = port
        self.clock = clock
        self.pause = pause
        self.listening = listening
    }

    /// Serves until the task is cancelled or its service group shuts down gracefully; requests that
    /// are under way then are still answered.
    ///
    /// Throws what binding the port throws, and `RehearsalFailure` with `unusable` for the
    /// identity's certificates.
    package func run() async throws {
        let channel = try TLSChannel(
            HTTP1Channel { request, writer, channel in
                try await respond(request, writer, channel)
            }, tlsConfiguration: try tlsConfiguration())
        let listening = listening
        try await channel.server(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { await listening($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "rehearsal") { _ in SwiftLogNoOpLogHandler() }
        ).run()
    }

    private func tlsConfiguration() throws -> TLSConfiguration {
        do {
            var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
                certificateChain: try NIOSSLCertificate.fromPEMFile(identity.serverCertificateFile)
                    .map { .certificate($0) },
                privateKey: .privateKey(
                    try NIOSSLPrivateKey(file: identity.serverKeyFile, format: .pem)),
                trustRoots: .certificates(
                    try NIOSSLCertificate.fromPEMFile(identity.authorityFile)))
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        } catch {
            throw RehearsalFailure(.unusable, place: identity.folder, detail: "TLS")
        }
    }

    private func respond(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let answer = await desk.answer(
            ExchangeRequest(
                method: request.method.rawValue, path: request.uri.path,
                query: request.uri.queryParameters.map { .init(String($0.key), String($0.value)) },
                headers: request.headers.map { .init($0.name.rawName, $0.value) },
                body: try await Self.body(of: request)),
            client: try await Self.client(of: channel))
        if answer.delay > .zero { try await pause(answer.delay) }
        if answer.isDropped {
            Self.cut(channel)
            return
        }
        let response = Response(
            status: HTTPResponse.Status(code: answer.status), headers: fields(answer),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        try await writer.write(response: response.head, body: response.body)
    }

    /// At most one byte more than is taken: the system sees that it is too large.
    private static func body(of request: Request) async throws -> [UInt8] {
        var body: [UInt8] = []
        for try await piece in request.body {
            let room = largestBodyByteCount + 1 - body.count
            body.append(contentsOf: piece.readableBytesView.prefix(room))
            if body.count > largestBodyByteCount { break }
        }
        return body
    }

    /// Ends the connection under TLS's feet, as a network does: no farewell, no answer.
    private static func cut(_ channel: any Channel) {
        channel.eventLoop.execute {
            let tls = try? channel.pipeline.syncOperations.context(
                handlerType: NIOSSLServerHandler.self)
            tls?.close(mode: .all, promise: nil)
        }
    }

    /// The common name of the certificate that the handshake verified.
    private static func client(of channel: any Channel) async throws -> String? {
        let certificate = try await channel.nioSSL_peerCertificate().get()
        return try certificate.flatMap { try Certificate(der: $0.toDERBytes()).commonName }
    }

    private func fields(_ answer: ExchangeAnswer) -> HTTPFields {
        var fields = HTTPFields()
        fields[.date] = DateField.value(of: clock())
        for field in answer.headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            fields.append(HTTPField(name: name, value: field.value))
        }
        return fields
    }
}
