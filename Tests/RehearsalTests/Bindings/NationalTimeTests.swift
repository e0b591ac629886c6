import Delivery
import Records
import Testing

/// What the other side says of its time.
@Suite(.serialized)
struct NationalTimeTests {
    /// An answer's time is whole seconds: of a difference, a second at most is not believed.
    @Test(
        arguments: [Way.https, .soap],
        [(0, 0.0), (-3_600, 3_600.0), (3_600, -3_599.0)] as [(Int64, Double)])
    func `each answer tells by how much the clocks differ at least`(
        way: Way, shift: (ours: Int64, ahead: Double)
    ) async throws {
        try await withNation { nation async throws in
            let tally = DeliveryTally()
            let transport = try Profile.transport(
                way, nation, port: nil, ahead: shift.ours, tally: tally)
            #expect(tally.now.nationalClockAhead == nil)
            _ = try await transport.receipts(after: "0", limit: 10)
            #expect(tally.now.nationalClockAhead == shift.ahead)
        }
    }
}
