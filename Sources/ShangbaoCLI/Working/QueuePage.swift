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

    init(_ entry: QueueEntry) {
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
                state: $0.state.rawValue, code: $0.code, serial: $0.serial, field: $0.field)
        }
    }

    func show(withRecords: Bool, _ codes: CodeBook, _ output: Output) {
        var head = Columns(sides: [.left, .left])
        head.add([said("编号", "id"), id])
        let title = DeliveryState(rawValue: state)?.title.said ?? state
        head.add([said("状态", "state"), title + (reason.map { " \($0)" } ?? "")])
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
        let states = Dictionary(grouping: items, by: \.state).mapValues(\.count)
        output.line(
            "记录 \(items.count) 条："
                + states.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: "，"),
            "\(items.count) records: "
                + states.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "))
        showItems(withRecords, output)
    }

    private func showItems(_ all: Bool, _ output: Output) {
        let shown = items.filter { all || $0.state != "accepted" }
        guard !shown.isEmpty else { return }
        var table = Columns(sides: [.left, .right, .left, .left, .left])
        for item in shown {
            table.add([
                item.record, "\(item.version)", item.action, item.state,
                [item.code, item.field, item.serial].compactMap { $0 }.joined(separator: " "),
            ])
        }
        output.table(table)
    }
}
