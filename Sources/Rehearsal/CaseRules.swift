/// What the pretend side holds of one case, as far as a verdict needs it.
struct CaseHistory: Sendable {
    /// One change that took effect.
    struct Change: Sendable {
        let version: Int
        let action: String
        let serial: String
        let sender: String
    }

    /// In the order in which they took effect.
    let changes: [Change]
    /// Whether another case in force holds the free check that this record claims.
    let isEntitlementUsed: Bool

    /// The last change, unless it took the case back.
    private var inForce: Change? { changes.last.flatMap { $0.action == "withdraw" ? nil : $0 } }

    /// The verdict on one version (EXCHANGE 1 and 2): no I/O, no clock.
    ///
    /// `submit` until something of the case is in force, then `amend` or `withdraw`; a version that
    /// was accepted before is a duplicate, and any other must be newer than all before it.
    func verdict(version: Int, action: String, sender: String) -> CaseVerdict {
        if changes.contains(where: { $0.sender != sender }) { return .rejected(.otherSender) }
        if let first = changes.first(where: { $0.version == version }) {
            return .duplicate(serial: first.serial)
        }
        if let newest = changes.map(\.version).max(), version < newest {
            return .rejected(.olderVersion)
        }
        guard (action == "submit") == (inForce == nil) else { return .rejected(.wrongAction) }
        return isEntitlementUsed ? .rejected(.entitlementUsed) : .accepted
    }
}

/// What a case's history says of a new version.
enum CaseVerdict: Sendable, Equatable {
    case accepted
    case rejected(AcknowledgementCode)
    case duplicate(serial: String)
}
