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
        func due(_ days: Int64, _ drills: [TriedBackup]) -> DrillStanding.Due? {
            DrillStanding(
                ring, drills,
                on: Timestamp(microseconds: made.microseconds + days * DrillStandingTests.day)
            ).due
        }
        func at(_ days: Int64) -> Timestamp {
            Timestamp(microseconds: made.microseconds + days * DrillStandingTests.day)
        }
        func drill(
            _ counter: Int, _ days: Int64, _ contents: String? = nil, isRestored: Bool = false
        ) -> TriedBackup {
            TriedBackup(
                counter: counter, contents: contents, isRestored: isRestored, at: at(days))
        }
        #expect(due(182, []) == nil)
        #expect(due(183, []) == .days(183))
        #expect(due(183, [drill(1, 100)]) == nil)
        #expect(due(283, [drill(1, 100)]) == .days(183))
        // Of a ring with as many changes, and other keys.
        #expect(due(101, [drill(1, 100, ring.contents)]) == nil)
        #expect(due(101, [drill(1, 100, "another")]) == .changed)
        // A restored backup tells of the ring that was made of it, and of no other.
        #expect(due(200, [drill(1, 100, ring.contents, isRestored: true)]) == nil)
        #expect(due(200, [drill(1, 100, "another", isRestored: true)]) == .days(200))
        try ring.rotate(.field, .gm, on: at(110))
        #expect(due(111, []) == .changed)
        #expect(due(111, [drill(1, 100)]) == .changed)
        #expect(due(112, [drill(1, 100), drill(2, 111)]) == nil)
    }
}
