import Foundation
import Testing

/// SIGTERM and Ctrl-C end a command that sends in good order.
struct EndingTests {
    @Test(arguments: [["deliver"], ["run", "--once", "--settle", "0"]])
    func `told to end, what sends ends with what is under way, and gives the rest back`(
        command: [String]
    ) throws {
        let site = try TestSite()
        for seed in 1...8 {
            let made = try site.program.run([
                "sample", "--couples", "1", "--seed", "\(seed)", "--defects", "0", "--out",
                site.folder,
            ])
            #expect(made.status == 0)
            let file = site.folder + "/couples-1-seed-\(seed).csv"
            // Some of them may need a correction; the others are enough.
            _ = try site.program.run(["take", file, "--site", site.folder])
        }
        try site.write("post *: delay 3000ms\n", to: "faults.txt")
        let nation = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        defer { nation.end() }
        let (process, watch) = Program.waiting(command + ["--site", site.folder])
        defer { withExtendedLifetime(watch) {} }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        func states() throws -> [String: Int] {
            let list = try site.program.run(["queue", "list", "--json", "--site", site.folder])
            let words = list.out.matches(of: /"state" : "(\w+)"/).map { String($0.1) }
            return Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
        }
        let sendable = try states()
        #expect(sendable.values.reduce(0, +) > 4, "\(sendable)")
        while try states()["onWire"] == nil, process.isRunning { usleep(50_000) }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        let left = try states()
        #expect(left["onWire"] == nil && left["leased"] == nil, "\(left)")
        #expect(left["due"].map { $0 > 0 } == true, "\(left)")
    }
}
