package import Records

/// One difference in what a mapping does to privacy, against the version approved last.
package struct SheetChange: Hashable, Sendable {
    package enum Direction: Sendable {
        /// Shown as `+`: more leaves, or on other grounds. Needs a new approval.
        case worse
        /// Shown as `−`.
        case better
        case neither
    }

    package let direction: Direction
    package let what: Wording
}

extension ReviewSheet {
    /// What is different from `earlier`, fields in the order of the wire.
    package func changes(since earlier: ReviewSheet) -> [SheetChange] {
        var changes: [SheetChange] = []
        func note(_ direction: SheetChange.Direction, _ zh: String, _ en: String) {
            changes.append(SheetChange(direction: direction, what: Wording(zh: zh, en: en)))
        }
        for word in recipient.differences(from: earlier.recipient) {
            note(.worse, "变了：\(word)", "Changed: \(word)")
        }
        if purpose != earlier.purpose { note(.worse, "目的变了", "Purpose") }
        if legalBasis != earlier.legalBasis { note(.worse, "依据变了", "Legal basis") }
        if retention != earlier.retention { note(.worse, "保存期限变了", "Retention") }
        if asksConsent != earlier.asksConsent {
            note(
                asksConsent ? .better : .worse,
                asksConsent ? "开始按知情同意挑选记录" : "不再按知情同意挑选记录",
                asksConsent
                    ? "Records are now selected by consent" : "No longer selected by consent")
        }
        let before = earlier.fieldsByName
        let now = fieldsByName
        for field in sent + readOnly {
            let label = (zh: "\(field.title.zh)（\(field.name)）", en: field.name)
            guard let old = before[field.name] else {
                let isSent = field.technique != .drop
                note(
                    isSent ? .worse : .neither,
                    "新增\(isSent ? "上报" : "只读")字段 \(label.zh)：\(field.technique.title.zh)",
                    "New field \(label.en): \(field.technique.title.en)")
                continue
            }
            if let change = ReviewSheet.change(of: label, from: old, to: field) {
                changes.append(change)
            }
        }
        for old in earlier.sent + earlier.readOnly where now[old.name] == nil {
            note(
                old.technique == .drop ? .neither : .better,
                "不再读取 \(old.title.zh)（\(old.name)）", "No longer read: \(old.name)")
        }
        for finding in findings where !earlier.findings.contains(finding) {
            note(
                .worse, "新的检查结果 \(finding.code)：\(finding.field)",
                "New finding \(finding.code): \(finding.field)")
        }
        for finding in earlier.findings where !findings.contains(finding) {
            note(
                .better, "检查结果 \(finding.code) 已消除：\(finding.field)",
                "Finding \(finding.code) is gone: \(finding.field)")
        }
        if changes.isEmpty, content != earlier.content {
            note(
                .neither, "只有对照表、代码表、示例或写法有改动，见文件差异",
                "Only tables, examples or spellings changed; see the files' diff")
        }
        return changes
    }

    private var fieldsByName: [String: Field] {
        Dictionary((sent + readOnly).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The heaviest difference between two versions of one field.
    private static func change(of label: (zh: String, en: String), from old: Field, to new: Field)
        -> SheetChange?
    {
        func change(_ direction: SheetChange.Direction, _ zh: String, _ en: String) -> SheetChange {
            SheetChange(
                direction: direction,
                what: Wording(zh: "\(label.zh)：\(zh)", en: "\(label.en): \(en)"))
        }
        if new.technique != old.technique {
            let order = Technique.allCases
            let isWeaker =
                order.firstIndex(of: new.technique) ?? 0 < order.firstIndex(of: old.technique) ?? 0
            return change(
                isWeaker ? .worse : .better,
                "\(old.technique.title.zh) → \(new.technique.title.zh)",
                "\(old.technique.title.en) → \(new.technique.title.en)")
        }
        if new.keyDomain != old.keyDomain {
            return change(.worse, "密钥域变了", "another key domain")
        }
        if old.isRequired, !new.isRequired, new.technique != .drop {
            return change(.worse, "不再必填", "no longer mandatory")
        }
        if let level = new.level, let before = old.level, level != before {
            return change(
                level < before ? .worse : .better, "敏感级别 \(before) → \(level)",
                "level \(before) → \(level)")
        }
        if old.ground != nil, new.ground == nil, new.technique != .drop {
            return change(.worse, "不再写明必要性", "its ground is gone")
        }
        if new.privacyClass != old.privacyClass {
            return change(
                .worse, "类别 \(old.privacyClass) → \(new.privacyClass)",
                "class \(old.privacyClass) → \(new.privacyClass)")
        }
        if new.source != old.source {
            return change(
                .neither, "来源 \(old.source) → \(new.source)", "from \(old.source) → \(new.source)")
        }
        if new.reason != old.reason { return change(.neither, "理由变了", "another reason") }
        return nil
    }
}
