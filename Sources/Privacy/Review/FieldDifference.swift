import Definitions
import Records

/// All differences between two versions of one field of a sheet (字段的差异).
struct FieldDifference {
    let old: ReviewSheet.Field
    let new: ReviewSheet.Field

    func note(in list: inout ChangeList) {
        func note(_ direction: SheetChange.Direction, _ zh: String, _ en: String) {
            list.note(direction, "\(new.label.zh)：\(zh)", "\(new.label.en): \(en)")
        }
        noteTreatment(note)
        let leaves = new.technique != .drop
        if old.isRequired, !new.isRequired, leaves { note(.worse, "不再必填", "no longer mandatory") }
        if !old.isRequired, new.isRequired { note(.better, "改为必填", "now mandatory") }
        if let level = new.level, let before = old.level, level != before {
            note(
                level < before ? .worse : .better, "敏感级别 \(before) → \(level)",
                "level \(before) → \(level)")
        }
        if new.privacyClass != old.privacyClass {
            note(
                rank(new) < rank(old) ? .worse : .better,
                "类别 \(old.privacyClass) → \(new.privacyClass)",
                "class \(old.privacyClass) → \(new.privacyClass)")
        }
        noteGrounds(leaves, note)
        if new.source != old.source || new.isConstant != old.isConstant {
            let isFixed = new.isConstant && !old.isConstant
            note(
                .worse,
                "来源 \(old.sourceTitle.zh) → \(new.sourceTitle.zh)\(isFixed ? "（不再看列）" : "")",
                "from \(old.sourceTitle.en) → \(new.sourceTitle.en)"
                    + (isFixed ? " (no column any more)" : ""))
        }
        if new.path != old.path {
            note(.worse, "报文位置 \(old.path) → \(new.path)", "on the wire \(old.path) → \(new.path)")
        }
        if new.number != old.number {
            note(.worse, "编号 \(old.number) → \(new.number)", "number \(old.number) → \(new.number)")
        }
        if new.title != old.title {
            note(.neither, "名称 \(old.title.zh) → \(new.title.zh)", "another title")
        }
    }

    private func noteTreatment(_ note: (SheetChange.Direction, String, String) -> Void) {
        guard new.technique == old.technique else {
            let order = ReviewSheet.Technique.allCases
            let isWeaker =
                order.firstIndex(of: new.technique) ?? 0 < order.firstIndex(of: old.technique) ?? 0
            note(
                isWeaker ? .worse : .better,
                "\(old.technique.title.zh) → \(new.technique.title.zh)",
                "\(old.technique.title.en) → \(new.technique.title.en)")
            return
        }
        if new.keyDomain != old.keyDomain { note(.worse, "密钥域变了", "another key domain") }
        if new.reason != old.reason { note(.neither, "理由变了", "another reason") }
        if let grade = new.grade, let before = old.grade, grade != before {
            note(
                grade < before ? .worse : .better, "处理后等级 \(before) → \(grade)",
                "grade \(before) → \(grade)")
        }
    }

    private func noteGrounds(
        _ leaves: Bool, _ note: (SheetChange.Direction, String, String) -> Void
    ) {
        guard leaves, old.technique != .drop else { return }
        if old.isFreeText, !new.isFreeText {
            note(.worse, "不再算自由文本", "no longer taken for free text")
        }
        switch (old.ground, new.ground) {
        case (_?, nil): note(.worse, "不再写明必要性", "its ground is gone")
        // It is what lets it leave.
        case (nil, _?): note(.worse, "新写明必要性，据此放行", "a ground to leave on")
        case (let before, let now) where before != now: note(.neither, "必要性变了", "another ground")
        default: break
        }
    }

    /// From what says nothing of a person to what harms most.
    private func rank(_ field: ReviewSheet.Field) -> Int {
        ["OP", "QI", "SH", "DI", "SH+"].firstIndex(of: field.privacyClass) ?? 0
    }
}
