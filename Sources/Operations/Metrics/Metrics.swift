/// All families of the metrics page, with bounded labels: never a person, record, submission, file
/// name or free text.
package enum Metrics {
    static let build = Metric(
        "shangbao_build_info", .gauge, "Which program and libraries run; always 1.",
        labels: "sqlite_version", "curl_version", "database")
    static let tick = Metric(
        "shangbao_dispatch_loop_last_tick_timestamp_seconds", .gauge,
        "When a part of the service last began a round.", labels: "loop")
    static let files = Metric(
        "shangbao_intake_files_total", .counter,
        "Files by source and how far they are: closed, open, abandoned.",
        labels: "source", "outcome")
    static let oldestFile = Metric(
        "shangbao_intake_oldest_open_age_seconds", .gauge,
        "For how long the oldest file has been half taken; 0 where none is.", labels: "source")
    static let rows = Metric(
        "shangbao_intake_rows_total", .counter, "Rows read, by source.", labels: "source")
    static let keptRows = Metric(
        "shangbao_kept_rows", .gauge, "Rows kept at home, by fate.", labels: "fate")
    static let records = Metric(
        "shangbao_records", .gauge, "Records in submissions by what is known of them.",
        labels: "state")
    static let submissions = Metric(
        "shangbao_messages", .gauge, "Submissions by state, and why they are held.",
        labels: "endpoint", "state", "reason")
    static let oldestDue = Metric(
        "shangbao_outbox_oldest_due_age_seconds", .gauge,
        "For how long the submission that waits longest could have been sent.",
        labels: "endpoint")
    static let oldestDoubt = Metric(
        "shangbao_in_doubt_oldest_age_seconds", .gauge,
        "Time since the oldest attempt whose end is unclear began.", labels: "endpoint")
    static let overdue = Metric(
        "shangbao_messages_ack_overdue", .gauge,
        "Submissions that the other side has and has not decided for a day.",
        labels: "endpoint")
    static let firstAttempts = Metric(
        "shangbao_first_attempt_slo_total", .counter,
        "Submissions first sent within five minutes after they could go, and those that were not, "
            + "since the start.", labels: "endpoint", "met")
    static let finality = Metric(
        "shangbao_finality_slo_total", .counter,
        "Submissions decided within a day after they were sent, and those that were not, since "
            + "the start.", labels: "endpoint", "met")
    static let attempts = Metric(
        "shangbao_delivery_attempts_total", .counter, "Attempts by their outcome.",
        labels: "endpoint", "outcome")
    static let attemptTime = Metric(
        "shangbao_delivery_attempt_duration_seconds", .histogram,
        "From the second commit to the end of an attempt.", labels: "endpoint")
    static let bytes = Metric(
        "shangbao_delivery_bytes_total", .counter,
        "Bytes of documents in attempts that left the house, and of receipts as they are kept.",
        labels: "endpoint", "direction")
    static let retryTokens = Metric(
        "shangbao_retry_budget_tokens", .gauge, "What is left of the retry budget.",
        labels: "endpoint")
    static let laneOpen = Metric(
        "shangbao_lane_open", .gauge, "1 while the lane to an endpoint is open.",
        labels: "endpoint")
    static let laneStopped = Metric(
        "shangbao_lane_stopped", .gauge, "1 where a person stopped all sends.",
        labels: "endpoint")
    static let circuit = Metric(
        "shangbao_circuit_state", .gauge,
        "The lane's breaker: 0 closed, 1 tries one at a time, 2 open.", labels: "endpoint")
    static let laneFailures = Metric(
        "shangbao_lane_failures", .gauge, "Failures of the lane in a row.", labels: "endpoint")
    static let laneForced = Metric(
        "shangbao_lane_forced_closed", .gauge,
        "1 where the lane waits for a trouble on our side to be mended, by its code.",
        labels: "endpoint", "reason")
    static let heldRetries = Metric(
        "shangbao_retries_suppressed_total", .counter,
        "Retries that were due and did not go, by what held them back, since the start.",
        labels: "endpoint", "reason")
    static let reclaims = Metric(
        "shangbao_lease_reclaims_total", .counter,
        "Claims taken over from a worker that is gone or whose lease ended, by where they stood, "
            + "since the start.", labels: "from_state")
    static let staleWrites = Metric(
        "shangbao_stale_fence_writes_total", .counter,
        "Ends of attempts that came too late: another worker had gone on.")
    static let receipts = Metric(
        "shangbao_acks_total", .counter, "Receipts by what was made of them.",
        labels: "endpoint", "disposition")
    static let answerTime = Metric(
        "shangbao_ack_wait_seconds", .histogram,
        "From the first byte of a submission to the first receipt that was applied.",
        labels: "endpoint")
    static let alarms = Metric(
        "shangbao_alarms_open", .gauge, "Alarms that nobody has seen to, by kind.",
        labels: "kind")
    static let reconciling = Metric(
        "shangbao_reconciling", .gauge, "1 while nothing is sent until a person has reconciled.")
    static let yearCases = Metric(
        "shangbao_settlement_cases", .gauge,
        "Versions of cases of a year in each class of the books, as of the last hour.",
        labels: "programme", "year", "status")
    static let yearStage = Metric(
        "shangbao_settlement_period_state", .gauge,
        "A year's account: 0 open, 1 over and not settled, 2 settled.",
        labels: "programme", "year")
    static let difference = Metric(
        "shangbao_reconciliation_difference_records", .gauge,
        "Cases in force by which our books and the national counts differ, by kind.",
        labels: "programme", "year", "kind")
    static let compared = Metric(
        "shangbao_reconciliation_last_success_timestamp_seconds", .gauge,
        "When the national counts were last compared with our books.",
        labels: "programme", "year")
    static let windowCloses = Metric(
        "shangbao_window_close_timestamp_seconds", .gauge, "When a deadline closes.",
        labels: "window")
    static let windowBacklog = Metric(
        "shangbao_window_backlog_records", .gauge, "Records still unanswered before a deadline.",
        labels: "window")
    static let windowForecast = Metric(
        "shangbao_window_drain_forecast_seconds", .gauge,
        "Time until all of them are answered at the present rate; absent without a rate.",
        labels: "window")
    static let scheduleRuns = Metric(
        "shangbao_schedule_runs_total", .counter, "Runs of the calendar by how they ended.",
        labels: "schedule", "outcome")
    static let scheduleSuccess = Metric(
        "shangbao_schedule_last_success_timestamp_seconds", .gauge,
        "When a schedule's work was last done.", labels: "schedule")
    static let schedulePeriod = Metric(
        "shangbao_schedule_period_seconds", .gauge,
        "The longest pause between two runs that the calendar has for a schedule.",
        labels: "schedule")
    static let violations = Metric(
        "shangbao_invariant_violations", .gauge, "Places where an invariant does not hold.",
        labels: "invariant")
    static let invariantsChecked = Metric(
        "shangbao_invariant_check_last_success_timestamp_seconds", .gauge,
        "When invariants were last looked at.")
    static let log = Metric(
        "shangbao_sqlite_wal_bytes", .gauge, "Size of the database's write-ahead log.")
    static let checkpoint = Metric(
        "shangbao_sqlite_last_complete_checkpoint_timestamp_seconds", .gauge,
        "When the write-ahead log was last moved into the file whole; absent before the first.")
    static let diskTrials = Metric(
        "shangbao_db_fsync_probe_seconds", .histogram,
        "To write four kilobytes beside the database file and have the disk confirm them.")
    static let free = Metric(
        "shangbao_storage_free_bytes", .gauge, "Free space where this lies.", labels: "path")
    static let size = Metric(
        "shangbao_storage_size_bytes", .gauge, "Size of the file system where this lies.",
        labels: "path")
    static let readOnly = Metric(
        "shangbao_storage_read_only", .gauge, "1 where nothing can be written.", labels: "path")
    static let certificate = Metric(
        "shangbao_tls_certificate_not_after_timestamp_seconds", .gauge,
        "When a certificate of the site's files ends.", labels: "role", "fingerprint")
    static let clockJumps = Metric(
        "shangbao_clock_jumps_total", .counter, "How often the clock was set.")
    static let clockOffset = Metric(
        "shangbao_clock_offset_seconds", .gauge,
        "By how much our clock is behind another one; negative where it is ahead.",
        labels: "against")
    static let clockBehind = Metric(
        "shangbao_clock_behind_ledger_seconds", .gauge,
        "By how much our clock is behind the latest line of the ledger; 0 where it is not.")
    static let droppedLines = Metric(
        "shangbao_log_dropped_total", .counter,
        "Lines of the log that could not be written, by why, since the start.", labels: "reason")
    static let reloadWell = Metric(
        "shangbao_configuration_last_reload_successful", .gauge,
        "1 if the last reload was taken over; absent before the first.")
    static let incidents = Metric(
        "shangbao_incidents_open", .gauge, "Incidents that were told of and have not ended.",
        labels: "code")
    static let notices = Metric(
        "shangbao_notices_waiting", .gauge, "Notices that could not be handed over yet.",
        labels: "channel")
    static let memory = Metric(
        "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.")
    static let cpu = Metric(
        "process_cpu_seconds_total", .counter, "Total user and system CPU time in seconds.")
    static let descriptors = Metric(
        "process_open_fds", .gauge, "Number of open file descriptors.")
    static let startTime = Metric(
        "process_start_time_seconds", .gauge, "Start time of the process since 1970 in seconds.")

    /// In the order of the page.
    package static let all: [Metric] = [
        build, tick, files, oldestFile, rows, keptRows, records, submissions, oldestDue,
        oldestDoubt, overdue,
        firstAttempts, finality, attempts, attemptTime, bytes, retryTokens,
        laneOpen, laneStopped, circuit, laneFailures, laneForced,
        heldRetries, reclaims, staleWrites, receipts, answerTime, alarms,
        reconciling, yearCases, yearStage, difference, compared, windowCloses, windowBacklog,
        windowForecast, scheduleRuns, scheduleSuccess, schedulePeriod,
        violations, invariantsChecked, log, checkpoint, diskTrials, free, size, readOnly,
        certificate, clockJumps, clockOffset, clockBehind, droppedLines,
        reloadWell, incidents, notices, memory, cpu, descriptors, startTime,
    ]
}
