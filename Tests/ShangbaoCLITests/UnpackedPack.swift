import Foundation
import Testing

/// A pack as an auditor unpacks it.
struct UnpackedPack {
    let folder: String

    init(_ container: String, in place: String) throws {
        folder = place + "/unpacked-" + UUID().uuidString
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-m", "zipfile", "-e", container, folder]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(container)")
    }
}
