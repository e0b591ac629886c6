import Logging
package import ServiceLifecycle
import UnixSignals

/// Runs the parts of the service together (服务生命周期): at SIGTERM or SIGINT all are told to end in
/// good order, and what has not ended after the grace is cancelled.
package struct ServiceRun {
    /// Between the signal and the cancellation.
    package static let grace = Duration.seconds(30)

    package init() {}

    /// Runs the work and those who watch it. At the signal the work is told first, and the others
    /// one by one when it is done; whoever watches may do so until then. Each ends only when it is
    /// told to.
    ///
    /// Throws what the first that failed threw.
    package func callAsFunction(_ work: any Service, beside others: [any Service]) async throws {
        var configuration = ServiceGroupConfiguration(
            services: others + [work], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "service") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = ServiceRun.grace
        try await ServiceGroup(configuration: configuration).run()
    }
}
