import Definitions
package import Mappings
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
        let ordinals = mapping.rules.map(\.ordinal) + mapping.computed.keys
        let read = ordinals.map { dictionary.elements[$0] }
        let sent = read.filter(dictionary.mayLeave)
        if ground.tables.signs.isEmpty { list.add("M01", "privacy/signs.csv") }
        let named = identifyingColumns(of: mapping).union(ground.identifyingColumns)
        for element in sent { judge(element, dictionary, ground, &list) }
        for rule in mapping.rules {
            judge(rule, dictionary, named, ground.tables.signs, &list)
        }
        for element in computedOfIdentifiers(dictionary) { list.add("M01", element.name) }
        if dictionary.list == nil {
            let numbers = Set(dictionary.elements.map(\.number))
            for number in ground.tables.sensitiveNumbers where !numbers.contains(number) {
                list.add("M11", "privacy/sensitive.csv \(number)")
            }
        }
        judgeExamples(mapping, ground, &list)
        for column in mapping.ignored { list.add("M09", column) }
        if !Retention.namesTerm(mapping.retention) { list.add("M13", "retention") }
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

    /// A field that leaves. Its kind decides what it is; the class that the programme gives it
    /// makes a name or a free text no less of one.
    private static func judge(
        _ element: Element, _ dictionary: ElementDictionary, _ ground: SheetGround,
        _ list: inout FindingList
    ) {
        let isKept = element.protection != .encrypt
        let level = ground.tables.level(of: element) ?? 0
        let hasGround = ground.tables.ground(of: element) != nil
        if isKept {
            if element.isDirect { list.add("M01", element.name) }
            let isID = dictionary.subjects.contains { $0.idNumber == element.ordinal }
            if isID { list.add("M07", element.name) }
            let fields = dictionary.caseFields
            if fields.key.contains(element.ordinal), element.ordinal != fields.institution {
                list.add("M15", element.name)
            } else if element.isText, !ground.tables.isOpenText(element) {
                list.add("M04", element.name)
            }
            if element.isBirthDay { list.add("M03", element.name) }
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
        if ground.tables.isBelowList(element) { list.add("M11", element.name) }
        if level > ground.approvableLevel { list.add("M17", element.name) }
    }

    /// Where a field comes from.
    private static func judge(
        _ rule: FieldRule, _ dictionary: ElementDictionary, _ named: Set<String>,
        _ signs: PrivacySigns, _ list: inout FindingList
    ) {
        let element = dictionary.elements[rule.ordinal]
        let isKept = dictionary.mayLeave(element) && element.protection != .encrypt
        if isKept || element.privacyClass != .operational,
            rule.columns.contains(where: { signs.say(.digest, in: $0) })
        {
            list.add("M08", element.name)
        }
        if isKept, element.carriesWhatIsWritten,
            rule.columns.contains(where: { column in
                named.contains(column) || !element.isNumber && signs.nameSomebody(column)
            })
        {
            list.add("M01", element.name)
        }
        guard case .constant(let text) = rule.origin else { return }
        if looksReal(text) { list.add("M14", element.name) }
        if namesOne(text, element, signs) { list.add("M16", element.name) }
    }

    /// The columns of a mapping that tell who somebody is (标识列): those of fields that are a
    /// direct identifier and do not leave in the clear, and the ID numbers by which parts join.
    package static func identifyingColumns(of mapping: Mapping) -> Set<String> {
        var columns: Set<String> = []
        for rule in mapping.rules {
            let element = mapping.dictionary.elements[rule.ordinal]
            if case .keep = element.protection { continue }
            if element.isDirect || element.isBirthDay { columns.formUnion(rule.columns) }
        }
        if let part = mapping.part, part.key == .idNumber { columns.insert(part.by) }
        return columns
    }

    /// Fields that leave as they are and give back a birthday or another identifier by counting.
    private static func computedOfIdentifiers(_ dictionary: ElementDictionary) -> [Element] {
        dictionary.computedFields.compactMap { field in
            switch field.computation {
            case .addDays, .daysBetween: break
            default: return nil
            }
            let element = dictionary.elements[field.ordinal]
            guard case .keep = element.protection, dictionary.mayLeave(element) else { return nil }
            let hides = field.computation.inputs.contains { input in
                let made = dictionary.elements[input]
                if case .keep = made.protection { return false }
                return made.isDirect || made.isBirthDay
            }
            return hides ? element : nil
        }
    }

    /// Whether a constant stands for one person or village, not for a county's clinic.
    private static func namesOne(
        _ text: String, _ element: Element, _ signs: PrivacySigns
    ) -> Bool {
        guard !element.isDropped else { return false }
        switch element.kind {
        case .personName, .idNumber, .phone, .address: return true
        // Six digits are a county; what follows are township and village (GB/T 2260, 10114).
        case .division: return text.utf8.count > 6 && !text.dropFirst(6).allSatisfy { $0 == "0" }
        case .text:
            if element.privacyClass == .direct || signs.say(.kin, in: text) { return true }
            if PersonalSigns.areIn(text) { return true }
            if signs.say(.place, in: text) { return false }
            // 张三: no institution is called so.
            let isShort = (2...4).contains(text.count)
            return signs.say(.village, in: text)
                || isShort && text.unicodeScalars.allSatisfy(\.properties.isIdeographic)
        default: return element.privacyClass == .direct
        }
    }
}

/// Findings, each once.
struct FindingList {
    private var findings: Set<SheetFinding> = []

    mutating func add(_ code: String, _ field: String) {
        findings.insert(SheetFinding(code: code, field: field))
    }

    var sorted: [SheetFinding] {
        findings.sorted { ($0.code, $0.field) < ($1.code, $1.field) }
    }
}
