package import Evidence
package import Records

/// A way to the national side. It moves bytes and tells what came of it; it repeats nothing.
package protocol Transport: Sendable {
    /// Sends a submission's bytes.
    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer
    /// Asks for the newest receipt of a submission.
    func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer
    /// Fetches receipts in their order of appearance, from a cursor on.
    func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage
    /// Fetches the national side's own counts.
    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument
}

/// What goes out: exactly the stored bytes, just re-checked against their digest.
package struct Shipment: Sendable {
    package let submission: SubmissionID
    /// The gzip of the XML.
    package let wire: [UInt8]
    /// SHA-256 of `wire`, 32 bytes.
    package let wireDigest: [UInt8]
    /// DER, over the XML.
    package let signature: [UInt8]
    package let signingKey: String
}

/// Bytes that came, with the signature that came with them; believed only once verified.
package struct SignedDocument: Sendable, Hashable {
    package let bytes: [UInt8]
    /// DER; `nil` if there was none that could be read.
    package let signature: [UInt8]?
    package let key: String?
    /// The head of the answer it came in, as evidence; `nil` from the feed.
    package let head: String?
    /// `unsigned` for what we wrote ourselves by a list that a person brought; `nil` for all that
    /// comes over a wire, which counts by its signature alone.
    package let grade: AnswerGrade?

    package init(bytes: [UInt8], signature: [UInt8]?, key: String?, head: String? = nil) {
        self.init(bytes: bytes, signature: signature, key: key, head: head, grade: nil)
    }

    init(
        bytes: [UInt8], signature: [UInt8]?, key: String?, head: String?, grade: AnswerGrade?
    ) {
        self.bytes = bytes
        self.signature = signature
        self.key = key
        self.head = head
        self.grade = grade
    }

    /// The same without what a stranger may have written beside it: the head, and a key's name that
    /// is none of ours.
    func withoutWords(knowing isKnown: (String) -> Bool) -> SignedDocument {
        let isOurs = key.map(isKnown) ?? false
        return SignedDocument(
            bytes: bytes, signature: isOurs ? signature : nil, key: isOurs ? key : nil, head: nil,
            grade: grade)
    }
}

/// An answer to a submission that is no failure.
package struct SendAnswer: Sendable {
    /// A stable code for the attempt, e.g. `HTTP-202`.
    package let outcome: String
    /// A receipt, as yet unchecked; `nil` for "stored, wait".
    package let document: SignedDocument?

    package init(outcome: String, document: SignedDocument?) {
        self.outcome = outcome
        self.document = document
    }
}

/// An answer to the question for a receipt.
package enum InquiryAnswer: Sendable {
    /// They never stored it: safe to send.
    case unknown
    /// They have it and have not decided.
    case pending
    /// Nothing is to be seen of it, which proves nothing: they may have taken it away.
    case untold
    case document(SignedDocument)
}

/// A page of the feed of receipts.
package struct FeedPage: Sendable {
    /// Where the next page begins; unchanged on an empty page.
    package let next: String
    package let items: [SignedDocument]

    package init(next: String, items: [SignedDocument]) {
        self.next = next
        self.items = items
    }
}

/// Whose counts of which time are asked for; both ends inclusive.
package struct CountsQuery: Sendable {
    package let programme: String
    package let region: String
    package let from: CalendarMonth
    package let to: CalendarMonth

    package init(programme: String, region: String, from: CalendarMonth, to: CalendarMonth) {
        self.programme = programme
        self.region = region
        self.from = from
        self.to = to
    }
}
