import Foundation
import Testing

/// Folders and files that somebody else may change are told of, and the ring's is not used.
@Suite(.serialized) struct PlaceModesTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private struct Line: Decodable {
        let what: String
        let holds: Bool
        let found: String
    }

    private func run(_ words: [String], under: [String] = []) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en", under: under)
    }

    private func lines() throws -> [Line] {
        try JSONDecoder().decode([Line].self, from: Data(try run(["doctor", "--json"]).out.utf8))
            .filter { $0.what.hasPrefix("access") }
    }

    private func mode(_ name: String) throws -> Int? {
        let found = try FileManager.default.attributesOfItem(atPath: site.folder + "/" + name)
        return (found[.posixPermissions] as? NSNumber)?.intValue
    }

    private func set(_ name: String, _ mode: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: site.folder + "/" + name)
    }

    @Test func `each place that others can change is a line of doctor's`() throws {
        #expect(try run(["status"]).status == 0)
        #expect(try run(["keys", "rotate", "sign"]).status == 0)
        try FileManager.default.createDirectory(
            atPath: site.folder + "/keys/recipients", withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
        let well = try lines()
        #expect(well.count == 1 && well[0].holds, "\(well)")
        for (name, wrong) in [
            ("keys", 0o777), ("keys/recipients", 0o777), ("data", 0o770), ("shangbao.yaml", 0o666),
            ("data/shangbao.db", 0o666),
        ] {
            let right = try #require(try mode(name))
            try set(name, wrong)
            let found = try lines()
            #expect(found.count == 1 && found[0].what == "access \(name)", "\(found)")
            #expect(found.first?.found == "0" + String(wrong, radix: 8))
            try set(name, right)
        }
        // Another owner could give himself every right.
        guard geteuid() == 0 else { return }
        #expect(chown(site.folder + "/data", 1, 1) == 0)
        let owned = try lines()
        #expect(owned.first { $0.what == "access data" }?.found == "0750, of uid 1", "\(owned)")
        #expect(chown(site.folder + "/data", 0, 0) == 0)
    }

    @Test func `a ring in a folder that others can change is not opened`() throws {
        try set("keys", 0o777)
        for words in [["keys", "list"], ["keys", "rotate", "sign"]] {
            let refused = try run(words)
            #expect(refused.status == 78 && refused.err.contains("E-KEY-MODE"), "\(refused.err)")
        }
        try set("keys", 0o700)
        #expect(try run(["keys", "list"]).status == 0)
    }

    @Test func `under any umask nobody else may change what is made`() throws {
        let made = try run(
            ["keys", "export"], under: ["/bin/sh", "-c", "umask 000; exec \"$@\"", "sh"])
        #expect(made.status == 0, "\(made.err)")
        #expect(try mode("keys/public") == 0o755)
    }
}
