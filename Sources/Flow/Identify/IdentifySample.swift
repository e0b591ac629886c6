import Evidence
import LibCrypto
import Privacy
package import Records
import Storage

/// Requests of one month that somebody without a part in them looks into afterwards (每月抽查).
package struct IdentifySample: Sendable, Encodable {
    /// One that was drawn.
    package struct Drawn: Sendable, Encodable {
        /// A signature, verified anew by the keys that are listed.
        package struct Signature: Sendable, Encodable {
            package let by: String
            /// `requested`, `approved`, `reviewed`.
            package let step: String
            package let state: State
        }

        /// What verifying a signature came to.
        package enum State: String, Sendable, Encodable {
            case genuine
            /// The signer's key is not listed, under `people` or `former`.
            case unlisted
            /// The signature is not over these words, or they are about another request.
            case broken
        }

        package let request: IdentifyReading
        package let signatures: [Signature]
        /// What the reviewer noted.
        package let finding: String?
    }

    package let month: String
    /// Hash of the month's last line in the ledger that tells of identification, hex; empty where
    /// there is none.
    package let seed: String
    /// Requests of the month that two people approved.
    package let approved: Int
    package let drawn: [Drawn]
    /// Whether some were not looked into by the end of the next month.
    package let isLate: Bool

    package var isSound: Bool {
        drawn.flatMap(\.signatures).allSatisfy { $0.state != .broken }
    }
}

/// How many drawn requests of a month wait for somebody to look into them.
package struct SampleStanding: Sendable, Encodable {
    package let month: String
    package let waiting: Int
    package let isLate: Bool
}

extension IdentifyBook {
    /// Of ordinary requests a tenth is drawn, and no fewer than this.
    private static let fewestDrawn = 3

    /// What is drawn of a month that is over: every emergency, and of the others those whose
    /// SHA-256 over `seed|id` comes first.
    ///
    /// The seed is known only when the month is over, and whoever has the ledger draws the same.
    ///
    /// - Returns: in the order in which they were approved.
    func sample(
        of month: CalendarMonth, in transaction: any Transaction
    ) throws(StorageFailure) -> (seed: String, approved: Int, drawn: [Case]) {
        let approved = cases.filter { $0.approvedAt?.day.month == month }
        guard !approved.isEmpty, let line = lastLines[month] else { return ("", 0, []) }
        let hash = try transaction.run("SELECT hash FROM ledger WHERE seq = \(line)")[0].bytes(0)
        let seed = Hex.encode(hash)
        let others = approved.filter { !$0.isEmergency }
        let count = max(IdentifyBook.fewestDrawn, (others.count + 9) / 10)
        let ranked = others.map { found in
            (Hex.encode(Hash.sha256.digest(Array("\(seed)|\(found.id)".utf8))), found.id)
        }.sorted { $0 < $1 }
        let chosen = Set(ranked.prefix(count).map(\.1))
        return (
            seed, approved.count, approved.filter { $0.isEmergency || chosen.contains($0.id) }
        )
    }

    /// Months that are over and of which drawn requests wait. Throws `StorageFailure`.
    func sampleStandings(
        in transaction: any Transaction, at now: Timestamp
    ) throws(StorageFailure) -> [SampleStanding] {
        let months = Set(cases.compactMap { $0.approvedAt?.day.month })
            .filter { $0 < now.day.month }.sorted()
        var standings: [SampleStanding] = []
        for month in months {
            let waiting = try sample(of: month, in: transaction).drawn.count {
                $0.reviewed == nil
            }
            guard waiting > 0 else { continue }
            standings.append(
                SampleStanding(
                    month: "\(month)", waiting: waiting,
                    isLate: IdentifyBook.isLate(month, at: now)))
        }
        return standings
    }

    /// Whether the month after a month is over.
    static func isLate(_ month: CalendarMonth, at now: Timestamp) -> Bool {
        month.following < now.day.month
    }
}

extension IdentifyBook.Case {
    /// Asked for as an emergency: the director might stand in.
    fileprivate var isEmergency: Bool { isBreakGlass || request?.breakGlass == true }
}

extension CalendarMonth {
    fileprivate var following: CalendarMonth {
        month < 12
            ? CalendarMonth(year: year, month: month + 1)
            : CalendarMonth(year: year + 1, month: 1)
    }

    /// The month before.
    package var preceding: CalendarMonth {
        month > 1
            ? CalendarMonth(year: year, month: month - 1)
            : CalendarMonth(year: year - 1, month: 12)
    }
}

extension IdentifyDesk {
    /// Draws a month's requests for review.
    ///
    /// - Parameter month: one that is over; the last one where it is `nil`.
    /// - Throws: `IdentifyFailure`, `StorageFailure`, `DecodingError`.
    package func sample(of month: CalendarMonth?) async throws -> IdentifySample {
        try await database.read { transaction in
            let now = try moment(in: transaction)
            let month = month ?? now.day.month.preceding
            guard month < now.day.month else {
                throw IdentifyFailure(.month, place: "\(month)")
            }
            let (seed, approved, drawn) = try IdentifyBook(in: transaction)
                .sample(of: month, in: transaction)
            return IdentifySample(
                month: "\(month)", seed: seed, approved: approved,
                drawn: drawn.map { found in
                    IdentifySample.Drawn(
                        request: IdentifyReading(found, at: now), signatures: signatures(of: found),
                        finding: found.reviewed?.text.flatMap(IdentifyDecision.init(canonical:))?
                            .because)
                },
                isLate: IdentifyBook.isLate(month, at: now)
                    && drawn.contains { $0.reviewed == nil })
        }
    }

    /// Whether a request is to be looked into: an emergency at once, a drawn one when its month is
    /// over.
    func isForReview(_ turn: Turn) throws -> Bool {
        if turn.found.isBreakGlass { return true }
        guard let month = turn.found.approvedAt?.day.month, month < turn.now.day.month else {
            return false
        }
        return try IdentifyBook(in: turn.transaction).sample(of: month, in: turn.transaction)
            .drawn.contains { $0.id == turn.found.id }
    }

    /// Each signature of a request, verified anew.
    private func signatures(of found: IdentifyBook.Case) -> [IdentifySample.Drawn.Signature] {
        let facts =
            [found.asked] + found.approvals.map(\.fact) + [found.reviewed].compactMap(\.self)
        return facts.map { fact in
            .init(by: fact.by, step: fact.step.rawValue, state: state(of: fact, found))
        }
    }

    private func state(
        of fact: Fact.Identified, _ found: IdentifyBook.Case
    ) -> IdentifySample.Drawn.State {
        guard let request = found.request, request.id == found.id, let text = fact.text else {
            return .broken
        }
        let signer: (by: String, key: String)
        if fact.step == .requested {
            signer = (request.requester, request.key)
        } else {
            guard let words = IdentifyDecision(canonical: text), words.isAbout(request),
                words.kind == (fact.step == .approved ? .approve : .review)
            else { return .broken }
            signer = (words.by, words.key)
        }
        guard signer.by == fact.by, signer.key == fact.key, !found.isMoved else { return .broken }
        guard custody.person(named: signer.by, key: signer.key) != nil else { return .unlisted }
        return isSigned(text, fact.signature, by: signer.by, signer.key) ? .genuine : .broken
    }
}
