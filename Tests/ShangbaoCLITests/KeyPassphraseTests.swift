import Evidence
import Flow
import Foundation
import Records
import Storage
import Testing

/// The passphrase of the ring is changed, and its keys stay.
@Suite(.serialized) struct KeyPassphraseTests {
    private let site: TestSite
    private let new = "seven other words for it"

    init() throws { site = try TestSite() }

    private func run(_ words: [String], in folder: String? = nil, input: String? = nil) throws
        -> Program.Ended
    {
        try site.program.run(words + ["--site", folder ?? site.folder], in: "en", input: input)
    }

    private func change(to text: String) throws -> Program.Ended {
        try run(["keys", "change-passphrase", "--new-passphrase-fd", "7"], input: text)
    }

    /// Writes the file that a rehearsal reads the passphrase from.
    private func write(_ passphrase: String, in folder: String? = nil) throws {
        let file = (folder ?? site.folder) + "/keys/passphrase.txt"
        try Data((passphrase + "\n").utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }

    private func passphrase() throws -> String {
        try String(contentsOfFile: site.folder + "/keys/passphrase.txt", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
    }

    @Test func `the new one opens the same keys, the old one none, and an old copy is refused`()
        async throws
    {
        let (ring, old) = (site.folder + "/keys/keyring.json", try passphrase())
        let copy = try Data(contentsOf: URL(fileURLWithPath: ring))
        let before = try run(["keys", "list", "--json"]).out
        let short = try change(to: "too short")
        #expect(short.status == 78 && short.err.contains("E-PASSPHRASE-SHORT"), "\(short.err)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: ring)) == copy)
        let changed = try change(to: new)
        #expect(changed.status == 0, "\(changed.out)\(changed.err)")
        #expect(!(changed.out + changed.err).contains(new))

        let shut = try run(["keys", "list"])
        #expect(shut.status == 78 && shut.err.contains("E-KEY-PASSPHRASE"), "\(shut.err)")
        try write(new)
        #expect(try run(["keys", "list", "--json"]).out == before)
        let place = try Site(
            folder: site.folder, clock: { Timestamp(microseconds: 1_330_920_000_000_000) })
        let view = try await place.openView()
        let noted = try await view.read { transaction in
            try Ledger().entries(of: "keyringSeen", in: transaction).compactMap {
                entry -> Fact.KeyringSeen? in
                if case .keyringSeen(let fact) = entry.fact { fact } else { nil }
            }
        }
        await view.close()
        #expect(noted.map(\.counter) == [1, 2] && noted.last?.by == NSUserName())
        #expect(noted.first?.contents == noted.last?.contents, "the keys are the same")

        // A copy that somebody kept, with the passphrase that he knew.
        try copy.write(to: URL(fileURLWithPath: ring))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: ring)
        try write(old)
        let refused = try run(["keys", "list"])
        #expect(refused.status == 78 && refused.err.contains("E-KEY-ROLLBACK"), "\(refused.err)")
    }

    @Test func `killed at any durable step, the one passphrase opens the ring or the other`() throws
    {
        let before = try run(["keys", "list", "--json"]).out
        let old = try passphrase()
        let calls = "fdatasync,fsync,rename,renameat,renameat2"
        var (step, isThrough, opened) = (1, false, Set<String>())
        while !isThrough, step < 40 {
            let folder = site.folder + "-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let killed = try Program().run(
                ["keys", "change-passphrase", "--new-passphrase-fd", "7", "--site", folder],
                input: new, under: Program.killing(at: step, of: calls))
            isThrough = killed.status == 0
            var ways: [String] = []
            for text in [old, new] {
                try write(text, in: folder)
                let listed = try run(["keys", "list", "--json"], in: folder)
                if listed.status == 0 {
                    ways.append(text)
                    #expect(listed.out == before, "step \(step)")
                    // What writes notes the counter, and goes on.
                    let next = try run(["keys", "rotate", "pid-out"], in: folder)
                    #expect(next.status == 0, "step \(step): \(next.err)")
                    break
                }
            }
            #expect(ways.count == 1, "step \(step)")
            opened.formUnion(ways)
            step += 1
        }
        #expect(isThrough && opened == [old, new], "\(step)")
    }
}
