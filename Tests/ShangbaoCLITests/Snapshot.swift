import Foundation
import Testing

/// What a command said, kept as a file: a change shows in review, and none slips in.
///
/// With `SHANGBAO_RECORD=1` all are written anew. One that is missing is written and the test
/// fails.
enum Snapshot {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Snapshots")

    /// Expects that `text` is what the file `name.txt` holds.
    static func expect(
        _ text: String, as name: String, at location: SourceLocation = #_sourceLocation
    ) {
        let file = folder.appendingPathComponent(name + ".txt")
        let kept = try? String(contentsOf: file, encoding: .utf8)
        let isRecording = ProcessInfo.processInfo.environment["SHANGBAO_RECORD"] == "1"
        if kept == nil || isRecording {
            do {
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            } catch {
                Issue.record("cannot write \(file.path)", sourceLocation: location)
            }
        }
        guard let kept else {
            Issue.record("\(name) was recorded: look at it", sourceLocation: location)
            return
        }
        if !isRecording, kept != text {
            Issue.record(
                "\(name) differs; kept:\n\(kept)\nnow:\n\(text)", sourceLocation: location)
        }
    }
}
