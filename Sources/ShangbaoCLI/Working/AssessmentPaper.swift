import Privacy
import Records

/// Lays out the assessment (个人信息保护影响评估报告).
struct AssessmentPaper {
    let sheet: ReviewSheet
    let rarity: RarityFigures?
    let threats: [AssessedThreats.Threat]
    /// How long copies of our submissions' keys are kept; `nil` for ever.
    let ownCopyDays: Int?
    let county: Wording
    let day: CalendarDate

    var paper: Paper {
        var paper = Paper(
            title: "个人信息保护影响评估报告 \(sheet.mapping)",
            subtitle: "Privacy impact assessment of \(county.en) · "
                + "PIPL art. 55, 56 · GB/T 39335 · 审核表 SHA-256 \(sheet.sha256)")
        addProcessing(to: &paper)
        addNecessity(to: &paper)
        addFlow(to: &paper)
        addRisks(to: &paper)
        addOpinion(to: &paper)
        return paper
    }

    private func addProcessing(to paper: inout Paper) {
        paper.heading("一、处理情况 · What is done")
        let receiver =
            sheet.sent.isEmpty
            ? "无：只在本县计数"
            : "国家平台（\(sheet.recipient.title)），\(sheet.recipient.channel)；公钥 "
                + sheet.recipient.keyTitle.zh
        paper.table(
            [.init("项 Item", 1.4), .init("内容 Content", 7)],
            [
                ["处理者 Handler", county.zh],
                ["项目 Programme", sheet.programmeTitle.zh],
                ["来源 Source", "\(sheet.mapping) \(sheet.title.zh)"],
                ["个人 Subjects", sheet.subjects.map(\.zh).joined(separator: "、")],
                ["目的 Purpose", sheet.purpose.zh], ["依据 Legal basis", sheet.legalBasis],
                ["接收方 Recipient", receiver], ["保存 Retention", sheet.retention],
                ["知情同意 Consent", sheet.asksConsent ? "由规则核对，未覆盖的不上报" : "没有规则核对"],
            ])
    }

    private func addNecessity(to paper: inout Paper) {
        paper.heading("二、合法、正当、必要 · Lawful, legitimate, necessary")
        paper.paragraph("离开本县的个人字段，凭什么、为什么。业务信息（OP）不列，见审核表。")
        let personal = sheet.sent.filter { $0.privacyClass != "OP" }
        paper.table(
            [
                .init("编号", 1, isWhole: true), .init("字段", 3), .init("类别", 0.7, isWhole: true),
                .init("级别", 0.7, isWhole: true), .init("必填", 0.7, isWhole: true),
                .init("处理", 1, isWhole: true), .init("理由 Ground", 5),
            ],
            personal.map { field in
                [
                    field.number, "\(field.place.zh)·\(field.title.zh)", field.privacyClass,
                    field.level.map { "\($0)" } ?? "—", field.isRequired ? "是" : "否",
                    field.technique.title.zh, ground(of: field),
                ]
            })
        paper.blank("【负责人填写】必要性意见：上述字段是否都为实现目的所必要，有没有影响更小的办法？")
    }

    private func ground(of field: ReviewSheet.Field) -> String {
        let why = field.why.map(\.zh)
        guard why.isEmpty else { return why.joined(separator: "；") }
        return field.isRequired ? "国家规格必填，密封" : "密封"
    }

    private func addFlow(to paper: inout Paper) {
        paper.heading("三、数据怎样流动 · How the data flow")
        let sealed = sheet.sent.count { $0.technique == .encrypt }
        paper.table(
            [.init("步骤 Step", 1), .init("在哪里 Where", 2), .init("做什么 What", 6)],
            [
                [
                    "1", "机构",
                    "交来文件：读 \(sheet.sent.count + sheet.readOnly.count) 个字段，另有 "
                        + "\(sheet.ignored.count) 列不读",
                ],
                ["2", "本县网关（内存）", "解读、校验、核对同意；不合格的退回，密封留在本地"],
                [
                    "3", "本县网关", "\(sealed) 个字段逐份加密，\(sheet.readOnly.count) 个留下，其余按审核表；生成假名",
                ],
                ["4", "本县数据库", "只有密文、假名、摘要"],
                [
                    "5", sheet.sent.isEmpty ? "—" : "国家平台",
                    sheet.sent.isEmpty ? "不上报" : "收到 \(sheet.sent.count) 个字段，以签名回执答复",
                ],
                ["6", "财政、审计", "结算表与证据包：记录编号、金额、摘要，没有姓名、号码、结果"],
            ])
    }

