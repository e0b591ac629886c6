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
        var mustAsk: Set<SubmissionID> = []
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
            if state.mustAsk.contains(id) {
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

    func endedInDoubt(_ id: SubmissionID) { state.withLock { _ = $0.mustAsk.insert(id) } }
    func mayGoAgain(_ id: SubmissionID) { state.withLock { _ = $0.mustAsk.remove(id) } }
    func cancelled(_ id: SubmissionID) { state.withLock { _ = $0.cancelled.insert(id) } }

    /// An older copy was put back, which may not know that they were cancelled.
    func areCancelled(only ids: Set<SubmissionID>) {
        state.withLock { $0.cancelled.formIntersection(ids) }
    }

    /// They asked for quiet.
    func quiet(since now: Timestamp, until moment: Timestamp) {
        state.withLock { state in
            state.quiet = (now, max(state.quiet?.until ?? moment, moment))
        }
    }

    /// Who heard it is gone before it was written down.
    func forgetQuiet() { state.withLock { $0.quiet = nil } }
}
