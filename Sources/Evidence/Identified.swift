package import Records

extension Fact {
    /// A step on the way to finding out who cases are about (身份还原): who did what to which request,
    /// and what became of it. Never a name or number of those people.
    package struct Identified: Sendable, Codable, Hashable {
        /// A step, as the ledger writes it.
        package enum Step: String, Sendable, Codable, CaseIterable {
            case requested, approved, refused, opened, revealed, closed, expired, reviewed
            /// An attempt that was not allowed; `result` is its code.
            case denied
        }

        /// The request's id.
        package let request: String
        package let step: Step
        /// Who did it; empty where time alone did.
        package let by: String
        /// The cases that the step is about.
        package let records: [RecordID]
        /// What became of it: `done`, `first`, `second`, or a code.
        package let result: String
        /// Exactly what was signed, JSON; absent where the step bears no signature.
        package let text: String?
        /// DER, as Base64.
        package let signature: String?
        /// SHA-256 of the signer's public key, hex.
        package let key: String?

        package init(
            request: String, step: Step, by: String, records: [RecordID], result: String = "done",
            text: String? = nil, signature: String? = nil, key: String? = nil
        ) {
            self.request = request
            self.step = step
            self.by = by
            self.records = records
            self.result = result
            self.text = text
            self.signature = signature
            self.key = key
        }

        var summary: Wording {
            let who = by.isEmpty ? Wording(zh: "", en: "") : Wording(zh: "（\(by)）", en: " by \(by)")
            return Wording(
                zh: "身份还原 \(request)：\(Identified.words[step]?.zh ?? step.rawValue)\(who.zh)",
                en: "identification \(request): \(Identified.words[step]?.en ?? step.rawValue)"
                    + who.en)
        }

        /// How people call the steps.
        package static let words: [Step: Wording] = [
            .requested: Wording(zh: "申请", en: "requested"),
            .approved: Wording(zh: "批准", en: "approved"),
            .refused: Wording(zh: "驳回", en: "refused"),
            .opened: Wording(zh: "打开", en: "opened"),
            .revealed: Wording(zh: "显示明文", en: "shown in the clear"),
            .closed: Wording(zh: "关闭", en: "closed"),
            .expired: Wording(zh: "过期", en: "expired"),
            .reviewed: Wording(zh: "复核", en: "reviewed"),
            .denied: Wording(zh: "不允许", en: "not allowed"),
        ]
    }
}
