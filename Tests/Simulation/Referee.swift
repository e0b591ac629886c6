import Delivery
import Records
import Synchronization

/// Writes down what must not be, and judges what goes over the wire while it happens.
final class Referee: Sendable {
    private struct State {
        var objections: [String] = []
        var coverage = Coverage()
        var trace: UInt64 = 0xCBF2_9CE4_8422_2325
        /// A send ended without an answer to believe: ask before sending again.
        var mustAsk: Set<Send> = []
        var cancelled: Set<SubmissionID> = []
        /// Since when and until when the county was told to wait.
        var quiet: (since: Timestamp, until: Timestamp)?
        /// Sends by submission and fence, which the wire journal must know.
        var sends: Set<Send> = []
    }

    struct Send: Hashable, Sendable {
        let submission: SubmissionID
        let fence: Int64
    }

    private let state = Mutex(State())

    /// Notes a broken promise; the first one is what the run is about.
    func object(_ text: String) { state.withLock { $0.objections.append(text) } }

    var objections: [String] { state.withLock { $0.objections } }
    var coverage: Coverage { state.withLock { $0.coverage } }
    var sends: Set<Send> { state.withLock { $0.sends } }

    func cover(_ change: (inout Coverage) -> Void) { state.withLock { change(&$0.coverage) } }

    /// Folds a step into the run's fingerprint (FNV-1a): two runs of a seed must agree.
    func trace(_ text: String) {
        state.withLock { state in
            for byte in text.utf8 {
                state.trace = (state.trace ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
    }

    var fingerprint: UInt64 { state.withLock { $0.trace } }
}

// MARK: - The wire

extension Referee {
    /// Before the first byte: may this submission go now?
    func judgeSend(_ send: Send, now: Timestamp) {
        state.withLock { state in
            state.coverage.sends += 1
            state.sends.insert(send)
            let id = send.submission
            if state.mustAsk.contains(where: { $0.submission == id }) {
                state.objections.append("M9 \(id) was sent again and not asked for")
            }
            if state.cancelled.contains(id) {
                state.objections.append("M16 \(id) was cancelled and sent")
            }
        }
        judgeQuestion(now: now)
    }

    /// Whoever has heard that he must wait asks for nothing meanwhile.
    func judgeQuestion(now: Timestamp) {
        state.withLock { state in
            if let quiet = state.quiet, now > quiet.since, now < quiet.until {
                state.objections.append("P-12 a request before Retry-After was over")
            }
        }
    }

    func endedInDoubt(_ send: Send) { state.withLock { _ = $0.mustAsk.insert(send) } }

    /// What of a submission must be asked for: an answer tells of nothing that is sent after it.
    func doubts(about id: SubmissionID) -> Set<Send> {
        state.withLock { $0.mustAsk.filter { $0.submission == id } }
    }

    func mayGoAgain(_ sends: Set<Send>) { state.withLock { $0.mustAsk.subtract(sends) } }

    /// An older copy was put back. What left the house and is not in it must be asked for; what it
    /// has lost before the first byte, although it was marked, never was.
    ///
    /// - Parameters:
    ///   - known: the attempts that are in it.
    ///   - doubtful: those of them whose end it does not know.
    func isBack(knowing known: Set<Send>, doubting doubtful: Set<Send>) {
        state.withLock { state in
            state.mustAsk.formIntersection(known)
            state.mustAsk.formUnion(doubtful)
            state.mustAsk.formUnion(state.sends.subtracting(known))
        }
    }

    func cancelled(_ id: SubmissionID) { state.withLock { _ = $0.cancelled.insert(id) } }

    /// An older copy was put back, which may not know that they were cancelled.
    func areCancelled(only ids: Set<SubmissionID>) {
        state.withLock { $0.cancelled.formIntersection(ids) }
    }

    /// They asked for quiet, after that moment.
    func quiet(since moment: Timestamp, until end: Timestamp) {
        state.withLock { state in
            state.quiet = (moment, max(state.quiet?.until ?? end, end))
        }
    }

    /// Who heard it is gone before it was written down.
    func forgetQuiet() { state.withLock { $0.quiet = nil } }
}
