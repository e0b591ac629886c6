import Definitions
import Records

/// What the profile allows as the text of one element: as XSD, and compiled for every record.
///
/// Both come from the same kind, side by side, so that neither can change alone.
final class SchemaFacet: Sendable {
    /// WS 218 with 22 characters or a credit code with 18: what the frame of a record takes.
    static let institutionPattern = "[0-9A-Z]{18}([0-9A-Z]{4})?"
    /// The institution of `Record@institution`.
    static let recordInstitution = SchemaFacet(
        .characters([18, 22], isAllowed: isDigitOrUpper, pattern: institutionPattern))
    /// A `GWF1` field (PRIVACY 3.4): 16 bytes of IV, any text, 32 bytes of tag, in base64url.
    static let sealedPattern =
        "GWF1\\.(gm|intl)\\.[A-Za-z0-9]{8,40}\\.[A-Za-z0-9_\\-]{22}\\.[A-Za-z0-9_\\-]*"
        + "\\.[A-Za-z0-9_\\-]{43}"

    private enum Rule: Sendable {
        case text(most: Int)
        case oneOf(ByteTable, [String])
        /// One of some counts of ASCII characters.
        case characters(Set<Int>, isAllowed: @Sendable (UInt8) -> Bool, pattern: String)
        case phone
        case document
        case division
        case integer(Int64, Int64)
        case decimal(places: Int, Int64, Int64)
        case date
        case month
        case flag
        case anyOf(ByteTable, [String])
        case dateTime
        case risk
    }

    private let rule: Rule

    init(_ kind: ElementKind) {
        rule =
            switch kind {
            case .text(let most, _), .personName(let most), .address(let most):
                .text(most: most)
            case .code(let list): SchemaFacet.oneOf(list)
            case .division: .division
            case .institution:
                .characters(
                    [9, 12, 18, 22], isAllowed: SchemaFacet.isDigitOrUpper,
                    pattern: "[0-9A-Z]{9}([0-9A-Z]{3})?|" + SchemaFacet.institutionPattern)
            case .idNumber: .document
            case .phone(landline: false):
                .characters([11], isAllowed: SchemaFacet.isDigit, pattern: "[0-9]{11}")
            case .phone(landline: true): .phone
            case .karyotype(let most): .text(most: most)
            case .integer(let least, let most): .integer(least, most)
            case .decimal(let places, let least, let most): .decimal(places: places, least, most)
            case .date: .date
            case .month: .month
            case .flag: .flag
            case .set(let list): SchemaFacet.anyOf(list)
            case .dateTime: .dateTime
            case .risk: .risk
            }
    }

    private init(_ rule: Rule) {
        self.rule = rule
    }

    private static func oneOf(_ list: CodeList) -> Rule {
        let codes = distinct(list)
        return .oneOf(table(codes), codes)
    }

    private static func anyOf(_ list: CodeList) -> Rule {
        let codes = distinct(list)
        return .anyOf(table(codes), codes)
    }

    private static func distinct(_ list: CodeList) -> [String] {
        var codes: [String] = []
        for code in list.codes where !codes.contains(code.code) { codes.append(code.code) }
        return codes
    }

    private static func table(_ codes: [String]) -> ByteTable {
        ByteTable(codes.enumerated().map { (key: Array($1.utf8), number: $0) })
    }

    private static func enumeration(_ codes: [String]) -> String {
        codes.map { "<xs:enumeration value=\"\(SchemaText.escaped($0))\"/>" }.joined()
    }

    /// The anonymous `xs:simpleType`.
    var restriction: String {
        switch rule {
        case .text(let most):
            simple("xs:string", "<xs:minLength value=\"1\"/><xs:maxLength value=\"\(most)\"/>")
        case .oneOf(_, let codes):
            simple("xs:token", SchemaFacet.enumeration(codes))
        case .anyOf(_, let codes):
            "<xs:simpleType><xs:restriction><xs:simpleType><xs:list>"
                + simple("xs:token", SchemaFacet.enumeration(codes))
                + "</xs:list></xs:simpleType><xs:minLength value=\"1\"/>"
                + "</xs:restriction></xs:simpleType>"
        case .characters(_, _, let pattern): simple("xs:token", SchemaFacet.pattern(pattern))
        case .phone:
            simple("xs:token", SchemaFacet.pattern("1[0-9]{10}|0[1-9][0-9]{8,10}"))
        case .document:
            simple("xs:token", SchemaFacet.pattern("[0-9A-Z&#x4E00;-&#x9FFF;]{1,18}"))
        case .division: simple("xs:token", SchemaFacet.pattern("[0-9]{6}([0-9]{3}){0,2}"))
        case .integer(let least, let most):
            simple(
                "xs:integer",
                SchemaFacet.pattern("0|-?[1-9][0-9]{0,17}")
                    + "<xs:minInclusive value=\"\(least)\"/><xs:maxInclusive value=\"\(most)\"/>")
        case .decimal(let places, let least, let most):
            simple(
                "xs:decimal",
                SchemaFacet.pattern("-?(0|[1-9][0-9]{0,13})\\.[0-9]{\(places)}")
                    + "<xs:minInclusive value=\"\(SchemaFacet.plain(least, places))\"/>"
                    + "<xs:maxInclusive value=\"\(SchemaFacet.plain(most, places))\"/>")
        case .date: "<xs:simpleType><xs:restriction base=\"Day\"/></xs:simpleType>"
        case .month: "<xs:simpleType><xs:restriction base=\"Month\"/></xs:simpleType>"
        case .flag: "<xs:simpleType><xs:restriction base=\"Flag\"/></xs:simpleType>"
        case .dateTime: "<xs:simpleType><xs:restriction base=\"Minute\"/></xs:simpleType>"
        case .risk: simple("xs:token", SchemaFacet.pattern("[&lt;&gt;]?[1-9][0-9]{0,6}"))
        }
    }

