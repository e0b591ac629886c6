import Evidence
import LibCrypto
package import Privacy
package import Programmes
package import Records
package import Storage

/// Finds out who cases are about, where two people of two departments allow it (身份还原).
///
/// Each step is a fact of the ledger, in the transaction of what it does; so is each attempt that
/// is not allowed. There is no search: a case is asked for by its id.
package struct IdentifyDesk: Sendable {
    /// Cases that one request may name.
    package static let mostRecords = 20

    let custody: Custody
    let reasons: ReasonFile
    let region: String
    /// Requests that one person may make a day.
    let perDay: Int
    /// For how long what was approved can be opened.
    let minutes: Int
    let database: any Database
    let clock: Clock

    package init(
        custody: Custody, reasons: ReasonFile, region: String, perDay: Int, minutes: Int,
        database: any Database, clock: @escaping Clock
    ) {
        self.custody = custody
        self.reasons = reasons
        self.region = region
        self.perDay = perDay
        self.minutes = minutes
        self.database = database
        self.clock = clock
    }

    /// Throws `IdentifyFailure` where the site keeps no vault, `DefinitionError`.
    package init(site: Site, database: any Database) throws {
        guard let settings = site.configuration.custody, let custody = try site.custody() else {
            throw IdentifyFailure(.none)
        }
        self.init(
            custody: custody, reasons: try ReasonFile(below: site.configuration.mappings),
            region: site.configuration.county.region, perDay: settings.perDay,
            minutes: settings.minutes, database: database, clock: site.clock)
    }

    /// Asks who some cases are about.
    ///
    /// - Parameters:
    ///   - reason: a code of `privacy/reasons.yaml`.
    ///   - caseNumber: of the letter or case on which it rests.
    ///   - breakGlass: the director may stand in for one approver.
    /// - Throws: `IdentifyFailure`, `CryptoFailure`, `StorageFailure`.
    package func request(
        _ records: [RecordID], reason: String, caseNumber: String, breakGlass: Bool = false,
        by name: String, with key: CustodyKey
    ) async throws -> IdentifyReading {
        let id = String(try IdentityVault.keyID().prefix(10))
        return try await step(id, by: name, key.fingerprint) { transaction, now in
            let person = try self.person(name, key)
            try demandConfirmed(name, in: transaction)
            try demandClock(in: transaction)
            let request = IdentifyRequest(
                id: id, region: region, requester: name, key: person.fingerprint, reason: reason,
                caseNumber: caseNumber, records: records, breakGlass: breakGlass,
                minutes: minutes, perDay: perDay, at: now)
            guard (1...IdentifyDesk.mostRecords).contains(request.records.count) else {
                throw IdentifyFailure(.many)
            }
            guard reasons.reasons.contains(where: { $0.code == reason }) else {
                throw IdentifyFailure(.reason)
            }
            guard (1...64).contains(caseNumber.count),
                !caseNumber.allSatisfy(\.isWhitespace), !PersonalSigns.arePersons(in: caseNumber)
            else { throw IdentifyFailure(.caseNumber) }
            let today = try IdentifyBook(in: transaction).cases.filter {
                // Of a later day, too: a clock that was set back does not begin the day anew.
                $0.asked.by == name && $0.askedAt.day >= now.day
            }
            guard today.count < perDay else { throw IdentifyFailure(.limit, place: name) }
            for record in request.records {
                guard try Register().vaultRow(of: RecordID(record), in: transaction) != nil else {
                    throw IdentifyFailure(.record, place: record)
                }
            }
            try note(
                .requested, of: request, by: person, signing: request.canonical, with: key, now,
                in: transaction)
        }
    }

    /// Refuses a request: nobody opens it any more. Throws as `approve` does.
    package func refuse(
        _ id: String, by name: String, with key: CustodyKey, because: String
    ) async throws -> IdentifyReading {
        try await step(id, by: name, with: key, takesAway: true) { turn in
            guard turn.person.role != .requester else {
                throw IdentifyFailure(.role, place: name)
            }
            guard [.asked, .half, .open].contains(turn.found.state(at: turn.now)) else {
                throw IdentifyFailure(.state, place: id)
            }
            try erase(id, in: turn.transaction)
            try sign(.refuse, .refused, because: because, turn)
        }
    }

    /// Looks into an emergency, or one that was drawn of its month, once it is over (复核). Throws as
    /// `approve` does.
    package func review(
        _ id: String, by name: String, with key: CustodyKey, because: String
    ) async throws -> IdentifyReading {
        try await step(id, by: name, with: key) { turn in
            guard turn.person.role != .requester else {
                throw IdentifyFailure(.reviewRole, place: name)
            }
            guard turn.request.requester != name,
                !turn.found.approvals.contains(where: { $0.fact.by == name })
            else { throw IdentifyFailure(.reviewOwn, place: name) }
            guard turn.found.reviewed == nil, try isForReview(turn) else {
                throw IdentifyFailure(.state, place: id)
            }
            guard turn.found.isOver else { throw IdentifyFailure(.early, place: id) }
            try sign(.review, .reviewed, because: because, turn)
        }
    }

    /// Ends what can be opened. Anybody may: it only takes away. Throws `IdentifyFailure`,
    /// `StorageFailure`.
    package func close(_ id: String, by name: String) async throws -> IdentifyReading {
        try await step(id, by: name, takesAway: true) { transaction, now in
            guard let found = try IdentifyBook(in: transaction).found(id) else {
                throw IdentifyFailure(.request, place: id)
            }
            guard [.asked, .half, .open].contains(found.state(at: now)) else {
                throw IdentifyFailure(.state, place: id)
            }
            try erase(id, in: transaction)
            try append(
                Fact.Identified(
                    request: id, step: .closed, by: name, records: found.asked.records), now,
                in: transaction)
        }
    }

    /// All requests, as they stand now. Throws `StorageFailure`, `DecodingError`.
    package func readings() async throws -> [IdentifyReading] {
        try await database.read { transaction in
            let now = try moment(in: transaction)
            return try IdentifyBook(in: transaction).cases.map {
                try reading(of: $0, at: now, in: transaction)
            }
        }
    }
}
