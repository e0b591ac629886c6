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
}

/// The rules of data minimisation that a mapping alone decides (PRIVACY 4.5).
package enum SheetLint {
    static let directInClear = CodeEntry(
        "M01",
        what: Wording(zh: "直接标识未加密也未留在本地。", en: "A direct identifier leaves in the clear."),
        next: Wording(
            zh: "在项目文件中改为 encrypt 或 drop。", en: "Make it encrypt or drop in the programme."))
    static let freeTextInClear = CodeEntry(
        "M04",
        what: Wording(zh: "自由文本原样上报。", en: "Free text leaves in the clear."),
        next: Wording(
            zh: "改为 encrypt 或 drop：自由文本里什么都可能有。",
            en: "Make it encrypt or drop: anything may stand in free text."))
    static let realExample = CodeEntry(
        "M14",
        what: Wording(
            zh: "映射文件里的示例或常量像真实的证件号码或手机号码。",
            en: "An example or constant looks like a real ID number or mobile phone."),
        next: Wording(
            zh: "换成虚构的（证件号 99 开头、手机号 120 开头），并从版本历史中清除。",
            en: "Use invented ones (IDs from 99, phones from 120); purge the old from history."))
    static let localID = CodeEntry(
        "M15",
        what: Wording(
            zh: "本地档案号原样上报，会泄露机构与序号。",
            en: "The clinic's own case number leaves; it shows clinic and sequence."),
        next: Wording(
            zh: "改为 drop：报文中的记录标识已代表它。", en: "Make it drop: the record id stands for it."))

    package static let entries = [directInClear, freeTextInClear, realExample, localID]

    static func findings(in mapping: Mapping) -> [SheetFinding] {
        let dictionary = mapping.dictionary
        let caseNumbers = dictionary.caseFields.key.filter {
            $0 != dictionary.caseFields.institution
        }
        var findings: [SheetFinding] = []
        func find(_ entry: CodeEntry, _ field: String) {
            let finding = SheetFinding(code: entry.code, field: field)
            if !findings.contains(finding) { findings.append(finding) }
        }
        for element in mapping.rules.map({ dictionary.elements[$0.ordinal] }) {
            guard case .keep = element.protection else { continue }
            if element.privacyClass == .direct { find(directInClear, element.name) }
            if element.isFreeText { find(freeTextInClear, element.name) }
            if caseNumbers.contains(element.ordinal) { find(localID, element.name) }
        }
        for example in mapping.examples {
            for (name, text) in example.input.sorted(by: { $0.key < $1.key }) where looksReal(text)
            {
                find(realExample, name)
            }
            for (name, text) in example.output.sorted(by: { $0.key < $1.key }) where looksReal(text)
            {
                find(realExample, name)
            }
        }
        for rule in mapping.rules {
            if case .constant(let text) = rule.origin, looksReal(text) {
                find(realExample, dictionary.elements[rule.ordinal].name)
            }
        }
        return findings.sorted { ($0.code, $0.field) < ($1.code, $1.field) }
    }

    /// Whether a text holds a valid ID number or a mobile number that somebody may bear. Invented
    /// ones, from 99 and from 120, pass.
    static func looksReal(_ text: String) -> Bool {
        var folded: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: folded.append(UInt8(scalar.value))
            case 0xFF10...0xFF19: folded.append(UInt8(scalar.value - 0xFF10 + 0x30))
            case 0x58, 0x78, 0xFF38, 0xFF58: folded.append(UInt8(ascii: "X"))
            case 0x20, 0x2D, 0x3000, 0xFF0D: folded.append(UInt8(ascii: "-"))
            default: folded.append(0)
            }
        }
        let joined = folded.filter { $0 != UInt8(ascii: "-") }
        return [folded, joined].contains { bytes in
            bytes.split { $0 == 0 || $0 == UInt8(ascii: "-") }.contains { isReal(Array($0)) }
        }
    }

    private static func isReal(_ run: [UInt8]) -> Bool {
        let digits = run.allSatisfy { $0 <= 0x39 }
        switch run.count {
        case 18: return IDNumber.isValid(run, acceptsInvented: false)
        case 15 where digits:
            return IDNumber.isValid(IDNumber.upgraded(run), acceptsInvented: false)
        case 11 where digits: return run[0] == 0x31 && run[1] >= 0x33
        case 13 where digits:
            return run.starts(with: "86".utf8) && run[2] == 0x31 && run[3] >= 0x33
        default: return false
        }
    }
}
