import Delivery
import Evidence
package import Flow
package import Notices
import Programmes
package import Records
import Schedules
package import Storage

/// What looks wrong now (事件征兆), from the database, the disk and the process. Whether it has lasted
/// long enough to tell anybody is the incident book's business.
package struct IncidentSigns: Sendable {
    /// Nothing due is sent for so long although the lane is open.
    static let stuckSeconds: Int64 = 900
    /// An attempt whose end is unclear for so long.
    static let doubtSeconds: Int64 = 4 * 3600
    static let certificateSeconds: Int64 = 30 * 86_400

    private let site: Site
    private let standing: ServiceState.Standing

    package init(site: Site, standing: ServiceState.Standing) {
        self.site = site
        self.standing = standing
    }

    /// All of them. Throws `StorageFailure`, `DecodingError`.
    package func all(in transaction: any Transaction, now: Timestamp) throws -> [Incident.Sign] {
        process
            + files(now)
            + approvals(now)
            + (try lane(in: transaction, now))
            + (try queue(in: transaction, now))
            + (try receipts(in: transaction))
            + (try schedules(in: transaction))
            + (try emergencies(in: transaction, now))
            + (try custody(in: transaction, now))
            + (try ending(in: transaction, now))
    }

    private var process: [Incident.Sign] {
        var signs = standing.violations.filter { $0.value > 0 }.keys.sorted()
            .map { Incident.Sign($0) }
        if standing.hasClockJumped { signs.append(.init(ScheduleCodes.clockJump.code)) }
        if standing.clock?.isBehindLedger == true {
            signs.append(.init(ScheduleCodes.clockBehind.code))
        }
        if standing.wasReloaded == false {
            signs.append(.init(OperationsCodes.reload.code))
        }
        if standing.isAuditCut { signs.append(.init(AuditAnchors.cut.code)) }
        for (device, code) in standing.devices.sorted(by: { $0.key < $1.key }) {
            // What is away is often back by itself; a wrong PIN or signature never is.
            signs.append(.init(code, device, after: code == "E-DEVICE-ABSENT" ? 60 : 0))
        }
        for deadline in standing.deadlines {
            if let code = deadline.code { signs.append(.init(code, deadline.name)) }
        }
        return signs
    }

    private func files(_ now: Timestamp) -> [Incident.Sign] {
        DiskPlace.all(of: site).filter { $0.space?.isLow == true }
            .map { .init(OperationsCodes.disk.code, $0.label, after: 60) }
            + SiteCertificate.all(of: site)
            .filter {
                $0.notAfter - now.microseconds / 1_000_000 < IncidentSigns.certificateSeconds
            }
            .map {
                // Who renews it is another: ours we renew, theirs we ask for.
                let code =
                    $0.role == "recipient"
                    ? OperationsCodes.recipient : OperationsCodes.certificate
                return .init(code.code, $0.role)
            }
    }

    /// Decisions on mappings that end soon. Where an officer's key cannot be read, nothing is taken
    /// anyhow, and that is said there.
    private func approvals(_ now: Timestamp) -> [Incident.Sign] {
        ((try? site.approvalsEnding(by: now)) ?? []).map {
            Incident.Sign(OperationsCodes.approval.code, $0.mapping)
        }
    }

    private func lane(
        in transaction: any Transaction, _ now: Timestamp
    ) throws -> [Incident.Sign] {
        var signs: [Incident.Sign] = []
        if try Reconciling.load(in: transaction) != nil {
            signs.append(.init(OperationsCodes.reconciling.code))
        }
        let lane = try Lane.load(endpoint, in: transaction)
        if let reason = lane.reason {
            // Our own trouble waits for a person; theirs often passes by itself.
            signs.append(
                .init(reason, endpoint, after: lane.phase == .barred ? 60 : 900))
        } else if lane.isOpen(at: now), isOpenHour(now),
            try LaneStop.load(endpoint, in: transaction) == nil,
            let due = try oldest("due", in: transaction, now),
            due.adding(seconds: IncidentSigns.stuckSeconds) < now
        {
            signs.append(.init(OperationsCodes.stuck.code, endpoint, after: 300))
        }
        return signs
    }

    private func isOpenHour(_ now: Timestamp) -> Bool {
        (try? site.configuration.calendar.openTimes.isOpen(now.minute)) ?? false
            && site.configuration.calendar.schedules.isEmpty
    }

    private func queue(
        in transaction: any Transaction, _ now: Timestamp
    ) throws -> [Incident.Sign] {
        var signs: [Incident.Sign] = []
        for row in try transaction.run(
            """
            SELECT DISTINCT reason FROM submission
            WHERE endpoint = \(endpoint) AND state = 'held' AND reason <> 'Q-PERSON'
            """)
        { signs.append(.init(try row.text(0), endpoint, after: 60)) }
        let queries = MetricQueries(site: site, transaction: transaction, now: now)
        if let began = try queries.oldestDoubt(),
            began.adding(seconds: IncidentSigns.doubtSeconds) < now
        {
            signs.append(.init(OperationsCodes.doubt.code, endpoint))
        }
        if try queries.overdue() > 0 {
            signs.append(.init(OperationsCodes.overdue.code, endpoint, after: 1800))
        }
        return signs
    }

    private func oldest(
        _ state: String, in transaction: any Transaction, _ now: Timestamp
    ) throws(StorageFailure) -> Timestamp? {
        try transaction.run(
            """
            SELECT min(next_step) FROM submission WHERE endpoint = \(endpoint)
                AND state = \(state) AND next_step <= \(now.microseconds)
            """
        ).first?.optionalInt64(0).map(Timestamp.init(microseconds:))
    }

    private func receipts(in transaction: any Transaction) throws -> [Incident.Sign] {
        let open = try Outbox(epoch: "signs", policy: site.retryPolicy)
            .alarms(in: transaction).open
        return Alarm.Kind.allCases.filter { kind in open.contains { $0.kind == kind } }
            .map { .init($0.entry.code, endpoint) }
    }

    /// Schedules whose last run did not do its work.
    private func schedules(in transaction: any Transaction) throws -> [Incident.Sign] {
        var signs: [Incident.Sign] = []
        for schedule in site.configuration.calendar.schedules {
            let rows = try transaction.run(
                """
                SELECT state FROM schedule_run WHERE schedule = \(schedule.name)
                    AND state NOT IN ('waiting', 'running') ORDER BY instant DESC LIMIT 1
                """)
            if let state = try rows.first?.text(0), state != "done" {
                signs.append(.init(OperationsCodes.schedule.code, schedule.name))
            }
        }
        return signs
    }

    /// Identifications for which the director stood in, and which nobody has looked into.
    private func emergencies(
        in transaction: any Transaction, _ now: Timestamp
    ) throws -> [Incident.Sign] {
        try IdentifyBook(in: transaction).openReviews.flatMap { id, since in
            let isLate = since.adding(seconds: IdentifyBook.reviewSeconds) < now
            let codes = [IdentifyBook.toReview] + (isLate ? [IdentifyBook.lateReview] : [])
            return codes.map { Incident.Sign($0.code, id) }
        }
    }

    /// Rows that wait for their case and will be erased.
    private func ending(
        in transaction: any Transaction, _ now: Timestamp
    ) throws -> [Incident.Sign] {
        try RetentionDesk.isEnding(in: transaction, at: now)
            ? [.init(RetentionDesk.ending.code)] : []
    }

    /// Keys of the identity vault that are wrapped for others than those who are named.
    private func custody(
        in transaction: any Transaction, _ now: Timestamp
    ) throws -> [Incident.Sign] {
        let keys =
            try KeyBook(.custody, in: transaction).open.keys.sorted().map {
                Incident.Sign(KeyBook.custodyKey.code, $0)
            }
            + KeyBook(.officers, in: transaction).open.keys.sorted().map {
                Incident.Sign(KeyBook.officerKey.code, $0)
            }
        let book = try RewrapBook(in: transaction)
        guard book.due != nil else { return keys }
        return keys + [.init(RewrapBook.toDo.code)]
            + (book.isLate(at: now) ? [.init(RewrapBook.late.code)] : [])
    }

    private var endpoint: String { site.profile.name }
}
