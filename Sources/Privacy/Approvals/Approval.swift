package import Records

/// The privacy officer's decision on a mapping (审核决定), bound to its content.
///
/// Its one JSON text is signed with the officer's own key.
package struct Approval: Hashable, Sendable, Codable {
    package enum Decision: String, Sendable, Codable, CaseIterable {
        case approved, rejected
    }

    /// `name@version`, e.g. `county-csv@1`.
    package let mapping: String
    package let programme: String
    package let profile: String
    /// What the mapping is made of, and the files of the profile.
    package let files: [ApprovalBinding.File]
    package let content: MappingContent
    package let xsd: DigestPair
    /// Whose key seals what leaves, and where it goes; `nil` in decisions of earlier releases.
    package let recipient: ReviewSheet.Recipient?
    /// Of the review sheet's JSON that was before the approver.
    package let sheet: DigestPair
    /// The version of the rules M01 to M18 under which the sheet was made.
    package let lint: String
    /// The highest level (GB/T 39725) among what leaves.
    package let level: Int
    package let decision: Decision
    package let approver: String
    package let role: String
    package let department: String
    /// SHA-256 of the approver's public key, as `openssl pkey -pubout -outform DER` gives it.
    package let key: String
    /// Who wrote the mapping. Nobody approves their own.
    package let author: String
    package let decidedAt: Timestamp
    /// The last day on which it holds.
    package let validUntil: CalendarDate
    package let reason: String
    private let v: Int

    /// Three years.
    private static let longestDays = 3 * 365 + 1

    /// - Parameters:
    ///   - binding: what is decided on, as it is now.
    ///   - officer: who decides.
    /// - Throws: `selfApproval` where approver and author are one, `reason` where none is given, or
    ///   none for a finding to be weighed, `term` for a last day in the past or more than three
    ///   years ahead, `level` for a field above what the officer may approve, `findings` where
    ///   something has to be mended first.
    package init(
        of binding: ApprovalBinding, decision: Decision, by officer: ApprovalOfficer,
        author: String, decidedAt: Timestamp, validUntil: CalendarDate, reason: String
    ) throws(ApprovalFailure) {
        let name = binding.mapping
        let writer = NameSpelling(author)
        guard writer.isName, !writer.shares(with: NameSpelling(officer.name)) else {
            throw ApprovalFailure(.selfApproval, mapping: name)
        }
        // What has to be weighed is answered one by one, by its code.
        let unanswered =
            decision == .rejected ? [] : binding.sheet.weighed.filter { !reason.contains($0) }
        guard reason.contains(where: { $0.isLetter }), unanswered.isEmpty else {
            throw ApprovalFailure(
                .reason, mapping: name,
                detail: unanswered.isEmpty ? nil : unanswered.joined(separator: ", "))
        }
        let today = decidedAt.day
        guard (today...today.adding(days: Approval.longestDays)).contains(validUntil) else {
            throw ApprovalFailure(.term, mapping: name, detail: validUntil.description)
        }
        if decision == .approved {
            guard binding.sheet.highestLevel <= officer.upTo else {
                throw ApprovalFailure(
                    .level, mapping: name,
                    detail: "\(officer.name) ≤ \(officer.upTo) < \(binding.sheet.highestLevel)")
            }
            let open = Set(binding.sheet.findings.filter(\.isToMend).map(\.code)).sorted()
            guard open.isEmpty else {
                throw ApprovalFailure(
                    .findings, mapping: name, detail: open.joined(separator: ", "))
            }
        }
        mapping = name
        programme = binding.programme
        profile = binding.profile
        files = binding.files + binding.interface
        content = binding.content
        xsd = binding.xsd
        recipient = binding.sheet.recipient
        sheet = DigestPair(of: binding.sheet.json)
        lint = binding.sheet.lint
        level = binding.sheet.highestLevel
        self.decision = decision
        approver = officer.name
        role = officer.role
        department = officer.department
        key = officer.fingerprint
        self.author = author
        self.decidedAt = decidedAt
        self.validUntil = validUntil
        self.reason = reason
        v = 3
    }

    /// The one JSON text; what is signed.
    package var canonicalText: [UInt8] { canonicalJSON(self) }

    /// SHA-256 of the one JSON text: what ledger and evidence call this decision by.
    package var digest: String { DigestPair(of: canonicalText).sha256 }

    /// Reads the one JSON text.
    package init?(canonical bytes: [UInt8]) {
        guard let approval = value(ofCanonical: bytes, as: Approval.self),
            [2, 3].contains(approval.v)
        else {
            return nil
        }
        self = approval
    }
}
