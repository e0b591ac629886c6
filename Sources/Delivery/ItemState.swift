package import Evidence

/// What is known of one record in one submission.
///
/// Verdicts only ever raise it: `open < unknown < transient < repacked < accepted, rejected`,
/// `accepted < reversed`, and `disputed` above all. So receipts may come twice and in any order,
/// and the end is the same.
package enum ItemState: String, Sendable, Hashable, CaseIterable {
    /// No answer yet.
    case open
    /// Answered with a code that the profile does not know: a person looks.
    case unknown
    /// Transient on their side: it goes again in a new submission.
    case transient
    /// It went again in a new submission.
    case repacked
    case accepted
    case rejected
    /// It was accepted, and the national side took that back with a code that says just that.
    case reversed
    /// Two answers contradict each other: frozen.
    case disputed
    /// Its submission was cancelled before it was ever sent, or the clinic took it back while it
    /// was to go again.
    case void

    /// The state once this verdict is known too.
    ///
    /// A reversal speaks of an acceptance, so that it agrees with one whichever comes first; with a
    /// plain rejection neither agrees.
    package func joined(with verdict: Verdict) -> ItemState {
        switch (self, verdict) {
        case (.open, .accepted), (.unknown, .accepted), (.transient, .accepted),
            (.repacked, .accepted), (.accepted, .accepted), (.void, .accepted):
            .accepted
        case (.open, .rejected), (.unknown, .rejected), (.transient, .rejected),
            (.repacked, .rejected), (.rejected, .rejected), (.void, .rejected):
            .rejected
        case (.open, .reversed), (.unknown, .reversed), (.transient, .reversed),
            (.repacked, .reversed), (.accepted, .reversed), (.reversed, .reversed),
            (.reversed, .accepted), (.void, .reversed):
            .reversed
        case (.accepted, .rejected), (.rejected, .accepted), (.rejected, .reversed),
            (.reversed, .rejected):
            .disputed
        case (.open, .transient), (.unknown, .transient): .transient
        case (.open, .unknown): .unknown
        case (.unknown, .unknown), (.transient, _), (.repacked, _), (.accepted, _),
            (.rejected, _), (.reversed, _), (.disputed, _), (.void, _):
            self
        }
    }
}