    /// Whether a text passes, after entities were resolved.
    func accepts(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
        if case .text(let most) = rule {
            var scalars = 0
            for byte in raw where byte & 0xC0 != 0x80 { scalars += 1 }
            return scalars >= 1 && scalars <= most
        }
        let text = SchemaFacet.trimmed(raw)
        switch rule {
        case .text: return false
        case .oneOf(let table, _): return table.number(of: text) != nil
        case .characters(let counts, let isAllowed, _):
            return counts.contains(text.count) && text.allSatisfy(isAllowed)
        case .phone: return SchemaFacet.isPhone(text)
        case .document: return SchemaFacet.isDocument(text)
        case .division:
            return (text.count == 6 || text.count == 9 || text.count == 12)
                && text.allSatisfy(SchemaFacet.isDigit)
        case .integer(let least, let most):
            guard let number = SchemaFacet.number(text, places: 0, mostDigits: 18) else {
                return false
            }
            let isZero = text.count == 1 && text[0] == 0x30
            return (number != 0 || isZero) && number >= least && number <= most
        case .decimal(let places, let least, let most):
            guard let number = SchemaFacet.number(text, places: places, mostDigits: 14) else {
                return false
            }
            return number >= least && number <= most
        case .date: return CalendarDate(iso: text) != nil
        case .month: return SchemaFacet.isMonth(text)
        case .flag: return SchemaFacet.isFlag(text)
        case .anyOf(let table, _): return SchemaFacet.isList(text, of: table)
        case .dateTime: return SchemaFacet.isMinute(text)
        case .risk: return SchemaFacet.isRisk(text)
        }
    }

    /// Whether bytes have the shape of `sealedPattern`, without a regular expression.
    static func isSealed(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
        let text = trimmed(raw)
        var index = 0
        /// Passes characters up to the next dot or the end; how many there were.
        func part(_ isAllowed: (UInt8) -> Bool) -> Int? {
            let start = index
            while index < text.count, text[index] != UInt8(ascii: ".") {
                guard isAllowed(text[index]) else { return nil }
                index += 1
            }
            return index - start
        }
        func dot() -> Bool {
            guard index < text.count else { return false }
            index += 1
            return true
        }
        let head = "GWF1.gm.".utf8
        let intl = "GWF1.intl.".utf8
        if text.starts(with: head) {
            index = head.count
        } else if text.starts(with: intl) {
            index = intl.count
        } else {
            return false
        }
        guard let key = part(isLetterOrDigit), (8...40).contains(key), dot(),
            part(isBase64URL) == 22, dot(), part(isBase64URL) != nil, dot(),
            part(isBase64URL) == 43
        else { return false }
        return index == text.count
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
    }

    static func isBase64URL(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    @Sendable static func isDigitOrUpper(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte >= 0x41 && byte <= 0x5A)
    }

