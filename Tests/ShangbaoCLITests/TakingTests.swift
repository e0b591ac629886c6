import Foundation
import Testing

/// Several files in one command, and files of one name.
@Suite(.serialized) struct TakingTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    /// Writes an export of invented couples, with bad rows in it, as `name`.
    private func export(seed: Int, as name: String) throws -> String {
        let made = try site.program.run([
            "sample", "--couples", "30", "--seed", "\(seed)", "--defects", "0.2", "--out",
            site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let path = site.folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: site.folder + "/couples-30-seed-\(seed).csv", toPath: path)
        return path
    }

    @Test func `a file that cannot be taken is named, and the others are taken`() throws {
        let good = try export(seed: 7, as: "good.csv")
        let missing = site.folder + "/nosuch.csv"
        let ended = try site.program.run(["take", missing, good, "--site", site.folder], in: "en")
        #expect(ended.status == 74)
        #expect(ended.err.contains("nosuch.csv"), "\(ended.err)")
        #expect(ended.out.contains("good.csv: 30 rows"), "\(ended.out)")
    }

    @Test func `two exports of one name have a list of findings each`() throws {
        for (seed, folder) in [(7, "a"), (8, "b")] {
            let path = try export(seed: seed, as: folder + "/export.csv")
            #expect(try site.program.run(["take", path, "--site", site.folder]).status == 3)
        }
        let lists = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
        #expect(lists.count == 2 && lists.allSatisfy { $0.hasPrefix("findings-export-") })
    }

    @Test func `lint names a source's mapping that does not exist`() throws {
        try site.edit("shangbao.yaml") { text in
            text.replacing(/mapping: *\S+/, with: "mapping: preconception/from-nowhere")
        }
        let ended = try site.program.run(["lint", "--site", site.folder], in: "en")
        #expect(ended.status == 78 && ended.out.contains("preconception/from-nowhere"))
    }
}
