package import Delivery
import Evidence
import Programmes
import Records
import Settlements
package import Storage

/// Works out what is missing at the national side (只补缺的): what a filter names, less what they hold
/// by our ledger, by their receipts, by their counts, or by a fresh question.
package struct ResendPlanning: Sendable {
    /// The list, and what was taken off it.
    package struct Outcome: Sendable {
        package var lines: [ResendPlan.Line] = []
        /// Records that the filter names.
        package var matched = 0
        /// Accepted, and they hold them: by their receipt alone, by equal counts, by an answer.
        package var heldByReceipt = 0
        package var heldByCounts = 0
        package var heldByAnswer = 0
        /// Queued, sent or waiting for a verdict: they go on by themselves.
        package var onTheWay = 0
        /// Rejected: a clinic corrects them, or the filter names the code whose cause is mended.
        package var toCorrect = 0
        /// Disputed, not understood, taken back or cancelled: a person decides first.
        package var forAPerson = 0
        /// Accepted records of which no answer could be had, and why.
        package var unanswered = 0
        package var cause: TransportCode?

        package var plan: ResendPlan { ResendPlan(lines) }
    }

    private let site: Site
    private let database: any SteadyDatabase
    private let exchange: Exchange

    package init(site: Site, database: any SteadyDatabase, exchange: Exchange) {
        self.site = site
        self.database = database
        self.exchange = exchange
    }

    /// - Parameter asks: whether the national side is asked for accepted records; else its receipts
    ///   are believed.
    package func outcome(_ filter: ResendFilter, asks: Bool) async throws -> Outcome {
        let outbox = exchange.outbox
        let candidates = try await database.read {
            try outbox.resendCandidates(filter, in: $0)
        }
        var outcome = Outcome()
        outcome.matched = candidates.count
        let lost: Set<SubmissionID> = try await asks ? lost(candidates, &outcome) : []
        for candidate in candidates {
            let step = candidate.step(
                isLost: lost.contains(candidate.submission), by: filter)
            guard let step else {
                note(candidate, asks: asks, &outcome)
                continue
            }
            outcome.lines.append(
                ResendPlan.Line(
                    record: candidate.record, version: candidate.version,
                    programme: candidate.programme, institution: candidate.institution,
                    month: candidate.month, submission: candidate.submission,
                    state: candidate.state, code: candidate.code, step: step))
        }
        return outcome
    }

    private func note(_ candidate: ResendCandidate, asks: Bool, _ outcome: inout Outcome) {
        switch candidate.state {
        case .accepted: if !asks { outcome.heldByReceipt += 1 }
        case .open, .transient, .repacked: outcome.onTheWay += 1
        case .rejected: outcome.toCorrect += 1
        case .unknown, .reversed, .disputed, .void: outcome.forAPerson += 1
        }
    }

    private struct Cell: Hashable {
        let programme: String
        let institution: String
        let month: CalendarMonth
    }

    /// Submissions of accepted records that the national side says it never had. Where its counts
    /// of an institution and month are ours, nothing of them is asked.
    private func lost(
        _ candidates: [ResendCandidate], _ outcome: inout Outcome
    ) async throws -> Set<SubmissionID> {
        let accepted = candidates.filter { $0.state == .accepted }
        let equal = try await equalCells(accepted)
        var doubtful: [SubmissionID: Int] = [:]
        for candidate in accepted {
            let cell = Cell(
                programme: candidate.programme, institution: candidate.institution,
                month: candidate.month)
            if equal.contains(cell) {
                outcome.heldByCounts += 1
            } else {
                doubtful[candidate.submission, default: 0] += 1
            }
        }
        var lost: Set<SubmissionID> = []
        for (submission, records) in doubtful.sorted(by: { $0.key.text < $1.key.text }) {
            guard outcome.cause == nil else {
                outcome.unanswered += records
                continue
            }
            do throws(TransportFailure) {
                if try await exchange.hasNeverHad(submission) {
                    lost.insert(submission)
                } else {
                    outcome.heldByAnswer += records
                }
            } catch {
                // One unclear answer is enough: nothing is guessed about the rest.
                outcome.cause = error.cause.code
                outcome.unanswered += records
            }
        }
        return lost
    }

    private func equalCells(_ candidates: [ResendCandidate]) async throws -> Set<Cell> {
        var equal: Set<Cell> = []
        for part in site.programmes {
            let years = Set(
                candidates.filter { $0.programme == part.name }.map(\.month.year))
            let closing = Closing(site: site, part, database: database, exchange: exchange)
            for year in years {
                let comparison = try await closing.compare(year: year)
                for line in comparison.lines {
                    guard let institution = line.institution, let month = line.month,
                        let national = comparison.national,
                        national.first(where: {
                            $0.institution == institution && $0.month == month
                        })?.accepted == line.accepted
                    else { continue }
                    equal.insert(
                        Cell(programme: part.name, institution: institution, month: month))
                }
            }
        }
        return equal
    }
}
