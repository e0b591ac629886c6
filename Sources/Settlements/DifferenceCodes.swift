package import Records

extension SettlementCode {
    static let stateDiffers = CodeEntry(
        Discrepancy.Kind.stateDiffers.rawValue,
        what: Wording(
            zh: "双方都有这一例，状态或版本不同。", en: "Both books have the case, and say otherwise of it."),
        next: Wording(
            zh: "按原因查：未收到回执的看 shangbao receipts record，其余请国家平台核对。",
            en: "See its reason: for a missing receipt shangbao receipts record, else ask the "
                + "national side."))
}

/// The codes of rows of a list that make no sense, for `shangbao explain`.
package let differenceCodes: [CodeEntry] = ListedRowProblem.allCases.map(\.entry)
