import Delivery
package import Evidence
package import Records
package import Storage

/// Looks whether what is always true is true (自查不变式).
package struct InvariantDesk: Sendable {
    /// What was found of one invariant.
    package struct Finding: Sendable, Codable, Hashable {
        package let id: String
        package let says: Wording
        /// Where it is not true: ids, numbers and digests; empty where all is well.
        package let places: [String]
    }

    private let site: Site
    private let database: any Database

    package init(site: Site, database: any Database) {
        self.site = site
        self.database = database
    }

    /// Those that are queries; the others are `BookInvariants`.
    package static let queries: [Invariant] =
        Ledger.invariants + Outbox.invariants + Register.invariants

    /// All ids, as the metrics name them.
    package static let ids: [String] =
        (queries.map(\.id) + BookInvariants.all.map(\.id)).sorted()

    /// Looks at all of them, or at those that are cheap enough for every few minutes; each in a
    /// snapshot of its own, so that no writer waits for long.
    ///
    /// Throws `StorageFailure`, `DecodingError`, `DefinitionError`.
    package func look(_ pace: Invariant.Pace = .hourly) async throws -> [Finding] {
        let now = site.clock()
        var found: [Finding] = []
        for invariant in InvariantDesk.queries where pace == .hourly || invariant.pace == .often {
            let places = try await database.read {
                try invariant.violations(in: $0, now: now)
            }
            found.append(Finding(id: invariant.id, says: invariant.says, places: places))
        }
        if pace == .hourly {
            let books = BookInvariants(site: site)
            let places = try await database.read { try books.violations(in: $0) }
            for (id, says) in BookInvariants.all {
                found.append(Finding(id: id, says: says, places: places[id] ?? []))
            }
        }
        return found.sorted { $0.id < $1.id }
    }
}

/// What an invariant means where it does not hold, for `shangbao explain`.
package enum InvariantCodes {
    /// What to do, whichever it is.
    package static let next = Wording(
        zh: "停止发送，不要手工改表，把数据库文件另存一份；见 docs/development/invariants.md。",
        en: "Stop sending, change no row by hand, copy the database aside; see "
            + "docs/development/invariants.md.")

    package static let all: [CodeEntry] =
        (InvariantDesk.queries.map { CodeEntry($0.id, what: $0.says, next: next) }
        + BookInvariants.all.map { CodeEntry($0.id, what: $0.says, next: next) })
        .sorted { $0.code < $1.code }
}
