import Delivery
import Records
import Testing

struct RetryAfterTests {
    /// Monday, 5 March 2012, 04:00:00 UTC.
    private let now = Timestamp(microseconds: 1_330_920_000_000_000)

    @Test(
        arguments: [
            (nil, .absent), ("1", .seconds(1)), ("120", .seconds(120)),
            ("86400", .seconds(86_400)), ("86401", .unusable), ("0", .unusable),
            ("-5", .unusable), ("+5", .unusable), ("1.5", .unusable), ("", .unusable),
            ("NaN", .unusable), ("soon", .unusable), ("99999999999999999999", .unusable),
            ("Mon, 05 Mar 2012 04:00:30 GMT", .seconds(30)),
            ("Tue, 06 Mar 2012 04:00:00 GMT", .seconds(86_400)),
            ("Tue, 06 Mar 2012 04:00:01 GMT", .unusable),
            ("Mon, 05 Mar 2012 03:59:59 GMT", .unusable),
            ("Mon, 05 Mar 2012 04:00:00 GMT", .unusable),
            ("Sun, 05 Mar 2012 04:00:30 GMT", .unusable),
            ("Mon, 05 Mar 2012 04:00:30 UTC", .unusable),
            ("Monday, 05-Mar-12 04:00:30 GMT", .unusable),
            ("Mon, 30 Feb 2012 04:00:30 GMT", .unusable),
            ("Mon, 05 Mar 2012 24:00:30 GMT", .unusable),
        ] as [(String?, RetryAfter)])
    func `Retry-After is obeyed only where it can be meant`(text: String?, expected: RetryAfter) {
        #expect(RetryAfter(text, now: now) == expected)
    }

    @Test func `the example date of RFC 9110 is read`() {
        let before = Timestamp(microseconds: (784_111_777 - 60) * 1_000_000)
        #expect(RetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", now: before) == .seconds(60))
    }
}

struct RetryRulesTests {
    private let rules = shippedPolicy.rules

    private func wait(
        _ failure: TransportFailure, failures: Int = 1, doubts: Int = 0, random: Double
    ) -> Double? {
        switch rules.step(
            after: failure, failures: failures, doubts: doubts, now: monday, random: random)
        {
        case .retry(let moment), .ask(let moment):
            return Double(moment.microseconds - monday.microseconds) / 1e6
        case .hold, .split: return nil
        }
    }

    @Test func `nothing sent: full jitter up to ten seconds doubling to half an hour`() {
        let failure = TransportFailure.notSent(.init(.unreachable))
        for (failures, cap) in [(1, 10.0), (2, 20), (4, 80), (8, 1280), (9, 1800), (60, 1800)] {
            #expect(wait(failure, failures: failures, random: 0) == 2)
            #expect(wait(failure, failures: failures, random: 0.5) == cap / 2)
            #expect((wait(failure, failures: failures, random: 0.999_999) ?? 0) < cap)
        }
    }

    @Test func `in the last day before a deadline no wait is longer than five minutes`() {
        let failure = TransportFailure.notSent(.init(.unreachable))
        func waits(_ rules: RetryRules) -> [RetryStep] {
            [
                rules.step(after: failure, failures: 9, doubts: 0, now: monday, random: 0.5),
                .ask(rules.nextQuestion(failures: 9, now: monday, random: 0)),
            ]
        }
        let day: Int64 = 86_400
        let (long, short) = (
            [RetryStep.retry(monday.adding(seconds: 900)), .ask(monday.adding(seconds: 3600))],
            [RetryStep.retry(monday.adding(seconds: 150)), .ask(monday.adding(seconds: 300))]
        )
        #expect(waits(rules.closing(in: day + 1)) == long)
        #expect(waits(rules.closing(in: day)) == short)
        #expect(waits(rules.closing(in: -1)) == short)
        // What they asked for is waited all the same.
        let busy = TransportFailure.notSent(.init(.busy, retryAfter: .seconds(3600)))
        let step = rules.closing(in: 60).step(
            after: busy, failures: 1, doubts: 0, now: monday, random: 0)
        #expect(step == .retry(monday.adding(seconds: 3600)))
    }

    @Test func `Retry-After is never undercut, and jitter only adds`() {
        for seconds in [Int64(1), 30, 3600, 86_400] {
            let failure = TransportFailure.notSent(
                .init(.busy, retryAfter: .seconds(seconds)))
            for step in 0..<10 {
                let waited = wait(failure, failures: 1, random: Double(step) / 10) ?? 0
                #expect(waited >= Double(seconds))
                #expect(waited <= max(10, Double(seconds) * 1.2))
            }
        }
    }

    @Test func `a Retry-After that cannot be meant waits like the third failure`() {
        let failure = TransportFailure.notSent(.init(.busy, retryAfter: .unusable))
        #expect(wait(failure, failures: 1, random: 0.5) == 20)
        #expect(wait(failure, failures: 5, random: 0.5) == 80)
    }

    @Test func `an unclear end is asked for, and the sixth is held`() {
        for code in [TransportCode.timeout, .broken, .server, .noReceipt] {
            let failure = TransportFailure.uncertain(.init(code))
            #expect(wait(failure, doubts: 5, random: 0) == 30)
            #expect(wait(failure, doubts: 6, random: 0) == nil)
        }
    }

    @Test(arguments: TransportCode.allCases)
    func `a refusal holds the submission, splits it, or makes the lane wait`(code: TransportCode) {
        let step = rules.step(
            after: .refused(.init(code)), failures: 1, doubts: 0, now: monday, random: 0)
        switch code {
        case .tooLarge: #expect(step == .split)
        case .denied, .address, .untrusted, .certificate, .sender, .configuration:
            #expect(step == .retry(monday))
        default: #expect(step == .hold)
        }
    }

    @Test func `questions double to an hour`() {
        func seconds(_ failures: Int) -> Int64 {
            let next = rules.nextQuestion(failures: failures, now: monday, random: 0)
            return (next.microseconds - monday.microseconds) / 1_000_000
        }
        #expect([1, 2, 3, 7, 8, 50].map(seconds) == [30, 60, 120, 1920, 3600, 3600])
    }
}
