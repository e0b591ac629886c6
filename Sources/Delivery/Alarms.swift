import Evidence
package import Records
package import Storage

/// Something about a receipt that a person must look at (告警).
package struct Alarm: Sendable, Hashable {
    /// What is the matter.
    package enum Kind: String, Sendable, CaseIterable {
        case conflict, unknown, misaddressed, forged, malformed
        /// What is accepted already was accepted again under another serial number.
        case serial
        /// What was accepted is taken back.
        case reversed

        /// What it means and what to do.
        package var entry: CodeEntry {
            switch self {
            case .conflict: DeliveryCodes.entry(Disposition.conflict)
            case .unknown: DeliveryCodes.entry(Disposition.unknown)
            case .misaddressed: DeliveryCodes.entry(Disposition.misaddressed)
            case .forged: DeliveryCodes.entry(Disposition.forged)
            case .malformed: DeliveryCodes.entry(Disposition.malformed)
            case .serial: DeliveryCodes.otherSerial
            case .reversed: DeliveryCodes.takenBack
            }
        }
    }

    package let kind: Kind
    /// The number of the ledger's line that tells of it, the first of several: its name for people.
    package let seq: Int64
    package let at: Timestamp
    /// SHA-256 of the receipt, hex.
    package let receipt: String
    /// Lines of the ledger that tell of it, one for each record: what one receipt says is one
    /// alarm, however many records it says it of.
    package var count = 1
}

/// Why an alarm could not be closed.
package struct AlarmFailure: ExplainedFailure {
    /// What was named; it is no alarm, or no longer an open one.
    package let name: String

    package init(name: String) {
        self.name = name
    }

    package var entry: CodeEntry { DeliveryCodes.noAlarm }
    package var place: String? { name }
    package var detail: String? { nil }
}

extension Outbox {
    /// The alarms that nobody has seen to yet, oldest first, and how many somebody has.
    ///
    /// From the ledger: the same bytes may come again with a genuine signature, and the forged one
    /// came all the same. Throws `StorageFailure`, `DecodingError`.
    package func alarms(in transaction: any Transaction) throws -> (open: [Alarm], attended: Int) {
        var alarms: [Alarm] = []
        for kind in Alarm.Kind.allCases where ![.serial, .reversed].contains(kind) {
            let text = "\"disposition\":\"\(kind.rawValue)\""
            for entry in try ledger.entries(of: "receiptKept", holding: text, in: transaction) {
                guard case .receiptKept(let fact) = entry.fact else { continue }
                alarms.append(
                    Alarm(kind: kind, seq: entry.seq, at: entry.at, receipt: fact.receipt))
            }
        }
        for entry in try ledger.entries(of: "renumbered", in: transaction) {
            guard case .renumbered(let fact) = entry.fact else { continue }
            alarms.append(
                Alarm(kind: .serial, seq: entry.seq, at: entry.at, receipt: fact.receipt))
        }
        for entry in try ledger.entries(of: "reversed", in: transaction) {
            guard case .reversed(let fact) = entry.fact else { continue }
            alarms.append(
                Alarm(kind: .reversed, seq: entry.seq, at: entry.at, receipt: fact.receipt))
        }
        // By the line that was named, when somebody saw to it.
        var attended: [Int64: Int64] = [:]
        for entry in try ledger.entries(of: "attended", in: transaction) {
            if case .attended(let fact) = entry.fact { attended[fact.alarm] = entry.seq }
        }
        let open = Outbox.incidents(alarms.sorted { $0.seq < $1.seq }, attended)
        return (open, attended.count)
    }

    /// The lines that nobody has seen to, those of one receipt together. Whoever saw to one of them
    /// saw to all that stood there by then.
    private static func incidents(_ lines: [Alarm], _ attended: [Int64: Int64]) -> [Alarm] {
        struct Source: Hashable {
            let kind: Alarm.Kind
            let receipt: String
            /// Of what is told once a receipt, so that it stands alone.
            let seq: Int64?

            init(_ line: Alarm) {
                kind = line.kind
                receipt = line.receipt
                seq = [.serial, .reversed].contains(line.kind) ? nil : line.seq
            }
        }
        var seen: [Source: Int64] = [:]
        for line in lines {
            guard let seq = attended[line.seq] else { continue }
            let source = Source(line)
            seen[source] = max(seen[source] ?? 0, seq)
        }
        var open: [Alarm] = []
        var places: [Source: Int] = [:]
        for line in lines {
            let source = Source(line)
            if let seq = seen[source], line.seq < seq { continue }
            if let place = places[source] {
                open[place].count += 1
            } else {
                places[source] = open.count
                open.append(line)
            }
        }
        return open
    }

    /// Notes that a person has seen to an alarm; its line in the ledger stays.
    ///
    /// Throws `AlarmFailure` for what is no open alarm, `StorageFailure`, `EncodingError`.
    package func attend(
        to seq: Int64, _ decision: Decision, now: Timestamp, in transaction: any Transaction
    ) throws {
        guard try alarms(in: transaction).open.contains(where: { $0.seq == seq }) else {
            throw AlarmFailure(name: "\(seq)")
        }
        let fact = Fact.Attended(alarm: seq, by: decision.by, because: decision.because)
        try ledger.append([.attended(fact)], at: now, in: transaction)
    }

    /// Notes that a person has seen to all open alarms of a kind; how many they were.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func attend(
        toAll kind: Alarm.Kind, _ decision: Decision, now: Timestamp,
        in transaction: any Transaction
    ) throws -> Int {
        let open = try alarms(in: transaction).open.filter { $0.kind == kind }
        let facts = open.map {
            Fact.attended(
                Fact.Attended(alarm: $0.seq, by: decision.by, because: decision.because))
        }
        try ledger.append(facts, at: now, in: transaction)
        return open.count
    }

    /// Facts for those acceptances of a receipt that bear another serial than an earlier one of the
    /// same record and version, in this submission or another.
    func renumbered(
        by acknowledgement: Acknowledgement, of submission: SubmissionID, _ receipt: String,
        in transaction: any Transaction
    ) throws(StorageFailure) -> [Fact] {
        var facts: [Fact] = []
        for verdict in acknowledgement.acceptances {
            guard let given = verdict.serial else { continue }
            let rows = try transaction.run(
                """
                SELECT serial FROM item WHERE record = \(verdict.record.text)
                    AND version = \(verdict.version) AND state = 'accepted'
                    AND serial IS NOT NULL AND serial <> \(given)
                    AND (\(acknowledgement.grade?.rawValue) = 'unsigned'
                        OR (SELECT grade FROM receipt WHERE receipt.digest = item.receipt) IS NULL)
                ORDER BY at LIMIT 1
                """)
            guard let kept = try rows.first?.text(0) else { continue }
            facts.append(
                .renumbered(
                    Fact.Renumbered(
                        submission: submission, record: verdict.record, version: verdict.version,
                        kept: kept, given: given, receipt: receipt)))
        }
        return facts
    }
}
