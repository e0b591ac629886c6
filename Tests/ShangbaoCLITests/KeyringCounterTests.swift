import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// An older key ring that is put back is found out by the ledger.
struct KeyringCounterTests {
    private func site(_ folder: String) throws -> Site {
        try Site(folder: folder, clock: { Timestamp(microseconds: 1_330_920_000_000_000) })
    }

    private func counters(_ site: Site) async throws -> [Int] {
        let view = try await site.openView()
        let counters = try await view.read { transaction in
            try Ledger().entries(of: "keyringSeen", in: transaction).compactMap { entry -> Int? in
                if case .keyringSeen(let fact) = entry.fact { fact.counter } else { nil }
            }
        }
        await view.close()
        return counters
    }

    @Test func `a ring put back is refused by every command that opens it, until it is adopted`()
        async throws
    {
        let made = try TestSite()
        let place = ["--site", made.folder]
        let site = try site(made.folder)
        let old = try Data(contentsOf: URL(fileURLWithPath: site.configuration.keyring))
        var ring = try site.openKeyring(nil)
        try ring.rotate(.sign, .gm, on: site.clock())
        _ = try made.program.run([
            "sample", "--couples", "3", "--seed", "7", "--defects", "0", "--out", made.folder,
        ])
        let take = ["take", made.folder + "/couples-3-seed-7.csv"] + place
        #expect(try made.program.run(take).status == 0)
        #expect(try made.program.run(take).status == 0)
        #expect(try await counters(site) == [ring.counter], "registered once")

        let file = URL(fileURLWithPath: site.configuration.keyring)
        try old.write(to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: file.path)
        for words in [take, ["keys", "list"] + place, ["keys", "export"] + place] {
            let refused = try made.program.run(words, in: "en")
            #expect(refused.status == 78, "\(words) \(refused.out)")
            #expect(refused.err.contains("E-KEY-ROLLBACK"))
        }
        #expect(try made.program.run(["keys", "adopt"] + place).status == 64, "why?")
        let adopted = try made.program.run(
            ["keys", "adopt", "--because", "the disk was lost"] + place)
        #expect(adopted.status == 0, "\(adopted.err)")
        #expect(try made.program.run(take).status == 0)
        #expect(try await counters(site) == [ring.counter, ring.counter - 1])
    }

    /// Two rings that went different ways from one have the same counter, and other keys.
    @Test func `a ring that went another way is refused, though its counter is the same`()
        async throws
    {
        let made = try TestSite()
        let place = ["--site", made.folder]
        let site = try site(made.folder)
        let file = URL(fileURLWithPath: site.configuration.keyring)
        let first = try Data(contentsOf: file)
        func put(_ bytes: Data) throws {
            try bytes.write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: file.path)
        }
        var fork = try site.openKeyring(nil)
        try fork.rotate(.sign, .gm, on: site.clock())
        let other = try Data(contentsOf: file)
        try put(first)
        #expect(try made.program.run(["keys", "rotate", "pid-out"] + place).status == 0)
        let ring = try Data(contentsOf: file)
        #expect(try await counters(site).last == fork.counter)

        try put(other)
        for words in [["keys", "list"], ["keys", "export"], ["doctor"]] {
            let refused = try made.program.run(words + place, in: "en")
            #expect(refused.status != 0, "\(words)")
            #expect((refused.out + refused.err).contains("E-KEY-FORKED"), "\(words)")
        }
        try put(ring)
        #expect(try made.program.run(["keys", "list"] + place).status == 0)
    }
}
