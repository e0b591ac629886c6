import Records

/// One pass of the compiled check over one record's bytes.
struct RecordScan {
    /// Why the pass ended early.
    struct Stop: Error {
        let verdict: SchemaCheck.Verdict
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let check: SchemaCheck
    private var index = 0
    /// The form or subject in hand, for naming what is wrong.
    private var owner = "Record"
    private var scratch: [UInt8] = []

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
        guard tag.attributes.count == 1, let (name, value) = tag.attributes.first,
            equals(name, "name")
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
            guard next < expected.count else { throw invalid(String(decoding: slice(child.name), as: UTF8.self)) }
            try value(child, expected[next])
            next += 1
        }
        for child in expected[next...] { try demand(!child.isRequired, child.text) }
    }

    private mutating func sealedValue(_ tag: Tag) throws(Stop) {
        guard tag.attributes.count == 1, let (name, field) = tag.attributes.first,
            equals(name, "field"),
            check.sealedNames.number(of: SchemaFacet.trimmed(slice(field))) != nil
        else { throw invalid("Sealed/@field") }
        let text = try content(of: tag)
        try demand(SchemaFacet.isSealed(slice(text)), "Sealed")
        try endTag(of: tag)
    }

    private mutating func value(_ tag: Tag, _ child: SchemaCheck.Child) throws(Stop) {
        if let unit = child.unit {
            guard tag.attributes.count == 1, let (name, value) = tag.attributes.first,
                equals(name, "unit"), slice(value).elementsEqual(unit)
            else { throw invalid(child.text + "/@unit") }
        } else {
            try demand(tag.attributes.isEmpty, child.text + "/@")
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
        try endTag(of: tag)
    }
}

// MARK: - Markup

extension RecordScan {
    /// A start tag: ranges into the bytes.
    struct Tag {
        let name: Range<Int>
        let attributes: [(name: Range<Int>, value: Range<Int>)]
        /// `<x/>`.
        let isEmpty: Bool
    }

    private func invalid(_ what: String) -> Stop {
        Stop(verdict: .invalid(owner == "Record" ? what : "\(owner)/\(what)"))
    }

    private func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(Stop) {
        if !holds { throw invalid(what()) }
    }

