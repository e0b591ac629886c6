import Delivery
import Settlements

/// What the national side says that it counted, with its own words for it.
struct NationalAnswer: Sendable {
    /// By institution and month; `nil` where no signed counts could be had.
    let counts: [NationalCounts]?
    /// What they were read from, exactly as received.
    let document: SignedDocument?
    /// Why there are none: a code.
    let missing: String?

    init(missing: String) {
        (counts, document) = (nil, nil)
        self.missing = missing
    }

    init(_ counts: [NationalCount], document: SignedDocument) {
        self.counts = counts.map {
            NationalCounts(
                institution: $0.institution, month: $0.month, accepted: $0.accepted,
                rejected: $0.rejected, duplicate: $0.duplicate)
        }
        self.document = document
        missing = nil
    }
}
