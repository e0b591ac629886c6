import Definitions
import Evidence
import Mappings
import Privacy
import Programmes
import Records

/// What the fields of submissions were when they left (当时的字段): by the sheet of the decision that
/// let them, or by a mapping of today that is the same to the byte.
struct DisclosedFields: Sendable {
    /// What a place on the wire meant.
    struct Meaning: Sendable {
        let name: String
        let number: String
        let title: Wording
        /// `女方 子宫包块（wife.wUterusMass）`.
        let shown: String
        let privacyClass: String
        let technique: ReviewSheet.Technique
    }

    /// By their digest.
    let decisions: [String: KeptDecision]
    /// Mappings of today by the digest of their content: the programme's file is part of it.
    private let present: [String: (name: String, fields: [String: Meaning])]
    /// By decision.
    private let decided: [String: [String: Meaning]]

    /// - Parameter decisions: those that the ledger names, SHA-256 hex.
    init(_ site: Site, decisions digests: Set<String>) {
        // The ledger's digest says which decision it is, whoever may decide today.
        let store = ApprovalStore(
            folder: site.configuration.folder + "/approvals", officers: [])
        decisions = store.kept(digests)
        decided = decisions.compactMapValues { decision in
            decision.sent.map { fields in
                Dictionary(fields.map { ($0.path, Meaning($0)) }) { first, _ in first }
            }
        }
        var present: [String: (name: String, fields: [String: Meaning])] = [:]
        for programme in site.catalogue.programmes {
            for file in programme.mappings {
                let content = MappingContent.digest(of: file.content).sha256
                present[content] = (
                    file.mapping.name, Meaning.all(of: file.mapping.dictionary)
                )
            }
        }
        self.present = present
    }

    /// `name@version` of the mapping that made a submission; empty where nobody knows.
    func mapping(of fact: Fact.Enqueued) -> String {
        let decision = fact.approval.flatMap { decisions[$0]?.approval }
        // What was sealed anew left by a decision on a later content.
        if let decision, decision.content.sha256 == fact.mappingDigest { return decision.mapping }
        return present[fact.mappingDigest]?.name ?? decision?.mapping ?? ""
    }

    /// What the places on the wire meant; `nil` where nothing of then is left to say it.
    func fields(of fact: Fact.Enqueued) -> [String: Meaning]? {
        let sheet = fact.approval.flatMap { decided[$0] }
        let content = present[fact.mappingDigest]?.fields
        guard sheet != nil || content != nil else { return nil }
        // A case's sheet has its own fields; those of its parts stand in the programme alone.
        return (sheet ?? [:]).merging(content ?? [:]) { sheet, _ in sheet }
    }
}

extension DisclosedFields.Meaning {
    fileprivate init(_ field: KeptDecision.Field) {
        self.init(
            name: field.name, number: field.number, title: field.title,
            shown: "\(field.place.zh) \(field.title.zh)（\(field.name)）",
            privacyClass: field.privacyClass, technique: field.technique)
    }

    /// Every field of a dictionary, by its place on the wire.
    fileprivate static func all(of dictionary: ElementDictionary) -> [String: Self] {
        var found: [String: Self] = [:]
        for element in dictionary.elements {
            let owner =
                switch element.location {
                case .subject(let number): dictionary.subjects[number].role
                case .form(let number): dictionary.forms[number].name
                }
            found[owner + "/" + element.wireName] = Self(
                name: element.name, number: element.number, title: element.title,
                shown: dictionary.titled(element.name),
                privacyClass: element.privacyClass.rawValue,
                technique: ReviewSheet.Technique(of: element))
        }
        return found
    }
}
