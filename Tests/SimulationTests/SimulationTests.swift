import Delivery
import Simulation
import Testing

/// The program's own outbox, courier, collector and journal on its own store, one thread, a virtual
/// clock and a seed. `scripts/simulate` runs many more.
struct SimulationTests {
    @Test func `no seed breaks a promise`() async throws {
        let campaign = Campaign(first: 1, count: 100)
        await campaign.run(threads: 2)
        let (coverage, failures) = campaign.result
        for failure in failures {
            Issue.record("scripts/simulate '\(failure.scenario.text)': \(failure.objections)")
        }
        #expect(coverage.sends > 100)
    }

    /// What a run once broke off with, made as small as it could be: the list of the page.
    @Test(
        arguments: [
            "14:1:18:contradiction,deathAtCommit,forged,forgetful,late,person,poison,serverError,"
                + "strayCursor,transient,wrongReceipt",
            "91:2:2:forged,unknownCode", "1418:2:5:deathAtCommit,lostRequest,restore",
            "5488:1:4:person,tooLarge,unknownCode", "5999:3:14:forgetful,lostAnswer,pause",
            "5874:3:8:delayedRequest,person,poison,restore,unreachable",
            "6306:1:4:death,fullDisk,pause,poison",
            "9541:1:10:denied,fullDisk,person,poison,restore",
        ])
    func `what was once found is kept`(text: String) throws {
        let scenario = try #require(Scenario(text: text))
        #expect(Run.play(scenario).objections == [])
    }

    @Test(arguments: [3, 11, 42, 77, 1_234])
    func `the same seed gives the same run`(seed: UInt64) {
        let scenario = Scenario(seed: seed)
        #expect(Run.play(scenario).fingerprint == Run.play(scenario).fingerprint)
    }

    @Test func `a scenario is read as it is written`() {
        for seed in UInt64(1)...50 {
            let scenario = Scenario(seed: seed)
            #expect(Scenario(text: scenario.text) == scenario)
        }
        for text in ["", "1:1:1", "1:0:1:", "x:1:1:", "1:1:1:nothing", "1:1:0:"] {
            #expect(Scenario(text: text) == nil, "\(text)")
        }
    }

    @Test func `a failure is made as small as it can be`() {
        let failing = Scenario(
            seed: 1, faults: [.busy, .death, .pause, .late], submissions: 3, steps: 17)
        let small = Shrinking.smallest(failing) { $0.faults.contains(.death) && $0.steps > 4 }
        #expect(small.faults == [.death] && small.submissions == 1 && small.steps == 5)
    }
}
