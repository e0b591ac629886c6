import Delivery
import Foundation
import Records

/// One submission with all that happened to it.
struct QueuePage: Encodable {
    private struct Attempt: Encodable {
        let number: Int
        let began: String
        let outcome: String?
    }

    private struct Item: Encodable {
        let record: String
        let version: Int
        let action: String
        let state: String
        let transport: String
        let business: String
        let code: String?
        let serial: String?
        let field: String?
    }

    private struct KeptReceipt: Encodable {
        let sha256: String
        let received: String
        let disposition: String
    }

    private let id: String
    private let state: String
    private let transport: String
    /// How many records are in each state.
    private let business: [String: Int]
    private let reason: String?
    private let suite: String
    private let signingKey: String
    private let digest: String
    private let created: String
    private let deadline: String
    private let bytes: Int
    private let attempts: [Attempt]
    private let receipts: [KeptReceipt]
    private let items: [Item]

    init(_ entry: QueueEntry, _ bearings: Bearings) {
        transport = bearings.transport.rawValue
        business = bearings.counts
        id = entry.line.submission.text
        state = entry.line.state.rawValue
        reason = entry.line.reason
        suite = entry.suite
        signingKey = entry.signingKey
        digest = entry.digest
        created = entry.line.created.dateTime
        deadline = entry.line.deadline.dateTime
        bytes = entry.line.byteCount
        attempts = entry.attempts.map {
            Attempt(number: $0.number, began: $0.began.dateTime, outcome: $0.outcome)
        }
        receipts = entry.receipts.map {
            KeptReceipt(
                sha256: $0.digest, received: $0.received.dateTime,
                disposition: $0.disposition)
        }
        items = entry.items.map {
            Item(
                record: $0.record.text, version: $0.version, action: $0.action.rawValue,
                state: $0.state.rawValue, transport: bearings.transport.rawValue,
                business: $0.state.rawValue, code: $0.code, serial: $0.serial, field: $0.field)
        }
    }

    func show(
        withRecords: Bool, _ bearings: Bearings, _ codes: CodeBook, _ output: Output
    ) {
        var head = Columns(sides: [.left, .left])
        head.add([said("编号", "id"), id])
        let title = DeliveryState(rawValue: state)?.title.said ?? state
        head.add([said("状态", "state"), title + (reason.map { " \($0)" } ?? "")])
        head.add([said("传输", "transport"), bearings.transport.title.said])
        head.add([said("业务", "business"), bearings.decided.said])
        head.add([said("生成", "made"), created])
        head.add([said("期限", "deadline"), deadline])
        head.add([said("套件与密钥", "suite, key"), "\(suite) \(signingKey)"])
        head.add([said("大小", "size"), Figure.bytes(bytes)])
        head.add(["SHA-256", digest])
        output.table(head, indent: 0)
        if let reason, let entry = codes[reason] {
            output.paragraph("✗ \(entry.what.said)\(said("", " "))\(entry.next.said)", indent: 2)
        }
        output.line("发送 \(attempts.count) 次", "\(attempts.count) attempts")
        for attempt in attempts {
            output.line("  \(attempt.number)  \(attempt.began)  \(attempt.outcome ?? "…")")
        }
        output.line("回执 \(receipts.count) 份", "\(receipts.count) receipts")
        for receipt in receipts {
            output.line(
                "  \(receipt.received)  \(receipt.disposition)  \(receipt.sha256.prefix(16))")
        }
        output.line("记录 \(items.count) 条", "\(items.count) records")
        showItems(withRecords, bearings.transport, output)
    }

    private func showItems(_ all: Bool, _ transport: TransportState, _ output: Output) {
        let shown = items.filter { all || $0.state != "accepted" }
        guard !shown.isEmpty else { return }
        var table = Columns([
            (said("记录", "record"), .left), (said("版", "v"), .right),
            (said("传输", "transport"), .left), (said("业务", "business"), .left),
        ])
        for item in shown {
            table.add([
                item.record, "\(item.version)", transport.title.said,
                [
                    RecordAction(rawValue: item.action)?.title.said,
                    ItemState(rawValue: item.state)?.title.said, item.code, item.field, item.serial,
                ].compactMap { $0 }.joined(separator: " "),
            ])
        }
        output.table(table)
    }
}
