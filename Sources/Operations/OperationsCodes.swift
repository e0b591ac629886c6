package import Records

/// What the service tells people of by itself (运行事件).
package enum OperationsCodes {
    static let stuck = CodeEntry(
        "N-STUCK",
        what: Wording(
            zh: "通道开着，却有报文一刻钟以上没有发出。",
            en: "The lane is open, and something has not been sent for a quarter of an hour."),
        next: Wording(
            zh: "看 shangbao status 和日志；不见动静就重启服务。",
            en: "See shangbao status and the log; restart the service if nothing moves."))
    static let doubt = CodeEntry(
        "N-DOUBT",
        what: Wording(
            zh: "有报文发出后四小时仍不知对方是否收到。",
            en: "Of something that was sent it is not known for four hours whether it arrived."),
        next: Wording(
            zh: "程序正在查询；联系国家平台，报上 shangbao queue list --state inDoubt 的编号。",
            en: "It is being asked for; call the national side with the ids of "
                + "shangbao queue list --state inDoubt."))
    static let overdue = CodeEntry(
        "N-OVERDUE",
        what: Wording(zh: "对方收到一天仍没有回执。", en: "The other side has not answered for a day."),
        next: Wording(
            zh: "不当作已接收；联系国家平台。", en: "Do not take it for accepted; call the national side."))
    static let disk = CodeEntry(
        "N-DISK",
        what: Wording(
            zh: "磁盘空间不到一成，或不能写入。", en: "Less than a tenth of a disk is free, or it is read-only."),
        next: Wording(
            zh: "清理或扩容；不要删除 -wal、-shm 文件。",
            en: "Make room or add a disk; never delete -wal or -shm."))
    static let certificate = CodeEntry(
        "N-CERTIFICATE",
        what: Wording(zh: "证书三十天内到期。", en: "A certificate ends within thirty days."),
        next: Wording(
            zh: "换新证书和私钥，然后 systemctl reload shangbao。",
            en: "Put the new certificate and key in place, then systemctl reload shangbao."))
    static let recipient = CodeEntry(
        "N-RECIPIENT",
        what: Wording(
            zh: "国家平台的收件证书三十天内到期；到期后不再封装新报文。",
            en: "The recipient's certificate ends within thirty days; nothing new is sealed after."),
        next: Wording(
            zh: "向国家平台索取新证书，shangbao keys import-recipient，然后 systemctl reload shangbao。",
            en: "Ask the national side for the new one, shangbao keys import-recipient, then "
                + "systemctl reload shangbao."))
    static let approval = CodeEntry(
        "N-APPROVAL-ENDING",
        what: Wording(
            zh: "映射的批准三十天内到期，或已到期；到期后不再接收，也不再封装。",
            en: "A mapping's approval ends within thirty days, or has ended; nothing is taken or "
                + "sealed after its last day."),
        next: Wording(
            zh: "编写人出新的审核表（shangbao mapping sheet），审批人再次审核签署。",
            en: "The author makes a new sheet (shangbao mapping sheet); the officer decides anew."))
    static let reconciling = CodeEntry(
        "N-RECONCILING",
        what: Wording(
            zh: "数据库可能缺了已确认的内容：先对账，停止发送。",
            en: "The database may lack what was confirmed: nothing is sent until it is reconciled."),
        next: Wording(
            zh: "看 shangbao status，核对后 shangbao queue open。",
            en: "See shangbao status, and when it is clear shangbao queue open."))
    static let reload = CodeEntry(
        "N-RELOAD",
        what: Wording(
            zh: "新配置不合格，仍按原来的运行。", en: "The new configuration is not sound; the old one goes on."),
        next: Wording(
            zh: "按日志所示的文件和行改正，shangbao lint 之后再 reload。",
            en: "Mend the file and line that the log shows, run shangbao lint, and reload."))
    static let schedule = CodeEntry(
        "N-SCHEDULE",
        what: Wording(
            zh: "一项日程最近一次没有做完。", en: "The last run of a schedule did not do its work."),
        next: Wording(
            zh: "看 shangbao schedule list；需要时 shangbao schedule run 名称。",
            en: "See shangbao schedule list; if need be shangbao schedule run NAME."))

    /// All codes of this module, for `shangbao explain`.
    package static let all = [
        stuck, doubt, overdue, disk, certificate, recipient, approval, reconciling,
        reload, schedule,
    ]
}
