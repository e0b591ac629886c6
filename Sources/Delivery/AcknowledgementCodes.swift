package import Evidence
package import Records

/// One code with which the national side explains a verdict.
package struct AcknowledgementCode: Sendable {
    /// What the code means for the record.
    package enum Effect: String, Sendable {
        /// `0xxx`: goes with an acceptance.
        case information
        /// The version is refused for good.
        case final
        /// `E5xxx`: the same version goes again in a new submission.
        case transient
        /// What was accepted is taken back for good.
        case reversal
    }

    package let code: String
    package let effect: Effect
    package let meaning: Wording
    /// Who mends it, e.g. `clinic`, `county`.
    package let repair: String

    package init(code: String, effect: Effect, meaning: Wording, repair: String) {
        self.code = code
        self.effect = effect
        self.meaning = meaning
        self.repair = repair
    }
}

/// The codes of one profile. What is not among them is not guessed.
package struct AcknowledgementCodes: Sendable {
    private let codes: [String: AcknowledgementCode]

    /// - Parameter list: a code that stands twice keeps its first meaning.
    package init(_ list: [AcknowledgementCode]) {
        codes = Dictionary(list.map { ($0.code, $0) }) { first, _ in first }
    }

    package subscript(code: String) -> AcknowledgementCode? { codes[code] }

    /// What a refusal with this code comes to.
    package func verdict(refusedWith code: String) -> Verdict {
        switch codes[code]?.effect {
        case .final: .rejected
        case .transient: .transient
        case .reversal: .reversed
        // A refusal for a reason that is none: not understood.
        case .information, nil: .unknown
        }
    }
}
