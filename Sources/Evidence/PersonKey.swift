import Records

extension Fact {
    /// Whose key is whose (本人公钥登记): who may open the vault, or approve mappings, by the key that
    /// was first used for him; whenever another one stands in the site's files, that is said too.
    package struct PersonKey: Sendable, Codable, Hashable {
        /// The list in which he stands.
        package enum Roll: String, Sendable, Codable, CaseIterable {
            /// `custody.people` and `privacy.officers` of the site's file.
            case custody, officers
        }

        /// What became of it, as the ledger writes it.
        package enum Step: String, Sendable, Codable, CaseIterable {
            /// First set-up of the list.
            case noted
            /// He is new, or his key, department or role is another than was noted.
            case other
            /// Somebody says that it is right, and nobody who is noted signs for it: it holds some
            /// days later, if it still stands there then.
            case announced
            /// Somebody says that it is right; from then on it holds.
            case confirmed
            /// He is listed no more.
            case left
            /// What was `other` is listed no more, and never held.
            case withdrawn
        }

        package let roll: Roll
        package let step: Step
        package let name: String
        package let department: String
        package let role: String
        /// SHA-256 of the public key's DER, hex.
        package let key: String
        /// The public key, PEM: what a person's file said may be overwritten.
        package let pem: String
        /// Of a confirmed one who said so, and why.
        package let by: String?
        package let because: String?
        /// Exactly what he signed, JSON; DER as Base64; SHA-256 of his public key, hex.
        package let text: String?
        package let signature: String?
        package let signer: String?

        package init(
            roll: Roll, step: Step, name: String, department: String, role: String, key: String,
            pem: String, by: String? = nil, because: String? = nil, text: String? = nil,
            signature: String? = nil, signer: String? = nil
        ) {
            self.roll = roll
            self.step = step
            self.name = name
            self.department = department
            self.role = role
            self.key = key
            self.pem = pem
            self.by = by
            self.because = because
            self.text = text
            self.signature = signature
            self.signer = signer
        }

        var summary: Wording {
            let words = PersonKey.words[step]
            let who = by.map { Wording(zh: "（\($0)）", en: " by \($0)") }
            return Wording(
                zh: "\(name)（\(department)，\(role)）的公钥 \(key.prefix(16)) "
                    + "\(words?.zh ?? step.rawValue)\(who?.zh ?? "")",
                en: "key \(key.prefix(16)) of \(name) (\(department), \(role)) "
                    + "\(words?.en ?? step.rawValue)\(who?.en ?? "")")
        }

        private static let words: [Step: Wording] = [
            .noted: Wording(zh: "已登记", en: "noted"),
            .other: Wording(zh: "与登记的不同", en: "is another than noted"),
            .announced: Wording(zh: "已声明，无人签名", en: "announced, and signed by nobody"),
            .confirmed: Wording(zh: "已确认", en: "confirmed"),
            .left: Wording(zh: "已不在名单", en: "no longer listed"),
            .withdrawn: Wording(zh: "未确认即撤下", en: "taken off without having held"),
        ]
    }
}
