import Definitions
import Mappings
import Records

/// What a field is by its kind, whatever class the programme's file gives it (字段的本性).
extension Element {
    /// Whether it stays here.
    var isDropped: Bool {
        if case .drop = protection { true } else { false }
    }

    /// Whether it names a person by itself: a name, an ID number, a phone, an address.
    var isDirect: Bool {
        switch kind {
        case .personName, .idNumber, .phone, .address: true
        default: privacyClass == .direct
        }
    }

    /// Text that anything may stand in.
    var isText: Bool {
        if case .text = kind { true } else { false }
    }

    /// Whether it is the day on which a person of the case was born; no infant's.
    var isBirthDay: Bool {
        guard case .subject = location else { return false }
        switch kind {
        case .date, .dateTime: break
        default: return false
        }
        let folded = wireName.lowercased()
        return folded.hasPrefix("birth") || folded.hasPrefix("dob")
            || title.zh.contains("出生日期") || title.zh.contains("生日")
    }

    /// Whether it holds what the clinic wrote, not one of the codes of a list.
    var carriesWhatIsWritten: Bool {
        switch kind {
        case .code, .set, .flag, .division, .month, .risk: false
        default: true
        }
    }

    /// Whether it holds a number or a day.
    var isNumber: Bool {
        switch kind {
        case .integer, .decimal, .date, .dateTime: true
        default: false
        }
    }
}

extension ElementDictionary {
    /// Whether a field leaves with a record of this sort at all.
    func mayLeave(_ element: Element) -> Bool {
        !element.isDropped && followUp?.holds[element.ordinal] ?? true
    }
}

extension Mapping {
    /// The fields that leave although no line fills them: what they are computed from is filled
    /// (计算得出的字段), by ordinal with what they are made of.
    var computed: [Int: [Int]] {
        var filled = Set(rules.map(\.ordinal))
        var found: [Int: [Int]] = [:]
        // In an order in which each stands behind those that it is made of.
        for field in dictionary.computedFields
        where !filled.contains(field.ordinal) && filled.isSuperset(of: field.computation.inputs) {
            found[field.ordinal] = field.computation.inputs
            filled.insert(field.ordinal)
        }
        return found
    }
}
