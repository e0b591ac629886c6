import Foundation
import Testing

/// The defects by which the simulator is graded still fit the program: one that does not is never
/// put in, and says nothing.
struct MutantTests {
    @Test func `every mutant can be put into the program as it is`() throws {
        let folder = "Tests/SimulationTests/Mutants"
        let patches = try FileManager.default.contentsOfDirectory(
            atPath: Repository.shared.root.path + "/" + folder
        ).filter { $0.hasSuffix(".patch") }
        #expect(patches.count >= 30)
        for patch in patches.sorted() {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git", "apply", "--check", "\(folder)/\(patch)"]
            process.currentDirectoryURL = Repository.shared.root
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(patch) does not fit any more")
        }
    }
}
