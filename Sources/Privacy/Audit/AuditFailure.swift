package import Records

/// The trail cannot be written or trusted (审计记录故障).
package struct AuditFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case unwritten, exposed, broken, reader, output
    }

    package let reason: Reason
    /// The file.
    package let place: String?
    package let detail: String?

    package init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    package var entry: CodeEntry {
        switch reason {
        case .unwritten: AuditFailure.unwrittenEntry
        case .exposed: AuditFailure.exposedEntry
        case .broken: AuditFailure.brokenEntry
        case .reader: AuditFailure.readerEntry
        case .output: AuditFailure.outputEntry
        }
    }

    static let entries = [
        unwrittenEntry, exposedEntry, brokenEntry, readerEntry, outputEntry,
    ]

    private static let unwrittenEntry = CodeEntry(
        "E-AUDIT-WRITE",
        what: Wording(
            zh: "审计记录写不下来，所以什么都没有做。",
            en: "The audit trail cannot be written, so nothing was done."),
        next: Wording(
            zh: "检查审计文件的目录权限和磁盘空间（shangbao.yaml 的 audit.file），再试。",
            en: "See to the folder's permission and the disk's room (audit.file in shangbao.yaml), "
                + "then try again."))
    private static let exposedEntry = CodeEntry(
        "E-AUDIT-MODE",
        what: Wording(
            zh: "审计文件不是普通文件，或所有人可读。",
            en: "The audit trail is no plain file, or everybody may read it."),
        next: Wording(
            zh: "把文件权限改为 600 或 640（chmod 640）。", en: "Set its mode to 600 or 640."))
    private static let brokenEntry = CodeEntry(
        "E-AUDIT-BROKEN",
        what: Wording(
            zh: "审计记录被改动、删减，或不是本程序写的。",
            en: "The audit trail was changed or cut, or is none of ours."),
        next: Wording(
            zh: "保留现场；运行 shangbao audit verify，与备份和账本中的锚点核对，报告隐私负责人。",
            en: "Leave everything as it is; run shangbao audit verify, compare with a backup and "
                + "with the heads in the ledger, and report to the privacy officer."))
    private static let readerEntry = CodeEntry(
        "E-AUDIT-READER",
        what: Wording(
            zh: "您的账户不在审计员名单里，不能查看审计记录。",
            en: "Your account is none of the auditors': the trail is not for you to read."),
        next: Wording(
            zh: "请审计员查看；名单在 shangbao.yaml 的 audit.readers。",
            en: "Ask an auditor; they are named in audit.readers of shangbao.yaml."))
    private static let outputEntry = CodeEntry(
        "E-AUDIT-OUT",
        what: Wording(
            zh: "审计记录的副本写不出来；审计记录本身没有问题。",
            en: "The copy of the audit trail cannot be written; the trail itself is well."),
        next: Wording(
            zh: "--out 换一个还没有的文件名（旁边的 .anchors 也要没有），目录要先有、可写。",
            en:
                "Give --out the name of a file that is not there, nor its .anchors, in a folder that "
                + "is there and can be written."))
}
