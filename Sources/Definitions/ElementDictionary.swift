package import Records

/// The data elements of one programme (数据元目录), compiled: what a record holds, by ordinal.
///
/// The order is that of the wire: subjects first, then forms, each with its sealed elements before
/// its open ones, as EXCHANGE 1 shows them.
package struct ElementDictionary: Sendable {
    /// A person of the case (服务对象): `wife`, `husband`.
    package struct Subject: Sendable {
        package let role: String
        package let title: Wording
        /// Ordinals of the elements that say who it is; a subject without either is not in the
        /// case.
        package let name: Int
        package let idNumber: Int
        /// The field that says which document bears the number (证件类型), where there is one.
        package let idType: Int?
    }

    /// A form of the family file (表单) on the wire, `Form[@name]`.
    package struct Form: Sendable {
        package let name: String
        /// The content model that it shares with its twin, e.g. `laboratory`.
        package let group: String
        package let title: Wording
        /// The subject it is about, or `nil` for the whole family.
        package let subject: Int?
        /// Its number in the family file (表单编号, 1–19), the wire's `formType`; forms that are one
        /// sheet of paper share it.
        package let formNumber: Int?
        /// The ordinal of the flag whose tick completes the form (完成标志), in it or in the form
        /// that shares its tick; `nil` where the form has none.
        package let complete: Int?
        /// The ordinals of its elements.
        package let elements: Range<Int>
    }

    /// What names a case and where and when it was served.
    package struct CaseFields: Sendable {
        /// The fields whose values name the case for good.
        package let key: [Int]
        package let institution: Int
        /// The day that decides the period (结算归属日期).
        package let servedOn: Int
    }

    package let programme: String
    package let title: Wording
    /// The unit that is counted, e.g. 对 / couples.
    package let counts: Wording
    /// The pseudonym domain of the national side, e.g. `out/nat-pchc`.
    package let pseudonymDomain: String
    package let subjects: [Subject]
    package let forms: [Form]
    package let elements: [Element]
    /// Fields that are filled from others where the clinic wrote nothing, what they are made of
    /// before them.
    package let computedFields: [ComputedField]
    /// What stands for fields and codes in the digest of a record's content.
    package let marks: ContentMarks
    package private(set) var caseFields: CaseFields
    /// The follow-up whose records these are; `nil` for the case itself.
    package private(set) var followUp: FollowUp?
    /// The list whose rows these are (名单); `nil` for records.
    package private(set) var list: CountedList?
    /// The subjects' fields that records of every sort hold, by name on the wire; `nil` where there
    /// is one sort only.
    package private(set) var heldByAll: Set<String>?
    private var ordinals: [String: Int]

    package var count: Int { elements.count }

    /// The ordinal of a field by its full name.
    package func ordinal(of name: String) -> Int? { ordinals[name] }

    /// The same dictionary as one person's rules read it: that person's fields need no prefix.
    package func speaking(of role: String) -> ElementDictionary {
        var spoken = self
        for (name, ordinal) in ordinals where name.hasPrefix(role + ".") {
            spoken.ordinals[String(name.dropFirst(role.count + 1))] = ordinal
        }
        return spoken
    }

    /// The same dictionary for the records of a follow-up, whose day is another.
    func seen(by followUp: FollowUp, servedOn: Int) -> ElementDictionary {
        var seen = self
        seen.followUp = followUp
        seen.caseFields = CaseFields(
            key: caseFields.key, institution: caseFields.institution, servedOn: servedOn)
        return seen
    }

    /// Notes that records of follow-ups stand beside those of cases, and hold less of a person.
    package mutating func stand(beside followUps: [ElementDictionary]) {
        guard !followUps.isEmpty else { return }
        heldByAll = Set(
            elements.filter { element in
                guard case .subject = element.location else { return false }
                return followUps.allSatisfy { $0.followUp?.holds[element.ordinal] ?? true }
            }.map(\.wireName))
    }

    /// The ordinals of a location's elements, in the order of the wire.
    package func elements(at location: Element.Location) -> [Element] {
        elements.filter { $0.location == location }
    }

    /// Reads the dictionary's part of a programme file; `codeList` opens a list by its name.
    package init(
        _ section: inout Section, codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) {
        let head = Head(
            programme: try section.text("programme"), title: try section.wording("title"),
            counts: try section.wording("counts"), pseudonymDomain: try section.text("pseudonyms"))
        var draft = DictionaryDraft()
        for var subject in try section.sections("subjects") {
            draft.subjects.append((try subject.text("role"), try DictionaryDraft.title(&subject)))
            try subject.finish()
        }
        try draft.addFields(&section, codeList: codeList)
        var caseSection = try section.section("case")
        let key = try caseSection.texts("key")
        guard !key.isEmpty else {
            throw caseSection.error("“key” 至少要有一个字段。", "key needs at least one field.")
        }
        try self.init(
            head, draft, at: section,
            key: key, institution: try caseSection.text("institution"),
            servedOn: try caseSection.text("servedOn"))
        try caseSection.finish()
    }

    /// What a dictionary is about, before its fields.
    private struct Head {
        let programme: String
        let title: Wording
        let counts: Wording
        let pseudonymDomain: String
    }

    /// - Parameter whole: the section that holds `fields`, for errors.
    private init(
        _ head: Head, _ draft: DictionaryDraft, at whole: Section, key: [String],
        institution: String, servedOn: String
    ) throws(DefinitionError) {
        programme = head.programme
        title = head.title
        counts = head.counts
        pseudonymDomain = head.pseudonymDomain
        let laidOut = draft.laidOut()
        elements = laidOut
        marks = ContentMarks(laidOut)
        let found = Dictionary(
            laidOut.map { ($0.name, $0.ordinal) }, uniquingKeysWith: { first, _ in first })
        ordinals = found
        computedFields = try ComputedField.inOrder(
            draft.computed, elements: laidOut, ordinals: found)
        forms = try draft.forms(laidOut)
        func need(_ name: String) throws(DefinitionError) -> Int {
            guard let ordinal = found[name] else {
                throw whole.error(at: "fields", "缺少字段 “\(name)”。", "The field \(name) is missing.")
            }
            return ordinal
        }
        var people: [Subject] = []
        for (role, title) in draft.subjects {
            people.append(
                Subject(
                    role: role, title: title, name: try need("\(role).name"),
                    idNumber: try need("\(role).idNumber"), idType: found["\(role).idType"]))
        }
        subjects = people
        var keys: [Int] = []
        for name in key { keys.append(try need(name)) }
        caseFields = CaseFields(
            key: keys, institution: try need(institution), servedOn: try need(servedOn))
    }
}

