/// What a mapping says of how long it is kept (保存期限).
enum Retention {
    /// Whether it gives a term: a number with its unit, or the rules of archives. Nothing that is
    /// kept for ever has one, however many numbers stand beside it.
    static func namesTerm(_ text: String) -> Bool {
        let clauses = text.lowercased().split { "；;。".contains($0) }.map(String.init)
        let isArchived = { (clause: String) in clause.contains("档案") || clause.contains("archiv") }
        let isEndless = clauses.contains { clause in
            !isArchived(clause) && endless.contains { clause.contains($0) }
        }
        guard !isEndless else { return false }
        return clauses.contains { clause in
            isArchived(clause) || atOnce.contains { clause.contains($0) }
                || clause.contains(
                    /[0-9０-９一二两三四五六七八九十百半]+ *个?(天|日|周|月|年|day|week|month|year)/)
        }
    }

    private static let endless = [
        "不删", "不予删", "不作删", "不清除", "不销毁", "永久", "永远", "永不", "长期", "无限", "一直",
        "never", "forever", "indefinit", "permanent",
    ]
    private static let atOnce = ["立即删除", "随即删除", "当即删除", "at once"]
}
