package import Records

/// What counting the rows of lists may say.
package enum ListCodes {
    static let incomplete = CodeEntry(
        "V-LISTED",
        what: Wording(
            zh: "名单的一行缺少所列字段，不知道计谁、计在哪里或哪一年。",
            en: "A row of a list lacks the field named: whom, where or when it counts is unknown."),
        next: Wording(
            zh: "请填报单位补上后重新导出名单。", en: "Ask for it to be filled in and exported again."))
    static let twice = CodeEntry(
        "S-TWICE",
        what: Wording(
            zh: "同一人本年度在本名单中列了两次，只计一次。",
            en: "The list names the same person twice for the year; she counts once."),
        next: Wording(zh: "无需处理；可请填报单位删去多余的一行。", en: "Nothing to do; the row may be deleted."))
    static let elsewhere = CodeEntry(
        "S-ELSEWHERE",
        what: Wording(
            zh: "同一人本年度已计在另一个村（社区）或另一来源的名单中，这里不再计，也不能从这里取消。",
            en:
                "Another village's or source's list counts the same person for the year: this one "
                + "neither counts her nor takes her off."),
        next: Wording(
            zh: "查清归属；改由这里计的，先在原名单中取消，再收本名单。",
            en: "Find out where she belongs; to count her here, take her off there first."))
    static let unlisted = CodeEntry(
        "V-UNLISTED",
        what: Wording(
            zh: "该行写“取消”，但名单上没有此人（或年度不同）。",
            en: "The row takes somebody off who is not on the list for that year."),
        next: Wording(
            zh: "核对证件号码和年度；若从未列入，无需处理。",
            en: "Compare number and year; if she never was on it, nothing is to be done."))
    static let again = CodeEntry(
        "V-RELISTED",
        what: Wording(
            zh: "此人已从名单取消，现又列入，重新计数。",
            en: "She was taken off the list and is on it again: she counts again."),
        next: Wording(
            zh: "若是收了旧名单，请再收一次写有“取消”的名单（文件名或内容须不同）。",
            en: "If this was an old list, take in one again that takes her off."))
}

/// All codes of lists, for `shangbao explain`.
package let listCodes: [CodeEntry] = [
    ListCodes.incomplete, ListCodes.twice, ListCodes.elsewhere, ListCodes.unlisted,
    ListCodes.again,
]
