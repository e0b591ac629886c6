import Delivery
import Simulation
import Storage
import Testing

/// Half an hour of 503 on a backlog of some hundred, on either database; `scripts/storm` does the
/// same with as many as one likes.
struct RetryStormTests {
    @Test(.timeLimit(.minutes(10)))
    func `half an hour of 503: few tries, a slow start, then its pace`() async throws {
        let storm = try Storm(backlog: 600)
        let troubled = try await storm.course(on: DeliveryDesk().database, isStorm: true)
        let calm = try await storm.course(on: DeliveryDesk().database, isStorm: false)
        #expect(storm.objections(to: troubled, beside: calm) == [])
        #expect(!troubled.drained.isEmpty && troubled.others.count == 4)
    }
}
