import Delivery
import LibCrypto
import Records

/// What a receipt says of one record.
enum Word: Sendable, Hashable {
    case accepted, rejected, transient, unknown, pending

    /// What is written about it: status and code.
    var written: (status: String, code: String?) {
        switch self {
        case .accepted: ("accepted", nil)
        case .rejected: ("rejected", "E2104")
        case .transient: ("rejected", "E5001")
        case .unknown: ("rejected", "E9999")
        case .pending: ("pending", nil)
        }
    }
}

/// A document of the national side, or of somebody who pretends to be it.
struct Paper: Sendable {
    let document: SignedDocument
    /// SHA-256 of the bytes, hex: the county's name for it.
    let digest: String
    /// Whether the signature is the nation's over these bytes.
    let isGenuine: Bool

    init(_ bytes: [UInt8], by key: SigningKey?) {
        let signature = key.flatMap { try? $0.sign(bytes) }
        document = SignedDocument(
            bytes: bytes, signature: signature, key: signature == nil ? nil : Parties.keyName)
        digest = Hex.encode(Hash.sha256.digest(bytes))
        isGenuine = key === Parties.nation
    }

    /// The same bytes with a signature that is none.
    func forged() -> Paper { Paper(document.bytes, by: Parties.stranger) }
}

/// What the bytes of a receipt mean, written down by who wrote them.
struct Meaning: Sendable {
    /// How it fits to what the county sent.
    enum Fit: Sendable {
        case fits
        /// For another sender, document or submission.
        case strange
        /// For records that were not in it, or twice for one.
        case odd
    }

    let submission: SubmissionID
    let fit: Fit
    /// By the record's position; a refusal says the same of all.
    let words: [Int: Word]
    let isRefusal: Bool
    /// Whether it was ever handed out with a genuine signature.
    var wasGenuine = false
}

/// Writes receipts, by the text of the protocol and not by the program's reader.
enum Scribe {
    static func receipt(
        _ number: Int, for parcel: Parcel, _ words: [Int: Word], status: String = "processed",
        code: String? = nil, sender: String = Parties.sender, digest: String? = nil,
        submission: String? = nil, more: String = ""
    ) -> [UInt8] {
        let entries = words.keys.sorted().map { position -> String in
            let word = words[position] ?? .pending
            return entry(parcel.records[position], word, serial: position)
        }
        let code = code.map { " code=\"\($0)\"" } ?? ""
        let text =
            "<Receipt xmlns=\"\(Parties.namespace)\" id=\"r-\(number)\" "
            + "submission=\"\(submission ?? parcel.id.text)\" sender=\"\(sender)\" "
            + "digest=\"\(digest ?? parcel.digest)\" issued=\"2012-03-05T22:00:09+08:00\" "
            + "status=\"\(status)\"\(code)>\(entries.joined())\(more)</Receipt>"
        return Array(text.utf8)
    }

    static func entry(_ record: SubmittedRecord, _ word: Word, serial: Int) -> String {
        let written = word.written
        let code = written.code.map { " code=\"\($0)\"" } ?? ""
        let serial = word == .accepted ? " serial=\"N\(record.record.text.suffix(6))\"" : ""
        return "<Entry record=\"\(record.record)\" version=\"\(record.version)\" "
            + "status=\"\(written.status)\"\(code)\(serial)/>"
    }
}
