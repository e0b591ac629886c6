import LibCrypto

/// JSON written by hand where every byte counts.
package enum JSONText {
    /// A string with everything but printable ASCII escaped (RFC 8259 section 7).
    package static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
        if isPlain { return "\"" + text + "\"" }
        var written = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: written += "\\\""
            case 0x5C: written += "\\\\"
            case 0x0A: written += "\\n"
            case 0x0D: written += "\\r"
            case 0x09: written += "\\t"
            case 0x08: written += "\\b"
            case 0x0C: written += "\\f"
            case 0x20...0x7E: written.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                written += "\\u" + Hex.encode([UInt8(unit >> 8), UInt8(unit & 0xFF)])
            }
        }
        return written + "\""
    }

    /// An object of values that are written already, in the order given.
    package static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
