import Foundation
import Glibc
import Intake
import Records
import Testing

@Suite struct FolderChannelTests {
    private let folder: TemporaryFolder
    private let channel: FolderChannel

    /// It is 1000 s after 1970, and a file has to rest for ten seconds.
    init() throws {
        folder = try TemporaryFolder()
        channel = FolderChannel(
            folder: folder.path, settleSeconds: 10,
            clock: { Timestamp(microseconds: 1_000_000_000) })
    }

    private func put(_ name: String, modified seconds: Double = 900) throws {
        try folder.write(Array(name.utf8), as: name)
        try folder.setModified(name, secondsSince1970: seconds)
    }

    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: "\(folder.path)/\(path)", encoding: .utf8)
    }

    @Test func `only finished CSV files are offered, the oldest first`() throws {
        try put("b.csv", modified: 900)
        try put("a.csv", modified: 900)
        try put("older.CSV", modified: 800)
        try put("孕检.csv", modified: 990)
        for name in ["x.csv.part", "x.tmp", ".hidden.csv", "x.xlsx", "csv", ".csv"] {
            try put(name)
        }
        try put("new.csv", modified: 990.5)
        try put("future.csv", modified: 5000)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/folder.csv", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.csv", withDestinationPath: "/etc/passwd")
        try #require(mkfifo(folder.path + "/pipe.csv", 0o600) == 0)
        let listing = try channel.listing()
        #expect(listing.offered.map(\.name) == ["older.CSV", "a.csv", "b.csv", "孕检.csv"])
        #expect(listing.offered[1].path == folder.path + "/a.csv")
        #expect(listing.waitingCount == 2)
        #expect(listing.passedOverCount == 3)
    }

    @Test func `a taken file goes to done and a refused one to refused, after the closure`()
        async throws
    {
        try put("a.csv")
        try put("b.csv")
        for file in try channel.listing().offered {
            try await channel.offer(file) { offered in
                let names = try folder.names()
                #expect(names.contains(offered.name))
                return offered.name == "a.csv" ? .taken : .refused
            }
        }
        #expect(try folder.names() == ["done", "refused"])
        #expect(try folder.names(in: "done") == ["a.csv"])
        #expect(try folder.names(in: "refused") == ["b.csv"])
    }

    @Test func `a file is never moved over another`() async throws {
        for seconds in [100.0, 200, 300] {
            try folder.write(Array("\(Int(seconds))".utf8), as: "a.csv")
            try folder.setModified("a.csv", secondsSince1970: seconds)
            let file = try #require(try channel.listing().offered.first)
            try await channel.offer(file) { _ in .taken }
        }
        #expect(try folder.names(in: "done") == ["a-2.csv", "a-3.csv", "a.csv"])
        #expect(try content("done/a.csv") == "100")
        #expect(try content("done/a-2.csv") == "200")
        #expect(try content("done/a-3.csv") == "300")
    }

    @Test func `a closure that throws leaves the file to be offered again`() async throws {
        try put("a.csv")
        let file = try #require(try channel.listing().offered.first)
        await #expect(throws: CancellationError.self) {
            try await channel.offer(file) { _ in throw CancellationError() }
        }
        #expect(try channel.listing().offered == [file])
        #expect(try folder.names() == ["a.csv"])
    }

    @Test func `a file replaced during the closure is not moved unread`() async throws {
        try put("a.csv")
        let file = try #require(try channel.listing().offered.first)
        let failure = await #expect(throws: ReadFailure.self) {
            try await channel.offer(file) { _ in
                try folder.write(Array("July".utf8), as: "a.csv")
                try folder.setModified("a.csv", secondsSince1970: 950)
                return .taken
            }
        }
        #expect(failure?.entry.code == "E-CHANGED")
        #expect(try channel.listing().offered.map(\.name) == ["a.csv"])
        #expect(try content("a.csv") == "July")
    }

    @Test func `done is not followed where it is a link`() async throws {
        let elsewhere = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/done", withDestinationPath: elsewhere.path)
        try put("a.csv")
        let file = try #require(try channel.listing().offered.first)
        let failure = await #expect(throws: ReadFailure.self) {
            try await channel.offer(file) { _ in .taken }
        }
        #expect(failure?.entry.code == "E-IO")
        #expect(try elsewhere.names().isEmpty)
        #expect(try folder.names().contains("a.csv"))
    }

    @Test func `a missing folder is said`() {
        let gone = FolderChannel(
            folder: folder.path + "/gone", settleSeconds: 0, clock: { Timestamp(microseconds: 0) })
        #expect(failureCode { try gone.listing() } == "E-NOFILE")
    }
}
