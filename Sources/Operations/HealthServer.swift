import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The listener for those who watch (监控端口): is it alive, is it ready, and how much of what.
///
/// Plain HTTP on this machine, read-only, without a word about a person: whoever watches from
/// elsewhere puts a proxy before it.
package struct HealthServer: Service {
    /// What one path answers.
    package struct Answer: Sendable {
        package let status: Int
        package let type: String
        package let body: String

        package init(status: Int = 200, type: String, body: String) {
            self.status = status
            self.type = type
            self.body = body
        }
    }

    private let host: String
    private let port: Int
    private let answer: @Sendable (_ path: String) async -> Answer?
    private let listening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - answer: `nil` for a path that is not known.
    ///   - listening: told the port as soon as requests can come.
    package init(
        host: String, port: Int, answer: @escaping @Sendable (String) async -> Answer?,
        listening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.answer = answer
        self.listening = listening
    }

    /// Serves until the task is cancelled or the service group shuts down. Throws what binding the
    /// port throws.
    package func run() async throws {
        let (answer, listening) = (answer, listening)
        let channel = HTTP1Channel { request, writer, _ in
            let response: Response
            switch (request.method, await answer(request.uri.path)) {
            case (.get, let found?), (.head, let found?):
                response = HealthServer.response(
                    found.status, found.type, request.method == .head ? "" : found.body)
            case (_, .some): response = HealthServer.response(405, "text/plain", "")
            case (_, nil): response = HealthServer.response(404, "text/plain", "")
            }
            try await writer.write(response: response.head, body: response.body)
        }
        try await channel.server(
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { await listening($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "health") { _ in SwiftLogNoOpLogHandler() }
        ).run()
    }

    private static func response(_ status: Int, _ type: String, _ body: String) -> Response {
        var fields = HTTPFields()
        fields[.contentType] = type
        fields[.cacheControl] = "no-store"
        return Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
