package import Records

/// The book of codes of the ledger, for `shangbao explain`.
package let evidenceCodes: [CodeEntry] = [
    CodeEntry(
        "E-CHAIN",
        what: Wording(
            zh: "账本的哈希链断开：有一行缺失、被改动或对不上。",
            en: "The ledger's chain is broken: a line is missing, changed, or does not fit."),
        next: Wording(
            zh: "停止投递，保留现场，用备份核对该行。",
            en: "Stop delivery, keep everything as it is, and compare that line with a backup.")),
    TieOutFailure.code,
]
