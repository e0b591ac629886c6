import Flow
import Records

/// A request as a person reads it.
struct IdentifyPage {
    private let reading: IdentifyReading

    init(_ reading: IdentifyReading) { self.reading = reading }

    /// How far it is, where everything else has been shown.
    func showState(_ output: Output) {
        let until = reading.state == .open ? reading.expires : nil
        output.line(
            "✓ \(reading.id)：\(IdentifyPage.words(reading.state))"
                + (until.map { "，至 \(IdentifyPage.minute($0))" } ?? ""),
            "✓ \(reading.id): \(IdentifyPage.words(reading.state))"
                + (until.map { ", until \(IdentifyPage.minute($0))" } ?? ""))
    }

    func show(_ output: Output) {
        output.line(
            "✓ \(reading.id)：\(IdentifyPage.words(reading.state))",
            "✓ \(reading.id): \(IdentifyPage.words(reading.state))")
        var lines = Columns(sides: [.left, .left])
        lines.add([
            said("申请", "asked by"),
            "\(reading.requester)  \(IdentifyPage.minute(reading.askedAt))"
                + (reading.breakGlass ? said("  紧急", "  emergency") : ""),
        ])
        lines.add([said("事由", "why"), "\(reading.reason)  \(reading.caseNumber)"])
        if reading.isRaised { lines.add(["!", IdentifyPage.limits(of: reading)]) }
        lines.add([said("批准", "approved"), reading.approvedBy.joined(separator: ", ")])
        if let expires = reading.expires, reading.state == .open {
            lines.add([said("有效至", "until"), IdentifyPage.minute(expires)])
        }
        for record in reading.records {
            let isGone = reading.gone.contains(record)
            lines.add([
                said("病例", "case"),
                record + (isGone ? said("  已撤回同意，已删除", "  consent withdrawn: gone") : ""),
            ])
        }
        output.table(lines)
        if reading.lacksReviewer {
            output.paragraph(
                said(
                    "! 紧急申请 48 小时内要由未参与的人复核，而名单里两人批准之后没有这样的人："
                        + "先在 custody.people 再加一位隐私负责人或保管人",
                    "! an emergency is reviewed within 48 hours by somebody who had no part, and after "
                        + "two approvals nobody on the list is left: name one more officer or "
                        + "custodian under custody.people"))
        }
    }

    /// Several requests, one a line.
    static func table(_ readings: [IdentifyReading], _ output: Output) {
        var table = Columns([
            (said("编号", "id"), .left), (said("申请", "asked"), .left),
            (said("申请人", "who"), .left), (said("病例", "cases"), .right),
            (said("状态", "state"), .left), (said("事由", "why"), .left),
        ])
        for reading in readings {
            table.add([
                reading.id, String(minute(reading.askedAt).dropFirst(5)), reading.requester,
                "\(reading.records.count)"
                    + (reading.gone.isEmpty ? "" : " (−\(reading.gone.count))"),
                words(reading.state),
                reading.reason + (reading.breakGlass ? said(" 紧急", " emergency") : "")
                    + (reading.revealed.isEmpty
                        ? ""
                        : said(" 明文 \(reading.revealed.count)", " shown \(reading.revealed.count)")),
            ])
        }
        output.table(table, indent: 0)
        for reading in readings where reading.isRaised {
            output.line("! \(reading.id) \(limits(of: reading))")
        }
    }

    /// How often a day one might ask, and how long it can be opened, where that is more than usual.
    static func limits(of reading: IdentifyReading) -> String {
        let (minutes, perDay) = (CustodySettings.minutes, CustodySettings.perDay)
        let (longest, most) = (reading.minutes ?? minutes, reading.perDay ?? perDay)
        return said(
            "可看 \(longest) 分钟、每人每天 \(most) 次：改过 custody（默认 \(minutes)、\(perDay)）",
            "open for \(longest) minutes, \(most) a day: custody was changed "
                + "(default \(minutes), \(perDay))")
    }

    static func minute(_ time: String) -> String {
        String(time.prefix(16)).replacing("T", with: " ")
    }

    static func words(_ state: IdentifyBook.State) -> String {
        switch state {
        case .asked: said("待批", "asked")
        case .half: said("一人已批", "one approved")
        case .open: said("可打开", "can be opened")
        case .closed: said("已关闭", "closed")
        case .refused: said("已驳回", "refused")
        case .expired: said("已过期", "expired")
        }
    }
}
