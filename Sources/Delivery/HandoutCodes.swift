package import Records

extension DeliveryCodes {
    /// The sentences of one code.
    package static func entry(_ reason: HandoutFailure.Reason) -> CodeEntry {
        switch reason {
        case .stopped:
            CodeEntry(
                reason.rawValue,
                what: Wording(
                    zh: "发送已被人停止，或数据库要先对账：现在不出录入清单。",
                    en: "Sends were stopped by a person, or the database must first be "
                        + "reconciled: no worklist is made now."),
                next: Wording(
                    zh: "看 shangbao status；恢复发送用 shangbao lane start，对账完用 shangbao queue open。",
                    en: "See shangbao status; let it go on with shangbao lane start, or end the "
                        + "reconciling with shangbao queue open."))
        case .taken:
            CodeEntry(
                reason.rawValue,
                what: Wording(
                    zh: "有报文刚被另一个进程取走，一份也没有移动。",
                    en: "Another process has just taken one of the submissions; none was moved."),
                next: Wording(zh: "再运行一次。", en: "Run it once more."))
        }
    }
}
