package import Records
package import Storage

/// The way to one endpoint (通道): after a failure that is not one submission's, all of them wait,
/// and afterwards few go at first.
///
/// Kept in the database, so that a restart is no way around it. How it moves is in `LaneMoves`.
package struct Lane: Sendable, Hashable {
    package enum Phase: String, Sendable, CaseIterable {
        /// Submissions go.
        case working
        /// Too much failed (熔断): it rests until `openFrom`, then one thing is tried at a time.
        case tripped
        /// Our certificate, address or trust failed: as above, and probed without a payload first.
        case barred
    }

    /// What a lane was used for.
    package enum Use: Sendable {
        case send
        /// A page of the feed, or a question for a receipt: no payload.
        case look
    }

    package let endpoint: String
    /// Nothing goes before this moment.
    package internal(set) var openFrom = Timestamp(microseconds: 0)
    /// Sends that failed in a row.
    package internal(set) var failures = 0
    /// Questions and pages that failed in a row.
    package internal(set) var lookFailures = 0
    /// The code of the last failure; `nil` once something worked.
    package internal(set) var reason: String?
    package internal(set) var phase = Phase.working
    /// How often in a row it came to a rest.
    package internal(set) var rests = 0
    /// What worked since the last rest.
    package internal(set) var proven = 0
    var recent = RecentEnds()
    /// What is left for retries; `nil` where nothing was spent.
    var tokens: Int?
    /// When one retry may go without tokens.
    var trialFrom = Timestamp(microseconds: 0)
    /// How many may go at once; `nil` as many as the rules have.
    var limit: Int?
    /// Sends that worked since `limit` last changed.
    var streak = 0
    /// The most records of a new submission, since one was too large.
    var recordLimit: Int?
    var limitedAt = Timestamp(microseconds: 0)

    /// A lane on which nothing has failed.
    package init(endpoint: String) {
        self.endpoint = endpoint
    }

    /// Whether something may be sent at this moment.
    package func isOpen(at now: Timestamp) -> Bool { openFrom <= now }

    /// Whether it must first be proved that things work: one at a time.
    package var isProving: Bool { phase != .working }
}

extension Lane {
    /// The lane as it stands. Throws `StorageFailure`.
    package static func load(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> Lane {
        var lane = Lane(endpoint: endpoint)
        let rows = try transaction.run("SELECT * FROM lane WHERE endpoint = \(endpoint)")
        guard let row = rows.first else { return lane }
        lane.openFrom = Timestamp(microseconds: try row.int64("open_from"))
        lane.failures = try row.int("failures")
        lane.lookFailures = try row.int("look_failures")
        lane.reason = try row.optionalText("reason")
        guard let phase = Phase(rawValue: try row.text("phase")) else {
            throw StorageFailure(.unexpectedColumn("phase"))
        }
        lane.phase = phase
        lane.rests = try row.int("rests")
        lane.proven = try row.int("proven")
        lane.recent = RecentEnds(text: try row.text("recent"))
        lane.tokens = try row.optionalInt64("tokens").map { Int($0) }
        lane.trialFrom = Timestamp(microseconds: try row.int64("trial_from"))
        lane.limit = try row.optionalInt64("at_once").map { Int($0) }
        lane.streak = try row.int("streak")
        lane.recordLimit = try row.optionalInt64("record_limit").map { Int($0) }
        lane.limitedAt = Timestamp(microseconds: try row.int64("limited_at"))
        return lane
    }

    func save(in transaction: any Transaction) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO lane (endpoint, open_from, failures, look_failures, reason, phase, rests,
                proven, recent, tokens, trial_from, at_once, streak, record_limit, limited_at)
            VALUES (\(endpoint), \(openFrom.microseconds), \(failures), \(lookFailures),
                \(reason), \(phase.rawValue), \(rests), \(proven), \(recent.text), \(tokens),
                \(trialFrom.microseconds), \(limit), \(streak), \(recordLimit),
                \(limitedAt.microseconds))
            ON CONFLICT (endpoint) DO UPDATE SET open_from = excluded.open_from,
                failures = excluded.failures, look_failures = excluded.look_failures,
                reason = excluded.reason, phase = excluded.phase, rests = excluded.rests,
                proven = excluded.proven, recent = excluded.recent, tokens = excluded.tokens,
                trial_from = excluded.trial_from, at_once = excluded.at_once,
                streak = excluded.streak, record_limit = excluded.record_limit,
                limited_at = excluded.limited_at
            """)
    }
}
