import Definitions
import LibCrypto
package import Mappings
package import Records

/// What the privacy officer reads before a mapping may be used (映射审核表): what leaves, to whom,
/// on what ground, protected how; and what stays. Made from the mapping and the programme alone.
package struct ReviewSheet: Hashable, Sendable, Codable {
    /// Who gets it and how: the national profile by name, the channel, and whose key seals it.
    package struct Recipient: Hashable, Sendable, Codable {
        package let profile: String
        /// The address.
        package let channel: String
        /// As the site's file calls the recipient; `nil` in sheets of earlier releases.
        package let name: String?
        /// SHA-256 of the public key (SubjectPublicKeyInfo), hex; `nil` where no key is named.
        package let key: String?

        package init(profile: String, channel: String, name: String?, key: String?) {
            self.profile = profile
            self.channel = channel
            self.name = name
            self.key = key
        }

        /// The name and the profile, e.g. `nat-2026 · reference-1`.
        package var title: String { (name.map { $0 + " · " } ?? "") + profile }

        /// The key's fingerprint, or that there is none.
        package var keyTitle: Wording {
            key.map { Wording(zh: "SHA-256 \($0)", en: "") }
                ?? Wording(
                    zh: "没有平台公钥：密封的内容只有本县能打开",
                    en: "no key of theirs: only this county opens what is sealed")
        }

        /// What is otherwise than `earlier`, in words that name it.
        func differences(from earlier: Recipient?) -> [String] {
            var different: [String] = []
            if name != earlier?.name { different.append("接收方名称 national.recipient.name") }
            if key != earlier?.key { different.append("接收方公钥 national.recipient key") }
            if channel != earlier?.channel { different.append("接收方地址 national.address") }
            if profile != earlier?.profile { different.append("国家规格 national.profile") }
            return different
        }
    }

    /// What is done to a field, from the weakest to the strongest protection.
    package enum Technique: String, Sendable, Codable, CaseIterable {
        case keep, encrypt, month, drop

        package var title: Wording {
            switch self {
            case .keep: Wording(zh: "原样", en: "as it is")
            case .encrypt: Wording(zh: "加密", en: "sealed")
            case .month: Wording(zh: "只报年月", en: "month only")
            case .drop: Wording(zh: "不上报", en: "stays here")
            }
        }
    }

    /// One field of the programme that this source fills.
    package struct Field: Hashable, Sendable, Codable {
        /// The programme's name, e.g. `wife.hbsAg`.
        package let name: String
        /// e.g. `FF-221`.
        package let number: String
        package let title: Wording
        /// The subject or form it stands in.
        package let place: Wording
        /// Where it stands on the wire, e.g. `wife/name`.
        package let path: String
        /// The column's header, or the constant.
        package let source: String
        package let isConstant: Bool
        package let isRequired: Bool
        /// `DI`, `QI`, `SH`, `SH+` or `OP`.
        package let privacyClass: String
        package let technique: Technique
        package let reason: String
        /// Whose key protects or names it; empty where none does.
        package let keyDomain: String
        package let isFreeText: Bool
        /// GB/T 39725, 1 to 5; `nil` where no table says.
        package let level: Int?
        /// GB/T 42460 after the step, 1 to 4; `nil` for what stays here.
        package let grade: Int?
        /// Why it leaves although nobody demands it, or although it may stigmatise.
        package let ground: Wording?
        /// An invented value as the clinic writes it, and what leaves of it.
        package let before: String
        package let after: String
    }

    /// A field of the programme that this source does not fill.
    package struct Unfilled: Hashable, Sendable, Codable {
        package let name: String
        package let number: String
        package let title: Wording
        package let isRequired: Bool
    }

    package let mapping: String
    package let title: Wording
    package let programme: String
    package let programmeTitle: Wording
    package let subjects: [Wording]
    package let purpose: Wording
    package let legalBasis: String
    package let retention: String
    package let recipient: Recipient
    package let content: MappingContent
    package let sent: [Field]
    /// Read for the checks made here, and not sent.
    package let readOnly: [Field]
    package let ignored: [String]
    package let unfilled: [Unfilled]
    package let findings: [SheetFinding]
    /// Under which rules the findings were made.
    package let lint: String
    /// Whether a rule keeps at home what nobody consented to.
    package let asksConsent: Bool
    /// What remains a risk though every field is treated as it says (残余风险).
    package let risks: [Wording]
    /// What the files say beyond the fields; `nil` in sheets of earlier releases.
    package let grounding: Grounding?

    /// - Parameters:
    ///   - ground: what is to be known besides the mapping.
    ///   - content: the digests of the files that it is made of.
    package init(
        mapping: Mapping, on ground: SheetGround, recipient: Recipient, content: MappingContent
    ) {
        let dictionary = mapping.dictionary
        self.mapping = mapping.name
        title = mapping.title
        programme = dictionary.programme
        programmeTitle = dictionary.title
        subjects = dictionary.subjects.map(\.title)
        purpose = mapping.purpose
        legalBasis = mapping.legalBasis
        retention = mapping.retention
        self.recipient = recipient
        self.content = content
        let rules = Dictionary(
            mapping.rules.map { ($0.ordinal, $0) }, uniquingKeysWith: { first, _ in first })
        let computed = mapping.computed
        var sent: [Field] = []
        var readOnly: [Field] = []
        var unfilled: [Unfilled] = []
        for element in dictionary.elements {
            var rule = rules[element.ordinal]
            if case .month(of: let date) = element.kind { rule = rule ?? rules[date] }
            guard rule != nil || computed[element.ordinal] != nil else {
                unfilled.append(
                    Unfilled(
                        name: element.name, number: element.number, title: element.title,
                        isRequired: element.isRequired))
                continue
            }
            let field = Field(
                element, rule, madeOf: computed[element.ordinal] ?? [], mapping, ground.tables)
            if field.technique == .drop { readOnly.append(field) } else { sent.append(field) }
        }
        self.sent = sent
        self.readOnly = readOnly
        ignored = mapping.ignored.sorted()
        self.unfilled = unfilled
        findings = SheetLint.findings(in: mapping, on: ground, for: recipient)
        lint = SheetLint.version
        asksConsent = ground.asksConsent
        risks = SheetRisks.remaining(of: sent, read: readOnly)
        grounding = Grounding(ground.files, of: dictionary)
    }

    /// The highest level (GB/T 39725) among what leaves; 0 where nothing does.
    package var highestLevel: Int { sent.compactMap(\.level).max() ?? 0 }

    /// The lowest grade (GB/T 42460) among what leaves: the sheet's own; `nil` where nothing does.
    package var grade: Int? { sent.compactMap(\.grade).min() }

    /// The sheet's one JSON text; what an approval names by its digest.
    package var json: [UInt8] { canonicalJSON(self) }

    /// SHA-256 of `json`, 64 hexadecimal digits.
    package var sha256: String { Hex.encode(Hash.sha256.digest(json)) }

    /// SM3 of `json`, 64 hexadecimal digits.
    package var sm3: String { Hex.encode(Hash.sm3.digest(json)) }

    /// Reads the one JSON text; `nil` for anything else.
    package init?(json: [UInt8]) {
        guard let sheet = value(ofCanonical: json, as: ReviewSheet.self) else { return nil }
        self = sheet
    }
}