    private func addRisks(to paper: inout Paper) {
        paper.heading("四、对个人权益的影响及风险程度 · Risks")
        let classes = ["DI", "QI", "SH", "SH+", "OP"]
        paper.table(
            [
                .init("类别 Class", 1), .init("字段 Fields", 1, isNumber: true),
                .init("处理前级别 GB/T 39725", 2), .init("处理后等级 GB/T 42460", 2),
            ],
            classes.compactMap { name in
                let fields = sheet.sent.filter { $0.privacyClass == name }
                guard !fields.isEmpty else { return nil }
                let level = fields.compactMap(\.level).max().map { "\($0)" } ?? "—"
                let grade = fields.compactMap(\.grade).min().map { "\($0)" } ?? "—"
                return [name, "\(fields.count)", level, grade]
            })
        paper.paragraph(
            rarity.map { figures in
                "重标识：\(figures.rows) 行，\(figures.quasi.count) 项准标识有 \(figures.classes) 种组合，最少 "
                    + "\(figures.smallest) 行；\(figures.rowsInSmall) 行的组合不足 \(RarityReading.least) 行；"
                    + "\(figures.rare.count) 个字段有不足 \(RarityReading.least) 例的取值。"
            } ?? "重标识：没有给数据（--data），未计数。")
        paper.heading("五、威胁与措施 · Threats and measures")
        paper.paragraph(
            "风险程度由事实按 mappings/privacy/ratings.csv 得出：处理前是没有这些措施时，处理后是有这些措施时。")
        paper.table(
            [
                .init("编号", 0.7, isWhole: true), .init("威胁 Threat", 2.4),
                .init("措施 Measure", 4), .init("余下 What is left", 2.6),
                .init("处理前", 0.8, isWhole: true), .init("处理后", 0.8, isWhole: true),
                .init("依据的事实 Facts", 2.6),
            ],
            threats.map { threat in
                [
                    threat.code, threat.threat, threat.measure, threat.left,
                    threat.before.rawValue, threat.after.rawValue,
                    threat.because.isEmpty ? "—" : threat.because.joined(separator: "；"),
                ]
            })
        paper.heading("六、检查结果与残余风险 · Findings and what remains")
        paper.table(
            [
                .init("代码", 0.7, isWhole: true), .init("字段或列", 6), .init("问题", 3),
                .init("程度", 1, isWhole: true),
            ],
            findings)
        for (number, risk) in sheet.risks.enumerated() {
            paper.paragraph("\(number + 1)．\(risk.zh)")
        }
        if sheet.sent.contains(where: { $0.technique == .encrypt }) {
            let term = ownCopyDays.map { "留 \($0) 天" } ?? "没有期限"
            paper.paragraph(
                "本县的 ownCopy 现在\(term)（mappings/privacy/retention.yaml）。改短就缩小一人能打开的范围；"
                    + "身份还原挡不住的其他情形见 docs/privacy/identify.md 第七节。")
        }
    }

    /// What is to be mended or weighed, a row for each rule; those of real rows (M12, M18) too.
    private var findings: [[String]] {
        let all = sheet.findings + (rarity?.findings ?? [])
        var codes: [String] = []
        for finding in all where !codes.contains(finding.code) { codes.append(finding.code) }
        return codes.map { code in
            let found = all.filter { $0.code == code }
            let places = sheet.namesByPlace(of: found)
            return [
                code, places.isEmpty ? found.map(sheet.titled).joined(separator: "、") : places,
                found[0].entry?.what.zh ?? "", found[0].isToMend ? "须改" : "须权衡",
            ]
        }
    }

    private func addOpinion(to paper: inout Paper) {
        paper.heading("七、结论 · Conclusion")
        paper.blank("【负责人填写】保护措施是否合法、有效并与风险程度相适应；对个人权益的影响能否接受：")
        paper.blank("【负责人填写】结论：□ 可以处理　□ 改进后再评估　□ 不得处理　　条件：")
        paper.paragraph(
            "再评估：\(day.adding(days: 365)) 之前；或审核表出现任何“+”时立即。本报告和处理情况记录至少保存三年"
                + "（《个人信息保护法》第五十六条）。")
        paper.paragraph(
            "编制 ＿＿＿＿＿＿＿＿　　隐私负责人 ＿＿＿＿＿＿＿＿　　部门 ＿＿＿＿＿＿＿＿　　日期 ＿＿＿＿＿＿")
        paper.paragraph("（盖章处）")
    }
}
