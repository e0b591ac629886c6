import Delivery
import Records

extension Outlook {
    /// Why a submission is where it is where people type what is due (辅助录入); `nil` for states that
    /// are told of as everywhere.
    static func typed(_ stand: SubmissionStand) -> Outlook? {
        switch stand.state {
        case .due:
            Outlook(
                why: Wording(
                    zh: "这份报文待人录入：本站不经网络发送。",
                    en: "This submission is to be typed: nothing goes by wire here."),
                next: Wording(
                    zh: "下一份录入清单带走它；到 \(stand.deadline.minute) 还没有交出就暂停，由人决定。",
                    en:
                        "The next worklist takes it; if none has by \(stand.deadline.minute), it is "
                        + "held for a person."),
                steps: [
                    Step(
                        "shangbao worklist --out 清单.xlsx", "交人录入",
                        "hand it to the person who types")
                ])
        case .awaiting, .inDoubt:
            Outlook(
                why: Wording(
                    zh: "已交人录入，\(stand.records) 条记录中还有 \(stand.openRecords) 条没有结果。",
                    en: "It was handed out; \(stand.openRecords) of its \(stand.records) records "
                        + "have no verdict yet."),
                next: Wording(
                    zh: "平台的结果清单收回后才有结果。",
                    en: "The platform's list of results brings it."),
                steps: [
                    Step("shangbao results 结果清单", "收回结果", "bring the list of results"),
                    Step(
                        "shangbao worklist --again --out 清单.xlsx", "把上一份清单再写一次",
                        "write the last worklist once more"),
                ])
        case .leased, .onWire, .held, .final, .cancelled: nil
        }
    }
}
