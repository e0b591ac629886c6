import Delivery
import Flow
import Notices
import Programmes
import Records
import Schedules
import Storage

/// What a metrics page asks of the database. All throw `StorageFailure`.
struct MetricQueries {
    let site: Site
    let transaction: any Transaction
    let now: Timestamp

    /// Upper bounds of the time that an attempt takes, in seconds.
    static let attemptBounds: [Double] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
    /// Upper bounds of the wait for a receipt, in seconds.
    static let answerBounds: [Double] = [1, 10, 60, 600, 3600, 6 * 3600, 86_400, 3 * 86_400]
    /// The other side decides within so long.
    static let answerSeconds: Int64 = 86_400

    func intake(_ page: inout MetricsPage) throws {
        let known = Set(site.configuration.sources.map(\.name))
        // A file that was taken by hand may name any source: those stand together.
        var files: [String: [String: Int]] = [:]
        var rows: [String: Int] = [:]
        for row in try transaction.run(
            """
            SELECT source, CASE WHEN abandoned = 1 THEN 'abandoned' ELSE state END, count(*),
                CAST(coalesce(sum(rows), 0) AS bigint)
            FROM intake GROUP BY 1, 2
            """)
        {
            let name = try row.text(0)
            let source = known.contains(name) ? name : "other"
            files[source, default: [:]][try row.text(1), default: 0] += try row.int(2)
            rows[source, default: 0] += try row.int(3)
        }
        for (source, outcomes) in files.sorted(by: { $0.key < $1.key }) {
            for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) {
                page.add(Metrics.files, ["source": source, "outcome": outcome], count)
            }
        }
        for (source, count) in rows.sorted(by: { $0.key < $1.key }) {
            page.add(Metrics.rows, ["source": source], count)
        }
        try openFiles(known, &page)
        for row in try transaction.run(
            "SELECT fate, count(*) FROM kept_row GROUP BY fate ORDER BY fate")
        {
            page.add(Metrics.keptRows, ["fate": try row.text(0)], try row.int(1))
        }
    }

    private func openFiles(_ known: Set<String>, _ page: inout MetricsPage) throws {
        var oldest: [String: Int64] = [:]
        for row in try transaction.run(
            """
            SELECT source, min(arrived) FROM intake WHERE state = 'open' AND abandoned = 0
            GROUP BY source
            """)
        {
            let name = try row.text(0)
            let source = known.contains(name) ? name : "other"
            let arrived = try row.int64(1)
            oldest[source] = min(arrived, oldest[source] ?? arrived)
        }
        for source in known.union(oldest.keys).sorted() {
            page.add(Metrics.oldestFile, ["source": source], age(of: oldest[source]))
        }
    }

    func queue(_ page: inout MetricsPage) throws {
        for row in try transaction.run(
            "SELECT state, count(*) FROM item GROUP BY state ORDER BY state")
        {
            page.add(Metrics.records, ["state": try row.text(0)], try row.int(1))
        }
        var counted: Set<String> = []
        for row in try transaction.run(
            """
            SELECT state, coalesce(reason, ''), count(*) FROM submission
            WHERE endpoint = \(endpoint) GROUP BY 1, 2 ORDER BY 1, 2
            """)
        {
            let state = try row.text(0)
            counted.insert(state)
            page.add(
                Metrics.submissions,
                ["endpoint": endpoint, "state": state, "reason": try row.text(1)],
                try row.int(2))
        }
        for state in DeliveryState.allCases where !counted.contains(state.rawValue) {
            page.add(
                Metrics.submissions,
                ["endpoint": endpoint, "state": state.rawValue, "reason": ""], 0)
        }
        try ages(&page)
    }

    private func ages(_ page: inout MetricsPage) throws {
        let due = try first(
            """
            SELECT min(next_step) FROM submission
            WHERE endpoint = \(endpoint) AND state = 'due' AND next_step <= \(now.microseconds)
            """)
        page.add(Metrics.oldestDue, ["endpoint": endpoint], age(of: due))
        let doubt = try oldestDoubt()?.microseconds
        page.add(Metrics.oldestDoubt, ["endpoint": endpoint], age(of: doubt))
        page.add(Metrics.overdue, ["endpoint": endpoint], try overdue())
    }

    /// When the oldest attempt began whose end is unclear.
    func oldestDoubt() throws(StorageFailure) -> Timestamp? {
        try first(
            """
            SELECT min(last.began) FROM (
                SELECT max(attempt.began) AS began
                FROM submission JOIN attempt ON attempt.submission = submission.id
                WHERE submission.endpoint = \(endpoint) AND submission.state = 'inDoubt'
                GROUP BY submission.id) AS last
            """
        ).map(Timestamp.init(microseconds:))
    }

    /// Submissions that the other side has had for a day without deciding.
    func overdue() throws(StorageFailure) -> Int64 {
        let since = now.adding(seconds: -MetricQueries.answerSeconds).microseconds
        return try first(
            """
            SELECT count(*) FROM submission WHERE endpoint = \(endpoint) AND state = 'awaiting'
                AND NOT EXISTS (SELECT 1 FROM attempt
                    WHERE attempt.submission = submission.id AND attempt.began > \(since))
            """) ?? 0
    }

    func attempts(_ page: inout MetricsPage) throws {
        for row in try transaction.run(
            """
            SELECT attempt.outcome, count(*)
            FROM attempt JOIN submission ON submission.id = attempt.submission
            WHERE submission.endpoint = \(endpoint) AND attempt.outcome IS NOT NULL
            GROUP BY attempt.outcome ORDER BY attempt.outcome
            """)
        {
            page.add(
                Metrics.attempts, ["endpoint": endpoint, "outcome": try row.text(0)],
                try row.int(1))
        }
        let ended = try transaction.run(
            """
            SELECT count(*), CAST(coalesce(sum(ended - began), 0) AS bigint) FROM attempt
            JOIN submission ON submission.id = attempt.submission
            WHERE submission.endpoint = \(endpoint) AND ended IS NOT NULL AND ended >= began
            """
        ).first
        guard let ended else { return }
        var buckets: [(bound: Double, count: Int)] = []
        for bound in MetricQueries.attemptBounds {
            let count = try first(
                """
                SELECT count(*) FROM attempt
                JOIN submission ON submission.id = attempt.submission
                WHERE submission.endpoint = \(endpoint) AND ended IS NOT NULL
                    AND ended >= began AND ended - began <= \(Int64(bound * 1_000_000))
                """)
            buckets.append((bound, Int(count ?? 0)))
        }
        page.add(
            histogram: Metrics.attemptTime, ["endpoint": endpoint], buckets: buckets,
            count: try ended.int(0), sum: Double(try ended.int64(1)) / 1_000_000)
    }

    func lane(_ page: inout MetricsPage) throws {
        let lane = try Lane.load(endpoint, in: transaction)
        page.add(
            Metrics.retryTokens, ["endpoint": endpoint],
            lane.tokens(by: try site.retryPolicy.rules))
        let isStopped = try LaneStop.load(endpoint, in: transaction)?.scope == .sends
        let isOpen = lane.isOpen(at: now)
        page.add(Metrics.laneOpen, ["endpoint": endpoint], isOpen && !isStopped ? 1 : 0)
        page.add(Metrics.laneStopped, ["endpoint": endpoint], isStopped ? 1 : 0)
        let circuit = lane.phase == .working ? 0 : isOpen ? 1 : 2
        page.add(Metrics.circuit, ["endpoint": endpoint], circuit)
        page.add(Metrics.laneFailures, ["endpoint": endpoint], lane.failures)
        if let reason = lane.reason, lane.phase == .barred {
            page.add(Metrics.laneForced, ["endpoint": endpoint, "reason": reason], 1)
        }
        let reconciling = try Reconciling.load(in: transaction)
        page.add(Metrics.reconciling, reconciling == nil ? 0 : 1)
    }

    /// Bytes that left and came, and how long receipts were waited for.
    func traffic(_ page: inout MetricsPage) throws {
        let sent = try first(
            """
            SELECT CAST(coalesce(sum(submission.byte_count), 0) AS bigint)
            FROM attempt JOIN submission ON submission.id = attempt.submission
            WHERE submission.endpoint = \(endpoint) AND attempt.on_wire = 1
                AND attempt.outcome <> \(Outbox.worklistOutcome)
            """)
        page.add(
            Metrics.bytes, ["endpoint": endpoint, "direction": "out"], sent ?? 0)
        let kept = try first(
            """
            SELECT CAST(coalesce(sum(length(receipt_body.bytes)), 0) AS bigint)
            FROM receipt_body JOIN receipt ON receipt.digest = receipt_body.digest
            WHERE receipt.endpoint = \(endpoint)
            """)
        page.add(Metrics.bytes, ["endpoint": endpoint, "direction": "in"], kept ?? 0)
        var buckets = MetricQueries.answerBounds.map { (bound: $0, count: 0) }
        var (count, sum) = (0, 0.0)
        for row in try transaction.run(
            """
            SELECT (SELECT min(received) FROM receipt WHERE receipt.submission = submission.id
                    AND disposition = 'applied') - min(attempt.began)
            FROM submission JOIN attempt ON attempt.submission = submission.id
            WHERE submission.endpoint = \(endpoint) AND attempt.on_wire = 1
            GROUP BY submission.id
            """)
        {
            guard let micros = try row.optionalInt64(0), micros >= 0 else { continue }
            let seconds = Double(micros) / 1_000_000
            (count, sum) = (count + 1, sum + seconds)
            for index in buckets.indices where seconds <= buckets[index].bound {
                buckets[index].count += 1
            }
        }
        page.add(
            histogram: Metrics.answerTime, ["endpoint": endpoint], buckets: buckets,
            count: count, sum: sum)
    }

    func receipts(_ page: inout MetricsPage) throws {
        var counts: [String: Int] = [:]
        for row in try transaction.run(
            """
            SELECT disposition, count(*) FROM receipt WHERE endpoint = \(endpoint)
            GROUP BY disposition
            """)
        { counts[try row.text(0)] = try row.int(1) }
        for disposition in Disposition.allCases {
            page.add(
                Metrics.receipts,
                ["endpoint": endpoint, "disposition": disposition.rawValue],
                counts[disposition.rawValue] ?? 0)
        }
        let open = try Outbox(epoch: "metrics", policy: site.retryPolicy)
            .alarms(in: transaction).open
        for kind in Alarm.Kind.allCases {
            page.add(
                Metrics.alarms, ["kind": kind.rawValue], open.count { $0.kind == kind })
        }
    }

    func schedules(_ page: inout MetricsPage) throws {
        let known = Set(site.configuration.calendar.schedules.map(\.name))
        guard !known.isEmpty else { return }
        for row in try transaction.run(
            """
            SELECT schedule, state, count(*), max(coalesce(ended, 0)) FROM schedule_run
            WHERE state NOT IN ('waiting', 'running') GROUP BY 1, 2 ORDER BY 1, 2
            """)
        {
            let (name, outcome) = (try row.text(0), try row.text(1))
            guard known.contains(name) else { continue }
            page.add(
                Metrics.scheduleRuns, ["schedule": name, "outcome": outcome], try row.int(2))
        }
        for row in try transaction.run(
            """
            SELECT schedule, max(ended) FROM schedule_run WHERE state = 'done'
            GROUP BY schedule ORDER BY schedule
            """)
        {
            let name = try row.text(0)
            guard known.contains(name), let ended = try row.optionalInt64(1) else { continue }
            page.add(
                Metrics.scheduleSuccess, ["schedule": name],
                Timestamp(microseconds: ended).seconds)
        }
    }

    /// What people were told of, and what could not be told.
    func incidents(_ page: inout MetricsPage) throws {
        var open: [String: Int] = [:]
        for incident in try IncidentBook().open(in: transaction) {
            open[incident.code, default: 0] += 1
        }
        for (code, count) in open.sorted(by: { $0.key < $1.key }) {
            page.add(Metrics.incidents, ["code": code], count)
        }
        let waiting = try IncidentBook().waiting(in: transaction)
        for channel in site.configuration.notices {
            let count = waiting.first { $0.channel == channel.name }?.count ?? 0
            page.add(Metrics.notices, ["channel": channel.name], count)
        }
    }

    private var endpoint: String { site.profile.name }

    private func first(_ query: SQL) throws(StorageFailure) -> Int64? {
        try transaction.run(query).first?.optionalInt64(0)
    }

    private func age(of moment: Int64?) -> Double {
        moment.map { Double(max(0, now.microseconds - $0)) / 1_000_000 } ?? 0
    }
}
