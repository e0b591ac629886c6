import Foundation
import Testing

/// The page that connects a clinic in ten minutes, followed to the letter.
struct ClinicPageTests {
    /// The commands of a page: what stands between ```sh and ```.
    static func commands(of page: String) -> [String] {
        var blocks: [String] = []
        var block: [Substring]?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```sh" {
                block = []
            } else if line == "```", let lines = block {
                blocks.append(lines.joined(separator: "\n"))
                block = nil
            } else {
                block?.append(line)
            }
        }
        return blocks
    }

    @Test func `only blocks of shell are commands`() {
        let page = "a\n```sh\none\ntwo\n```\n```yaml\nthree\n```\n```sh\nfour\n```\n"
        #expect(ClinicPageTests.commands(of: page) == ["one\ntwo", "four"])
    }

    /// Runs the page as one session of a shell, with the program on its path.
    private func run(_ commands: String, in folder: String) throws -> (status: Int32, text: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "set -eu\nexec 2>&1\n" + commands]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var environment = ProcessInfo.processInfo.environment
        let program = (Program.path as NSString).deletingLastPathComponent
        environment["PATH"] = program + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        environment["LC_ALL"] = "zh_CN.UTF-8"
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    @Test func `a county follows the page and has a clinic, a word and a price`() throws {
        let folder = NSTemporaryDirectory() + "shangbao-page-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        for name in ["mappings", "samples"] {
            try FileManager.default.copyItem(
                atPath: Program.root + "/" + name, toPath: folder + "/" + name)
        }
        let page = try String(
            contentsOfFile: Program.root + "/docs/county-it/add-a-clinic.md", encoding: .utf8)
        let blocks = ClinicPageTests.commands(of: page)
        #expect(blocks.count >= 7)
        let ended = try run(blocks.joined(separator: "\n"), in: folder)
        #expect(ended.status == 0, "\(ended.text.suffix(4000))")

        let said = ended.text
        // What the page promises, in its order.
        let promises: [Regex<Substring>] = [
            /✓ mappings\/preconception\/from-renmin\.yaml/, /V-CODE/, /妻子乙肝表面抗原HBsAg +阴性~~/,
            /words\/qual\.csv 加一行/, /没有不认得的写法/, /10,680\.00/, /已重写，请核对/,
        ]
        var rest = said[...]
        for promise in promises {
            let found = try #require(rest.firstRange(of: promise), "\(said.suffix(6000))")
            rest = rest[found.upperBound...]
        }
        // Nobody of the clinic's rows is left, and nobody is shown in the clear.
        let status = try Program().run(["status", "--site", folder + "/ten-minutes/site", "--json"])
        #expect(status.out.contains("\"items\" : 3"), "\(status.out)")
        #expect(said.firstMatch(of: /99\d{15}[\dX]/) == nil, "an ID number in the clear")
    }
}
