import Definitions
import Mappings
package import Records

/// Something about a mapping that its reviewer must weigh (数据最小化检查).
package struct SheetFinding: Hashable, Sendable, Codable {
    /// `M01` and so on.
    package let code: String
    /// The programme's field or the clinic's column; never a value.
    package let field: String

    /// The rule's sentences.
    package var entry: CodeEntry? { SheetLint.entries.first { $0.code == code } }

    /// Whether it has to be mended before anybody may approve; others are weighed.
    package var isToMend: Bool { SheetFinding.isToMend(code: code) }

    /// Whether findings of a rule have to be mended before anybody may approve.
    package static func isToMend(code: String) -> Bool { !SheetLint.weighed.contains(code) }
}

extension ReviewSheet {
    /// The codes of what has to be weighed, each once, in order.
    package var weighed: [String] {
        Set(findings.filter { !$0.isToMend }.map(\.code)).sorted()
    }
}

/// The rules of data minimisation (PRIVACY 4.5) that a mapping and its surroundings decide.
package enum SheetLint {
    static func findings(
        in mapping: Mapping, on ground: SheetGround, for recipient: ReviewSheet.Recipient
    ) -> [SheetFinding] {
        var list = FindingList()
        let dictionary = mapping.dictionary
        let read = mapping.rules.map { dictionary.elements[$0.ordinal] }
        let sent = read.filter { element in
            !element.isDropped && dictionary.followUp?.holds[element.ordinal] ?? true
        }
        for element in sent { judge(element, dictionary, ground, &list) }
        for rule in mapping.rules {
            judge(rule, dictionary.elements[rule.ordinal], &list)
        }
        for example in mapping.examples {
            for (name, text) in example.input where looksReal(text) { list.add("M14", name) }
            for (name, text) in example.output where looksReal(text) { list.add("M14", name) }
            for (name, text) in example.output where isDigest(text) { list.add("M08", name) }
        }
        for column in mapping.ignored { list.add("M09", column) }
        if !namesTerm(mapping.retention) { list.add("M13", "retention") }
        guard !sent.isEmpty else { return list.sorted }
        if !ground.asksConsent { list.add("M10", "rules") }
        for product in ground.products where product.isContact { list.add("M05", product.name) }
        let domain = dictionary.pseudonymDomain
        let others = ground.domains.filter {
            $0.domain == domain
                && ($0.programme != dictionary.programme || $0.recipient != recipient.profile)
        }
        if !others.isEmpty { list.add("M06", domain) }
        return list.sorted
    }

    /// A field that leaves.
    private static func judge(
        _ element: Element, _ dictionary: ElementDictionary, _ ground: SheetGround,
        _ list: inout FindingList
    ) {
        let isKept = element.protection != .encrypt
        let level = ground.tables.level(of: element) ?? 0
        let hasGround = ground.tables.ground(of: element) != nil
        if isKept {
            if element.privacyClass == .direct { list.add("M01", element.name) }
            if element.isFreeText { list.add("M04", element.name) }
            let isID = dictionary.subjects.contains { $0.idNumber == element.ordinal }
            if isID { list.add("M07", element.name) }
            let fields = dictionary.caseFields
            if fields.key.contains(element.ordinal), element.ordinal != fields.institution {
                list.add("M15", element.name)
            }
        } else if element.privacyClass != .operational, !element.isRequired, !hasGround {
            // What is kept states its reason in the programme.
            list.add("M02", element.name)
        }
        let hasMonth = dictionary.elements.contains { other in
            if case .month(of: element.ordinal) = other.kind { !other.isDropped } else { false }
        }
        if hasMonth, isKept || !element.isRequired { list.add("M03", element.name) }
        if element.privacyClass == .stigmatising || level == 5, !hasGround {
            list.add("M11", element.name)
        }
        if level > ground.approvableLevel { list.add("M17", element.name) }
    }

    /// Where a field comes from.
    private static func judge(_ rule: FieldRule, _ element: Element, _ list: inout FindingList) {
        if element.privacyClass != .operational, rule.columns.contains(where: namesDigest) {
            list.add("M08", element.name)
        }
        guard case .constant(let text) = rule.origin else { return }
        if looksReal(text) { list.add("M14", element.name) }
        if namesOne(text, element) { list.add("M16", element.name) }
    }

    /// Whether a constant stands for one person or village, not for a county's clinic.
    private static func namesOne(_ text: String, _ element: Element) -> Bool {
        guard !element.isDropped else { return false }
        switch element.kind {
        case .personName, .idNumber, .phone, .address: return true
        // Six digits are a county; what follows are township and village (GB/T 2260, 10114).
        case .division: return text.utf8.count > 6 && !text.dropFirst(6).allSatisfy { $0 == "0" }
        default: return element.privacyClass == .direct
        }
    }

    /// Whether a header says that its column holds digests.
    private static func namesDigest(_ header: String) -> Bool {
        let folded = header.lowercased()
        return ["md5", "sha1", "sha256", "sha-", "sm3", "hash", "哈希", "摘要"]
            .contains { folded.contains($0) }
    }

    /// Whether a text is a digest as people write one: 32, 40 or 64 hexadecimal digits.
    private static func isDigest(_ text: String) -> Bool {
        [32, 40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
                default: false
                }
            } && text.contains { $0.isLetter }
    }

    /// Whether a sentence of retention gives a term: a number with its unit, or the archive rules.
    private static func namesTerm(_ text: String) -> Bool {
        let hasNumber = text.contains { $0.isNumber || "一二三五十百".contains($0) }
        let units = ["天", "日", "月", "年", "day", "month", "year"]
        return (hasNumber && units.contains { text.contains($0) })
            || ["档案", "永久", "只留", "archive"].contains { text.contains($0) }
    }
}

/// Findings, each once.
private struct FindingList {
    private var findings: Set<SheetFinding> = []

    mutating func add(_ code: String, _ field: String) {
        findings.insert(SheetFinding(code: code, field: field))
    }

    var sorted: [SheetFinding] {
        findings.sorted { ($0.code, $0.field) < ($1.code, $1.field) }
    }
}

extension Element {
    /// Whether it stays here.
    var isDropped: Bool {
        if case .drop = protection { true } else { false }
    }
}
