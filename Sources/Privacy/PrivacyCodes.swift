import LibCrypto
package import Records

/// All codes of this module, for `shangbao explain`.
package let privacyCodes: [CodeEntry] =
    KeyFailure.Reason.allCases.filter { $0 != .device }.map { KeyFailure($0).entry }
    + DeviceFault.Reason.allCases.map(DeviceCodes.entry) + ApprovalFailure.entries
    + SheetLint.entries + AuditFailure.entries
