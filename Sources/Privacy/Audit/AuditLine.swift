import LibCrypto

/// A row as it stands in the file: `hash`, a space and the row's one JSON text.
///
/// `hash = SM3("GWA1" ‖ the hash before ‖ the row's UTF-8 bytes)`, 64 hexadecimal digits (PRIVACY
/// 6.4): GB/T 32905 alone is needed to check it.
struct AuditLine {
    let row: AuditRow
    let hash: [UInt8]

    /// What follows `head`.
    init(_ row: AuditRow, after head: AuditHead) {
        self.row = row
        hash = AuditLine.hash(canonicalJSON(row), after: head.hash)
    }

    /// Reads a line without its end; `nil` for what is none.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 65, bytes[64] == UInt8(ascii: " "),
            let hash = try? Hex.decode(String(decoding: bytes[..<64], as: UTF8.self)),
            hash.count == 32,
            let row = value(ofCanonical: Array(bytes[65...]), as: AuditRow.self)
        else { return nil }
        self.row = row
        self.hash = hash
    }

    /// With its end.
    var bytes: [UInt8] {
        Array(Hex.encode(hash).utf8) + [UInt8(ascii: " ")] + canonicalJSON(row) + [0x0A]
    }

    /// Whether it is the line after `head`.
    func follows(_ head: AuditHead) -> Bool {
        row.seq == head.seq + 1 && hash == AuditLine.hash(canonicalJSON(row), after: head.hash)
    }

    private static func hash(_ row: [UInt8], after before: [UInt8]) -> [UInt8] {
        Hash.sm3.digest(Array("GWA1".utf8) + before + row)
    }
}
