/// Something about the data that a person must know. A value that flows on, never an error.
package struct Finding: Hashable, Sendable, Codable {
    /// The rule or check that speaks, e.g. `R-05`, `L-001`, `V-DATE`.
    package let code: String
    /// What happens to the record because of it.
    package let effect: FindingEffect
    /// The programme's field it is about, e.g. `wife.idNumber`; never the field's value.
    package let field: String?

    package init(code: String, effect: FindingEffect, field: String? = nil) {
        self.code = code
        self.effect = effect
        self.field = field
    }
}

/// What a finding does (DOMAIN 0.4): the strongest of a record's findings decides its fate.
package enum FindingEffect: String, Sendable, Codable, CaseIterable, Comparable {
    /// Shown, never blocks (W).
    case warning
    /// Identical second copy or an older version: nothing new to send.
    case superseded
    /// No consent, an unfinished form, an identity still outstanding.
    case held
    /// Not entitled.
    case excluded
    /// The clinic corrects it (R), or a person decides (Q).
    case quarantined

    private var strength: Int {
        switch self {
        case .warning: 0
        case .superseded: 1
        case .held: 2
        case .excluded: 3
        case .quarantined: 4
        }
    }

    package static func < (left: FindingEffect, right: FindingEffect) -> Bool {
        left.strength < right.strength
    }
}
