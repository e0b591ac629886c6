import Flow
import Privacy
import Records

/// A request as an approver reads it before he signs.
struct IdentifyPortraitPage {
    private let portrait: IdentifyPortrait

    init(_ portrait: IdentifyPortrait) { self.portrait = portrait }

    func show(_ output: Output) {
        let reading = portrait.request
        output.line(
            "申请 \(reading.id)：\(IdentifyPage.words(reading.state))"
                + (reading.breakGlass ? "，紧急" : ""),
            "Request \(reading.id): \(IdentifyPage.words(reading.state))"
                + (reading.breakGlass ? ", emergency" : ""))
        output.table(facts)
        if reading.isRaised { output.paragraph("! " + IdentifyPage.limits(of: reading)) }
        guard portrait.isGenuine else {
            let entry = IdentifyFailure(.changed).entry
            output.paragraph("✗ \(entry.code) " + entry.what.said)
            output.paragraph("→ " + entry.next.said, indent: 4)
            return
        }
        output.paragraph(effect)
    }

    private var facts: Columns {
        let reading = portrait.request
        var lines = Columns(sides: [.left, .left])
        lines.add([
            said("申请人", "asked by"),
            "\(reading.requester)（\(portrait.department ?? "?")）  "
                + IdentifyPage.minute(reading.askedAt),
        ])
        lines.add([
            said("事由", "why"),
            (portrait.reason?.said ?? said("没有这个代码", "no such code")) + "（\(reading.reason)）",
        ])
        if let basis = portrait.basis { lines.add([said("依据", "basis"), basis]) }
        lines.add([said("文号", "case number"), reading.caseNumber])
        for (place, record) in reading.records.enumerated() {
            let isGone = reading.gone.contains(record)
            lines.add([
                place == 0
                    ? said("病例 \(reading.records.count) 例", "\(reading.records.count) cases") : "",
                record + (isGone ? said("  已撤回同意", "  consent withdrawn") : ""),
            ])
        }
        lines.add([
            said("紧急", "emergency"),
            reading.breakGlass
                ? said("是：负责人可替代一人，事后复核", "yes: the director may stand in; reviewed later")
                : said("否", "no"),
        ])
        if let until = portrait.until {
            lines.add([said("有效至", "until"), IdentifyPage.minute(until)])
        }
        for (place, each) in portrait.approvals.enumerated() {
            lines.add([
                place == 0 ? said("已批准", "approved") : "",
                "\(each.name)（\(each.department)，\(IdentifyPortraitPage.word(each.role))）  "
                    + IdentifyPage.minute(each.at),
            ])
        }
        if portrait.approvals.isEmpty {
            lines.add([said("已批准", "approved"), said("还没有人", "nobody yet")])
        }
        return lines
    }

    private var effect: String {
        let (reading, names) = (portrait.request, portrait.approvers)
        let who =
            names.isEmpty ? said("名单里没有人", "nobody on the list") : names.joined(separator: "、")
        let minutes = reading.minutes ?? CustodySettings.minutes
        switch portrait.effect {
        case .first:
            return said(
                "→ 现在批准：解开外层，里层仍封着；另一科室的一人再批准，\(reading.requester)才能看。可批的：\(who)",
                "→ An approval takes the outer layer off; once somebody of another department "
                    + "approves, too, \(reading.requester) sees them. Who may: \(who)")
        case .second:
            return said(
                "→ 现在批准：\(reading.requester)随即可看这 \(reading.records.count) 例的姓名和证件号码，"
                    + "\(minutes) 分钟。可批的：\(who)",
                "→ An approval lets \(reading.requester) see names and ID numbers of these "
                    + "\(reading.records.count) cases at once, for \(minutes) minutes. Who may: "
                    + who)
        case .none:
            return said("→ 现在不能批准。", "→ It cannot be approved now.")
        }
    }

    private static func word(_ role: String) -> String {
        switch CustodyPerson.Role(rawValue: role) {
        case .officer: said("隐私负责人", "officer")
        case .custodian: said("保管人", "custodian")
        case .director: said("负责人", "director")
        case .requester: said("经办人", "requester")
        case nil: role
        }
    }
}
