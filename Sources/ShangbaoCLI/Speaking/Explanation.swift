import Definitions
import Delivery
import Flow
import Foundation
import Intake
import LibCrypto
import LibXML
import Mappings
import Privacy
import Records
import Rehearsal
import Samples
import Settlements
import Storage
import Submissions

/// A failure as a person reads it: code, what, where, what next, and how the process ends.
struct Explanation: Sendable {
    let entry: CodeEntry
    let place: String?
    let detail: Wording?
    let status: ExitStatus

    init(_ entry: CodeEntry, place: String? = nil, detail: Wording? = nil, _ status: ExitStatus) {
        self.entry = entry
        self.place = place
        self.detail = detail
        self.status = status
    }

    /// Explains any error of the house. What is not known shows its type's name, never its words.
    init(_ error: any Error) {
        switch error {
        case let error as DefinitionError:
            self.init(error.entry, place: error.place, detail: error.problem, .configuration)
        case let error as any ExplainedFailure:
            // Whoever mistypes may have typed somebody's number, and what is said here is kept in
            // logs.
            let detail = error.detail.map(PersonalSigns.masked(typed:))
            self.init(
                error.entry,
                place: error is ReadFailure || error is RecipientFailure
                    ? error.place.map(PersonalSigns.masked(path:))
                    : error.place.map(PersonalSigns.masked(typed:)),
                detail: detail.map { Wording(zh: $0, en: $0) }, Explanation.status(of: error))
        case let error as StorageFailure:
            self.init(storage: error)
        case let error as CryptoFailure:
            self.init(KeyFailure(error))
        case let error as TransportFailure:
            self.init(DeliveryCodes.entry(error.cause.code), .undelivered)
        case let error as XMLFailure:
            let words = Wording(zh: error.description, en: error.description)
            self.init(CommandCodes.xml, detail: words, .configuration)
        case let error as CocoaError:
            let words = Wording(
                zh: "CocoaError \(error.code.rawValue)", en: "CocoaError \(error.code.rawValue)")
            self.init(
                CommandCodes.file,
                place: (error.userInfo[NSFilePathErrorKey] as? String)
                    .map(PersonalSigns.masked(path:)), detail: words, .storage)
        case is DecodingError:
            // Whatever is decoded here is of the database, and this program wrote it.
            self.init(StorageCodes.corrupt, .storage)
        default:
            let name = String(describing: type(of: error))
            self.init(CommandCodes.unexpected, detail: Wording(zh: name, en: name), .storage)
        }
    }

    private static func status(of error: any ExplainedFailure) -> ExitStatus {
        switch error {
        case let error as CommandFailure: error.status
        case let error as ReadFailure:
            ["E-NOFILE", "E-IO", "E-CHANGED"].contains(error.entry.code) ? .storage : .toCorrect
        case is HeaderFailure, is HeaderDoubt: .toCorrect
        case let failure as PackFailure:
            failure.reason == .unreadable ? .unbalanced : .storage
        case let error as ScheduleFailure: error.status
        case let error as AssistedFailure: error.status
        case is HandoutFailure: .undelivered
        case let error as CaseListFailure: error.isOfList ? .toCorrect : .configuration
        case is DifferenceFailure: .usage
        case is AnotherWorker: .busy
        case is ErasedFailure, is PublishingFailure: .usage
        case let error as AuditFailure:
            switch error.reason {
            case .unwritten, .output: .storage
            case .broken: .unbalanced
            case .exposed, .reader: .configuration
            }
        case is OutboxFailure, is DecisionFailure, is AlarmFailure, is ResendFailure,
            is SignOffFailure, is IdentifyFailure, is RekeyFailure:
            .usage
        case let error as SampleFailure:
            if case .file = error {
                .storage
            } else if case .request = error {
                .usage
            } else {
                .configuration
            }
        default: .configuration
        }
    }

    /// The same, with a place where it has none of its own.
    func located(at place: String) -> Explanation {
        Explanation(
            entry, place: PersonalSigns.masked(path: self.place ?? place), detail: detail, status)
    }

    /// For a terminal: the code and what happened, then where, detail and next step.
    func text(in language: Language, width: Int) -> String {
        var lines = DisplayWidth.lines(
            "✗ \(entry.code) \(entry.what.text(in: language))", width: width)
        var columns = Columns(sides: [.left, .left])
        if let place { columns.add([Wording(zh: "位置", en: "Where").text(in: language), place]) }
        if let detail {
            columns.add([
                Wording(zh: "详情", en: "Detail").text(in: language), detail.text(in: language),
            ])
        }
        columns.add([
            Wording(zh: "下一步", en: "Next").text(in: language), entry.next.text(in: language),
        ])
        lines += columns.lines(width: width, indent: 2)
        return lines.map { $0 + "\n" }.joined()
    }

    private struct Told: Encodable {
        let code: String
        let what: String
        let place: String?
        let detail: String?
        let next: String
        let exit: Int32
    }

    /// One JSON object on one line.
    func json(in language: Language) -> String {
        let told = Told(
            code: entry.code, what: entry.what.text(in: language), place: place,
            detail: detail?.text(in: language), next: entry.next.text(in: language),
            exit: status.rawValue)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = (try? encoder.encode(told)) ?? Data()
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
