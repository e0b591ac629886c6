import Delivery
import Flow
import Foundation
import Records
import Storage

/// Why a record or a submission is where it is, in one paragraph, with the commands that help.
struct OutlookPage: Encodable {
    private struct Step: Encodable {
        let command: String
        let does: Wording
    }

    private struct Code: Encodable {
        let code: String
        let what: Wording
        let next: Wording
    }

    private let id: String
    /// `record` or `submission`.
    private let kind: String
    private let transport: String
    private let business: StateWords.Business
    private let why: Wording
    private let codes: [Code]
    private let next: Wording
    /// When the next thing happens, `xs:dateTime`; absent where it is up to a person.
    private let at: String?
    private let steps: [Step]

    private init(
        _ outlook: Outlook, of id: String, _ kind: String, _ words: StateWords, _ book: CodeBook
    ) {
        self.id = id
        transport = words.transport.rawValue
        business = words.business
        self.kind = kind
        why = outlook.why
        codes = outlook.codes.compactMap { code in
            book[code].map { Code(code: code, what: $0.what, next: $0.next) }
        }
        next = outlook.next
        at = outlook.at?.dateTime
        steps = outlook.steps.map { Step(command: $0.command, does: $0.does) }
    }

    /// A command with its blanks in the reader's language.
    private static func filled(_ command: String) -> String {
        guard Speech.language == .english else { return command }
        return [
            ("理由", "WHY"), ("结果清单", "RESULTS"), ("清单.csv", "list.csv"), ("清单.xlsx", "list.xlsx"),
            ("清单", "LIST"), ("文件", "FILE"),
        ].reduce(command) { $0.replacing($1.0, with: $1.1) }
    }

    func show(_ words: StateWords, _ output: Output) {
        words.show(output)
        let gap = said("", " ")
        let reasons = codes.map { "\($0.code) \($0.what.said)" }.joined(separator: gap)
        let words = [why.said, reasons, next.said].filter { !$0.isEmpty }
        output.paragraph(words.joined(separator: gap))
        guard !steps.isEmpty else { return }
        output.line("可以做：", "What a person can do:")
        for step in steps {
            output.paragraph("$ \(OutlookPage.filled(step.command))", indent: 2)
            output.paragraph(step.does.said, indent: 6)
        }
    }

    /// Tells of the record or the submission of that name; `nil` where it names neither.
    ///
    /// Throws `CommandFailure` for an id that the books do not know.
    static func explain(
        _ name: String, _ common: SharedOptions, _ book: CodeBook, _ output: Output
    ) async throws -> ExitStatus? {
        let text = name.lowercased()
        let isRecord = text.count == 32 && text.allSatisfy(\.isHexDigit)
        let isSubmission =
            (8...36).contains(text.count) && text.allSatisfy { $0.isHexDigit || $0 == "-" }
        guard isRecord || isSubmission else { return nil }
        let site = try common.openSite()
        return try await site.withView { database in
            let outbox = try Exchange(site: site, database: database).outbox
            let inquiry = Inquiry(site: site, outbox: outbox)
            let told = try await database.read {
                transaction -> (page: OutlookPage, words: StateWords)? in
                let way = try inquiry.way(in: transaction)
                if isRecord {
                    let stand = try inquiry.stand(of: RecordID(text), in: transaction)
                    guard let stand else { return nil }
                    let bearings = try outbox.bearings(
                        of: stand.submission.map { [$0] } ?? [], in: transaction)
                    let words = StateWords(stand, bearings)
                    return (
                        OutlookPage(.of(stand, on: way), of: text, "record", words, book), words
                    )
                }
                let id = try QueueLookup.find(text, outbox, in: transaction)
                guard let stand = try inquiry.stand(of: id, in: transaction),
                    let bearings = try outbox.bearings(of: [id], in: transaction)[id]
                else { return nil }
                let words = StateWords(bearings)
                return (
                    OutlookPage(.of(stand, on: way), of: id.text, "submission", words, book), words
                )
            }
            guard let told else {
                throw CommandFailure(isRecord ? .unknownRecord : .unknownSubmission, place: name)
            }
            try output.give(told.page)
            told.page.show(told.words, output)
            return .done
        }
    }
}
