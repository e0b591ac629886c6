import Foundation

/// Runs a command of the system; what it says is only shown where it fails.
func run(_ words: [String], setting: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(setting) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let said = Pipe()
    process.standardError = said
    try process.run()
    let words = try said.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw Unusable(what: String(decoding: words, as: UTF8.self))
    }
}

/// A tool that the tests need did not do what it should.
package struct Unusable: Error {
    package let what: String
}

/// A cipher machine in software with a folder of its own: the library lies in it, beside its keys
/// and its faults (`Tests/SoftSDF`).
package final class SoftMachine: Sendable {
    package static let pin = "sdf-pin-40312"
    package let folder: String
    /// The library of this machine.
    package var library: String { folder + "/libSoftSDF.so" }

    /// - Parameter indexes: those that have a key.
    package init(indexes: [Int] = [1]) throws {
        folder = NSTemporaryDirectory() + "soft-machine-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: SoftMachine.built, toPath: library)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: library)
        try run([
            "bash", "-c", "printf %s \"$1\" | sha256sum | cut -d' ' -f1 > \"$2\"", "bash",
            SoftMachine.pin, folder + "/pin",
        ])
        for index in indexes { try makeKey(index) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Where SwiftPM put it: beside the test bundle, which the runner is told by name.
    package static let built: String = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
        var folder = URL(fileURLWithPath: bundle)
        while folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
        return folder.appendingPathComponent("libSoftSDF.so").path
    }()

    /// Makes the key of an index, as the vendor's tool would; in place of one that was there.
    package func makeKey(_ index: Int) throws {
        try run([
            "openssl", "genpkey", "-algorithm", "SM2", "-out", folder + "/key-\(index).pem",
        ])
    }

    /// How often a PIN was tried.
    package var tries: Int {
        let said = (try? String(contentsOfFile: folder + "/tries", encoding: .utf8)) ?? ""
        return said.split(separator: "\n").count
    }

    /// What fails from now on; nothing where it is `nil`.
    package func set(fault: String?) throws {
        try write(fault ?? "", to: "fault")
    }

    /// Makes every session that is open invalid.
    package func loseSessions() throws {
        try write(UUID().uuidString, to: "session")
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
    }
}
