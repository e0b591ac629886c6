import Delivery
import Foundation
import Records
import Storage
import Testing

struct WireJournalTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/wire-\(UUID().uuidString)"
    private let clock = TestClock()

    private static let mark = DatabaseMark(
        stand: DatabaseStand(system: "7713135422739398134", timeline: "00000002"), seq: 41,
        hash: "00112233445566ff")

    private func entry(_ number: Int64) -> WireEntry {
        WireEntry(
            sent: SubmissionID("s-\(number)"), fence: number, digest: [1, 2, UInt8(number & 0x7F)],
            at: clock.now, WireJournalTests.mark)
    }

    private func journal() -> WireJournal { WireJournal(folder: folder, clock: clock.clock) }

    @Test func `lines come back as they were, in their order, from all files`() async throws {
        let first = journal()
        #expect(try await first.open() == [])
        try await first.note(entry(1))
        try await first.note(WireEntry(seen: WireJournalTests.mark, at: clock.now))
        await first.close()
        let second = journal()
        _ = try await second.open()
        try await second.note(entry(3))
        await second.close()
        let kept = try await journal().open()
        #expect(kept.map(\.kind) == [.sent, .seen, .sent])
        #expect(kept.first == entry(1) && kept.last == entry(3))
        #expect(kept.map(\.mark) == Array(repeating: WireJournalTests.mark, count: 3))
    }

    @Test func `many at once are all there, each once`() async throws {
        let journal = journal()
        _ = try await journal.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...64 { group.addTask { try await journal.note(entry(Int64(number))) } }
            try await group.waitForAll()
        }
        await journal.close()
        let fences = try await self.journal().open().map(\.fence)
        #expect(fences.sorted() == Array(1...64))
    }

    @Test func `a torn or changed line is none, and the others stay`() async throws {
        let first = journal()
        _ = try await first.open()
        for number in 1...3 { try await first.note(entry(Int64(number))) }
        await first.close()
        let path = folder + "/wire-00000001.log"
        var lines = try String(contentsOfFile: path, encoding: .utf8)
            .split(separator: "\n").map(String.init)
        lines[1] = lines[1].replacing("s-2", with: "s-9")
        lines[2] = String(lines[2].dropLast(11))
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await journal().open().map(\.submission?.text) == ["s-1"])
    }

    @Test func `one worker has it at a time, and what is closed writes nothing`() async throws {
        let first = journal()
        _ = try await first.open()
        await #expect(throws: StorageFailure(.lockedByAnotherProcess)) {
            _ = try await self.journal().open()
        }
        await first.close()
        await #expect(throws: StorageFailure(.closed)) { try await first.note(self.entry(1)) }
        #expect(try await journal().open() == [])
    }

    @Test func `lines are kept for 35 days`() async throws {
        let first = journal()
        _ = try await first.open()
        try await first.note(entry(1))
        await first.close()
        clock.advance(seconds: 35 * 86_400)
        let second = journal()
        #expect(try await second.open().count == 1)
        await second.close()
        clock.advance(seconds: 1)
        #expect(try await journal().open().isEmpty)
    }

    @Test func `a disk that takes no line lets nothing go out`() async throws {
        let desk = try await DeliveryDesk()
        let one = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(one)
        let nation = PretendNation([one])
        let journal = journal()
        let courier = try desk.guarded(nation, journal)
        try await courier.start()
        await journal.close()
        await #expect(throws: StorageFailure(.closed)) { _ = try await courier.round(limit: 1) }
        #expect(await nation.sendCount == 0)
        // The second commit was made, so that it is asked for, and goes once that is answered.
        let again = try desk.guarded(nation, self.journal(), epoch: "epoch-2")
        try await again.start()
        #expect(try await desk.state("s-1") == .inDoubt)
        try await again.round(limit: 1)
        try await again.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
        #expect(await nation.sendCount == 1)
    }
}
