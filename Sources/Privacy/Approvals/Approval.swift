package import Records

/// The privacy officer's decision on a mapping (审核决定), bound to its content.
///
/// Its one JSON text is signed with both of the county's signing keys.
package struct Approval: Hashable, Sendable, Codable {
    package enum Decision: String, Sendable, Codable, CaseIterable {
        case approved, rejected
    }

    /// `name@version`, e.g. `county-csv@1`.
    package let mapping: String
    package let content: MappingContent
    /// SHA-256 over the profile's schemas, 64 hexadecimal digits.
    package let xsd: String
    /// SHA-256 of the review sheet's JSON that was before the approver, 64 hexadecimal digits.
    package let sheet: String
    package let decision: Decision
    package let approver: String
    /// Who wrote the mapping, where it is known. Nobody approves their own.
    package let author: String?
    package let decidedAt: Timestamp
    /// The last day on which it holds.
    package let validUntil: CalendarDate
    package let reason: String
    private let v: Int

    /// Throws `selfApproval` where approver and author are one.
    package init(
        mapping: String, content: MappingContent, xsd: String, sheet: String, decision: Decision,
        approver: String, author: String?, decidedAt: Timestamp, validUntil: CalendarDate,
        reason: String
    ) throws(ApprovalFailure) {
        guard approver != author else { throw ApprovalFailure(.selfApproval, mapping: mapping) }
        self.mapping = mapping
        self.content = content
        self.xsd = xsd
        self.sheet = sheet
        self.decision = decision
        self.approver = approver
        self.author = author
        self.decidedAt = decidedAt
        self.validUntil = validUntil
        self.reason = reason
        v = 1
    }

    /// The one JSON text; what is signed.
    package var canonicalText: [UInt8] { canonicalJSON(self) }

    /// Reads the one JSON text.
    init?(canonical bytes: [UInt8]) {
        guard let approval = value(ofCanonical: bytes, as: Approval.self), approval.v == 1 else {
            return nil
        }
        self = approval
    }
}

/// A mapping may not be used: nothing of its source leaves (映射未获批准).
package struct ApprovalFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case none, changed, expired, rejected, forged
        case selfApproval
        /// The folder cannot be read or written, or a signing key is missing.
        case unreadable
    }

    package let reason: Reason
    /// `name@version`.
    package let mapping: String
    package let detail: String?

    init(_ reason: Reason, mapping: String, detail: String? = nil) {
        self.reason = reason
        self.mapping = mapping
        self.detail = detail
    }

    package var place: String? { mapping }

    package var entry: CodeEntry {
        switch reason {
        case .none: ApprovalFailure.noneEntry
        case .changed: ApprovalFailure.changedEntry
        case .expired: ApprovalFailure.expiredEntry
        case .rejected: ApprovalFailure.rejectedEntry
        case .forged: ApprovalFailure.forgedEntry
        case .selfApproval: ApprovalFailure.selfEntry
        case .unreadable: ApprovalFailure.unreadableEntry
        }
    }

    static let entries = [
        noneEntry, changedEntry, expiredEntry, rejectedEntry, forgedEntry, selfEntry,
        unreadableEntry,
    ]

    private static let review = Wording(
        zh: "运行 shangbao mapping sheet 生成审核表，由隐私负责人审核后 shangbao mapping approve。",
        en: "Make the sheet with shangbao mapping sheet, have it reviewed, then mapping approve.")
    private static let noneEntry = CodeEntry(
        "E-APPROVAL-NONE",
        what: Wording(zh: "这份映射没有经过审核。", en: "This mapping has never been approved."),
        next: review)
    private static let changedEntry = CodeEntry(
        "E-APPROVAL-CHANGED",
        what: Wording(
            zh: "映射、对照表、项目或 XSD 在审核之后改过。",
            en: "The mapping, its tables, the programme or the XSD changed after the approval."),
        next: review)
    private static let expiredEntry = CodeEntry(
        "E-APPROVAL-EXPIRED",
        what: Wording(zh: "审核决定已过有效期。", en: "The approval is past its last day."),
        next: review)
    private static let rejectedEntry = CodeEntry(
        "E-APPROVAL-REJECTED",
        what: Wording(zh: "隐私负责人驳回了这份映射。", en: "The privacy officer rejected this mapping."),
        next: Wording(
            zh: "按驳回理由修改映射，再提请审核。", en: "Change it as the reason says, then ask again."))
    private static let forgedEntry = CodeEntry(
        "E-APPROVAL-FORGED",
        what: Wording(
            zh: "审核决定的签名缺失或不符。", en: "The approval's signatures are missing or wrong."),
        next: Wording(
            zh: "不要使用；查明来源，重新审核。轮换签名密钥后也须重新审核。",
            en: "Do not use it; find out where it came from and review anew."))
    private static let selfEntry = CodeEntry(
        "E-APPROVAL-SELF",
        what: Wording(zh: "审核人就是编写人。", en: "Approver and author are the same person."),
        next: Wording(zh: "请由另一人审核。", en: "Somebody else has to approve it."))
    private static let unreadableEntry = CodeEntry(
        "E-APPROVAL-FILE",
        what: Wording(
            zh: "审核文件夹无法读写，或缺少签名密钥。",
            en: "The folder of approvals cannot be used, or a signing key is missing."),
        next: Wording(
            zh: "核对文件夹权限；签名需要 gm 与 intl 两把密钥。",
            en: "Check the folder's mode; signing takes the keys of both suites."))
}
