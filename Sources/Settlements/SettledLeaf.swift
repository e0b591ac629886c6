import Evidence
import LibCrypto
import Records

/// One paid case as a leaf of the evidence tree: the canonical line that is hashed, without its
/// line feed.
///
/// JSON, keys sorted, no spaces, ASCII only, whole numbers only. An auditor can hash it by hand.
struct SettledLeaf {
    let seq: Int
    let division: String
    let paid: Settlement.PaidCase
    let submission: SubmissionID
    let receipt: String
    let packageDigest: String
    let mappingDigest: String

    /// The line's bytes.
    var line: [UInt8] {
        let record = paid.record
        var fields: [(String, String)] = [
            ("ack_sha256", JSONText.quoted(receipt)),
            ("child_order", "\(record.childOrder ?? 0)"),
            ("county", JSONText.quoted(division)),
            ("fen", "\(paid.item.price.fen)"),
        ]
        // Only what rests on a list of results bears a mark.
        if let grade = paid.version.grade {
            fields.append(("grade", JSONText.quoted(grade.rawValue)))
        }
        fields += [
            ("item", JSONText.quoted(paid.item.name)),
            ("mapping_sha256", JSONText.quoted(mappingDigest)),
            ("msg", JSONText.quoted(submission.text)),
            ("period", JSONText.quoted(record.servedOn.month.description)),
            ("persons", "\(record.persons)"),
            ("pid", JSONText.quoted(record.claimant ?? "")),
            ("pkg_sha256", JSONText.quoted(packageDigest)),
            // No line of an earlier pack is corrected: each pack states its whole year.
            ("prev_state_seq", "0"),
            ("record", JSONText.quoted(record.record.text)),
            ("seq", "\(seq)"),
            ("state", "\"settled\""),
            ("v", "1"),
            ("version", "\(record.version)"),
        ]
        return Array(JSONText.object(fields).utf8)
    }
}

/// JSON written by hand where every byte counts.
enum JSONText {
    /// A string with everything but printable ASCII escaped (RFC 8259 section 7).
    static func quoted(_ text: String) -> String {
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
    static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
