import LibCrypto
import LibXML
import Records

/// One `Entry` of a receipt: what became of one record.
struct ReceiptEntry: Sendable {
    let record: String
    let version: Int
    /// `accepted`, `accepted-with-warnings`, `rejected`, `duplicate` or `pending`.
    let status: String
    var serial: String?
    var code: String?
    var field: String?
    /// Words for a person; empty where there is nothing to say.
    var text = ""
}

/// A `Receipt` before it is bytes (EXCHANGE 2).
struct ReceiptDocument: Sendable {
    let id: String
    let submission: String
    let sender: String
    /// SHA-256 of the submission's bytes, 64 lower-case hex digits.
    let digest: String
    let issued: Timestamp
    /// `received`, `processed` or `refused`.
    let status: String
    var code: String?
    var text = ""
    var entries: [ReceiptEntry] = []

    /// The document in UTF-8. Throws `XMLFailure` for text that XML does not allow.
    func bytes() throws(XMLFailure) -> [UInt8] {
        var writer = DocumentWriter()
        try writer.open(
            "Receipt",
            [
                ("xmlns", ReadSubmission.namespace), ("id", id), ("submission", submission),
                ("sender", sender), ("digest", digest), ("issued", issued.dateTime),
                ("status", status), ("code", code),
            ])
        try writer.text(text)
        for entry in entries {
            try writer.open(
                "Entry",
                [
                    ("record", entry.record), ("version", "\(entry.version)"),
                    ("status", entry.status), ("serial", entry.serial), ("code", entry.code),
                    ("field", entry.field),
                ])
            try writer.text(entry.text)
            writer.close("Entry")
        }
        writer.close("Receipt")
        return writer.bytes
    }
}

/// Writes elements with attributes, one after the other.
struct DocumentWriter {
    private(set) var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)

    /// Writes a start tag; attributes without a value are left out.
    mutating func open(
        _ name: String, _ attributes: [(name: String, value: String?)]
    ) throws(XMLFailure) {
        bytes.append(contentsOf: "<\(name)".utf8)
        for (name, value) in attributes {
            guard let value else { continue }
            bytes.append(contentsOf: " \(name)=\"".utf8)
            try Array(value.utf8).span.withUnsafeBytes { (utf8) throws(XMLFailure) in
                try XMLText.escape(attribute: utf8, appendingTo: &bytes)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func text(_ text: String) throws(XMLFailure) {
        try Array(text.utf8).span.withUnsafeBytes { (utf8) throws(XMLFailure) in
            try XMLText.escape(text: utf8, appendingTo: &bytes)
        }
    }

    mutating func close(_ name: String) {
        bytes.append(contentsOf: "</\(name)>".utf8)
    }
}
