import Definitions
import Mappings
import Records

/// Nothing that leaves as it is may say who the record is about (原样字段里有本人, V-PERSON): the last
/// line behind the review, for every programme and whatever its rules are.
///
/// Looked at are the texts that leave unsealed and are no code of a list. Refused is one that holds
///
/// - an ID number, a phone or an address with a house number of the record's own persons, or their
///   name: three characters and more anywhere, two only as a word of its own or as the whole text,
///   since 安宁 and 平安 are names of people, of places and of hospitals; one never;
/// - in free text, an ID or mobile number of anybody.
///
/// Names of staff do not count: clinics are called after their doctors. Nor does a village alone,
/// unless it is the whole text: its clinic bears its name.
struct NamedInClear: Sendable {
    private enum Sort { case name, number, phone, address }

    /// What leaves as it is.
    private let kept: [(ordinal: Int, name: String, isFree: Bool)]
    private let persons: [(ordinal: Int, sort: Sort)]

    /// Shorter ones are no numbers of persons, or stand in other numbers by chance.
    private static let fewestDigits = 7

    init(_ dictionary: ElementDictionary) {
        var kept: [(ordinal: Int, name: String, isFree: Bool)] = []
        var persons: [(ordinal: Int, sort: Sort)] = []
        for element in dictionary.elements {
            if let sort = NamedInClear.sort(of: element) { persons.append((element.ordinal, sort)) }
            guard case .keep = element.protection,
                dictionary.followUp?.holds[element.ordinal] ?? true
            else { continue }
            switch element.kind {
            case .text, .address, .personName, .phone, .idNumber:
                kept.append((element.ordinal, element.name, true))
            case .institution, .karyotype: kept.append((element.ordinal, element.name, false))
            default: break
            }
        }
        self.kept = kept
        self.persons = persons
    }

    private static func sort(of element: Element) -> Sort? {
        let isPersons: Bool
        if case .subject = element.location { isPersons = true } else { isPersons = false }
        switch element.kind {
        case .idNumber: return .number
        case .phone: return .phone
        case .address: return .address
        case .personName where isPersons || element.privacyClass == .direct: return .name
        default: return nil
        }
    }

    func check(_ record: RecordRow, into findings: inout [Finding]) {
        for field in kept {
            guard let text = record.text(field.ordinal), !text.isEmpty else { continue }
            let isPersonal =
                field.isFree
                ? NamedInClear.holdsNumber(text) || namesOne(of: record, text)
                : numbersOne(of: record, Array(text))
            guard isPersonal else { continue }
            findings.append(
                Finding(
                    code: ValidationCodes.person.code, effect: .quarantined, field: field.name))
        }
    }

    /// Most texts are names of institutions and have no digits; wide and circled ones begin so.
    private static func holdsNumber(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.count(where: isDigit)
        guard digits > 5 || text.contains(where: { $0 == 0xEF || $0 == 0xE2 }) else { return false }
        return PersonalSigns.haveBearers(in: String(decoding: text, as: UTF8.self))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Whether a number of the record's own stands in a code or a text of letters and digits; the
    /// record holds numbers without spaces and hyphens.
    private func numbersOne(of record: RecordRow, _ text: [UInt8]) -> Bool {
        persons.contains { person in
            guard person.sort == .number || person.sort == .phone,
                let own = record.text(person.ordinal), own.count >= NamedInClear.fewestDigits
            else { return false }
            return text.place(of: Array(own), from: 0) != nil
                || own.count == 18 && text.place(of: NamedInClear.old(own), from: 0) != nil
        }
    }

    /// The 15 digits of an ID number of 18, as cards had them before 2013: without century
    /// and check digit.
    private static func old(_ number: ArraySlice<UInt8>) -> [UInt8] {
        Array(number.prefix(6) + number.dropFirst(8).prefix(9))
    }

    private func namesOne(of record: RecordRow, _ raw: ArraySlice<UInt8>) -> Bool {
        let text = Folded(raw)
        let hasDigits = text.joined.contains(where: NamedInClear.isDigit)
        if hasDigits, numbersOne(of: record, text.joined) { return true }
        return persons.contains { person in
            guard person.sort == .name || person.sort == .address,
                let own = record.text(person.ordinal), own.count > 1
            else { return false }
            if person.sort == .address {
                if own == raw { return true }
                guard hasDigits, own.contains(where: NamedInClear.isDigit) else { return false }
                let sought = Folded(own)
                return sought.characters > 4 && text.holds(sought)
            }
            let sought = Folded(own)
            guard sought.characters > 1 else { return false }
            return text.joined == sought.joined
                || sought.isHan && sought.characters > 2 && text.holds(sought)
                || text.holdsWord(sought.plain)
        }
    }
}

/// A text for comparing: half width, upper case.
private struct Folded {
    /// With all that stands between letters.
    let plain: [UInt8]
    /// Letters and digits alone.
    let joined: [UInt8]
    let characters: Int
    /// Whether all of it is Chinese characters, with a middle dot or not.
    let isHan: Bool

    init(_ text: ArraySlice<UInt8>) {
        var plain: [UInt8] = []
        var joined: [UInt8] = []
        var characters = 0
        var isHan = true
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            var value = scalar.value
            if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
            if (0x61...0x7A).contains(value) { value -= 0x20 }
            let folded = Unicode.Scalar(value) ?? scalar
            let bytes = UTF8.encode(folded).map(Array.init) ?? []
            plain += bytes
            guard Folded.isLetter(value) else { continue }
            joined += bytes
            characters += 1
            if value < 0x2E80 { isHan = false }
        }
        self.plain = plain
        self.joined = joined
        self.characters = characters
        self.isHan = isHan
    }

    private static func isLetter(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x41...0x5A: true
        // 々 and 〇 stand in names.
        case 0x3005, 0x3007: true
        case 0...0xBF, 0x2000...0x206F, 0x3000...0x303F, 0xFF00...0xFFEF: false
        default: true
        }
    }

    func holds(_ other: Folded) -> Bool { joined.place(of: other.joined, from: 0) != nil }

    /// Whether a word stands in it with no letter or digit on either side.
    func holdsWord(_ word: [UInt8]) -> Bool {
        var start = 0
        while let place = plain.place(of: word, from: start) {
            let isAlone =
                !Folded.endsInLetter(plain[..<place])
                && !Folded.beginsWithLetter(plain[(place + word.count)...])
            if isAlone { return true }
            start = place + 1
        }
        return false
    }

    private static func endsInLetter(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(decoding: bytes.suffix(4), as: UTF8.self).unicodeScalars.last
            .map { isLetter($0.value) } ?? false
    }

    private static func beginsWithLetter(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(decoding: bytes.prefix(4), as: UTF8.self).unicodeScalars.first
            .map { isLetter($0.value) } ?? false
    }
}

extension [UInt8] {
    fileprivate func place(of word: [UInt8], from start: Int) -> Int? {
        guard let head = word.first, count >= word.count else { return nil }
        var place = start
        while place <= count - word.count {
            if self[place] == head, self[place..<place + word.count].elementsEqual(word) {
                return place
            }
            place += 1
        }
        return nil
    }
}
