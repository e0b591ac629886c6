import Evidence
package import Records

/// A receipt that we write ourselves by a list of results that a person brought (无签名回执): for one
/// submission what the list says of its records, in the very form of a receipt, so that it is
/// kept, read and shown as any other. It bears no signature, and says so.
package struct UnsignedReceipt: Sendable {
    /// What the list says of one record.
    package struct Entry: Sendable, Hashable {
        package let record: RecordID
        package let version: Int
        package let isAccepted: Bool
        /// The platform's number, where it has one.
        package let serial: String?
        /// Of a rejection.
        package let code: String?

        package init(
            record: RecordID, version: Int, isAccepted: Bool, serial: String?, code: String?
        ) {
            self.record = record
            self.version = version
            self.isAccepted = isAccepted
            self.serial = serial
            self.code = code
        }
    }

    /// SHA-256 of the list's bytes, hex.
    package let list: String
    package let submission: SubmissionID
    /// SHA-256 of the submission's XML, hex, and its sender.
    package let digest: String
    package let sender: String
    /// When the list was first kept.
    package let received: Timestamp
    package let entries: [Entry]

    package init(
        list: String, submission: SubmissionID, digest: String, sender: String,
        received: Timestamp, entries: [Entry]
    ) {
        self.list = list
        self.submission = submission
        self.digest = digest
        self.sender = sender
        self.received = received
        self.entries = entries
    }

    /// The same list gives the same bytes. No personal value is among them.
    package func document(namespace: String) -> SignedDocument {
        var text = "<Receipt xmlns=\"\(namespace)\" id=\"list-\(list.prefix(32))\" "
        text += "submission=\"\(submission.text)\" sender=\"\(sender)\" digest=\"\(digest)\" "
        text += "issued=\"\(received.dateTime)\" status=\"processed\" "
        text += "grade=\"\(AnswerGrade.unsigned.rawValue)\" list=\"\(list)\">\n"
        for entry in entries.sorted(by: {
            ($0.record.text, $0.version) < ($1.record.text, $1.version)
        }) {
            text += "<Entry record=\"\(entry.record.text)\" version=\"\(entry.version)\" "
            text += "status=\"\(entry.isAccepted ? "accepted" : "rejected")\""
            if let serial = entry.serial { text += " serial=\"\(serial)\"" }
            if let code = entry.code { text += " code=\"\(code)\"" }
            text += "/>\n"
        }
        text += "</Receipt>\n"
        return SignedDocument(
            bytes: Array(text.utf8), signature: nil, key: nil, head: nil, grade: .unsigned)
    }
}