    private func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }

    private func equals(_ range: Range<Int>, _ text: String) -> Bool {
        range.count == text.utf8.count && slice(range).elementsEqual(text.utf8)
    }

    private func equals(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
        range.count == text.count && slice(range).elementsEqual(text)
    }

    private func isHex(_ byte: UInt8) -> Bool {
        SchemaFacet.isDigit(byte) || (byte >= 0x61 && byte <= 0x66)
    }

    private func matches(_ range: Range<Int>, _ count: Int, _ isAllowed: (UInt8) -> Bool) -> Bool {
        let text = SchemaFacet.trimmed(slice(range))
        return text.count == count && text.allSatisfy(isAllowed)
    }

    private func peek(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    private func peekTag(_ name: String) -> Bool {
        let count = name.utf8.count
        return bytes.count - index > count + 1 && bytes[index] == UInt8(ascii: "<")
            && slice(index + 1..<index + 1 + count).elementsEqual(name.utf8)
            && !isName(bytes[index + 1 + count])
    }

    private func isName(_ byte: UInt8) -> Bool {
        SchemaFacet.isDigit(byte) || (byte >= 0x41 && byte <= 0x5A)
            || (byte >= 0x61 && byte <= 0x7A)
    }

    /// Passes white space between elements; text there is wrong, other markup is not ours.
    private mutating func space() throws(Stop) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "<"):
                if index + 1 < bytes.count,
                    bytes[index + 1] == UInt8(ascii: "!") || bytes[index + 1] == UInt8(ascii: "?")
                {
                    throw Stop(verdict: .unsure)
                }
                return
            case UInt8(ascii: "&"), 0x80...: throw Stop(verdict: .unsure)
            default: throw invalid("text()")
            }
        }
    }

    private mutating func startTag(_ name: String.UTF8View) throws(Stop) -> Tag {
        let tag = try startTag()
        guard slice(tag.name).elementsEqual(name) else {
            throw invalid(String(decoding: slice(tag.name), as: UTF8.self))
        }
        return tag
    }

    private mutating func startTag() throws(Stop) -> Tag {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "<") else { throw invalid("<") }
        index += 1
        let name = try self.name()
        var attributes: [(name: Range<Int>, value: Range<Int>)] = []
        while true {
            let before = index
            skipSpace()
            guard index < bytes.count else { throw invalid("<") }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                return Tag(name: name, attributes: attributes, isEmpty: false)
            }
            if peek("/>") {
                index += 2
                return Tag(name: name, attributes: attributes, isEmpty: true)
            }
            guard index > before else { throw Stop(verdict: .unsure) }
            let key = try self.name()
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw invalid("@") }
            index += 1
            skipSpace()
            let value = try quoted()
            for other in attributes where slice(other.name).elementsEqual(slice(key)) {
                throw invalid("@")
            }
            attributes.append((key, value))
        }
    }

    private mutating func name() throws(Stop) -> Range<Int> {
        let start = index
        while index < bytes.count, isName(bytes[index]) { index += 1 }
        guard index > start, index < bytes.count else { throw Stop(verdict: .unsure) }
        switch bytes[index] {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="): break
        default: throw Stop(verdict: .unsure)
        }
        guard !SchemaFacet.isDigit(bytes[start]) else { throw invalid("<") }
        return start..<index
    }

    private mutating func quoted() throws(Stop) -> Range<Int> {
        guard index < bytes.count else { throw invalid("@") }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw invalid("@") }
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != quote {
            switch bytes[index] {
            case UInt8(ascii: "<"): throw invalid("@")
            case UInt8(ascii: "&"), 0x80..., 0..<0x20: throw Stop(verdict: .unsure)
            default: index += 1
            }
        }
        guard index < bytes.count else { throw invalid("@") }
        index += 1
        return start..<index - 1
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    /// The raw text up to the next markup.
    private mutating func content(of tag: Tag) throws(Stop) -> Range<Int> {
        if tag.isEmpty { return index..<index }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            switch bytes[index] {
            case 0x0D, UInt8(ascii: "]"): throw Stop(verdict: .unsure)
            case 0x09, 0x0A, 0x20...: index += 1
            default: throw invalid("text()")
            }
        }
        if peek("<!") || peek("<?") { throw Stop(verdict: .unsure) }
        return start..<index
    }

    private mutating func endTag(of tag: Tag) throws(Stop) {
        if tag.isEmpty { return }
        guard peek("</"), bytes.count - index > tag.name.count + 2,
            slice(index + 2..<index + 2 + tag.name.count).elementsEqual(slice(tag.name))
        else { throw invalid("</") }
        index += 2 + tag.name.count
        try closeEnd()
    }

    private mutating func endTag(_ name: String.UTF8View) throws(Stop) {
        guard peek("</"), bytes.count - index > name.count + 2,
            slice(index + 2..<index + 2 + name.count).elementsEqual(name)
        else { throw invalid("</") }
        index += 2 + name.count
        try closeEnd()
    }

    private mutating func closeEnd() throws(Stop) {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { throw invalid("</") }
        index += 1
    }

    /// Resolves the five named entities into `scratch`; any other reference is not ours.
    private mutating func resolve(_ range: Range<Int>) throws(Stop) {
        scratch.removeAll(keepingCapacity: true)
        var at = range.lowerBound
        while at < range.upperBound {
            guard bytes[at] == UInt8(ascii: "&") else {
                scratch.append(bytes[at])
                at += 1
                continue
            }
            let rest = bytes[at..<range.upperBound]
            guard let known = RecordScan.entities.first(where: { rest.starts(with: $0.text) })
            else { throw Stop(verdict: .unsure) }
            scratch.append(known.byte)
            at += known.text.count
        }
    }

    private static let entities: [(text: [UInt8], byte: UInt8)] = [
        (Array("&amp;".utf8), 0x26), (Array("&lt;".utf8), 0x3C), (Array("&gt;".utf8), 0x3E),
        (Array("&quot;".utf8), 0x22), (Array("&apos;".utf8), 0x27),
    ]
}
