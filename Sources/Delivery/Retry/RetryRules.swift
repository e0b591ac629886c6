/// The numbers by which delivery tries again (重试规则), as a profile's file has them; none of them
/// stands in the program.
///
/// What is said of a submission stays with it for its life; what is said of the lane (`breaker`,
/// `budget`, `slowStart`, `pace`, `mixing`) protects the other side and counts as it is now.
package struct RetryRules: Sendable, Hashable, Codable {
    /// A wait that doubles with every failure.
    package struct Doubling: Sendable, Hashable, Codable {
        package let firstSeconds: Int64
        package let mostSeconds: Int64

        package init(firstSeconds: Int64, mostSeconds: Int64) {
            self.firstSeconds = firstSeconds
            self.mostSeconds = mostSeconds
        }

        /// The wait after so many failures, from 1 on.
        func seconds(after failures: Int) -> Int64 {
            min(mostSeconds, firstSeconds << Int64(min(max(0, failures - 1), 20)))
        }
    }

    /// Class D: how often a way that is barred is probed without a payload.
    package struct Probe: Sendable, Hashable, Codable {
        package let everySeconds: Int64
        /// How much less or more, in per cent.
        package let spreadPercent: Int

        package init(everySeconds: Int64, spreadPercent: Int) {
            self.everySeconds = everySeconds
            self.spreadPercent = spreadPercent
        }
    }

    /// Class F: submissions under which the process died.
    package struct Crash: Sendable, Hashable, Codable {
        package let limit: Int
        package let memorySeconds: Int64
        package let waitSeconds: Int64

        package init(limit: Int, memorySeconds: Int64, waitSeconds: Int64) {
            self.limit = limit
            self.memorySeconds = memorySeconds
            self.waitSeconds = waitSeconds
        }
    }

    /// How long the other side knows a submission by its id (认重期), and how much of that is relied
    /// on.
    package struct Memory: Sendable, Hashable, Codable {
        package let keepsSeconds: Int64
        package let percent: Int

        package init(keepsSeconds: Int64, percent: Int) {
            self.keepsSeconds = keepsSeconds
            self.percent = percent
        }

        /// For so long after the first send the same bytes may go again unasked.
        package var seconds: Int64 { keepsSeconds * Int64(percent) / 100 }
    }

    /// How long waits may be in the last hours before a deadline (临近截止).
    package struct Closing: Sendable, Hashable, Codable {
        package let withinSeconds: Int64
        package let mostSeconds: Int64

        package init(withinSeconds: Int64, mostSeconds: Int64) {
            self.withinSeconds = withinSeconds
            self.mostSeconds = mostSeconds
        }
    }

    /// When nothing more is sent for a while, and what ends it (熔断).
    package struct Breaker: Sendable, Hashable, Codable {
        package let inARow: Int
        package let percent: Int
        package let outOf: Int
        package let withinSeconds: Int64
        package let rest: Doubling
        /// Successes that end it.
        package let successes: Int

        package init(
            inARow: Int, percent: Int, outOf: Int, withinSeconds: Int64, rest: Doubling,
            successes: Int
        ) {
            self.inARow = inARow
            self.percent = percent
            self.outOf = outOf
            self.withinSeconds = withinSeconds
            self.rest = rest
            self.successes = successes
        }
    }

    /// What retries may cost together (重试额度): a bucket of tokens.
    package struct Budget: Sendable, Hashable, Codable {
        package let tokens: Int
        /// What a send that worked gives back.
        package let success: Int
        package let retry: Int
        /// What a retry costs that ended in a timeout, in all.
        package let timeout: Int

        package init(tokens: Int, success: Int, retry: Int, timeout: Int) {
            self.tokens = tokens
            self.success = success
            self.retry = retry
            self.timeout = timeout
        }
    }

    /// How many go at once after a rest (慢启动).
    package struct SlowStart: Sendable, Hashable, Codable {
        package let from: Int
        /// Successes for one more.
        package let every: Int
        package let most: Int

        package init(from: Int, every: Int, most: Int) {
            self.from = from
            self.every = every
            self.most = most
        }
    }

    /// How new submissions and the backlog take turns.
    package struct Mixing: Sendable, Hashable, Codable {
        package let new: Int
        package let backlog: Int
        /// What was never tried counts as new for so long.
        package let newSeconds: Int64

        package init(new: Int, backlog: Int, newSeconds: Int64) {
            self.new = new
            self.backlog = backlog
            self.newSeconds = newSeconds
        }
    }

    /// How the size of submissions recovers after one was too large (413).
    package struct Split: Sendable, Hashable, Codable {
        package let growSeconds: Int64
        package let growRecords: Int

        package init(growSeconds: Int64, growRecords: Int) {
            self.growSeconds = growSeconds
            self.growRecords = growRecords
        }
    }

    /// By the letter of the class, the codes that are in it.
    package var classes: [String: [TransportCode]]
    /// How long a submission may take until a person must look.
    package var lifetimeSeconds: Int64
    /// Classes A and B: full jitter below this, `leastWaitSeconds` at least.
    package var wait: Doubling
    package var leastWaitSeconds: Int64
    /// What is added at random to every other wait, at most, in per cent.
    package var addedPercent: Int
    /// A `Retry-After` that cannot be meant waits as after so many failures.
    package var nonsenseFailures: Int
    /// Class C: when its receipt is asked for.
    package var question: Doubling
    /// How often the same bytes go again after an unclear end.
    package var doubtLimit: Int
    /// `nil` only in policies that were kept before it was asked.
    package var memory: Memory?
    /// `nil` as above.
    package var closing: Closing?
    /// How long verdicts may take until they are asked for, and then between questions.
    package var answerSeconds: Int64
    package var askAgainSeconds: Int64
    package var probe: Probe
    package var crash: Crash
    /// Class G: pauses of everything.
    package var local: Doubling
    /// Records whose verdict was transient, until they are packed anew.
    package var repacking: Doubling
    package var split: Split
    package var breaker: Breaker
    package var budget: Budget
    package var slowStart: SlowStart
    /// How many sends in how long; `nil` as many as go.
    package var pace: SendPace?
    package var mixing: Mixing

    package init(
        classes: [String: [TransportCode]], lifetimeSeconds: Int64, wait: Doubling,
        leastWaitSeconds: Int64, addedPercent: Int, nonsenseFailures: Int, question: Doubling,
        doubtLimit: Int, memory: Memory, closing: Closing, answerSeconds: Int64,
        askAgainSeconds: Int64, probe: Probe, crash: Crash, local: Doubling, repacking: Doubling,
        split: Split, breaker: Breaker, budget: Budget,
        slowStart: SlowStart, pace: SendPace?, mixing: Mixing
    ) {
        self.classes = classes
        self.lifetimeSeconds = lifetimeSeconds
        self.wait = wait
        self.leastWaitSeconds = leastWaitSeconds
        self.addedPercent = addedPercent
        self.nonsenseFailures = nonsenseFailures
        self.question = question
        self.doubtLimit = doubtLimit
        self.memory = memory
        self.closing = closing
        self.answerSeconds = answerSeconds
        self.askAgainSeconds = askAgainSeconds
        self.probe = probe
        self.crash = crash
        self.local = local
        self.repacking = repacking
        self.split = split
        self.breaker = breaker
        self.budget = budget
        self.slowStart = slowStart
        self.pace = pace
        self.mixing = mixing
    }

    /// The class of a code. A code that a policy leaves out has its usual one.
    package func retryClass(of code: TransportCode) -> RetryClass {
        let found = RetryClass.allCases.first { classes[$0.rawValue]?.contains(code) == true }
        return found ?? code.possibleClasses[0]
    }
}

extension TransportCode: Codable {}
