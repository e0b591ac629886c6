import Delivery
import Evidence
import Foundation
import Records

/// One receipt for people and programs. Never a free text of it: that may hold a name.
struct ReceiptPage: Encodable {
    private struct Entry: Encodable {
        let record: String
        let version: Int
        let says: String
        let code: String?
        let field: String?
        let serial: String?
        let state: String?
        let isGround: Bool
    }

    private struct Refused: Encodable {
        let signingKey: String?
        let replaced: String
    }

    private let sha256: String
    private let received: String
    private let disposition: String
    private let submission: String?
    private let status: String?
    private let signingKey: String?
    private let isGenuine: Bool
    /// The same bytes came with these before, and they did not hold.
    private let refusedSignatures: [Refused]
    /// `unsigned` for what was made of a list of results.
    private let grade: String?
    private let entries: [Entry]

    init(_ reading: ReceiptReading) {
        sha256 = reading.line.digest
        received = reading.line.received.dateTime
        disposition = reading.line.disposition.rawValue
        submission = reading.line.submission?.text
        status = reading.line.status
        signingKey = reading.line.signingKey
        isGenuine = reading.isGenuine
        refusedSignatures = reading.refused.map {
            Refused(signingKey: $0.signingKey, replaced: $0.replaced.dateTime)
        }
        grade = reading.line.grade?.rawValue
        entries = reading.entries.map {
            Entry(
                record: $0.record.text, version: $0.version, says: $0.says, code: $0.code,
                field: $0.field, serial: $0.serial, state: $0.state?.rawValue,
                isGround: $0.isGround)
        }
    }

    private var signature: String {
        if grade != nil {
            return said("没有：据人带回的结果清单写成", "none: made of a list that a person brought")
        }
        let holds =
            isGenuine
            ? said("有效", "holds")
            : said("无效，或不是已知的密钥", "does not hold, or is by no known key")
        return holds + (signingKey.map { " \($0)" } ?? "")
    }

    func show(_ output: Output) {
        var head = Columns(sides: [.left, .left])
        head.add(["SHA-256", sha256])
        head.add([said("收到", "received"), received])
        head.add([
            said("签名", "signature"),
            signature,
        ])
        for refused in refusedSignatures {
            head.add([
                said("此前的签名", "before it"),
                said("无效", "one that does not hold")
                    + " \(refused.signingKey ?? said("（没有签名）", "(none)"))"
                    + said("，\(refused.replaced) 起换成上面的", ", replaced \(refused.replaced)"),
            ])
        }
        head.add([said("报文", "submission"), submission ?? said("未采信", "not believed")])
        head.add([said("整体", "document"), status ?? ""])
        output.table(head, indent: 0)
        if let entry = Disposition(rawValue: disposition).map({ DeliveryCodes.entry($0) }) {
            output.paragraph("\(entry.code) \(entry.what.said)")
            output.paragraph(entry.next.said, indent: 2)
        }
        guard !entries.isEmpty else { return }
        var table = Columns([
            (said("记录", "record"), .left), (said("版", "v"), .right),
            (said("回执说", "it says"), .left), (said("账上", "our books"), .left),
        ])
        for entry in entries {
            table.add([
                entry.record, "\(entry.version)",
                [entry.says, entry.code, entry.field, entry.serial].compactMap { $0 }
                    .joined(separator: " "),
                (entry.state ?? said("没有报过", "never sent")) + (entry.isGround ? " ✓" : ""),
            ])
        }
        output.table(table, indent: 0)
        output.line("✓ 账上的结论以这份回执为依据", "✓ our books rest on this receipt")
    }
}

/// The history of a record for people and programs.
struct RecordHistoryPage: Encodable {
    private struct Answer: Encodable {
        let sha256: String
        let received: String
        let disposition: String
        let says: String
        let code: String?
        let serial: String?
    }

    private struct Version: Encodable {
        let submission: String
        let version: Int
        let action: String
        let transport: String
        let business: String
        let state: String
        let derived: String
        let isAsDerived: Bool
        let answers: [Answer]
    }

    private let record: String
    private let versions: [Version]

    /// Whether the books say of every version what its receipts say.
    var isSound: Bool { versions.allSatisfy(\.isAsDerived) }

    init(_ history: RecordHistory, _ bearings: [SubmissionID: Bearings]) {
        record = history.record.text
        versions = history.versions.map { version in
            Version(
                submission: version.submission.text, version: version.version,
                action: version.action.rawValue,
                transport: (bearings[version.submission]?.transport ?? .notSent).rawValue,
                business: version.state.rawValue, state: version.state.rawValue,
                derived: version.derived.rawValue, isAsDerived: version.isAsDerived,
                answers: version.answers.map {
                    Answer(
                        sha256: $0.receipt.digest, received: $0.receipt.received.dateTime,
                        disposition: $0.receipt.disposition.rawValue, says: $0.says,
                        code: $0.code, serial: $0.serial)
                })
        }
    }

    /// What is the matter with a receipt that does not count.
    private func code(of answer: Answer) -> String? {
        guard let disposition = Disposition(rawValue: answer.disposition),
            !disposition.isBelieved
        else { return nil }
        return DeliveryCodes.entry(disposition).code
    }

    func show(_ output: Output) {
        for version in versions {
            let action = RecordAction(rawValue: version.action)?.title
            output.line(
                "第 \(version.version) 版（\(action?.zh ?? "")）　报文 \(version.submission)",
                "Version \(version.version) (\(action?.en ?? "")) in submission "
                    + version.submission)
            let transport = TransportState(rawValue: version.transport)?.title
            let business = ItemState(rawValue: version.business)?.title
            output.line(
                "  传输 \(transport?.zh ?? "")；业务 \(business?.zh ?? "")",
                "  transport: \(transport?.en ?? ""); business: \(business?.en ?? "")")
            var table = Columns(sides: [.left, .left, .left])
            for answer in version.answers {
                table.add([
                    String(answer.received.prefix(16)).replacing("T", with: " "),
                    String(answer.sha256.prefix(16)),
                    [answer.says, answer.code, answer.serial, code(of: answer)]
                        .compactMap { $0 }.joined(separator: " "),
                ])
            }
            output.table(table)
            output.line(
                "  由回执得出：\(ItemState(rawValue: version.derived)?.title.zh ?? "")",
                "  the receipts come to: \(ItemState(rawValue: version.derived)?.title.en ?? "")")
            if !version.isAsDerived {
                output.line("  ✗ 两者不一致：请告知开发方", "  ✗ they differ: tell the developers")
            }
        }
    }
}