extension ElementDictionary {
    /// Reads a list of this programme, one entry of `lists:`: a dictionary of its own, with the
    /// programme's persons.
    ///
    /// - Parameter section: without its `rules`, which the caller reads.
    /// - Throws: `DefinitionError`, also where a field of the list would leave the house.
    package func list(
        _ section: inout Section, codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) -> ElementDictionary {
        let name = try section.text("list")
        let title = try DictionaryDraft.title(&section)
        var draft = DictionaryDraft()
        draft.subjects = subjects.map { ($0.role, $0.title) }
        try draft.addFields(&section, codeList: codeList)
        let counting = try CountedList.Counting(&section)
        var dictionary = try ElementDictionary(
            Head(
                programme: programme, title: title, counts: counts,
                pseudonymDomain: pseudonymDomain),
            draft, at: section, key: [counting.person + ".idNumber"],
            institution: counting.division, servedOn: counting.listedOn)
        for element in dictionary.elements {
            guard case .drop = element.protection else {
                throw section.error(
                    at: "fields", "名单只计数、不上报：字段 “\(element.name)” 应为 drop: 理由。",
                    "A list is counted and never leaves: \(element.name) must be drop: reason.")
            }
        }
        dictionary.list = try CountedList(
            name: name, title: title, counting, in: dictionary, at: section)
        return dictionary
    }
}
