import Delivery
import Records
import Testing

/// The lane by itself: pure moves, by the shipped rules.
struct LaneTests {
    private let rules = shippedPolicy.rules
    private let dead = TransportFailure.notSent(.init(.unreachable))
    private let busy = TransportFailure.notSent(.init(.busy))
    private let lost = TransportFailure.uncertain(.init(.timeout))

    private func seconds(_ lane: Lane, _ now: Timestamp) -> Int64 {
        (lane.openFrom.microseconds - now.microseconds) / 1_000_000
    }

    private func lane(
        after failures: [TransportFailure], _ use: Lane.Use = .send, random: Double = 0
    ) -> Lane {
        var lane = Lane(endpoint: profile)
        for failure in failures {
            lane.note(failure, of: use, by: rules, now: monday, random: random)
        }
        return lane
    }

    @Test func `five failures in a row make it rest, four do not`() {
        for failure in [dead, lost] {
            let four = lane(after: Array(repeating: failure, count: 4))
            #expect(four.phase == .working && four.isOpen(at: monday))
            let five = lane(after: Array(repeating: failure, count: 5))
            #expect(five.phase == .tripped)
            #expect(seconds(five, monday) == 30)
        }
    }

    @Test func `a page that comes does not hide that sends fail`() {
        var lane = Lane(endpoint: profile)
        for _ in 1...5 {
            lane.noteSuccess(of: .look, by: rules, now: monday)
            lane.note(dead, of: .send, by: rules, now: monday, random: 0)
        }
        #expect(lane.phase == .tripped)
    }

    @Test func `half of ten within a minute make it rest, less or slower do not`() {
        func run(_ failEvery: Int, apart: Int64) -> Lane {
            var lane = Lane(endpoint: profile)
            for step in 0..<40 {
                let now = monday.adding(seconds: Int64(step) * apart)
                guard lane.phase == .working else { break }
                if step % failEvery == 0 {
                    lane.note(dead, of: .send, by: rules, now: now, random: 0)
                } else {
                    lane.noteSuccess(of: .send, by: rules, now: now)
                }
            }
            return lane
        }
        #expect(run(2, apart: 1).phase == .tripped)
        #expect(run(3, apart: 1).phase == .working)
        #expect(run(2, apart: 10).phase == .working, "six in a minute are too few to judge by")
    }

    @Test func `each rest is twice as long, up to ten minutes, and a late end adds nothing`() {
        var lane = lane(after: Array(repeating: dead, count: 5))
        var now = monday
        var rests = [seconds(lane, now)]
        for _ in 1...6 {
            lane.note(dead, of: .send, by: rules, now: now, random: 0)
            #expect(seconds(lane, now) == rests.last, "it was under way when the rest began")
            now = lane.openFrom
            lane.note(dead, of: .look, by: rules, now: now, random: 0)
            rests.append(seconds(lane, now))
        }
        #expect(rests == [30, 60, 120, 240, 480, 600, 600])
    }

    @Test func `three that work end the rest, and one at a time until then`() {
        var lane = lane(after: Array(repeating: dead, count: 5))
        let now = lane.openFrom
        for expected in [Lane.Phase.tripped, .tripped, .working] {
            #expect(lane.atOnce(by: rules) == 1)
            lane.noteSuccess(of: .look, by: rules, now: now)
            #expect(lane.phase == expected)
        }
        #expect(lane.failures == 0 && lane.reason == nil)
    }

    @Test func `after a rest one goes at first, and one more for every ten that work`() {
        var lane = lane(after: Array(repeating: dead, count: 5))
        let now = lane.openFrom
        for _ in 1...3 { lane.noteSuccess(of: .look, by: rules, now: now) }
        var widths: [Int] = []
        for _ in 1...40 {
            widths.append(lane.atOnce(by: rules))
            lane.noteSuccess(of: .send, by: rules, now: now)
        }
        #expect(widths.filter { $0 == 1 }.count == 10)
        #expect(widths.filter { $0 == 2 }.count == 10)
        #expect(widths.filter { $0 == 3 }.count == 10)
        #expect(widths.last == 4)
        lane.note(lost, of: .send, by: rules, now: now, random: 0)
        #expect(lane.atOnce(by: rules) == 2, "an unclear end halves it")
        lane.note(dead, of: .send, by: rules, now: now, random: 0)
        #expect(lane.atOnce(by: rules) == 2, "no connection says nothing about their strength")
    }

    @Test func `trouble of ours bars it at once, give or take a fifth of fifteen minutes`() {
        for (random, expected) in [(0.0, 720), (0.5, 900), (1.0, 1080)] as [(Double, Int64)] {
            for code in [
                TransportCode.denied, .address, .untrusted, .certificate, .configuration,
            ] {
                let lane = lane(after: [.refused(.init(code))], random: random)
                #expect(lane.phase == .barred)
                #expect(seconds(lane, monday) == expected)
            }
        }
    }

    @Test func `overload is waited for at once, and a refused submission is no trouble`() {
        #expect(seconds(lane(after: [busy]), monday) == 2)
        let asked = TransportFailure.notSent(.init(.busy, retryAfter: .seconds(600)))
        #expect(seconds(lane(after: [asked], random: 1), monday) == 720)
        for code in [TransportCode.conflict, .tooLarge, .rejected] {
            let lane = lane(after: Array(repeating: .refused(.init(code)), count: 40))
            #expect(lane.phase == .working && lane.reason == nil)
        }
    }

    @Test func `a success does not cut a pause short`() {
        var lane = lane(after: [.notSent(.init(.busy, retryAfter: .seconds(60)))])
        lane.noteSuccess(of: .send, by: rules, now: monday.adding(seconds: 59))
        #expect(lane.reason == "T-BUSY" && !lane.isOpen(at: monday.adding(seconds: 59)))
        lane.noteSuccess(of: .send, by: rules, now: monday.adding(seconds: 60))
        #expect(lane.reason == nil)
    }
}
