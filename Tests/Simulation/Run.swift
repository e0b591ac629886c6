import Delivery
import Evidence
import Foundation
import Records
import Storage

/// What a run came to.
package struct Outcome: Sendable {
    package let scenario: Scenario
    /// The promises that were broken, in the order in which it was seen.
    package let objections: [String]
    package let coverage: Coverage
    /// The same for two runs of one scenario.
    package let fingerprint: UInt64
}

/// One run: a bad time of some steps, then calm, then the books.
package final class Run: Sendable {
    let world: World
    let outbox: Outbox

    init(_ scenario: Scenario, folder: String) {
        world = World(scenario, folder: folder)
        outbox = Outbox(epoch: "left half")
    }

    /// Runs a scenario from its beginning to its end on the calling thread.
    package static func play(_ scenario: Scenario) -> Outcome {
        let folder = Template.folder.appendingPathComponent("run-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = Run(scenario, folder: folder.path)
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false)
            try (Template.content ?? Data()).write(to: URL(fileURLWithPath: run.world.path))
        } catch {
            run.world.referee.object("the folder of the run cannot be made: \(error)")
        }
        let isDone = run.world.thread.run {
            do {
                try await Play(run).whole()
            } catch {
                run.world.referee.object("the run broke off: \(error)")
            }
            return true
        }
        if isDone == nil { run.world.referee.object("P-04 everybody waits for somebody") }
        let referee = run.world.referee
        referee.cover { $0.faults = run.world.dice.struck }
        return Outcome(
            scenario: scenario, objections: referee.objections, coverage: referee.coverage,
            fingerprint: referee.fingerprint)
    }
}
