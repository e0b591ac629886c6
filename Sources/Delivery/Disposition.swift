/// What was made of a receipt.
package enum Disposition: String, Sendable, Hashable, CaseIterable {
    /// On disk; not understood yet, or with a code that is not.
    case stored
    case applied
    /// It said nothing new: kept as further evidence.
    case duplicate
    /// It contradicts what was final.
    case conflict
    /// No such submission here.
    case unknown
    /// For another sender, endpoint or document.
    case misaddressed
    /// Not signed by a key that we know, or about something that was never sent.
    case forged
    /// Genuine, but not a receipt, or not for these records.
    case malformed

    /// Those that a person must look at: they changed nothing, and somebody sent them.
    package static let alarming: Set<Disposition> = [
        .conflict, .unknown, .misaddressed, .forged, .malformed,
    ]

    /// Whether the other side has shown that it has the submission.
    package var isBelieved: Bool {
        switch self {
        case .stored, .applied, .duplicate, .conflict: true
        case .unknown, .misaddressed, .forged, .malformed: false
        }
    }
}
