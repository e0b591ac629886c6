import Foundation
import Testing

/// Reads every byte that a run of the program writes, and knows our invented people in it
/// (`Tests/CanaryWatch`): files that are gone a moment later, pipes and sockets too.
///
/// Whoever was seen is an issue once the watch is let go.
final class Watch: Sendable {
    /// Someone in the clear: what of him, and into what it was written.
    struct Sighting: Hashable {
        let kind: String
        let place: String
        /// The bytes around it.
        let around: String
    }

    private let words: [String]
    private let log: String
    private let showsPeople: Bool

    /// - Parameters:
    ///   - words: what the program is told.
    ///   - showsPeople: whether it is there to show someone.
    init(_ words: [String], showsPeople: Bool = false) {
        self.words = words
        self.showsPeople = showsPeople
        log = NSTemporaryDirectory() + "shangbao-watch-" + UUID().uuidString
    }

    /// Commands whose file, named by `--out`, is there to hold people: samples, what somebody types
    /// from, the invented person of a sheet's examples.
    private static let writers = [["sample"], ["worklist"], ["mapping", "sheet"]]

    private func isMeant(_ place: String) -> Bool {
        if showsPeople { return true }
        // The sheet that was approved; the invented people whom a mapping is tried on.
        if words.starts(with: ["mapping", "approve"]) || words.starts(with: ["mapping", "accept"]) {
            return place.contains("/approvals/")
        }
        if words.starts(with: ["mapping", "test"]), words.contains("--record") {
            return place.contains("/tests/")
        }
        guard Watch.writers.contains(where: { words.starts(with: $0) }),
            let option = words.firstIndex(of: "--out"), option + 1 < words.count
        else { return false }
        // A file that is put in place as a whole grows beside it first.
        let folder = (words[option + 1] as NSString).deletingLastPathComponent
        return place.contains(words[option + 1]) || place.contains(folder + "/.dat.nosync")
    }

    /// What the watched process has in its environment beside its own.
    var setting: [String: String] {
        let library = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
            .appendingPathComponent("libCanaryWatch.so").path
        return ["LD_PRELOAD": library, "SHANGBAO_WATCH_LOG": log]
    }

    /// All that was seen until now.
    func sightings() -> [Sighting] {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Sighting(
                kind: String(parts[0]), place: parts.count > 1 ? String(parts[1]) : "",
                around: parts.count > 2 ? Watch.text(ofHex: parts[2]) : "")
        }
    }

    deinit {
        let seen = sightings().filter { !isMeant($0.place) }
        if let first = seen.first {
            Issue.record(
                """
                \(words): \(seen.count) in the clear; a \(first.kind) in \(first.place): \
                \(first.around)
                """)
        }
        try? FileManager.default.removeItem(atPath: log)
    }

    private static func text(ofHex hex: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = hex
        while let byte = UInt8(rest.prefix(2), radix: 16), rest.count > 1 {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
