import Flow
import Records

/// A half-taken item as a person reads it: how far it is, why it stands still, one next step.
struct HalfTakenLine: Encodable, Sendable {
    let item: String
    let file: String
    /// Excel's number of the last row on disk; 0 where none is.
    let lastRow: Int
    let rows: Int
    let standing: HalfTaken.Standing

    init(_ item: HalfTaken, _ standing: HalfTaken.Standing) {
        self.item = item.intake.text
        file = item.name
        lastRow = item.lastRow
        rows = item.rows
        self.standing = standing
    }

    func show(_ output: Output) {
        let id = String(item.prefix(8))
        output.paragraph(
            said(
                "\(file)（\(id)）收到第 \(lastRow) 行，\(rows) 行已入账；\(why.zh)",
                "\(file) (\(id)) was taken up to row \(lastRow), \(rows) rows are in the books; "
                    + why.en))
        output.paragraph(said("下一步：", "Next: ") + next.said)
    }

    private var why: Wording {
        switch standing {
        case .resumable: Wording(zh: "其余还没收。", en: "the rest is to come.")
        case .fileGone:
            Wording(zh: "原文件已不在原处。", en: "its file is no longer where it was.")
        case .fileChanged:
            Wording(
                zh: "原文件已改动，现在的内容算另一份文件。",
                en: "its file has changed: what is there now is another item.")
        case .judgedAnew:
            Wording(
                zh: "映射或机构名单已改，同一文件会作为另一份重新收。",
                en: "mapping or list of institutions was mended: the file is another item now.")
        }
    }

    private var next: Wording {
        switch standing {
        case .resumable: Wording(zh: "再 shangbao take 一次，会接着收。", en: "take it again; it goes on.")
        case .fileGone, .fileChanged, .judgedAnew:
            Wording(
                zh: "收现有的文件，再 shangbao abandon \(item.prefix(8)) --because 理由",
                en: "take the file that is there, then shangbao abandon \(item.prefix(8)) "
                    + "--because WHY")
        }
    }
}
