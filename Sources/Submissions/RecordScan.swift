import Records

/// One pass of the compiled check over one record's bytes.
struct RecordScan {
    /// Why the pass ended early.
    struct Stop: Error {
        let verdict: SchemaCheck.Verdict
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let check: SchemaCheck
    var index = 0
    /// The form or subject in hand, for naming what is wrong.
    var owner = "Record"
    var scratch: [UInt8] = []
    /// Whether the last text holds more than ASCII.
    var isWide = false

    init(bytes: UnsafeBufferPointer<UInt8>, check: SchemaCheck) {
        self.bytes = bytes
        self.check = check
    }

    mutating func record() throws(Stop) {
        try space()
        let tag = try startTag("Record".utf8)
        var seen = 0
        for (name, value) in tag.attributes {
            switch name {
            case _ where equals(name, "id"):
                try demand(matches(value, 32) { isHex($0) }, "@id")
            case _ where equals(name, "version"):
                let text = SchemaFacet.trimmed(slice(value))
                try demand(
                    (1...9).contains(text.count) && text[0] != 0x30
                        && text.allSatisfy(SchemaFacet.isDigit), "@version")
            case _ where equals(name, "action"):
                let text = SchemaFacet.trimmed(slice(value))
                try demand(
                    ["submit", "amend", "withdraw"].contains { text.elementsEqual($0.utf8) },
                    "@action")
            case _ where equals(name, "institution"):
                try demand(check.institution.accepts(slice(value)), "@institution")
            case _ where equals(name, "serviceDate"):
                try demand(check.day.accepts(slice(value)), "@serviceDate")
            default: throw invalid("@")
            }
            seen += 1
        }
        try demand(seen == 5, "@")
        if !tag.isEmpty { try parts() }
        try space()
        try demand(index == bytes.count, "")
    }

    /// Subjects, then forms, each once, up to the record's end tag.
    private mutating func parts() throws(Stop) {
        var roles = Set<Int>()
        var forms = Set<Int>()
        while true {
            try space()
            if peek("</") {
                try endTag("Record".utf8)
                return
            }
            owner = "Record"
            if forms.isEmpty, peekTag("Subject") {
                let tag = try startTag("Subject".utf8)
                try demand(roles.insert(try subjectRole(tag)).inserted, "Subject/@role")
                try children(check.subject, groups: [], of: tag, end: "Subject")
            } else {
                let tag = try startTag("Form".utf8)
                try demand(forms.insert(try formName(tag)).inserted, "Form/@name")
                try children([], groups: check.groups, of: tag, end: "Form")
            }
        }
    }

    private mutating func subjectRole(_ tag: Tag) throws(Stop) -> Int {
        var role: Int?
        var hasPseudonym = false
        for (name, value) in tag.attributes {
            if equals(name, "role") {
                let text = SchemaFacet.trimmed(slice(value))
                role = check.roles.firstIndex { text.elementsEqual($0) }
                try demand(role != nil, "Subject/@role")
            } else if equals(name, "pseudonym") {
                hasPseudonym = true
                try demand(
                    matches(value, 32) { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x32 && $0 <= 0x37) },
                    "Subject/@pseudonym")
            } else {
                throw invalid("Subject/@")
            }
        }
        guard let role, hasPseudonym else { throw invalid("Subject/@") }
        owner = String(decoding: check.roles[role], as: UTF8.self)
        return role
    }

    private mutating func formName(_ tag: Tag) throws(Stop) -> Int {
        guard let (name, value) = tag.only, equals(name, "name")
        else { throw invalid("Form/@") }
        let text = SchemaFacet.trimmed(slice(value))
        guard let form = check.forms.firstIndex(where: { text.elementsEqual($0) }) else {
            throw invalid("Form/@name")
        }
        owner = check.formTexts[form]
        return form
    }

    /// Sealed values, then the open elements of one list in its order.
    private mutating func children(
        _ fixed: [SchemaCheck.Child], groups: [[SchemaCheck.Child]], of tag: Tag, end: String
    ) throws(Stop) {
        var expected = fixed
        var next = 0
        var sealed = 0
        var isChosen = groups.isEmpty
        var isOpen = false
        while !tag.isEmpty {
            try space()
            if peek("</") {
                try endTag(end.utf8)
                break
            }
            let child = try startTag()
            if equals(child.name, "Sealed") {
                try demand(!isOpen, "Sealed")
                sealed += 1
                try demand(sealed <= 100, "Sealed")
                try sealedValue(child)
                continue
            }
            isOpen = true
            if !isChosen {
                isChosen = true
                expected =
                    groups.first { group in group.contains { equals(child.name, $0.name) } } ?? []
            }
            while next < expected.count, !equals(child.name, expected[next].name) {
                try demand(!expected[next].isRequired, expected[next].text)
                next += 1
            }
            guard next < expected.count else {
                throw invalid(String(decoding: slice(child.name), as: UTF8.self))
            }
            try value(child, expected[next])
            next += 1
        }
        for child in expected[next...] { try demand(!child.isRequired, child.text) }
    }

    private mutating func sealedValue(_ tag: Tag) throws(Stop) {
        guard let (name, field) = tag.only, equals(name, "field"),
            check.sealedNames.number(of: SchemaFacet.trimmed(slice(field))) != nil
        else { throw invalid("Sealed/@field") }
        let text = try content(of: tag)
        if !SchemaFacet.isSealed(slice(text)) {
            let hasReference = slice(text).contains(UInt8(ascii: "&"))
            throw hasReference ? Stop(verdict: .unsure) : invalid("Sealed")
        }
        try endTag(of: tag)
    }

    private mutating func value(_ tag: Tag, _ child: SchemaCheck.Child) throws(Stop) {
        if let unit = child.unit {
            guard let (name, value) = tag.only, equals(name, "unit"), equals(value, unit)
            else { throw invalid(child.text + "/@unit") }
        } else {
            try demand(tag.first == nil, child.text + "/@")
        }
        let text = try content(of: tag)
        let accepted: Bool
        if slice(text).contains(UInt8(ascii: "&")) {
            try resolve(text)
            accepted = scratch.withUnsafeBufferPointer { child.facet.accepts($0) }
        } else {
            accepted = child.facet.accepts(slice(text))
        }
        try demand(accepted, child.text)
        if isWide, !RecordScan.isXMLText(slice(text)) { throw Stop(verdict: .unsure) }
        try endTag(of: tag)
    }
}
