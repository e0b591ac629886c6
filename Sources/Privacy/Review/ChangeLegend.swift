import Records

extension SheetChange {
    /// What the marks of the list of changes say.
    static let legend = Wording(
        zh: "+ 增加隐私影响，须重新审核；− 减少；· 不增不减，如来源列改名、新读一列而不上报。",
        en: "+ more leaves: approve anew; − less; · neither, as a renamed column.")
}
