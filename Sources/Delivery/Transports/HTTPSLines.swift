import Blocking
import LibCurl

/// One kept connection on a thread of its own.
actor HTTPSLine {
    private let executor = ThreadExecutor()
    private let settings: HTTPSSettings
    private var exchange: HTTPSExchange?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(_ settings: HTTPSSettings) {
        self.settings = settings
    }

    func perform(_ request: HTTPSRequest) throws(ExchangeFailure) -> HTTPSResponse {
        if let exchange { return try exchange.perform(request) }
        let opened = try HTTPSExchange(settings)
        exchange = opened
        return try opened.perform(request)
    }
}

/// A few lines to one address; whoever finds none free waits for one.
actor HTTPSLines {
    private var free: [HTTPSLine]
    private var waiting: [CheckedContinuation<HTTPSLine, Never>] = []

    init(_ settings: HTTPSSettings, count: Int) {
        free = (0..<max(1, count)).map { _ in HTTPSLine(settings) }
    }

    func perform(_ request: HTTPSRequest) async throws(ExchangeFailure) -> HTTPSResponse {
        let line = await take()
        defer { give(line) }
        return try await line.perform(request)
    }

    private func take() async -> HTTPSLine {
        if let line = free.popLast() { return line }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func give(_ line: HTTPSLine) {
        if waiting.isEmpty {
            free.append(line)
        } else {
            waiting.removeFirst().resume(returning: line)
        }
    }
}
