import Records

/// The dictionary while its file is read: fields by name, before they have ordinals.
struct DictionaryDraft {
    struct Field {
        let name: String
        let wireName: String
        let location: Element.Location
        let position: Int
        let number: String
        let title: Wording
        let kind: ElementKind
        /// The field that a month is made of, until ordinals are known.
        let monthOf: String?
        let unit: String?
        let isRequired: Bool
        let privacyClass: PrivacyClass
        let protection: FieldProtection
        let about: Int?
        let isAboutBoth: Bool
        let standard: String?
        let source: String?
    }

    /// A form before its elements have ordinals.
    struct Form {
        let name: String
        let group: String
        let title: Wording
        let subject: Int?
        let formNumber: Int?
        let complete: String?
        /// Where it stands in its file, for errors.
        let section: Section
    }

    var subjects: [(role: String, title: Wording)] = []
    /// What `computed:` says, for each field that has it, until ordinals are known.
    private(set) var computed: [ComputedField.Draft] = []
    private var forms: [Form] = []
    private var fields: [Field] = []
    private var lines = 0

    static func title(_ section: inout Section) throws(DefinitionError) -> Wording {
        Wording(zh: try section.text("zh"), en: try section.text("en"))
    }

    /// Reads `forms` and `fields`.
    mutating func addFields(
        _ section: inout Section, codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) {
        for var form in try section.sections("forms") { try addForm(&form) }
        for var field in try section.sections("fields") {
            try addField(&field, codeList: codeList)
        }
    }

    mutating func addForm(_ section: inout Section) throws(DefinitionError) {
        let name = try section.text("name")
        let role = try section.optionalText("subject")
        let subject = role.flatMap { role in subjects.firstIndex { $0.role == role } }
        if role != nil, subject == nil {
            throw section.error(at: "subject", "没有这个服务对象。", "There is no such subject.")
        }
        let group = try section.optionalText("group") ?? name
        let number = try section.integer("number")
        guard number.map((1...99).contains) ?? true else {
            throw section.error(at: "number", "表单编号应为 1 至 99。", "A form's number is 1 to 99.")
        }
        let complete = try section.optionalText("complete")
        forms.append(
            Form(
                name: name, group: group, title: try DictionaryDraft.title(&section),
                subject: subject, formNumber: number, complete: complete, section: section))
        try section.finish()
    }

    /// The forms with the ordinals of their elements, once these are laid out.
    func forms(_ elements: [Element]) throws(DefinitionError) -> [ElementDictionary.Form] {
        var found: [ElementDictionary.Form] = []
        for (number, form) in forms.enumerated() {
            let own = elements.indices.filter { elements[$0].location == .form(number) }
            found.append(
                ElementDictionary.Form(
                    name: form.name, group: form.group, title: form.title, subject: form.subject,
                    formNumber: form.formNumber, complete: try tick(of: form, elements),
                    elements: (own.first ?? 0)..<(own.last.map { $0 + 1 } ?? 0)))
        }
        return found
    }

    /// The flag that a form names: one of its own person's, or else of the family.
    private func tick(of form: Form, _ elements: [Element]) throws(DefinitionError) -> Int? {
        guard let name = form.complete else { return nil }
        let full = form.subject.map { subjects[$0].role + "." + name }
        guard let tick = elements.first(where: { $0.name == full || $0.name == name }),
            case .flag = tick.kind
        else {
            throw form.section.error(
                at: "complete", "没有这个“是否”字段。", "There is no such field of kind flag.")
        }
        return tick.ordinal
    }

