/// The one written form of a list of submitted records: JSON, keys sorted, no spaces, UTF-8.
///
/// Byte for byte what a JSON encoder with sorted keys writes, at a tenth of its time: every record
/// passes here twice. Whatever reads it is an ordinary JSON decoder.
package struct RecordListText: Sendable {
    /// `[{"action":…},…]`.
    package private(set) var bytes: [UInt8] = []

    /// Writes the list.
    package init(_ records: [SubmittedRecord]) {
        bytes.reserveCapacity(records.count * 300)
        bytes.append(UInt8(ascii: "["))
        for (index, record) in records.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(record)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func append(_ record: SubmittedRecord) {
        append(key: "{\"action\":", text: record.action.rawValue)
        if let order = record.childOrder { append(key: ",\"childOrder\":", number: order) }
        if let claimant = record.claimant { append(key: ",\"claimant\":", text: claimant) }
        if let before = record.claimantBefore { append(key: ",\"claimantBefore\":", text: before) }
        if let dueOn = record.dueOn {
            append(key: ",\"dueOn\":\"")
            dueOn.append(to: &bytes)
            append(key: "\"")
        }
        append(key: ",\"institution\":", text: record.institution)
        append(key: ",\"record\":", text: record.record.text)
        append(key: ",\"servedOn\":\"")
        record.servedOn.append(to: &bytes)
        append(key: "\",\"traits\":{")
        append(record.traits)
        append(key: "},\"version\":", number: record.version)
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func append(_ traits: SettlementTraits) {
        if let attempt = traits.attempt {
            append(key: "\"attempt\":", text: attempt.rawValue)
            append(key: ",")
        }
        append(key: "\"isComplete\":", flag: traits.isComplete)
        append(key: ",\"isFree\":", flag: traits.isFree)
        if let isLocal = traits.isLocal { append(key: ",\"isLocal\":", flag: isLocal) }
        if let isRealName = traits.isRealName { append(key: ",\"isRealName\":", flag: isRealName) }
        if let service = traits.service { append(key: ",\"service\":", text: service) }
        append(key: ",\"spouses\":[")
        for (index, isNamed) in traits.spouses.enumerated() {
            append(key: index > 0 ? "," : "", flag: isNamed)
        }
        append(key: "]")
    }

    private mutating func append(key: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    }

    private mutating func append(key: StaticString, flag: Bool) {
        append(key: key)
        append(key: flag ? "true" : "false")
    }

    private mutating func append(key: StaticString, number: Int) {
        append(key: key)
        bytes.append(contentsOf: String(number).utf8)
    }

    private mutating func append(key: StaticString, text: String) {
        append(key: key)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                appendEscape(of: byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// RFC 8259, 7: a short escape where there is one.
    private mutating func appendEscape(of control: UInt8) {
        switch control {
        case 0x08: append(key: "\\b")
        case 0x09: append(key: "\\t")
        case 0x0A: append(key: "\\n")
        case 0x0C: append(key: "\\f")
        case 0x0D: append(key: "\\r")
        default:
            append(key: control < 0x10 ? "\\u000" : "\\u001")
            bytes.append(contentsOf: String(control & 15, radix: 16).utf8)
        }
    }
}