    /// Without XML white space at both ends, as `xs:token` and its kin collapse it.
    static func trimmed(_ raw: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        }
        var first = 0
        var end = raw.count
        while first < end, isSpace(raw[first]) { first += 1 }
        while end > first, isSpace(raw[end - 1]) { end -= 1 }
        return UnsafeBufferPointer(rebasing: raw[first..<end])
    }

    private func simple(_ base: String, _ facets: String) -> String {
        "<xs:simpleType><xs:restriction base=\"\(base)\">\(facets)</xs:restriction></xs:simpleType>"
    }

    private static func pattern(_ pattern: String) -> String {
        "<xs:pattern value=\"\(pattern)\"/>"
    }

    private static func isMonth(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == 7, text[4] == UInt8(ascii: "-") else { return false }
        for place in 0..<7 where place != 4 && !isDigit(text[place]) { return false }
        let month = Int(text[5] - 0x30) * 10 + Int(text[6] - 0x30)
        return (1...12).contains(month) && !text[..<4].allSatisfy { $0 == 0x30 }
    }

    /// One or more words of a table, with white space between.
    private static func isList(_ text: UnsafeBufferPointer<UInt8>, of table: ByteTable) -> Bool {
        var isAny = false
        for word in text.split(whereSeparator: { $0 <= 0x20 }) {
            guard table.number(of: UnsafeBufferPointer(rebasing: word)) != nil else { return false }
            isAny = true
        }
        return isAny
    }

    /// `2016-03-30T08:00:00+08:00`, seconds always zero.
    private static func isMinute(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == 25, text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
            [11, 12, 14, 15].allSatisfy({ isDigit(text[$0]) }),
            CalendarDate(iso: UnsafeBufferPointer(rebasing: text[..<10])) != nil
        else { return false }
        let hour = Int(text[11] - 0x30) * 10 + Int(text[12] - 0x30)
        let minute = Int(text[14] - 0x30) * 10 + Int(text[15] - 0x30)
        return hour < 24 && minute < 60 && text[16...].elementsEqual(":00+08:00".utf8)
    }

    /// N of a risk 1/N, with the sign of a bound before it.
    private static func isRisk(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let signs = [UInt8(ascii: "<"), UInt8(ascii: ">")]
        let digits = text.first.map(signs.contains) == true ? text.dropFirst() : text[...]
        return (1...7).contains(digits.count) && digits.allSatisfy(isDigit)
            && digits.first != 0x30
    }

    /// A mobile number of 11 digits, or an area code and a number, 10 to 12.
    private static func isPhone(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 10, text.allSatisfy(isDigit) else { return false }
        if text[0] == 0x31 { return text.count == 11 }
        return text[0] == 0x30 && text[1] != 0x30 && text.count <= 12
    }

    /// The number of an identity document: digits, capitals and ideographs, 1 to 18.
    private static func isDocument(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        var characters = 0
        while index < text.count {
            if isDigitOrUpper(text[index]) {
                index += 1
            } else {
                guard text[index] >= 0xE4, text[index] <= 0xE9, index + 2 < text.count,
                    text[index] > 0xE4 || text[index + 1] >= 0xB8
                else { return false }
                index += 3
            }
            characters += 1
        }
        return (1...18).contains(characters)
    }

    private static func isFlag(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        func spells(_ word: StaticString) -> Bool {
            for place in 0..<text.count where text[place] != word.utf8Start[place] { return false }
            return true
        }
        return text.count == 4 ? spells("true") : text.count == 5 && spells("false")
    }

    /// A number as the patterns spell it, scaled; `nil` for any other spelling.
    private static func number(
        _ text: UnsafeBufferPointer<UInt8>, places: Int, mostDigits: Int
    ) -> Int64? {
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let whole = index
        var scaled: Int64 = 0
        while index < text.count, isDigit(text[index]) {
            guard index - whole < mostDigits else { return nil }
            scaled = scaled * 10 + Int64(text[index] - 0x30)
            index += 1
        }
        guard index > whole, index == whole + 1 || text[whole] != 0x30 else { return nil }
        if places > 0 {
            guard index < text.count, text[index] == UInt8(ascii: "."),
                text.count - index - 1 == places
            else { return nil }
            for byte in text[(index + 1)...] {
                guard isDigit(byte) else { return nil }
                scaled = scaled * 10 + Int64(byte - 0x30)
            }
        } else if index != text.count {
            return nil
        }
        return isNegative ? -scaled : scaled
    }

    /// A scaled bound as plain decimal text.
    private static func plain(_ scaled: Int64, _ places: Int) -> String {
        var digits = String(scaled.magnitude)
        while digits.count <= places { digits = "0" + digits }
        let split = digits.index(digits.endIndex, offsetBy: -places)
        return (scaled < 0 ? "-" : "") + digits[..<split] + "." + digits[split...]
    }
}

/// The places that elements have on the wire, merged over twins: wife's and husband's forms share
/// one content model, since XSD 1.0 cannot choose by an attribute.
enum SchemaSlots {
    struct Slot: Sendable {
        let element: Element
        let isRequired: Bool
    }

    /// The open elements of `Subject`.
    static func subject(_ dictionary: ElementDictionary) -> [Slot] {
        let places = dictionary.subjects.indices.map { Element.Location.subject($0) }
        let heldByAll = dictionary.heldByAll
        return merged(
            places.map { dictionary.elements(at: $0) },
            mayRequire: { heldByAll?.contains($0.wireName) ?? true })
    }

    /// The open elements of each group of forms, in the order of the forms.
    static func groups(_ dictionary: ElementDictionary) -> [(name: String, slots: [Slot])] {
        var names: [String] = []
        for form in dictionary.forms where !names.contains(form.group) { names.append(form.group) }
        return names.map { name in
            let places = dictionary.forms.indices.filter { dictionary.forms[$0].group == name }
            let lists = places.map { dictionary.elements(at: .form($0)) }
            return (name, merged(lists, mayRequire: { _ in false }))
        }
    }

    private static func merged(_ lists: [[Element]], mayRequire: (Element) -> Bool) -> [Slot] {
        var slots: [Slot] = []
        for element in lists.joined() {
            guard case .keep = element.protection,
                !slots.contains(where: { $0.element.wireName == element.wireName })
            else { continue }
            let everywhere = lists.allSatisfy { list in
                list.contains { $0.wireName == element.wireName && $0.isRequired }
            }
            slots.append(Slot(element: element, isRequired: mayRequire(element) && everywhere))
        }
        return slots.sorted { $0.element.position < $1.element.position }
    }
}
