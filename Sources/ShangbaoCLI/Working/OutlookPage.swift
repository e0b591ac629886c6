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
    private let why: Wording
    private let codes: [Code]
    private let next: Wording
    /// When the next thing happens, `xs:dateTime`; absent where it is up to a person.
    private let at: String?
    private let steps: [Step]

    init(_ outlook: Outlook, of id: String, kind: String, _ book: CodeBook) {
        self.id = id
        self.kind = kind
        why = outlook.why
        codes = outlook.codes.compactMap { code in
            book[code].map { Code(code: code, what: $0.what, next: $0.next) }
        }
        next = outlook.next
        at = outlook.at?.dateTime
        steps = outlook.steps.map { Step(command: $0.command, does: $0.does) }
    }

    func show(_ output: Output) {
        let gap = said("", " ")
        let reasons = codes.map { "\($0.code) \($0.what.said)" }.joined(separator: gap)
        let words = [why.said, reasons, next.said].filter { !$0.isEmpty }
        output.paragraph(words.joined(separator: gap))
        guard !steps.isEmpty else { return }
        output.line("可以做：", "What a person can do:")
        for step in steps {
            output.paragraph("$ \(step.command)", indent: 2)
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
            let page = try await database.read { transaction -> OutlookPage? in
                let way = try inquiry.way(in: transaction)
                if isRecord {
                    return try inquiry.stand(of: RecordID(text), in: transaction).map {
                        OutlookPage(.of($0, on: way), of: text, kind: "record", book)
                    }
                }
                let id = try QueueLookup.find(text, outbox, in: transaction)
                return try inquiry.stand(of: id, in: transaction).map {
                    OutlookPage(.of($0, on: way), of: id.text, kind: "submission", book)
                }
            }
            guard let page else {
                throw CommandFailure(isRecord ? .unknownRecord : .unknownSubmission, place: name)
            }
            try output.give(page)
            page.show(output)
            return .done
        }
    }
}
