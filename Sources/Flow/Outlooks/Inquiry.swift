package import Delivery
import Evidence
import Programmes
package import Records
package import Schedules
package import Storage

/// Asks the books where a record or a submission stands (查询处境). Changes nothing.
package struct Inquiry: Sendable {
    private let site: Site
    private let outbox: Outbox

    package init(site: Site, outbox: Outbox) {
        self.site = site
        self.outbox = outbox
    }

    /// The way to the national side as it is now. Throws `StorageFailure`.
    package func way(in transaction: any Transaction) throws(StorageFailure) -> Way {
        let lane = try outbox.lane(site.profile.name, in: transaction)
        let calendar = site.configuration.calendar
        var paused: Set<String> = []
        for schedule in calendar.schedules
        where try ScheduleBook().pause(of: schedule.name, in: transaction) != nil {
            paused.insert(schedule.name)
        }
        var way = Way(
            now: site.clock(), openFrom: lane.openFrom, laneCode: lane.reason,
            isReconciling: try Reconciling.load(in: transaction) != nil
        ) { [paused] errand, moment in
            calendar.turn(errand, notBefore: moment, paused: paused)
        }
        way.isAssisted = site.configuration.national.way.binding == .assisted
        way.stopped = try LaneStop.load(site.profile.name, in: transaction)?.scope
        way.paceOpens = try outbox.paceOpens(site.profile.name, now: way.now, in: transaction)
        return way
    }

    /// Where a submission stands; `nil` if there is none. Throws `StorageFailure`.
    package func stand(
        of submission: SubmissionID, in transaction: any Transaction
    ) throws(StorageFailure) -> SubmissionStand? {
        try outbox.show(submission, in: transaction).map { SubmissionStand($0) }
    }

    /// Where a record stands; `nil` if the books do not know it.
    ///
    /// Throws `StorageFailure`, `DecodingError`.
    package func stand(
        of record: RecordID, in transaction: any Transaction
    ) throws -> RecordStand? {
        let sent = try outbox.latestItem(of: record, in: transaction)
        let inForce = try outbox.standing(of: [record], in: transaction)[0].versionInForce
        if let row = try row(of: record, after: sent?.item.version ?? 0, in: transaction) {
            return RecordStand(
                record: record, version: row.kept.version,
                newest: .row(
                    fate: row.kept.fate, number: row.kept.row, file: row.file,
                    codes: row.kept.findings.map(\.code)), inForce: inForce, packsAgain: nil)
        }
        guard let sent, let stand = try stand(of: sent.submission, in: transaction) else {
            return nil
        }
        return RecordStand(
            record: record, version: sent.item.version, newest: .item(sent.item, stand),
            inForce: inForce, packsAgain: sent.packsAgain)
    }

    /// The newest row of a record that stayed here, if no version as new went out.
    private func row(
        of record: RecordID, after version: Int, in transaction: any Transaction
    ) throws -> (kept: Fact.KeptRow, file: String)? {
        var found: (kept: Fact.KeptRow, intake: IntakeID)?
        for entry in try Ledger().entries(of: "taken", holding: record.text, in: transaction) {
            guard case .taken(let taken) = entry.fact else { continue }
            for row in taken.kept
            where row.record == record && row.version > version
                && row.version >= found?.kept.version ?? 0
            {
                found = (row, taken.intake)
            }
        }
        guard let found else { return nil }
        var name = found.intake.text
        for entry in try Ledger().entries(
            of: "arrived", holding: found.intake.text, in: transaction)
        {
            if case .arrived(let arrived) = entry.fact, arrived.intake == found.intake {
                name = arrived.name
            }
        }
        return (found.kept, name)
    }
}

extension UploadCalendar {
    /// Whose turn an errand is that cannot be run before a moment.
    package func turn(_ errand: Way.Errand, notBefore moment: Timestamp, paused: Set<String>)
        -> Way.Turn
    {
        let able = schedules.filter { $0.work.runs(errand) }
        if schedules.isEmpty || able.isEmpty {
            guard let minute = try? openTimes.minute(after: 0, from: moment.minute) else {
                return .unknown
            }
            return .anyRound(from: max(moment, Timestamp(minute)))
        }
        var first: (name: String, at: Timestamp)?
        for schedule in able where !paused.contains(schedule.name) {
            guard let run = run(of: schedule, notBefore: moment) else { continue }
            if run < first?.at ?? run.adding(seconds: 1) { first = (schedule.name, run) }
        }
        if let first { return .schedule(first.name, at: first.at) }
        return able.first { paused.contains($0.name) }.map { .paused($0.name) } ?? .unknown
    }

    /// When a schedule first begins at or after a moment; the county's offset counted.
    private func run(of schedule: Schedule, notBefore moment: Timestamp) -> Timestamp? {
        var after = moment.minute.adding(minutes: -1 - schedule.spread.minutes)
        while let run = try? next(of: schedule, after: after) {
            if run.starts >= moment { return run.starts }
            after = run.nominal
        }
        return nil
    }
}

extension ScheduledWork {
    fileprivate func runs(_ errand: Way.Errand) -> Bool {
        switch self {
        case .deliver, .all: true
        case .collect: errand != .send
        case .take, .reconcile: false
        }
    }
}
