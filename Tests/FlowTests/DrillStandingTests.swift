import DatabaseKit
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Testing

/// How long a restore drill holds.
struct DrillStandingTests {
    private static let day: Int64 = 86_400_000_000
    private let made = Timestamp(microseconds: 1_330_920_000_000_000)

    private func ring(_ folder: String) throws -> Keyring {
        var passphrase = Array("four unrelated words".utf8)
        return try Keyring.create(
            at: folder + "/keyring.json", passphrase: SecretBytes(consuming: &passphrase),
            city: "city-9901", suites: [.gm], on: made, cost: PassphraseCost(n: 16))
    }

    @Test func `half a year after the making, after a drill, and at once after a change`() throws {
        let folder = NSTemporaryDirectory() + "shangbao-drill-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var ring = try ring(folder)
        func due(_ days: Int64, _ drills: [(counter: Int, at: Timestamp)]) -> DrillStanding.Due? {
            DrillStanding(
                ring, drills,
                on: Timestamp(microseconds: made.microseconds + days * DrillStandingTests.day)
            ).due
        }
        func at(_ days: Int64) -> Timestamp {
            Timestamp(microseconds: made.microseconds + days * DrillStandingTests.day)
        }
        #expect(due(182, []) == nil)
        #expect(due(183, []) == .days(183))
        #expect(due(183, [(1, at(100))]) == nil)
        #expect(due(283, [(1, at(100))]) == .days(183))
        try ring.rotate(.field, .gm, on: at(110))
        #expect(due(111, []) == .changed)
        #expect(due(111, [(1, at(100))]) == .changed)
        #expect(due(112, [(1, at(100)), (2, at(111))]) == nil)
    }
}
