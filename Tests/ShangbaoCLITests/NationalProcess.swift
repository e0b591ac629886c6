import Foundation
import Testing

/// The pretend national side of a site, answering in the background until it is ended.
struct NationalProcess {
    private let process = Process()

    /// Returns once it listens.
    ///
    /// - Parameter answers: how it answers, such as `--later`.
    init(site folder: String, answers: [String] = []) throws {
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.currentDirectoryURL = URL(fileURLWithPath: Program.root)
        process.arguments = ["rehearse", "--site", folder, "--language", "en"] + answers
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("://") {
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            said += more
        }
        #expect(String(decoding: said, as: UTF8.self).contains("://"))
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
    }
}
