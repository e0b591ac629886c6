import Foundation
import Testing

/// The pretend national side of a site, answering in the background until it is ended.
struct NationalProcess {
    private let process: Process
    private let watch: Watch

    /// Returns once it listens.
    ///
    /// - Parameter answers: how it answers, such as `--later`.
    init(site folder: String, answers: [String] = []) throws {
        (process, watch) = Program.waiting(
            ["rehearse", "--site", folder, "--language", "en"] + answers)
        let pipe = Pipe()
        process.standardOutput = pipe
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
