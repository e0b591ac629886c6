import Records

extension Fact {
    /// The vault's data keys were wrapped anew, because those who may open them are others now
    /// (重新封装): who signed, and which keys. Never a key.
    package struct Rewrapped: Sendable, Codable, Hashable {
        /// A step, as the ledger writes it.
        package enum Step: String, Sendable, Codable, CaseIterable {
            /// Keys were found to be wrapped for others than those who are named.
            case due
            /// The first of two people took the outer layer off some keys.
            case begun
            /// The second one wrapped some keys anew; their earlier wrappings are erased.
            case wrapped
            /// Nothing is left that these two can do, or that is to be done.
            case finished
            /// No second one came in time, or the people changed again: what the first left is
            /// erased.
            case lapsed
        }

        /// The rewrapping's id; empty for what no person began.
        package let rewrap: String
        package let step: Step
        /// Who did it; empty where the program alone did.
        package let by: String
        /// The data keys' ids: of a finished one those that open no row and are erased.
        package let keys: [String]
        /// Exactly what was signed, JSON: it names earlier and later pairs by their fingerprints.
        package let text: String?
        /// DER, as Base64.
        package let signature: String?
        /// SHA-256 of the signer's public key, hex.
        package let key: String?

        package init(
            rewrap: String, step: Step, by: String, keys: [String] = [], text: String? = nil,
            signature: String? = nil, key: String? = nil
        ) {
            self.rewrap = rewrap
            self.step = step
            self.by = by
            self.keys = keys
            self.text = text
            self.signature = signature
            self.key = key
        }

        var summary: Wording {
            let who = by.isEmpty ? Wording(zh: "", en: "") : Wording(zh: "（\(by)）", en: " by \(by)")
            let words = Rewrapped.words[step]
            let count = Wording(
                zh: keys.isEmpty ? "" : "，\(keys.count) 把",
                en: keys.isEmpty ? "" : ", \(keys.count)")
            return Wording(
                zh: "保管库密钥\(words?.zh ?? step.rawValue)\(count.zh)\(who.zh)",
                en: "keys of the vault \(words?.en ?? step.rawValue)\(count.en)\(who.en)")
        }

        private static let words: [Step: Wording] = [
            .due: Wording(zh: "应重新封装", en: "are to be wrapped anew"),
            .begun: Wording(zh: "开始重新封装", en: "begun to be wrapped anew"),
            .wrapped: Wording(zh: "已重新封装", en: "wrapped anew"),
            .finished: Wording(zh: "重新封装完成", en: "done"),
            .lapsed: Wording(zh: "重新封装作废", en: "left as they were"),
        ]
    }
}
