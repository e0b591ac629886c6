import Evidence
package import Records
package import Storage

/// What a person stopped on a lane (停发): it stays so until a person lets it go on.
package struct LaneStop: Sendable, Hashable {
    /// What is not done.
    package enum Scope: String, Sendable, CaseIterable {
        /// What was tried before is not tried again; new submissions go.
        case retries
        /// Nothing is sent. Receipts are still fetched and asked for.
        case sends
    }

    package let scope: Scope
    package let at: Timestamp
    package let by: String
    package let because: String

    /// As it stands; `nil` while nothing is stopped. Throws `StorageFailure`.
    package static func load(
        _ endpoint: String, in transaction: any Transaction
    ) throws(StorageFailure) -> LaneStop? {
        let rows = try transaction.run(
            "SELECT scope, at, person, because FROM lane_stop WHERE endpoint = \(endpoint)")
        guard let row = rows.first else { return nil }
        guard let scope = Scope(rawValue: try row.text(0)) else {
            throw StorageFailure(.unexpectedColumn("scope"))
        }
        return LaneStop(
            scope: scope, at: Timestamp(microseconds: try row.int64(1)), by: try row.text(2),
            because: try row.text(3))
    }
}

extension Outbox {
    /// Stops a lane, or stops more of it; false if as much is stopped already: whoever stops the
    /// retries lets nothing go that somebody else stopped.
    ///
    /// What is on the wire is not called back. Throws `StorageFailure`, `EncodingError`.
    package func stopLane(
        _ endpoint: String, _ scope: LaneStop.Scope, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws -> Bool {
        switch try LaneStop.load(endpoint, in: transaction)?.scope {
        case scope, .sends: return false
        case .retries, nil: break
        }
        try transaction.run(
            """
            INSERT INTO lane_stop (endpoint, scope, at, person, because)
            VALUES (\(endpoint), \(scope.rawValue), \(now.microseconds), \(decision.by),
                \(decision.because))
            ON CONFLICT (endpoint) DO UPDATE SET scope = excluded.scope, at = excluded.at,
                person = excluded.person, because = excluded.because
            """)
        try tell("stopped", endpoint, scope, decision, now: now, in: transaction)
        return true
    }

    /// Lets a lane go on; false if nothing was stopped. Throws `StorageFailure`, `EncodingError`.
    package func startLane(
        _ endpoint: String, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        guard let stop = try LaneStop.load(endpoint, in: transaction) else { return false }
        try transaction.run("DELETE FROM lane_stop WHERE endpoint = \(endpoint)")
        try tell("started", endpoint, stop.scope, decision, now: now, in: transaction)
        return true
    }

    private func tell(
        _ step: String, _ endpoint: String, _ scope: LaneStop.Scope, _ decision: Decision,
        now: Timestamp, in transaction: any Transaction
    ) throws {
        let fact = Fact.Switched(
            endpoint: endpoint, step: step, scope: scope.rawValue, by: decision.by,
            because: decision.because)
        try ledger.append([.switched(fact)], at: now, in: transaction)
    }
}
