import Foundation
import TestKit
import Testing

/// A county's disk is lost: its backup comes back with its keys, and not without.
@Suite(.serialized) struct KeyBackupTests {
    private let site: TestSite

    init() throws {
        site = try TestSite()
    }

    private func run(_ words: [String], input: String? = nil) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en", input: input)
    }

    /// Makes a backup; its halves as they were shown.
    private func backUp() throws -> [String] {
        let made = try run(["keys", "export-backup", site.folder + "/safe.json"])
        #expect(made.status == 0, "\(made.err)")
        let shown = made.out.matches(of: /([a-z2-9]{4}-){5}[a-z2-9]{4}/)
        let halves = shown.map { String($0.output.0) }
        #expect(halves.count == 2, "\(made.out)")
        return halves
    }

    private func restore(_ halves: [String]) throws -> Program.Ended {
        try run(
            ["keys", "restore", site.folder + "/safe.json", "--halves-fd", "7"],
            input: halves.joined(separator: "\n"))
    }

    private struct Drilled: Decodable {
        let isWhole: Bool
        let backup: Int
        let ring: Int
        let keys: Int
        let missing: [String]
        let different: [String]
    }

    private func drill(_ halves: [String]) throws -> (ended: Program.Ended, found: Drilled?) {
        let ended = try run(
            ["keys", "drill", site.folder + "/safe.json", "--halves-fd", "7", "--json"],
            input: halves.joined(separator: "\n"))
        return (ended, try? JSONDecoder().decode(Drilled.self, from: Data(ended.out.utf8)))
    }

    /// What `doctor` says of the backup: whether it is well, and what it found.
    private func backupLine() throws -> (holds: Bool, found: String)? {
        struct Line: Decodable {
            let what: String
            let holds: Bool
            let found: String
        }
        let doctor = try run(["doctor", "--json"])
        let lines = try JSONDecoder().decode([Line].self, from: Data(doctor.out.utf8))
        return lines.first { $0.what == "the ring's backup" }.map { ($0.holds, $0.found) }
    }

    private func take(_ file: String) throws -> TakenFile {
        let ended = try run(["take", site.folder + "/" + file, "--json"])
        let taken = try JSONDecoder().decode([TakenFile].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func sample() throws -> String {
        _ = try site.program.run([
            "sample", "--couples", "6", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        return "couples-6-seed-7.csv"
    }

    @Test func `a backup restores with its keys, and not without`() throws {
        let file = try sample()
        #expect(try take(file).fates["sent"] == 6)
        let halves = try backUp()
        let ring = site.folder + "/keys/keyring.json"
        let before = try run(["keys", "list", "--json"]).out
        try FileManager.default.removeItem(atPath: ring)

        // Without them: neither no ring nor a new one opens the database.
        let shut = try run(["take", site.folder + "/" + file])
        #expect(shut.status == 78 && shut.err.contains("E-KEY-FILE"))
        #expect(try run(["keys", "init"]).status == 0)
        let other = try run(["take", site.folder + "/" + file])
        #expect(other.status == 78, "\(other.out)\(other.err)")
        try FileManager.default.removeItem(atPath: ring)

        for wrong in [[halves[0]], [halves[1]], [halves[1], halves[0]]] {
            let refused = try restore(wrong)
            #expect(refused.status == 78 && refused.err.contains("E-KEY-PASSPHRASE"))
            #expect(!FileManager.default.fileExists(atPath: ring))
        }
        let restored = try restore(halves)
        #expect(restored.status == 0, "\(restored.out)\(restored.err)")
        #expect(try run(["keys", "list", "--json"]).out == before)
        let longer = try FileHandle(forWritingTo: URL(fileURLWithPath: site.folder + "/" + file))
        try longer.seekToEnd()
        try longer.write(contentsOf: Data("\r\n".utf8))
        try longer.close()
        #expect(try take(file).fates == ["unchanged": 6])
        #expect(try restore(halves).err.contains("E-KEY-EXISTS"), "never over a ring")
    }

    @Test func `an older backup is taken by a person who says why, never across a rotation`()
        throws
    {
        let file = try sample()
        #expect(try take(file).fates["sent"] == 6)
        let halves = try backUp()
        let ring = site.folder + "/keys/keyring.json"
        #expect(try run(["keys", "rotate", "field"]).status == 0)
        try FileManager.default.moveItem(atPath: ring, toPath: ring + ".newer")
        let restored = try restore(halves)
        #expect(restored.status == 0 && restored.out.contains("keys adopt"), "\(restored.out)")
        let refused = try run(["take", site.folder + "/" + file])
        #expect(refused.status == 78 && refused.err.contains("E-KEY-ROLLBACK"))
        // Our copies of the submissions' keys were sealed anew: the old ring cannot open them.
        let shut = try run(["keys", "adopt", "--because", "the disk was lost"])
        #expect(shut.status == 78 && shut.err.contains("E-KEY-ROTATED"), "\(shut.out)")
        #expect(try run(["take", site.folder + "/" + file]).err.contains("E-KEY-ROLLBACK"))

        // Names were carried over meanwhile: the old ring cannot make them.
        try FileManager.default.removeItem(atPath: ring)
        try FileManager.default.moveItem(atPath: ring + ".newer", toPath: ring)
        #expect(try run(["keys", "rotate", "pid-link"]).status == 0)
        try FileManager.default.removeItem(atPath: ring)
        #expect(try restore(halves).status == 0)
        let adopted = try run(["keys", "adopt", "--because", "the disk was lost"])
        #expect(adopted.status == 78 && adopted.err.contains("E-KEY-ROTATED"), "\(adopted.out)")
    }

    @Test func `a backup of before a signing key's rotation is adopted, and all goes on`() throws {
        let file = try sample()
        #expect(try take(file).fates["sent"] == 6)
        let halves = try backUp()
        #expect(try run(["keys", "rotate", "sign"]).status == 0)
        try FileManager.default.removeItem(atPath: site.folder + "/keys/keyring.json")
        #expect(try restore(halves).status == 0)
        let adopted = try run(["keys", "adopt", "--because", "the disk was lost"])
        #expect(adopted.status == 0, "\(adopted.err)")
        #expect(try take(file).fates["sent"] == 6, "taken before, as it was told then")
        #expect(try backupLine()?.holds == true, "it was just restored from one")
    }

    @Test func `a drill opens the backup, writes no file, and is asked for after a rotation`()
        throws
    {
        let halves = try backUp()
        _ = try take(sample())
        #expect(try backupLine()?.holds == true, "a ring that was just made")
        let ring = site.folder + "/keys"
        func files() throws -> [String: Data] {
            var found: [String: Data] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: ring) {
                found[name] = FileManager.default.contents(atPath: ring + "/" + name)
            }
            return found
        }
        let before = try files()
        for wrong in [[halves[0]], [halves[1], halves[0]]] {
            let (ended, _) = try drill(wrong)
            #expect(ended.status == 78 && ended.err.contains("E-KEY-PASSPHRASE"))
        }
        #expect(try backupLine()?.found.contains("no restore drill yet") == true)
        let (done, found) = try drill(halves)
        #expect(done.status == 0, "\(done.out)\(done.err)")
        #expect(found?.isWhole == true && found?.keys == 12 && found?.backup == found?.ring)
        #expect(try files() == before)
        #expect(try run(["keys", "list"]).out.contains("last restore drill"))

        #expect(try run(["keys", "rotate", "field"]).status == 0)
        #expect(try backupLine()?.holds == false)
        #expect(try run(["keys", "list"]).out.contains("No backup was tried since"))
        let (old, lacking) = try drill(halves)
        #expect(old.status == 6 && lacking?.isWhole == false)
        #expect(lacking?.missing.count == 1 && lacking?.different.count == 1)
        #expect(try backupLine()?.holds == false, "an old backup is no drill of this ring")

        try FileManager.default.removeItem(atPath: site.folder + "/safe.json")
        #expect(try drill(backUp()).found?.isWhole == true)
        #expect(try backupLine()?.holds == true)
    }

    @Test func `a backup of another site is said to be one, and is no drill`() throws {
        let other = try TestSite()
        let safe = other.folder + "/safe.json"
        let made = try other.program.run(
            ["keys", "export-backup", safe, "--site", other.folder], in: "en")
        let halves = made.out.matches(of: /([a-z2-9]{4}-){5}[a-z2-9]{4}/)
            .map { String($0.output.0) }
        _ = try take(sample())
        let found = try run(
            ["keys", "drill", safe, "--halves-fd", "7"], input: halves.joined(separator: "\n"))
        #expect(found.status == 78 && found.err.contains("E-KEY-STRANGER"), "\(found.err)")
        #expect(!found.out.contains("destroy"))
        #expect(try run(["keys", "list"]).out.contains("no restore drill yet"))
    }

    @Test func `on a terminal each half leaves the screen before the next one comes`() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let words = [
            Program.path, "keys", "export-backup", site.folder + "/t.json", "--site", site.folder,
        ].joined(separator: " ")
        process.arguments = ["-c", "printf '\\n\\n' | script -qec '\(words)' /dev/null"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(
            decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let parts = said.split(separator: "\u{1B}[2A\u{1B}[J").map { part in
            part.matches(of: /([a-z2-9]{4}-){5}[a-z2-9]{4}/).count
        }
        #expect(parts == [1, 1, 0], "\(said)")
    }

    @Test func `a passphrase is for people alone`() throws {
        let refused = try run(["keys", "export-backup", site.folder + "/safe.json", "--json"])
        #expect(refused.status == 64)
        #expect(!FileManager.default.fileExists(atPath: site.folder + "/safe.json"))
    }
}
