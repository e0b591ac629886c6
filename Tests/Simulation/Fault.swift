/// What can go wrong in a run. Each seed draws which of them do at all, so that rare pairs meet
/// without the noise of all the others (swarm testing).
package enum Fault: String, CaseIterable, Sendable, Hashable {
    // On the way there.
    case unreachable, denied, busy, lostRequest, delayedRequest, repeatedRequest
    // On the way back.
    case lostAnswer, serverError, garbage, wrongReceipt, strayCursor
    // What the other side says and does.
    case partial, transient, unknownCode, refusal, tooLarge, forgetful
    // Receipts.
    case late, repeated, shuffled, forged, contradiction, strange, odd
    // Our machine.
    case death, deathAtCommit, fullDisk, pause, clock, restore, rot, poison
    // People.
    case person
}

/// Everything about a run that is decided before it begins.
package struct Scenario: Sendable, Hashable {
    package let seed: UInt64
    package var faults: Set<Fault>
    /// How many submissions the left half hands over.
    package var submissions: Int
    /// How many steps the bad time has.
    package var steps: Int

    package init(seed: UInt64) {
        var numbers = SplitMix(seed: SplitMix.mixed(seed &+ 0x5EED))
        self.seed = seed
        // A tenth of the seeds see no fault at all: then nothing may be held or sent twice.
        let share = numbers.below(10) == 0 ? 0 : 0.1 + 0.5 * numbers.fraction()
        faults = Set(Fault.allCases.filter { _ in numbers.fraction() < share })
        submissions = 1 + numbers.below(3)
        steps = 4 + numbers.below(20)
        if isMeeting {
            let place = Int(seed / Scenario.turn % UInt64(Scenario.meetings.count))
            (faults, submissions, steps) = (Scenario.meetings[place], 10, 40)
        }
    }

    /// One seed in so many is given to a meeting.
    private static let turn: UInt64 = 20

    /// Whether the seed is given to a meeting: then its faults are as strong as they can be.
    var isMeeting: Bool { seed % Scenario.turn == Scenario.turn - 1 }

    /// Faults that must meet in one certain moment, with nothing else to disturb them.
    private static let meetings: [Set<Fault>] = [
        // A receipt in the answer to another one, about what waits here for its turn to go again:
        // the nation has it, and the feed is silent about it.
        [.busy, .wrongReceipt, .partial],
        [.busy, .wrongReceipt, .late],
        // What stood still for hours wakes with its answer while another is about the same.
        [.pause, .lostRequest],
        [.pause, .forgetful, .lostAnswer],
    ]

    package init(seed: UInt64, faults: Set<Fault>, submissions: Int, steps: Int) {
        self.seed = seed
        self.faults = faults
        self.submissions = submissions
        self.steps = steps
    }

    /// As `SHANGBAO_SCENARIO` takes it.
    package var text: String {
        let names = faults.map(\.rawValue).sorted().joined(separator: ",")
        return "\(seed):\(submissions):\(steps):\(names)"
    }

    /// Reads `text`; `nil` for anything else.
    package init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, let seed = UInt64(parts[0]), let submissions = Int(parts[1]),
            let steps = Int(parts[2]), submissions > 0, steps > 0
        else { return nil }
        var faults: Set<Fault> = []
        for name in parts[3].split(separator: ",") {
            guard let fault = Fault(rawValue: String(name)) else { return nil }
            faults.insert(fault)
        }
        self.init(seed: seed, faults: faults, submissions: submissions, steps: steps)
    }
}
