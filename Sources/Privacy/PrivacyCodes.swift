package import Records

/// All codes of this module, for `shangbao explain`.
package let privacyCodes: [CodeEntry] =
    KeyFailure.Reason.allCases.map { KeyFailure($0).entry } + ApprovalFailure.entries
    + SheetLint.entries + AuditFailure.entries