    mutating func addField(
        _ section: inout Section, codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) {
        let name = try section.text("field")
        let who = try section.text("who")
        let place = try section.text("in")
        let number = try section.text("no")
        let title = try DictionaryDraft.title(&section)
        let kind = try ElementKind.read(&section, codeList: codeList)
        let unit = try section.optionalText("unit")
        let required = try section.flag("required") ?? false
        guard let privacy = try section.choice("class", of: PrivacyClass.self) else {
            throw section.error("缺少 “class”。", "class is missing.")
        }
        let protection = try DictionaryDraft.protection(&section)
        let month = try section.optionalText("month")
        let computed = try section.optionalSection("computed")
        let isAboutBoth = try section.optionalText("about") == "both"
        let about = isAboutBoth ? nil : try subject("about", &section)
        let standard = try section.optionalText("standard")
        let source = try section.optionalText("source")
        let isOwn = about.map { who == "both" || who == subjects[$0].role } ?? false
        if isOwn || (isAboutBoth && who != "family") {
            throw section.error(
                at: "about", "about 只写在别人的部分里说到的人；both 只用于家庭部分。",
                "about names a person of whom another part speaks; both is for the family's part.")
        }
        lines += 1
        let roles = who == "family" ? [nil] : who == "both" ? subjects.map(\.role) : [who]
        for role in roles {
            let location = try locate(place, role: role, section)
            let prefix = role.map { $0 + "." } ?? ""
            guard !fields.contains(where: { $0.name == prefix + name }) else {
                throw section.error(at: "field", "字段 “\(name)” 重复。", "\(name) stands twice.")
            }
            fields.append(
                Field(
                    name: prefix + name, wireName: name, location: location, position: 2 * lines,
                    number: number, title: title, kind: kind, monthOf: nil, unit: unit,
                    isRequired: required, privacyClass: privacy, protection: protection,
                    about: about, isAboutBoth: isAboutBoth, standard: standard, source: source))
            if let computed {
                self.computed.append(.init(field: prefix + name, role: role, section: computed))
            }
            if let month {
                fields.append(
                    Field(
                        name: prefix + month, wireName: month, location: location,
                        position: 2 * lines + 1, number: number,
                        title: Wording(zh: title.zh + "（年月）", en: title.en + " (month)"),
                        kind: .month(of: 0), monthOf: prefix + name, unit: nil,
                        isRequired: required, privacyClass: privacy,
                        protection: .keep(because: "generalized to the month"), about: about,
                        isAboutBoth: isAboutBoth, standard: nil, source: source))
            }
        }
        try section.finish()
    }

    /// The subject that a key names by its role, where it is given.
    private func subject(_ key: String, _ section: inout Section) throws(DefinitionError) -> Int? {
        guard let role = try section.optionalText(key) else { return nil }
        guard let found = subjects.firstIndex(where: { $0.role == role }) else {
            throw section.error(at: key, "没有这个服务对象。", "There is no such subject.")
        }
        return found
    }

    private func locate(_ place: String, role: String?, _ section: Section)
        throws(DefinitionError) -> Element.Location
    {
        let subject = role.flatMap { role in subjects.firstIndex { $0.role == role } }
        if role != nil, subject == nil {
            throw section.error(at: "who", "没有这个服务对象。", "There is no such subject.")
        }
        if place == "subject", let subject { return .subject(subject) }
        guard let form = forms.firstIndex(where: { $0.group == place && $0.subject == subject })
        else {
            let names = Set(forms.map(\.group)).sorted().joined(separator: ", ")
            throw section.error(
                at: "in", "没有这个表单；可用：subject, \(names)。",
                "There is no such form; known: subject, \(names).")
        }
        return .form(form)
    }

    /// Subjects, then forms; in each the sealed ones first, else in the order of the file.
    func laidOut() -> [Element] {
        let places =
            subjects.indices.map { Element.Location.subject($0) }
            + forms.indices.map { Element.Location.form($0) }
        var ordered: [Field] = []
        for place in places {
            let here = fields.filter { $0.location == place }
            ordered += here.filter { $0.protection == .encrypt }
            ordered += here.filter { $0.protection != .encrypt }
        }
        let ordinals = Dictionary(
            ordered.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return ordered.enumerated().map { ordinal, field in
            Element(
                ordinal: ordinal, name: field.name, wireName: field.wireName,
                location: field.location, position: field.position, number: field.number,
                title: field.title,
                kind: field.monthOf.flatMap { ordinals[$0] }.map { .month(of: $0) } ?? field.kind,
                unit: field.unit, isRequired: field.isRequired,
                privacyClass: field.privacyClass, protection: field.protection,
                about: field.about, isAboutBoth: field.isAboutBoth, standard: field.standard,
                source: field.source)
        }
    }

    private static func protection(_ section: inout Section) throws(DefinitionError)
        -> FieldProtection
    {
        let keep = try section.optionalText("keep")
        let drop = try section.optionalText("drop")
        let encrypt = try section.optionalText("encrypt")
        for (key, reason) in [("keep", keep), ("drop", drop)] {
            guard let reason, !reason.contains(where: { $0.isLetter || $0.isNumber }) else {
                continue
            }
            throw section.error(
                at: key, "“\(key)” 要写理由，空白不算。", "\(key) needs a reason; blanks are none.")
        }
        switch (keep, drop, encrypt) {
        case (let reason?, nil, nil): return .keep(because: reason)
        case (nil, let reason?, nil): return .drop(because: reason)
        case (nil, nil, "national"?): return .encrypt
        default:
            throw section.error(
                "应有且只有一项：keep: 理由、drop: 理由 或 encrypt: national。",
                "Exactly one of keep: reason, drop: reason, encrypt: national.")
        }
    }
}
