package import Records

extension ApprovalStore {
    /// Records that were packed before and are to be sealed again (重新组包), with what holds now.
    package struct Resealing: Sendable {
        /// Of the mapping that made them, SHA-256 hex.
        let content: String
        /// The decision by which they were packed, SHA-256 hex; `nil` where there was none.
        let approval: String?
        let recipient: ReviewSheet.Recipient
        /// The profile's files.
        let interface: [ApprovalBinding.File]

        package init(
            content: String, approval: String?, recipient: ReviewSheet.Recipient,
            interface: [ApprovalBinding.File]
        ) {
            self.content = content
            self.approval = approval
            self.recipient = recipient
            self.interface = interface
        }

        /// What is otherwise than an approval says, in words that name it; empty where it holds.
        func differences(from approval: Approval) -> [String] {
            let before = Set(approval.files)
            return recipient.differences(from: approval.recipient)
                + interface.filter { !before.contains($0) }.map(\.path)
        }
    }

    /// The decision by which records may be sealed again on a day: one in force on a mapping of
    /// these names, whatever its version, that names this recipient with this key and these files
    /// of the profile; the one by which they were packed where it still does.
    ///
    /// - Parameter objection: why a decision does not hold for reasons that are not in the folder.
    /// - Throws: `changed` with what is otherwise; `rejected` where what made them was rejected
    ///   since; `expired`, `level`, `none`; the objection to the one that would do.
    package func check(
        _ packed: Resealing, of mappings: Set<String>, on day: CalendarDate,
        objection: (Approval) -> ApprovalFailure? = { _ in nil }
    ) throws(ApprovalFailure) -> Approval {
        let made = mappings.sorted().flatMap { history(mapping: $0) }.map(\.approval)
            .sorted { $0.decidedAt < $1.decidedAt }
        // Of each content the newest is in force.
        var inForce: [Approval] = []
        for approval in made {
            inForce.removeAll {
                $0.mapping == approval.mapping && $0.content == approval.content
            }
            inForce.append(approval)
        }
        let own =
            inForce.last { $0.digest == packed.approval }
            ?? inForce.last { $0.content.sha256 == packed.content }
        if let own, own.decision == .rejected {
            throw ApprovalFailure(.rejected, mapping: own.mapping)
        }
        let others = inForce.reversed().filter { $0.decision == .approved }
        let candidates = (own.map { [$0] } ?? []) + others
        var first: ApprovalFailure?
        for approval in candidates {
            guard let failure = whyNot(packed, by: approval, on: day) ?? objection(approval)
            else { return approval }
            first = first ?? failure
        }
        throw first
            ?? ApprovalFailure(.none, mapping: mappings.sorted().joined(separator: ", "))
    }

    private func whyNot(
        _ packed: Resealing, by approval: Approval, on day: CalendarDate
    ) -> ApprovalFailure? {
        let different = packed.differences(from: approval)
        if !different.isEmpty {
            return ApprovalFailure(
                .changed, mapping: approval.mapping, detail: ApprovalStore.list(different))
        }
        if day > approval.validUntil {
            return ApprovalFailure(
                .expired, mapping: approval.mapping, detail: approval.validUntil.description)
        }
        return isWithinPower(approval)
            ? nil
            : ApprovalFailure(.level, mapping: approval.mapping, detail: approval.approver)
    }
}
