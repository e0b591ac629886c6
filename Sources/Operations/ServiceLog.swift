import Foundation
import Logging
package import Records
import Synchronization

/// What the service says (运行日志): one JSON object a line, one line an event, with a stable name.
///
/// Values are names of the configuration, codes, counts and digests. Never a personal value, and
/// never a file's name, which may be a person's: a file is named by the first digits of its digest.
package struct ServiceLog: Sendable {
    /// All that can happen, by its stable name.
    package enum Event: String, Sendable, CaseIterable {
        case started = "service.started"
        case listening = "service.listening"
        case stopping = "service.stopping"
        case stopped = "service.stopped"
        case reloaded = "configuration.reloaded"
        case reloadRefused = "configuration.refused"
        case fileTaken = "file.taken"
        /// Another worker takes it.
        case fileElsewhere = "file.elsewhere"
        case fileRefused = "file.refused"
        case fileUnreadable = "file.unreadable"
        case delivered = "delivery.round"
        case toBeTyped = "worklist.waiting"
        case scheduleRan = "schedule.ran"
        case scheduleNotice = "schedule.notice"
        case deadline = "deadline.level"
        case invariantsChecked = "invariants.checked"
        case invariantBroken = "invariant.broken"
        case incidentBegan = "incident.began"
        case incidentEnded = "incident.ended"
        case noticeFailed = "notice.failed"
        case failed = "service.failure"
    }

    /// A value in a line.
    package enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String)
        case number(Int64)

        package init(stringLiteral value: String) { self = .text(value) }
        package init(integerLiteral value: Int64) { self = .number(value) }
        package init(_ value: Int) { self = .number(Int64(value)) }
        package init(_ value: String) { self = .text(value) }
    }

    private let logger: Logger

    /// - Parameter write: takes a line with its line feed.
    package init(clock: @escaping Clock, write: @escaping @Sendable (String) -> Void) {
        logger = Logger(label: "shangbao") { _ in LineHandler(clock: clock, write: write) }
    }

    /// Something happened as it should.
    package func info(_ event: Event, _ values: KeyValuePairs<String, Value> = [:]) {
        log(.info, event, values)
    }

    /// Something that a person may have to look at.
    package func warning(_ event: Event, _ values: KeyValuePairs<String, Value> = [:]) {
        log(.warning, event, values)
    }

    /// Something went wrong.
    package func error(_ event: Event, _ values: KeyValuePairs<String, Value> = [:]) {
        log(.error, event, values)
    }

    /// A failure by its code; where, only if that is a file of the configuration.
    package func error(
        _ event: Event, _ entry: CodeEntry, place: String? = nil, detail: String? = nil
    ) {
        var metadata: Logger.Metadata = [
            "code": .string(entry.code), "what": .string(entry.what.en),
            "next": .string(entry.next.en),
        ]
        if let place { metadata["place"] = .string(place) }
        if let detail { metadata["detail"] = .string(detail) }
        logger.log(level: .error, .init(stringLiteral: event.rawValue), metadata: metadata)
    }

    private func log(
        _ level: Logger.Level, _ event: Event, _ values: KeyValuePairs<String, Value>
    ) {
        var metadata: Logger.Metadata = [:]
        for (key, value) in values {
            switch value {
            case .text(let text): metadata[key] = .string(text)
            case .number(let number): metadata[key] = .stringConvertible(number)
            }
        }
        logger.log(level: level, .init(stringLiteral: event.rawValue), metadata: metadata)
    }
}

/// Writes what a logger is told as one line of JSON; for the packages that log by themselves, too.
struct LineHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let clock: Clock
    private let write: @Sendable (String) -> Void

    init(clock: @escaping Clock, write: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = [
            ("at", LineHandler.quoted(clock().dateTime)),
            ("level", LineHandler.quoted(event.level.rawValue)),
            ("event", LineHandler.quoted(event.message.description)),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .stringConvertible(let number as Int64): fields.append((key, "\(number)"))
            case .string(let text): fields.append((key, LineHandler.quoted(text)))
            case .stringConvertible, .array, .dictionary:
                fields.append((key, LineHandler.quoted("\(value)")))
            }
        }
        let object = fields.map { "\(LineHandler.quoted($0.0)):\($0.1)" }.joined(separator: ",")
        write("{\(object)}\n")
    }

    /// A JSON string, on one line whatever it holds.
    private static func quoted(_ text: String) -> String {
        var written = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": written += "\\\""
            case "\\": written += "\\\\"
            case "\n": written += "\\n"
            case "\t": written += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                written += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: written.unicodeScalars.append(scalar)
            }
        }
        return written + "\""
    }
}
