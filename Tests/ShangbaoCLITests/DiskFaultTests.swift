import Foundation
import Glibc
import Testing

/// A disk that says no to the running program, by the system calls that strace spoils.
@Suite(.serialized) struct DiskFaultTests {
    /// A site with a file to take.
    private struct Desk {
        let site: TestSite
        let folder: String
        let program = Program()

        init() throws {
            site = try TestSite()
            folder = site.folder
            let made = try program.run([
                "sample", "--couples", "20", "--seed", "3", "--out", folder,
            ])
            #expect(made.status == 0, "\(made.err)")
        }

        /// Another of the same, which is gone after `body`.
        func withCopy(_ body: (Desk) throws -> Void) throws {
            let copy = folder + "-" + UUID().uuidString
            try FileManager.default.copyItem(atPath: folder, toPath: copy)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try body(Desk(site: site, folder: copy))
        }

        private init(site: TestSite, folder: String) {
            (self.site, self.folder) = (site, folder)
        }

        var file: String { folder + "/couples-20-seed-3.csv" }

        var database: String { folder + "/data/shangbao.db" }

        func take(under: [String] = []) throws -> Program.Ended {
            try program.run(["take", file, "--site", folder], in: "en", under: under)
        }

        /// How many records are queued, and whether the file is sound.
        func expectQueued(_ count: Int) throws {
            let listed = try program.run(
                ["queue", "list", "--site", folder, "--json"], in: "en")
            #expect(listed.status == 0, "\(listed.err)")
            let rows = try JSONSerialization.jsonObject(with: Data(listed.out.utf8))
            let records = (rows as? [[String: Any]] ?? [])
                .compactMap { $0["records"] as? Int }.reduce(0, +)
            #expect(records == count, "\(listed.out)")
        }
    }

    private func strace(_ calls: String, _ fault: String, of path: String) -> [String] {
        [
            "strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", "trace=\(calls)",
            "-e", "inject=\(calls):\(fault)",
        ]
    }

    @Test func `a forced write that fails stops all writing, and the next start goes on (F-028)`()
        throws
    {
        let desk = try Desk()
        for number in [1, 3, 6] {
            try desk.withCopy { desk in
                let stopped = try desk.take(
                    under: strace(
                        "fdatasync", "error=EIO:when=\(number)", of: desk.database + "-wal"))
                #expect(stopped.status == 74)
                #expect(stopped.err.contains("E-DB-SYNC"), "\(stopped.err)")
                #expect(try desk.take().status == 0)
                try desk.expectQueued(20)
            }
        }
    }

    @Test func `a damaged file stops every command, and no list is cut short (F-037)`() throws {
        let desk = try Desk()
        #expect(try desk.take().status == 0)
        let sound = try Data(contentsOf: URL(fileURLWithPath: desk.database))
        var pages = sound
        // Every page of every table but the first, which says what tables there are.
        for start in stride(from: 4096, to: sound.count, by: 4096) {
            pages[start] ^= 0x10
        }
        var words = sound
        let fact = try #require(words.range(of: Data("{\"arrived\":".utf8)))
        words[fact.lowerBound + 2] ^= 0x01
        // A fact is looked at by who reads it.
        for (damaged, commands) in [
            (pages, ["status", "deliver", "collect"]), (words, ["status"]),
        ] {
            try damaged.write(to: URL(fileURLWithPath: desk.database))
            for command in commands {
                let ended = try desk.program.run([command, "--site", desk.folder], in: "en")
                #expect(ended.status == 74 && ended.err.contains("E-DB-CORRUPT"), "\(ended)")
                #expect(ended.out.isEmpty)
            }
        }
        try sound.write(to: URL(fileURLWithPath: desk.database))
        try desk.expectQueued(20)
    }

    @Test func `what cannot be shown to its end is no success (F-027)`() throws {
        let desk = try Desk()
        let ended = try desk.program.run(
            ["status", "--site", desk.folder], in: "en",
            under: ["sh", "-c", "exec \"$@\" > /dev/full", "sh"])
        #expect(ended.status == 74 && ended.err.contains("E-OUTPUT"), "\(ended)")
    }

    @Test func `a log that could not be moved into the file is not thrown away (F-028)`() throws {
        let desk = try Desk()
        // The first forced write of the file itself makes it, the second moves the log into it.
        let ended = try desk.take(
            under: strace("fdatasync", "error=EIO:when=2", of: desk.database))
        #expect(ended.status == 0, "\(ended.err)")
        let log = try FileManager.default.attributesOfItem(atPath: desk.database + "-wal")
        #expect((log[.size] as? Int ?? 0) > 100_000)
        try desk.expectQueued(20)
        #expect(try desk.take().status == 0)
        try desk.expectQueued(20)
    }

    @Test func `a write that fails leaves nothing half done (F-025)`() throws {
        let desk = try Desk()
        for (fault, code) in [("ENOSPC:when=8+", "E-DB-FULL"), ("EIO:when=9", "E-DB")] {
            try desk.withCopy { desk in
                let stopped = try desk.take(
                    under: strace("pwrite64", "error=" + fault, of: desk.database + "-wal"))
                #expect(stopped.status == 74)
                #expect(stopped.err.contains(code + " "), "\(stopped.err)")
                #expect(try desk.take().status == 0)
                try desk.expectQueued(20)
            }
        }
    }

    @Test(.enabled(if: getuid() == 0, "needs the right to mount"))
    func `a read-only file system is said, and nothing is written (F-034)`() throws {
        let desk = try Desk()
        let folder = desk.folder
        try #require(mount(folder, folder, nil, UInt(MS_BIND), nil) == 0)
        defer { umount2(folder, Int32(MNT_DETACH)) }
        try #require(mount(nil, folder, nil, UInt(MS_BIND | MS_REMOUNT | MS_RDONLY), nil) == 0)
        let stopped = try desk.take()
        #expect(stopped.status == 74)
        // What cannot be written down is not done: the trail is the first to say so.
        #expect(stopped.err.contains("E-AUDIT-WRITE"), "\(stopped.err)")
    }

    @Test func `another tool that holds the file is waited for, then said (F-039)`() throws {
        let desk = try Desk()
        #expect(try desk.take().status == 0)
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        other.arguments = [
            "python3", "-c",
            """
            import sqlite3, sys
            held = sqlite3.connect(sys.argv[1], isolation_level=None)
            held.execute("BEGIN IMMEDIATE")
            print("held", flush=True)
            sys.stdin.read()
            """, desk.database,
        ]
        let (leash, said) = (Pipe(), Pipe())
        (other.standardInput, other.standardOutput) = (leash, said)
        try other.run()
        #expect(!said.fileHandleForReading.availableData.isEmpty)
        let busy = try desk.program.run(
            ["deliver", "--site", desk.folder], in: "en")
        #expect(busy.status == 73)
        #expect(busy.err.contains("E-DB-BUSY"), "\(busy.err)")
        try leash.fileHandleForWriting.close()
        other.waitUntilExit()
        try desk.expectQueued(20)
    }

    @Test func `without free file descriptors it stops in order, and nothing is lost (F-022)`()
        throws
    {
        let desk = try Desk()
        let stopped = try desk.take(under: ["prlimit", "--nofile=9"])
        #expect(stopped.status != 0 && stopped.status < 128, "\(stopped.status) \(stopped.err)")
        #expect(try desk.take().status == 0)
        try desk.expectQueued(20)
    }
}
