import Evidence
import Privacy
package import Records
import Storage

/// What was asked of the vault in the last days, for the data-protection lead (还原周报).
package struct IdentifyDigest: Sendable, Encodable {
    /// One person's share.
    package struct Person: Sendable, Encodable {
        package let name: String
        package internal(set) var requests = 0
        package internal(set) var records = 0
        /// Cases that he saw in the clear, each showing counted.
        package internal(set) var revealed = 0
        /// Attempts that were not allowed.
        package internal(set) var denied = 0
    }

    package let from: CalendarDate
    package let through: CalendarDate
    /// By name; `?` for names that are not on the list, and for attempts with nobody's key.
    package let people: [Person]
    /// Requests by reason code.
    package let reasons: [String: Int]
    /// Requests by what became of them.
    package let states: [String: Int]
    /// Attempts that were not allowed, by their code.
    package let denied: [String: Int]
    /// Attempts in one person's name with another one's key.
    package let borrowed: [Borrowed]
    /// Requests of these days.
    package let requests: [IdentifyReading]
    /// Emergencies that nobody has looked into, whenever they were.
    package let openReviews: [Review]
    /// Months of which drawn requests wait for somebody to look into them.
    package let samples: [SampleStanding]
    /// For whom the vault's keys are wrapped, now.
    package let vault: VaultStanding

    /// An emergency that waits to be looked into.
    package struct Review: Sendable, Encodable {
        package let id: String
        package let since: String
        package let isLate: Bool
    }

    /// Somebody's key was used in another one's name.
    package struct Borrowed: Sendable, Encodable {
        /// In whose name.
        package let name: String
        /// Whose key it was; `nil` for a key that is not listed.
        package let owner: String?
        package let count: Int
    }

    init(
        _ book: IdentifyBook, of custody: Custody, _ vault: VaultStanding,
        _ samples: [SampleStanding], days: Int,
        at now: Timestamp
    ) {
        self.vault = vault
        self.samples = samples
        let first = now.adding(seconds: -Int64(days) * 86_400)
        from = first.day
        through = now.day
        let cases = book.cases.filter { $0.askedAt >= first }
        let refusals = book.denied.filter { $0.at >= first }
        var people: [String: Person] = [:]
        for found in cases {
            let name = found.asked.by
            people[name, default: Person(name: name)].requests += 1
            people[name, default: Person(name: name)].records += found.asked.records.count
            people[name, default: Person(name: name)].revealed += found.revealed.count
        }
        var borrowed: [[String?]: Int] = [:]
        for (fact, _) in refusals {
            // Whose key it was counts, not in whose name it was tried.
            let owner = fact.key.map { custody.person(ofKey: $0)?.name }
            let who = owner.map { $0 ?? "?" } ?? fact.by
            people[who, default: Person(name: who)].denied += 1
            if let owner, owner != fact.by { borrowed[[fact.by, owner], default: 0] += 1 }
        }
        self.borrowed = borrowed.map { Borrowed(name: $0[0] ?? "?", owner: $0[1], count: $1) }
            .sorted { ($0.name, $0.owner ?? "") < ($1.name, $1.owner ?? "") }
        self.people = people.values.sorted { $0.name < $1.name }
        requests = cases.map { IdentifyReading($0, at: now) }
        reasons = Dictionary(requests.map { ($0.reason, 1) }, uniquingKeysWith: +)
        states = Dictionary(requests.map { ($0.state.rawValue, 1) }, uniquingKeysWith: +)
        denied = Dictionary(refusals.map { ($0.fact.result, 1) }, uniquingKeysWith: +)
        openReviews = book.openReviews.map { id, since in
            Review(
                id: id, since: since.dateTime,
                isLate: since.adding(seconds: IdentifyBook.reviewSeconds) < now)
        }
    }
}

extension IdentifyDesk {
    /// What the last days brought. Throws `StorageFailure`, `DecodingError`.
    package func digest(days: Int) async throws -> IdentifyDigest {
        try await database.read { transaction in
            let now = try moment(in: transaction)
            let book = try IdentifyBook(in: transaction)
            return IdentifyDigest(
                book, of: custody, try VaultStanding(custody, in: transaction, at: now),
                try book.sampleStandings(in: transaction, at: now), days: days, at: now)
        }
    }
}
