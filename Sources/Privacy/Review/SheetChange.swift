import Foundation
package import Records

/// One difference in what a mapping does to privacy, against the version approved last.
package struct SheetChange: Hashable, Sendable {
    package enum Direction: Sendable {
        /// Shown as `+`: more leaves, or may, or on other grounds. Needs a new approval.
        case worse
        /// Shown as `−`.
        case better
        /// Shown as `·`: it cannot make more leave.
        case neither
    }

    package let direction: Direction
    package let what: Wording
}

extension ReviewSheet {
    /// What is different from `earlier`: the head, then all differences of each field, in the order
    /// of the wire, then those of rules, tables and terms, then findings.
    package func changes(since earlier: ReviewSheet) -> [SheetChange] {
        var list = ChangeList()
        compareHeads(earlier, &list)
        compareFields(earlier, &list)
        if let grounding {
            if let before = earlier.grounding {
                GroundingDifference(before: before, now: grounding, sheet: self).note(in: &list)
            } else {
                list.worse(
                    "上次批准的审核表没有记下规则、表和期限，这些无法比较",
                    "The sheet approved last does not say its rules, tables and terms")
            }
        }
        compareFindings(earlier, &list)
        if list.changes.isEmpty, content != earlier.content {
            list.note(
                .neither, "只有示例、注释或写法有改动，见文件差异",
                "Only examples, comments or spellings changed; see the files' diff")
        }
        return list.changes
    }

    private func compareHeads(_ earlier: ReviewSheet, _ list: inout ChangeList) {
        for word in recipient.differences(from: earlier.recipient) {
            list.worse("变了：\(word)", "Changed: \(word)")
        }
        if purpose != earlier.purpose { list.worse("目的变了", "Purpose") }
        if legalBasis != earlier.legalBasis { list.worse("依据变了", "Legal basis") }
        if retention != earlier.retention { list.worse("保存期限变了", "Retention") }
        guard asksConsent != earlier.asksConsent else { return }
        list.note(
            asksConsent ? .better : .worse,
            asksConsent ? "开始按知情同意挑选记录" : "不再按知情同意挑选记录",
            asksConsent ? "Records are now selected by consent" : "No longer selected by consent")
    }

    private func compareFields(_ earlier: ReviewSheet, _ list: inout ChangeList) {
        let before = earlier.fieldsByName
        let now = fieldsByName
        for field in sent + readOnly {
            guard let old = before[field.name] else {
                let isSent = field.technique != .drop
                let wasIgnored = earlier.ignored.contains(field.source)
                list.about = [field.name, field.source]
                list.note(
                    isSent ? .worse : .neither,
                    "新增\(isSent ? "上报" : "只读")字段 \(field.label.zh)：\(field.technique.title.zh)，"
                        + "来自 \(field.sourceTitle.zh)\(wasIgnored ? "（原来忽略的列）" : "")",
                    "New field \(field.label.en): \(field.technique.title.en), from "
                        + "\(field.sourceTitle.en)\(wasIgnored ? " (ignored before)" : "")")
                continue
            }
            list.about = [field.name, field.source]
            FieldDifference(old: old, new: field).note(in: &list)
        }
        for old in earlier.sent + earlier.readOnly where now[old.name] == nil {
            list.about = [old.name]
            // A rule that no longer sees what it asks of keeps nothing at home.
            list.note(
                old.technique == .drop ? .worse : .better,
                "不再读取 \(old.label.zh)"
                    + (old.technique == .drop ? "（规则看不到它了）" : ""),
                "No longer read: \(old.name)"
                    + (old.technique == .drop ? " (the rules see it no more)" : ""))
        }
        list.about = []
    }

    private func compareFindings(_ earlier: ReviewSheet, _ list: inout ChangeList) {
        for finding in findings where !earlier.findings.contains(finding) {
            list.worse(
                "新的检查结果 \(finding.code)：\(finding.field)",
                "New finding \(finding.code): \(finding.field)")
        }
        let columns = Set((sent + readOnly).flatMap { $0.source.components(separatedBy: "、") })
        for finding in earlier.findings where !findings.contains(finding) {
            // It is no gain that a rule is silent because the thing itself was let through.
            let isLetThrough =
                list.isWorse(finding.field)
                || finding.code == "M09" && columns.contains(finding.field)
                || !list.isBetter(finding.field) && list.isLoosened
            list.note(
                isLetThrough ? .neither : .better,
                isLetThrough
                    ? "检查结果 \(finding.code) 不再列出：\(finding.field)，因为上面的改动"
                    : "检查结果 \(finding.code) 已消除：\(finding.field)",
                isLetThrough
                    ? "Finding \(finding.code) is no longer listed: \(finding.field), by what changed"
                    : "Finding \(finding.code) is gone: \(finding.field)")
        }
    }

    var fieldsByName: [String: Field] {
        Dictionary((sent + readOnly).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension ReviewSheet.Field {
    /// The field as changes name it.
    var label: Wording { Wording(zh: "\(title.zh)（\(name)）", en: name) }

    /// The column, or the fixed value.
    var sourceTitle: Wording {
        Wording(
            zh: isConstant ? "固定值 \(source)" : source,
            en: isConstant ? "the constant \(source)" : source)
    }
}

/// Differences as they are found, and of what they are.
struct ChangeList {
    private(set) var changes: [SheetChange] = []
    /// Fields and columns that the next notes are about.
    var about: [String] = []
    private var worseNames: Set<String> = []
    private var betterNames: Set<String> = []
    /// Whether a rule, a table or a list was changed so that more may leave.
    var isLoosened = false

    mutating func note(_ direction: SheetChange.Direction, _ zh: String, _ en: String) {
        changes.append(SheetChange(direction: direction, what: Wording(zh: zh, en: en)))
        switch direction {
        case .worse: worseNames.formUnion(about)
        case .better: betterNames.formUnion(about)
        case .neither: break
        }
    }

    mutating func worse(_ zh: String, _ en: String) { note(.worse, zh, en) }

    func isWorse(_ name: String) -> Bool { worseNames.contains(name) }

    func isBetter(_ name: String) -> Bool { betterNames.contains(name) }
}
